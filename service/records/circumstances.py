"""What readiness is told about an enquiry beside its brief's sections."""

from service.context import Context
from service.records import enquiries, glossary, products
from service.records.database import Unit
from service.records.snapshots import working_days_to
from service.records.tables import Enquiry, Organisation, Person
from service.workflows.readiness import Circumstances
from service.working_time import CalendarRanOut, local_date


def circumstances(unit: Unit, ctx: Context, enquiry: Enquiry) -> Circumstances:
    """Return what is known about an enquiry; no working days left where no day is named or no calendar reaches it."""
    left = None
    if enquiry.needed_by is not None:
        nation = enquiries.nation_of(unit, enquiry, ctx.nation)
        try:
            left = working_days_to(unit, nation, local_date(ctx.now), enquiry.needed_by)
        except CalendarRanOut:
            left = None
    return Circumstances(
        working_days_left=left,
        budget_band=enquiry.budget_band,
        product=enquiry.product,
        methods=tuple(enquiry.methods),
        enquiry_type=enquiry.enquiry_type,
        population=tuple(enquiry.population),
        organisation_shown=enquiry.organisation_shown,
        kept_back=_kept_back(unit, enquiry),
        ladder=products.ladder(unit),
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
