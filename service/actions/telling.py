"""Tell people: put a message in the outbox, with what every message about an enquiry says.

Audiences are named here once, so that an effect says whom it tells and never how they are found.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from service.actions.feeding import title_in_version
from service.context import Context
from service.records import calls, outbox, people
from service.records.database import Unit
from service.records.outbox import TO_OLD_ADDRESS
from service.records.tables import Enquiry, Interest, Person, Project, Researcher
from service.shortening import cut_short
from service.states import ProjectState

TITLE_LENGTH = 80
PROFILE = "/profile"
"""Where a researcher sees what universities say of them."""


def title_of(enquiry: Enquiry) -> str:
    """Return the question as one line of at most eighty characters."""
    return cut_short(" ".join(enquiry.question.split()), TITLE_LENGTH)


def page_of(enquiry: Enquiry) -> str:
    """Return the path of the enquirer's page."""
    return f"/enquiries/{enquiry.reference}"


def desk_of(enquiry: Enquiry) -> str:
    """Return the path at which the team works on it."""
    return f"/manage/enquiries/{enquiry.reference}"


def named_for_team(enquiry: Enquiry) -> dict[str, object]:
    """Return how a message to the team names an enquiry, and where they work on it."""
    return {"reference": enquiry.reference, "title": title_of(enquiry), "path": desk_of(enquiry)}


def university_page_of(unit: Unit, enquiry: Enquiry, organisation_id: UUID | None) -> str:
    """Return the path at which a university's contacts do their part: the project's page once it is theirs, and until
    then the brief's."""
    project = unit.get(Project, enquiry.project_id) if enquiry.project_id else None
    is_theirs = project is not None and project.organisation_id == organisation_id
    if project is not None and is_theirs and project.state != ProjectState.TERMINATED:
        return f"/partner/projects/{project.id}"
    return f"/partner/briefs/{enquiry.brief_id}"


def work_page_of(interest_id: UUID) -> str:
    """Return the path at which a lead researcher does their part: it bears the id of the interest that names them."""
    return f"/work/{interest_id}"


def tell_enquirer(unit: Unit, ctx: Context, enquiry: Enquiry, kind: str, **params: object) -> None:
    """Write to the enquirer; nothing when we have no address.

    An address nobody has confirmed gets its receipt and no other mail: what follows is held until it is confirmed.
    """
    person = unit.get(Person, enquiry.enquirer_id) if enquiry.enquirer_id else None
    if person is None:
        return
    held = person.confirmed_at is None and kind != "receipt"
    tell_person(unit, ctx, person, kind, enquiry, {"path": page_of(enquiry)} | params, held=held)


def tell_owner(unit: Unit, ctx: Context, enquiry: Enquiry, kind: str, **params: object) -> None:
    """Write to the owner, or to every manager while nobody owns it; never to the one who did it."""
    owner = unit.get(Person, enquiry.owner_id) if enquiry.owner_id else None
    for person in [owner] if owner else people.staff(unit):
        if person.id != ctx.actor.person_id:
            tell_person(unit, ctx, person, kind, enquiry, {"path": desk_of(enquiry)} | params)


def tell_of_handed(unit: Unit, ctx: Context, owner: UUID, handed: Sequence[Enquiry], reason: str) -> None:
    """Write once to who was given several enquiries at once; never to the one who gave them to themselves."""
    person = unit.get(Person, owner)
    if person is None or not handed or person.id == ctx.actor.person_id:
        return
    if len(handed) == 1:
        tell_owner(unit, ctx, handed[0], "reassigned", reason=reason)
        return
    named = [named_for_team(enquiry) for enquiry in handed]
    path = f"/manage/queue?owner={owner}"
    tell_person(unit, ctx, person, "reassigned_several", None, {"path": path, "reason": reason, "handed": named})


def tell_contacts(
    unit: Unit, ctx: Context, enquiry: Enquiry, organisations: Iterable[UUID], kind: str, **params: object
) -> None:
    """Write to the people of these universities who receive calls; they know the brief by its own title."""
    params = named_brief(unit, enquiry) | params
    for organisation_id in sorted(set(organisations)):
        told = {"path": university_page_of(unit, enquiry, organisation_id)} | params
        for person in people.contacts_of(unit, organisation_id):
            tell_person(unit, ctx, person, kind, enquiry, told)


def tell_lead(unit: Unit, ctx: Context, enquiry: Enquiry, interest: Interest, kind: str, **params: object) -> None:
    """Write to the lead researcher of an interest, who knows the brief by its own title."""
    person = unit.get(Person, interest.lead_person_id) if interest.lead_person_id else None
    if person is not None:
        told = {"path": work_page_of(interest.id)} | named_brief(unit, enquiry)
        tell_person(unit, ctx, person, kind, enquiry, told | params)


def tell_researcher(unit: Unit, ctx: Context, researcher: Researcher, kind: str, **params: object) -> None:
    """Write to somebody as their university describes them; they need not be known as a person yet."""
    told = {"path": PROFILE, "owner_name": "the team", "owner_email": None} | params
    outbox.queue(unit, ctx, kind=kind, to_address=researcher.email, to_name=researcher.name, params=told)


def tell_old_address(unit: Unit, ctx: Context, person: Person, address: str) -> None:
    """Write to the address that was a person's until now, so that a change nobody asked for is noticed.

    Whoever reads that mailbox may be somebody else by now: the letter names neither the person nor the new address, and
    leads nowhere. A further change does not carry it along (`directory.redirect_mail`).
    """
    told = {"path": None, "owner_name": "the team", "owner_email": None}
    outbox.queue(unit, ctx, kind=TO_OLD_ADDRESS, to_address=address, to_person_id=person.id, params=told)


def named_brief(unit: Unit, enquiry: Enquiry) -> dict[str, object]:
    """Return the title under which universities have the brief: the question's own wording may say who asks."""
    call = calls.current(unit, enquiry.id)
    return {"brief_title": title_in_version(unit, enquiry, call.brief_version)} if call else {}


def tell_person(
    unit: Unit,
    ctx: Context,
    person: Person,
    kind: str,
    enquiry: Enquiry | None = None,
    params: Mapping[str, object] | None = None,
    *,
    held: bool = False,
) -> UUID | None:
    """Queue one message to one person and return its outbox id; None when we have no address for them."""
    if not person.email:
        return None
    owner = unit.get(Person, enquiry.owner_id) if enquiry and enquiry.owner_id else None
    common: dict[str, object] = {"path": None}
    if enquiry is not None:
        common |= {
            "reference": enquiry.reference,
            "title": title_of(enquiry),
            "owner_name": owner.name if owner else "the team",
            "owner_email": owner.email if owner else None,
        }
    message = outbox.queue(
        unit,
        ctx,
        kind=kind,
        to_address=person.email,
        to_name=person.name,
        to_person_id=person.id,
        reply_to=owner.email if owner else None,
        params=common | dict(params or {}),
        enquiry_id=enquiry.id if enquiry else None,
        held=held,
    )
    return message.id
