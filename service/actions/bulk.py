"""Bulk: the same thing done to several enquiries at once. What can be done is done, and each of the others says why not."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from service.actions import remind, telling
from service.actions.progress import progress
from service.context import Context
from service.errors import Problem
from service.records import enquiries, follow_ups
from service.records.database import Unit
from service.records.tables import Enquiry
from service.workflows.commands import ReassignTogether

CHANGED = "Somebody changed it while you were choosing. Look at it again, and tick it again if it still should."


@dataclass(frozen=True, slots=True)
class Picked:
    """An enquiry that was chosen from a list, and the version that the list showed."""

    reference: str
    version: int


@dataclass(slots=True)
class Done:
    """What came of it: those done, those that were so already, and for each of the others why not."""

    done: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def reassign_all(unit: Unit, ctx: Context, picked: Collection[Picked], owner: UUID, reason: str) -> Done:
    """Hand these enquiries to one manager, who is told of all in one mail; one that changed since is left as it is.

    Each is its own: an enquiry that refuses holds up no other, and nothing of it is kept.
    """
    command = ReassignTogether(owner=owner, reason=reason)
    handed: list[Enquiry] = []

    def work(enquiry: Enquiry, version: int) -> bool:
        if enquiry.owner_id == owner:
            return False
        if enquiry.version != version:
            raise Problem("precondition-failed", 412, CHANGED)
        progress(unit, ctx, enquiry.id, command)
        handed.append(enquiry)
        return True

    result = _each(unit, picked, work)
    telling.tell_of_handed(unit, ctx, owner, handed, reason)
    return result


def set_date_for_all(unit: Unit, ctx: Context, picked: Collection[Picked], on: date, note: str) -> Done:
    """Remind whoever acts of these enquiries on one day, with one note; where that is set already, nothing is added."""

    def work(enquiry: Enquiry, _version: int) -> bool:
        if follow_ups.is_dated(unit, enquiry.id, ctx.actor.person_id, on, note.strip()):
            return False
        remind.set_staff_date(unit, ctx, enquiry, on, note)
        return True

    return _each(unit, picked, work)


def _each(unit: Unit, picked: Collection[Picked], work: Callable[[Enquiry, int], bool]) -> Done:
    """Do `work` to each, locked together in id order; it returns whether there was anything to do."""
    result = Done()
    found = {each.reference: enquiries.by_reference(unit, each.reference) for each in picked}
    follow_ups.locked_enquiries(unit, [enquiry.id for enquiry in found.values() if enquiry])
    for each in picked:
        enquiry = found[each.reference]
        if enquiry is None:
            result.refused[each.reference] = "There is no enquiry with this reference."
            continue
        try:
            with unit.begin_nested():
                was_done = work(enquiry, each.version)
        except Problem as problem:
            result.refused[each.reference] = problem.detail
        else:
            (result.done if was_done else result.already).append(each.reference)
    return result
