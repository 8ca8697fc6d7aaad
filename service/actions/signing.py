"""Signing: whoever is to sign is told once that the terms are ready, and what there is to do."""

from service.actions import telling
from service.context import Context
from service.records import calls, people, projects
from service.records.database import Unit
from service.records.tables import Enquiry, Project
from service.workflows.guards.project import SIGNING, why_not_signable


def ask_to_sign(unit: Unit, ctx: Context, enquiry: Enquiry, project: Project) -> None:
    """Tell the enquirer, the university's contacts and the lead that the terms can be signed, once for each version.

    Nothing while the money is not confirmed, or the terms lack what has to stand in them; a party that has signed this
    version is not told.
    """
    agreement = projects.agreement(unit, project.id)
    if agreement is None or enquiry.state not in SIGNING or agreement.told_version == agreement.version:
        return
    if why_not_signable(agreement.parties, agreement.terms) is not None:
        return
    again = agreement.told_version is not None
    agreement.told_version = agreement.version
    unit.add(agreement)
    signed = {each.party for each in projects.signatures(unit, project.id) if each.terms_version == agreement.version}
    university = projects.university_name(unit, project)
    if "commissioner" not in signed:
        telling.tell_enquirer(unit, ctx, enquiry, "terms_to_sign", university=university, again=again)
    if "university" in signed:
        return
    contacts = {person.id for person in people.contacts_of(unit, project.organisation_id)}
    telling.tell_contacts(unit, ctx, enquiry, [project.organisation_id], "terms_to_sign_university", again=again)
    interest = calls.interest(unit, project.interest_id)
    if interest is not None and interest.lead_person_id not in contacts:
        telling.tell_lead(unit, ctx, enquiry, interest, "terms_to_sign_lead", again=again)
