"""What the backward plan is told about enquiries, and what delivered projects tell about each product."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select as sql_select
from sqlmodel import col, select

from service.context import Context
from service.records.calendars import calendars
from service.records.database import Unit
from service.records.follow_ups import PRESSED_STATES, may_be_pressed
from service.records.products import ladder
from service.records.tables import Enquiry, Organisation, Project
from service.states import EnquiryState
from service.workflows.deadlines import Asked
from service.workflows.plan import Plan, Wish, latest_safe_day, plan, slack_to
from service.workflows.products import Product, wanted_product
from service.workflows.spells import History, histories
from service.working_time import CalendarRanOut, local_date, whole_working_days_between

_AT_ONCE = 200
_DELIVERIES = 2_000
"""Newest deliveries that history is told from: more would move no median."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An enquiry's backward plan, whose calendar and agenda it counts with, and what our own history says."""

    plan: Plan
    wish: Wish
    nation: str
    organisation_id: UUID | None
    organisation: str | None
    histories: Mapping[str, History]


def planned(unit: Unit, ctx: Context, enquiry: Enquiry) -> Planned:
    """Return the plan of one enquiry as it stands today."""
    [(_, wish, nation)] = wishes(unit, [enquiry], local_date(ctx.now), ctx.nation)
    made = plan(wish, calendars(unit, [nation])[nation])
    organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    name = organisation.name if organisation else enquiry.organisation_name
    return Planned(made, wish, nation, enquiry.organisation_id, name, histories(spells(unit, ctx, wish.ladder)))


def wishes(unit: Unit, enquiries: Iterable[Enquiry], today: date, nation: str) -> list[tuple[Enquiry, Wish, str]]:
    """Return what the plan of each enquiry is made from, and the nation whose working days it counts.

    `nation` is the service's own, for enquiries of no organisation. With three queries however many they are.
    """
    rows, rungs = list(enquiries), ladder(unit)
    bodies = {row.organisation_id for row in rows if row.organisation_id}
    works = {row.project_id for row in rows if row.project_id}
    organisations = (
        {each.id: each for each in unit.exec(select(Organisation).where(col(Organisation.id).in_(bodies)))}
        if bodies
        else {}
    )
    projects = {each.id: each for each in unit.exec(select(Project).where(col(Project.id).in_(works)))} if works else {}
    found = []
    for row in rows:
        organisation = organisations.get(row.organisation_id) if row.organisation_id else None
        project = projects.get(row.project_id) if row.project_id else None
        wish = _wish(today, row, organisation, project, rungs)
        found.append((row, wish, organisation.nation if organisation else nation))
    return found


def _wish(
    today: date,
    enquiry: Enquiry,
    organisation: Organisation | None,
    project: Project | None,
    rungs: tuple[Product, ...],
) -> Wish:
    needs = (organisation.agenda_clear_days, organisation.clearance_working_days) if organisation else ()
    return Wish(
        state=EnquiryState(enquiry.state),
        today=today,
        asked=Asked(enquiry.needed_by, enquiry.decision_date, enquiry.decision_window == "key_decision", *needs),
        product=enquiry.product,
        methods=tuple(enquiry.methods),
        enquiry_type=enquiry.enquiry_type,
        starts_on=project.start_on if project else None,
        ends_on=project.end_on if project else None,
        ladder=rungs,
    )


def may_press(enquiry: Enquiry) -> bool:
    """Tell whether a date could press an enquiry: it is open, its work has not begun, and a date is named."""
    is_dated = enquiry.needed_by is not None or enquiry.decision_date is not None
    return is_dated and enquiry.state in PRESSED_STATES


def pressed(
    unit: Unit, after: UUID | None, limit: int, *, organisation_id: UUID | None = None, unreckoned: bool = False
) -> list[UUID]:
    """Return enquiries that a date could press, by id, at most `limit`: those after `after`.

    Only those of one organisation, or those without a latest safe day, where asked.
    """
    query = select(Enquiry.id).where(may_be_pressed())
    if unreckoned:
        query = query.where(col(Enquiry.latest_start_on).is_(None))
    if organisation_id is not None:
        query = query.where(Enquiry.organisation_id == organisation_id)
    if after is not None:
        query = query.where(Enquiry.id > after)
    return list(unit.exec(query.order_by(col(Enquiry.id)).limit(limit)))


def misplaced(unit: Unit) -> Iterator[str]:
    """Yield a sentence for each stored latest safe day that is not the one the facts give.

    Enquiries of no organisation are left out: they follow the service's own calendar, which no record names.
    """
    after = None
    while ids := pressed(unit, after, _AT_ONCE):
        rows = unit.exec(
            select(Enquiry).where(col(Enquiry.id).in_(ids), col(Enquiry.organisation_id).is_not(None))
        ).all()
        known = calendars(unit)
        for enquiry, wish, nation in wishes(unit, rows, date.min, ""):  # no latest safe day depends on the day
            day = latest_safe_day(wish, known[nation])
            if day != enquiry.latest_start_on:
                yield f"{enquiry.reference} should move on by {day}, and what is stored is {enquiry.latest_start_on}."
        after = ids[-1]
    pressed_by_nothing = select(Enquiry.reference).where(col(Enquiry.latest_start_on).is_not(None), ~may_be_pressed())
    for reference in unit.exec(pressed_by_nothing.order_by(col(Enquiry.id))):
        yield f"{reference} has a latest safe day, and no date presses it."


def slacks(
    unit: Unit, rows: Iterable[tuple[Enquiry, Organisation | None]], today: date, nation: str
) -> dict[UUID, int | None]:
    """Return the slack, by id, of those enquiries that have a latest safe day, each nation's calendar read once.

    `nation` is the service's own, for enquiries of no organisation.
    """
    pressing = [
        (enquiry.id, enquiry.latest_start_on, organisation.nation if organisation else nation)
        for enquiry, organisation in rows
        if enquiry.latest_start_on is not None
    ]
    known = calendars(unit, {where for _, _, where in pressing}) if pressing else {}
    return {enquiry_id: slack_to(latest, today, known[where]) for enquiry_id, latest, where in pressing}


def spells(unit: Unit, ctx: Context, rungs: Sequence[Product]) -> list[tuple[str, int]]:
    """Return the product and the working days from start to delivery of our own delivered projects, the newest first."""
    unit.flush()
    rows = unit.connection().execute(
        sql_select(
            col(Project.started_at),
            col(Project.delivered_at),
            col(Enquiry.product),
            col(Enquiry.methods),
            col(Enquiry.enquiry_type),
            col(Organisation.nation),
        )
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .join(Organisation, col(Organisation.id) == col(Enquiry.organisation_id), isouter=True)
        .where(col(Project.delivered_at).is_not(None), col(Project.started_at).is_not(None))
        .order_by(col(Project.delivered_at).desc())
        .limit(_DELIVERIES)
    )
    known = calendars(unit)
    found: list[tuple[str, int]] = []
    for started_at, delivered_at, product, methods, enquiry_type, nation in rows:
        made = wanted_product(product, methods, enquiry_type, rungs)
        with suppress(CalendarRanOut):
            if made is not None and started_at is not None and delivered_at is not None:
                days = whole_working_days_between(
                    local_date(started_at), local_date(delivered_at), known[nation or ctx.nation]
                )
                found.append((made.code, days))
    return found
