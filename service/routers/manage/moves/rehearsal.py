"""The mails that a step would send, in their own words: the step is taken and let go again before anything is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from service.delivery.failures import FinalFailure
from service.delivery.letterhead import Letterhead
from service.delivery.render import Rendered, render
from service.records import outbox
from service.records.database import Unit
from service.routers.forms import Posted
from service.routers.manage.desk import AtCase
from service.routers.services import services_of


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it would go out."""

    to: str
    subject: str
    text: str
    is_held: bool
    """It waits until the address is confirmed."""


class _Rehearsed(Exception):
    """Nothing is wrong: this is how a transaction is let go."""

    def __init__(self, letters: list[Letter]) -> None:
        super().__init__("let go")
        self.letters = letters


def letters_of(case: AtCase, posted: Posted, put: Callable[[Unit], object]) -> list[Letter]:
    """Return the mails about the enquiry that `put` queues, and keep nothing of it. Raises what `put` raises."""
    letterhead = Letterhead.of(services_of(case.desk.request).settings)

    def work(unit: Unit) -> None:
        before = _ids(unit, case.enquiry_id)
        put(unit)
        unit.flush()
        letters = []
        for message in outbox.about(unit, case.enquiry_id):
            if message.id not in before:
                to = f"{message.to_name}, {message.to_address}" if message.to_name else message.to_address
                try:
                    written = render(message, letterhead)
                except FinalFailure:
                    written = Rendered("", "This one cannot be shown beforehand.")
                letters.append(Letter(to, written.subject, written.text, message.status == "held"))
        raise _Rehearsed(letters)

    try:
        case.desk.write(posted, work)
    except _Rehearsed as rehearsed:
        return rehearsed.letters
    raise AssertionError("a rehearsal never ends well")


def _ids(unit: Unit, enquiry_id: UUID) -> set[UUID]:
    return {message.id for message in outbox.about(unit, enquiry_id)}
