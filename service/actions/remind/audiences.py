"""Audiences: who is meant by a reminder's addressee on the day it is due."""

from uuid import UUID

from service.records import enquiries, people
from service.records.database import Unit
from service.records.tables import Enquiry, FollowUp, Person
from service.workflows.reminders import Audience
from service.workflows.reminders.rule import Anchor


def people_meant(unit: Unit, enquiry: Enquiry, audience: Audience, anchor: Anchor) -> list[Person]:
    """Return whom we can write to; nobody when no address is known."""
    found: list[Person] = []
    if audience == Audience.ENQUIRER:
        found = [person for person in [enquirer_or_successor(unit, enquiry)] if person]
    elif audience == Audience.OWNER:
        found = owner_or_team(unit, enquiry)
    elif audience == Audience.SERVICE_LEADS:
        found = service_leads(unit)
    else:
        lead = _by_id(unit, anchor.lead_person_id) if audience == Audience.LEAD else None
        if lead is not None and lead.email:
            found = [lead]
        elif anchor.organisation_id is not None:
            found = people.contacts_of(unit, anchor.organisation_id)
    return [person for person in found if person.email]


def enquirer_or_successor(unit: Unit, enquiry: Enquiry) -> Person | None:
    """Return the enquirer, or where they have left or have no address, the colleague who joined first and stayed."""
    taking_part = [
        person
        for participation, person in enquiries.participants(unit, enquiry.id)
        if person.email and participation.role in {"enquirer", "colleague"}
    ]
    asking = next((person for person in taking_part if person.id == enquiry.enquirer_id), None)
    return asking or next(iter(taking_part), None)


def owner_or_team(unit: Unit, enquiry: Enquiry) -> list[Person]:
    """Return the owner, or every manager and service lead while nobody owns the enquiry."""
    owner = _by_id(unit, enquiry.owner_id)
    return [owner] if owner is not None and owner.email else people.staff(unit)


def meant_by_date(unit: Unit, enquiry: Enquiry, row: FollowUp) -> list[Person]:
    """Return whom a date is for that somebody of the team chose: themselves, or the owner where they are gone."""
    chosen = _by_id(unit, row.set_by_id)
    return [chosen] if chosen is not None and chosen.email else owner_or_team(unit, enquiry)


def service_leads(unit: Unit) -> list[Person]:
    """Return the service leads, or the whole team where there is none."""
    team = people.staff(unit)
    return [person for person in team if person.staff_role == "service_lead"] or team


def _by_id(unit: Unit, person_id: UUID | None) -> Person | None:
    return unit.get(Person, person_id) if person_id else None
