"""A brief's meaning is worked out when it is first asked for, before the transaction that answers, and then kept."""

from collections.abc import Callable, Iterable
from uuid import UUID

from service.actions import encoding
from service.context import Context
from service.matching.texts import digest_of
from service.records import corpus
from service.records.database import Unit
from service.routers.services import Services


def learn_brief(services: Services, ctx: Context, enquiry_id: UUID) -> None:
    """Have what an enquiry asks encoded and kept, where that is of use and was not done before."""
    learn_briefs(services, ctx, lambda _: [enquiry_id])


def learn_briefs(services: Services, ctx: Context, meant: Callable[[Unit], Iterable[UUID]]) -> None:
    """The same for several enquiries, those that `meant` finds."""
    encoder = services.encoder
    if encoder is None:
        return

    def lacking(unit: Unit) -> set[str]:
        profiles = (corpus.brief_profile(unit, enquiry_id) for enquiry_id in meant(unit))
        return {text for profile in profiles if (text := services.corpus.lacks(unit, profile))}

    texts = sorted(services.database.read(lacking))
    found = {digest_of("", text): vector for text in texts if (vector := encoder.encode("", text)) is not None}
    if found:
        services.database.transact(lambda unit: encoding.keep(unit, ctx, encoder.model, found))
