"""A brief's meaning is worked out when it is first asked for, before the transaction that answers, and then kept."""

import logging
from uuid import UUID

from service.actions import encoding
from service.context import Context
from service.matching.texts import digest_of
from service.records import corpus
from service.records.database import Unit
from service.routers.services import Services

logger = logging.getLogger(__name__)


def learn_brief(services: Services, ctx: Context, enquiry_id: UUID) -> None:
    """Have what an enquiry asks encoded and kept, where that is of use and was not done before."""
    encoder = services.encoder
    if encoder is None:
        return

    def lacking(unit: Unit) -> str:
        return services.corpus.lacks(unit, corpus.brief_profile(unit, enquiry_id))

    text = services.database.read(lacking)
    vector = encoder.encode("", text) if text else None
    if vector is not None:
        found = {digest_of("", text): vector}
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
