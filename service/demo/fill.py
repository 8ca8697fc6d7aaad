"""Fill an empty service with the invented year; safe to repeat, and to run again after being interrupted."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from service.actions.organisations import OrganisationEntry, add_organisation
from service.actions.people import PersonEntry, add_person, staff_member
from service.actions.researchers import PublicationEntry, ResearcherEntry, add_researcher
from service.context import Context
from service.demo.cast import MANAGERS, NORTH_EAST_COUNCILS, OTHER_BODIES, RESEARCHERS, UNIVERSITIES, Body
from service.demo.plots import address_of, domain_of
from service.demo.stage import Stage
from service.demo.year import draw_plots, play_year
from service.principals import SYSTEM, Principal, Role
from service.records import installation
from service.records.database import Database, Unit

SEED = 20130601
YEAR = timedelta(days=365)


class NotEmpty(Exception):
    """The database holds records that are not invented; the demo does not mix with them."""


def fill(
    database: Database,
    nation: str,
    now: datetime,
    prepare: Callable[[datetime], None],
    tick: Callable[[datetime], None],
) -> bool:
    """Play the year that ends `now` and return True; return False when it was filled before.

    `prepare` makes a migrated database ready (calendars, rules) as of an instant; `tick` runs the service's ticks then.
    A filling that was interrupted is wiped and played again. Raises NotEmpty rather than touch anybody's records.
    """
    state = database.read(installation.demo_state)
    if state == "filled":
        return False
    if state == "filling":
        database.transact(installation.wipe)
    elif database.read(installation.has_enquiries):
        raise NotEmpty("This database holds enquiries already. Give the demo one of its own (DATABASE_URL).")
    begins = now - YEAR
    database.transact(lambda unit: installation.mark_demo(unit, "filling"))
    prepare(begins)
    stage = Stage(database=database, nation=nation, now=begins, chance=random.Random(SEED))  # noqa: S311 - the same year each time
    _set(stage)
    database.read(stage.corpus.follow)
    play_year(stage, begins, now, tick, plots=draw_plots(stage.chance, YEAR))
    database.transact(lambda unit: installation.mark_demo(unit, "filled"))
    return True


def _set(stage: Stage) -> None:
    """Enter the organisations, people and researchers, as an administrator would."""
    lead = Principal(role=Role.SERVICE_LEAD, name="the administrator")
    for body in (*(Body(name, "council", "council_public_health") for name in NORTH_EAST_COUNCILS), *OTHER_BODIES):
        nation = "scotland" if body.area == "scotland" else "england_and_wales"
        entry = OrganisationEntry(name=body.name, kind=body.kind, nation=nation, area=body.area, sector=body.sector)
        stage.act(lead, lambda unit, ctx, e=entry: add_organisation(unit, ctx, e))  # type: ignore[misc]  # mypy cannot type a default in a lambda
    for name, email, role in MANAGERS:
        person = stage.act(lead, lambda unit, ctx, n=name, a=email, r=role: _manager(unit, ctx, n, a, r))  # type: ignore[misc]  # as above
        stage.managers.append(Principal(role=Role(role), person_id=person, name=name))
    for place, name in enumerate(UNIVERSITIES):
        stage.universities.append(stage.act(lead, lambda unit, ctx, n=name, p=place: _university(unit, ctx, n, p)))  # type: ignore[misc]  # as above


def _manager(unit: Unit, ctx: Context, name: str, email: str, role: str) -> UUID:
    # The settings may name them, and then they are known already.
    person = staff_member(unit, ctx.acting_as(SYSTEM), email, role)
    person.name = name
    return person.id


def _university(unit: Unit, ctx: Context, name: str, place: int) -> UUID:
    university = add_organisation(
        unit, ctx, OrganisationEntry(name=name, kind="university", area="north_east", sector="academic", partner=True)
    )
    domain = domain_of(name)
    add_person(
        unit,
        ctx,
        PersonEntry(name=f"Research Office, {name}", email=f"briefs@{domain}", organisation=name, is_contact=True),
    )
    for profile in RESEARCHERS:
        if profile.university == place:
            add_researcher(
                unit,
                ctx,
                university.id,
                ResearcherEntry(
                    name=profile.name,
                    email=address_of(profile.name, domain),
                    statement=profile.statement,
                    keywords=profile.keywords,
                    methods=profile.methods,
                    topics=profile.topics,
                    capacity_days=profile.capacity_days,
                    career_stage=profile.career_stage,
                    publications=tuple(
                        PublicationEntry(title=title, year=year) for title, year in profile.publications
                    ),
                ),
            )
    return university.id
