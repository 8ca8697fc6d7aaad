"""Why it is not the person who fits best, and why there is nobody: an assignment's reasons, read from its plan."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.matching.candidates import Candidate
from service.matching.profiles import ResearcherProfile
from service.matching.sharing import OpenBrief, Plan
from service.matching.wording import counted
from service.working_time.wording import listed

MOST_TOLD = 3


@dataclass(frozen=True)
class PassedUp:
    """Somebody who fits a brief better than those proposed for it, and why it is not them."""

    researcher: ResearcherProfile
    score: float
    text: str


def passed_up(brief: OpenBrief, here: Sequence[ResearcherProfile], plan: Plan) -> tuple[PassedUp, ...]:
    """The best of those who rank above the last one proposed and are not proposed themselves."""
    if not here:
        return ()
    last = max(place for place, each in enumerate(brief.people) if each.researcher in here)
    found: list[PassedUp] = []
    better: set[str] = set()
    for each in brief.people[:last]:
        if each.researcher in here:
            better.add(each.researcher.university_id)
        elif len(found) < MOST_TOLD:
            found.append(PassedUp(each.researcher, each.score, _why_not(each.researcher, better, plan)))
    return tuple(found)


def _why_not(person: ResearcherProfile, better: Collection[str], plan: Plan) -> str:
    """Why somebody is passed up; `better` are the universities of those proposed who rank above them."""
    given = plan.given.get(person.id, ())
    at_theirs = plan.at_universities().get(person.university_id, ())
    if person.university_id in better:
        return f"A colleague at {person.university} is proposed, and each person comes from another university."
    if given and plan.slots_left(person) < 1:
        return f"Their days allow no more than {_taken(person, given, plan)}."
    if len(at_theirs) == plan.terms.per_university:
        return f"{person.university} has {counted(len(at_theirs), 'brief')} already, as many as you allow."
    if given:
        return f"Is proposed for {_taken(person, given, plan)}; one more would load them more than the better fit is worth."
    if has := plan.terms.has.get(person.id, 0):
        leads = counted(has, "live offer or project", "live offers or projects")
        return f"Leads {leads} already, which counts against the better fit."
    briefs = counted(len(at_theirs), "other brief")
    return f"{person.university} is proposed for {briefs}, which counts against so little a difference in fit."


def _taken(person: ResearcherProfile, given: Sequence[OpenBrief], plan: Plan) -> str:
    """The briefs somebody takes, each with what it would be without them."""
    return listed([f"{brief.name}{_without(person, brief, plan)}" for brief in given])


def _without(person: ResearcherProfile, brief: OpenBrief, plan: Plan) -> str:
    """How much worse the next one fits who has days to spare."""
    place = next(number for number, each in enumerate(brief.people) if each.researcher == person)
    first = "where they rank first and " if place == 0 else "where "
    free = (
        each
        for each in brief.people
        if each.researcher != person
        and brief not in plan.given.get(each.researcher.id, ())
        and plan.slots_left(each.researcher) > 0
    )
    following = next(free, None)
    if following is None:
        return f" ({first}nobody else who fits is free)"
    less = 100 * (brief.people[place].score - following.score)
    if less < 0:
        return ""
    return f" ({first}the next who is free fits {less:.1f} points less)"


def why_short(brief: OpenBrief, here: Sequence[ResearcherProfile], plan: Plan) -> str:
    """Why there are fewer people for a brief than were asked for: whoever fits and is free would be proposed."""
    if not brief.people:
        return brief.why_nobody
    others = [each for each in brief.people if each.researcher not in here]
    if not others:
        return "Nobody else fits."
    universities = {person.university_id for person in here}
    elsewhere = [each for each in others if each.researcher.university_id not in universities]
    if not elsewhere:
        return "Everybody else who fits is at the same university, and each person comes from another."
    busy = [each for each in elsewhere if plan.slots_left(each.researcher) < 1]
    most, at = plan.terms.per_university, plan.at_universities()
    full = [each for each in elsewhere if each not in busy and len(at.get(each.researcher.university_id, ())) == most]
    parts = [f"{_names(busy, plan)}, as much as their days allow"] if busy else []
    if full:
        names = sorted({each.researcher.university for each in full})
        parts.append(f"{listed(names)} {'has' if len(names) == 1 else 'have'} as many briefs as you allow")
    return f"Of those who {'fit' if not here else 'fit besides'}: {'; '.join(parts)}."


def _names(busy: Sequence[Candidate], plan: Plan) -> str:
    """The best of those who are taken up, with what by."""
    named = [
        f"{each.researcher.name} takes {listed([one.name for one in plan.given[each.researcher.id]])}"
        for each in busy[:MOST_TOLD]
    ]
    rest = [counted(len(busy) - MOST_TOLD, "other") + " take others"] if len(busy) > MOST_TOLD else []
    return listed([*named, *rest])
