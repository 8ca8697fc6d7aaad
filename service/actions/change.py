"""One change on its way to being recorded: what its effects are handed, and what they hand back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from service.context import Context
from service.records.corpus import Corpus
from service.records.database import Unit
from service.records.tables import Enquiry
from service.workflows.commands import Command
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Decision


@dataclass(slots=True)
class Change:
    """A decided event. Effects write records through `unit` and leave four things for later.

    `data` becomes the event's own facts, `project_commands` are put to the project once the event is recorded,
    `elsewhere` are put to other enquiries after that, and `messages` are queued last, when the dates they speak of are
    known.
    """

    unit: Unit
    ctx: Context
    enquiry: Enquiry
    facts: EnquiryFacts
    around: Around
    decision: Decision
    corpus: Corpus | None = None
    """The directory as matching reads it, where the door has one: for what is written down of the ranking."""
    data: dict[str, object] = field(default_factory=dict)
    project_commands: list[Command] = field(default_factory=list)
    elsewhere: list[tuple[UUID, Command]] = field(default_factory=list)
    messages: list[Callable[[], None]] = field(default_factory=list)

    def then(self, tell: Callable[[], None]) -> None:
        """Queue a message after the event is recorded and its reminders are planned."""
        self.messages.append(tell)
