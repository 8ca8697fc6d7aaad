"""The meaning of what is asked is worked out when it is first asked for, before the transaction that answers.

A brief's and an enquiry's is kept; what somebody looks for, or has only begun to ask, is not.
"""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from service.actions import encoding
from service.context import Context
from service.matching.texts import digest_of
from service.matching.vectors import Vector
from service.records import corpus, kin
from service.records.database import Unit
from service.routers.services import Services

logger = logging.getLogger(__name__)


def learn_brief(services: Services, ctx: Context, enquiry_id: UUID) -> None:
    """Have what an enquiry asks encoded and kept, where that is of use and was not done before."""
    learn_briefs(services, ctx, lambda _: [enquiry_id])


def learn_briefs(services: Services, ctx: Context, meant: Callable[[Unit], Iterable[UUID]]) -> None:
    """The same for several enquiries, those that `meant` finds."""
    _learn(
        services,
        ctx,
        lambda unit: {services.corpus.lacks(unit, corpus.brief_profile(unit, each)) for each in meant(unit)},
    )


def learn_question(services: Services, ctx: Context, enquiry_id: UUID) -> None:
    """Have the question of an enquiry encoded and kept, where that is of use and was not done before."""
    _learn(services, ctx, lambda unit: {kin.lacks(unit, services.matters, services.library, enquiry_id)})


def vector_of(services: Services, text: str) -> Vector | None:
    """Return the vector of a text that is kept nowhere; None where published answers are searched by words alone."""
    if services.encoder is None or not text:
        return None
    services.database.read(services.library.follow)
    return services.encoder.encode("", text) if services.library.reads_meaning else None


def _learn(services: Services, ctx: Context, lacking: Callable[[Unit], set[str]]) -> None:
    encoder = services.encoder
    if encoder is None:
        return
    texts = sorted(services.database.read(lacking) - {""})
    found = {digest_of("", text): vector for text in texts if (vector := encoder.encode("", text)) is not None}
    if found:
        services.database.transact(lambda unit: encoding.keep(unit, ctx, encoder.model, found))


def prepare_ranking(services: Services, ctx: Context, enquiry_id: UUID) -> None:
    """Read what changed in the directory before a transaction that writes down how its ranking stands, so that it need not.

    Where that fails, the transaction goes on without.
    """
    try:
        services.database.read(services.corpus.follow)
        learn_brief(services, ctx, enquiry_id)
    except Exception:
        logger.warning("the ranking could not be prepared; it will not be written down", exc_info=True)
