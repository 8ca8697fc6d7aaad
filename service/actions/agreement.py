"""The agreement under which a project runs: its terms, and who has signed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.actions.commissioning import lock_living, note
from service.actions.signing import ask_to_sign
from service.context import Context
from service.errors import conflict, forbidden, invalid
from service.principals import Role
from service.records import projects
from service.records.database import Unit
from service.records.tables import Agreement, Signature
from service.working_time import local_date


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as somebody records it. `party` is commissioner, university or other."""

    party: str
    person: str
    organisation: str
    signed_on: date
    evidence: str | None = None


def save_agreement(
    unit: Unit, ctx: Context, project_id: UUID, parties: Sequence[str], terms: Mapping[str, str]
) -> Agreement:
    """Replace a project's terms with these and return them; members left out become empty.

    Changed terms are a new version, and the signatures given before no longer count: whoever is to sign is told once the
    terms are ready for it. Saving what stands there already changes nothing.
    """
    project, enquiry = lock_living(unit, project_id)
    kept = {code: text for code, text in terms.items() if text.strip()}
    agreement = projects.agreement(unit, project_id)
    if agreement is None:
        agreement = Agreement(project_id=project.id, version=0, parties=list(parties), terms=kept, saved_at=ctx.now)
    elif (agreement.parties, agreement.terms) == (list(parties), kept):
        return agreement
    agreement.parties, agreement.terms = list(parties), kept
    agreement.version += 1
    agreement.saved_at = ctx.now
    unit.add(agreement)
    unit.flush()
    note(unit, ctx, enquiry, project, "agreement_saved", version=agreement.version)
    ask_to_sign(unit, ctx, enquiry, project)
    return agreement


def sign(unit: Unit, ctx: Context, project_id: UUID, signed: Signed) -> Signature:
    """Record a signature on the current terms and return it.

    A university signs as `university` only. Raises Problem 403 for another party, 409 while there are no terms, 422
    for a day that has not come.
    """
    if ctx.actor.role == Role.UNIVERSITY and signed.party != "university":
        raise forbidden("A university signs for itself: record it with party university.")
    if signed.signed_on > local_date(ctx.now):
        raise invalid("signed_on", "This day has not come yet. Record a signature once it has been given.")
    project, enquiry = lock_living(unit, project_id)
    agreement = projects.agreement(unit, project_id)
    if agreement is None:
        raise conflict("There are no terms to sign yet. Save the agreement first.")
    signature = Signature(
        project_id=project.id,
        terms_version=agreement.version,
        party=signed.party,
        person=signed.person,
        organisation=signed.organisation,
        signed_on=signed.signed_on,
        evidence=signed.evidence,
        recorded_at=ctx.now,
        recorded_by_id=ctx.actor.person_id,
        recorded_by_role=ctx.actor.role,
    )
    unit.add(signature)
    unit.flush()
    note(
        unit, ctx, enquiry, project, "signed",
        signature=str(signature.id), party=signature.party, version=agreement.version,
    )  # fmt: skip
    return signature
