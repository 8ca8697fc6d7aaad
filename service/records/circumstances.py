"""What readiness is told about an enquiry beside its brief's sections."""

from contextlib import suppress

from service.context import Context
from service.records import glossary, plans
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.snapshots import working_days_to
from service.records.tables import Enquiry, Organisation, Person
from service.workflows.deadlines import deadline
from service.workflows.readiness import Circumstances
from service.working_time import CalendarRanOut, local_date


def circumstances(unit: Unit, ctx: Context, enquiry: Enquiry) -> Circumstances:
    """Return what is known about an enquiry; no working days left where no day is named or no calendar reaches it.

    Where only the decision is known they are counted to the day on which its papers need something usable.
    """
    today = local_date(ctx.now)
    [(_, wish, nation)] = plans.wishes(unit, [enquiry], today, ctx.nation)
    left = None
    with suppress(CalendarRanOut):
        needed = deadline(wish.asked, calendar_for(unit, nation))
        left = working_days_to(unit, nation, today, needed.on) if needed else None
    return Circumstances(
        working_days_left=left,
        budget_band=enquiry.budget_band,
        product=enquiry.product,
        methods=tuple(enquiry.methods),
        enquiry_type=enquiry.enquiry_type,
        population=tuple(enquiry.population),
        organisation_shown=enquiry.organisation_shown,
        kept_back=_kept_back(unit, enquiry),
        ladder=wish.ladder,
        terms=glossary.terms(unit),
    )


def _kept_back(unit: Unit, enquiry: Enquiry) -> tuple[str, ...]:
    """The enquirer's own name is never part of a brief; their organisation's is, where they chose so."""
    enquirer = unit.get(Person, enquiry.enquirer_id) if enquiry.enquirer_id else None
    names = [enquirer.name if enquirer else None]
    if enquiry.organisation_shown in {"described", "after_offer"}:
        organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
        names += [organisation.name if organisation else None, enquiry.organisation_name]
    return tuple(dict.fromkeys(name for name in names if name and name.strip()))
