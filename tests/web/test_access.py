"""Every route, everybody at it, at an object of their own and at somebody else's. A route that is not listed fails.

A machine's body is `{}` and a form is empty, so the statuses of those let in are those of an empty request: what
matters is who is let in, and that somebody else's object answers exactly as one that is not there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.desk import Desk
from tests.support.doors import MANAGER, house
from tests.support.routes import routes_of
from tests.support.scene import ENQUIRER, OTHER_PARTNER, PARTNER, STRANGER, Scene, absent, set_scene, signed_in
from tests.support.visiting import Visitor, ask

pytestmark = pytest.mark.no_cover  # it opens every door again and again that others open once

STAFF = frozenset({"manager", "service_lead"})
UNIVERSITIES = frozenset({"own university", "other university"})
FIGURES = STAFF | {"funder"}
OPERATOR = frozenset({"operator"})
EVERYBODY = STAFF | UNIVERSITIES | FIGURES | OPERATOR | {"nobody"}


@dataclass(frozen=True)
class Door:
    """Who is let in at a machine's door and what an empty request is answered there; `then`, the second time."""

    roles: frozenset[str]
    status: int = 200
    then: int | None = None


MACHINES: dict[str, Door] = {
    "GET /api/v1/enquiries": Door(STAFF),
    "POST /api/v1/enquiries": Door(STAFF, 422),
    "GET /api/v1/enquiries/{reference}": Door(STAFF),
    "PATCH /api/v1/enquiries/{reference}": Door(STAFF, 428),
    "POST /api/v1/enquiries/{reference}/events": Door(STAFF, 422),
    "GET /api/v1/enquiries/{reference}/timeline": Door(STAFF),
    "POST /api/v1/enquiries/{reference}/conversation": Door(STAFF, 422),
    "GET /api/v1/enquiries/{reference}/files": Door(STAFF),
    "POST /api/v1/enquiries/{reference}/files": Door(STAFF, 422),
    "GET /api/v1/enquiries/{reference}/files/{file_id}": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/brief": Door(STAFF),
    "PUT /api/v1/enquiries/{reference}/brief": Door(STAFF, 422),
    "GET /api/v1/enquiries/{reference}/brief/versions": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/brief/versions/{number}": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/brief/readiness": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/plan": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/related": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/matches": Door(STAFF),
    "GET /api/v1/matches/assignment": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/shortlist": Door(STAFF),
    "PUT /api/v1/enquiries/{reference}/shortlist/{researcher_id}": Door(STAFF, 422),
    "DELETE /api/v1/enquiries/{reference}/shortlist/{researcher_id}": Door(STAFF),
    "GET /api/v1/matches/report": Door(STAFF),
    "GET /api/v1/matches/report.csv": Door(STAFF),
    "GET /api/v1/events.csv": Door(STAFF),
    "GET /api/v1/events.xes": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/recipients": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/interests": Door(STAFF),
    "GET /api/v1/enquiries/{reference}/offers": Door(STAFF),
    "GET /api/v1/follow-ups": Door(STAFF),
    "POST /api/v1/follow-ups": Door(STAFF, 422),
    "POST /api/v1/follow-ups/{follow_up_id}/cancel": Door(STAFF, 200, then=409),
    "GET /api/v1/workflow": Door(STAFF),
    "GET /api/v1/workflow.mmd": Door(STAFF),
    # the project
    "GET /api/v1/projects/{project_id}": Door(STAFF),
    "POST /api/v1/projects/{project_id}/events": Door(STAFF, 422),
    "GET /api/v1/projects/{project_id}/funding-lines": Door(STAFF),
    "POST /api/v1/projects/{project_id}/funding-lines": Door(STAFF, 422),
    "PATCH /api/v1/projects/{project_id}/funding-lines/{line_id}": Door(STAFF),
    "GET /api/v1/projects/{project_id}/agreement": Door(STAFF),
    "PUT /api/v1/projects/{project_id}/agreement": Door(STAFF),
    "GET /api/v1/projects/{project_id}/deliverables": Door(STAFF),
    "POST /api/v1/projects/{project_id}/deliverables": Door(STAFF, 422),
    "PATCH /api/v1/projects/{project_id}/deliverables/{deliverable_id}": Door(STAFF),
    "GET /api/v1/projects/{project_id}/reports": Door(STAFF),
    "GET /api/v1/projects/{project_id}/outcomes": Door(STAFF),
    "POST /api/v1/projects/{project_id}/outcomes": Door(STAFF, 422),
    # either side of the project
    "PUT /api/v1/projects/{project_id}/costs": Door(STAFF | UNIVERSITIES, 422),
    "POST /api/v1/projects/{project_id}/agreement/signatures": Door(STAFF | UNIVERSITIES, 422),
    "POST /api/v1/projects/{project_id}/reports": Door(STAFF | UNIVERSITIES, 422),
    # the universities' own
    "GET /api/v1/briefs/feed.atom": Door(UNIVERSITIES),
    "GET /api/v1/briefs/feed": Door(UNIVERSITIES),
    "GET /api/v1/briefs": Door(UNIVERSITIES),
    "GET /api/v1/briefs/{brief_id}": Door(UNIVERSITIES),
    "POST /api/v1/briefs/{brief_id}/receipt": Door(UNIVERSITIES),
    "POST /api/v1/briefs/{brief_id}/interests": Door(UNIVERSITIES, 422),
    "PATCH /api/v1/interests/{interest_id}": Door(UNIVERSITIES, 409),
    "POST /api/v1/briefs/{brief_id}/decline": Door(UNIVERSITIES, 422),
    "POST /api/v1/briefs/{brief_id}/questions": Door(UNIVERSITIES, 422),
    "GET /api/v1/webhooks": Door(UNIVERSITIES),
    "POST /api/v1/webhooks": Door(UNIVERSITIES, 422),
    "GET /api/v1/webhooks/{webhook_id}": Door(UNIVERSITIES),
    "PATCH /api/v1/webhooks/{webhook_id}": Door(UNIVERSITIES),
    "POST /api/v1/webhooks/{webhook_id}/rotate": Door(UNIVERSITIES, 201),
    "POST /api/v1/webhooks/{webhook_id}/test": Door(UNIVERSITIES, 202),
    "GET /api/v1/webhooks/{webhook_id}/deliveries": Door(UNIVERSITIES),
    "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": Door(UNIVERSITIES, 409),
    "GET /api/v1/offers": Door(UNIVERSITIES),
    "POST /api/v1/offers/{offer_id}/accept": Door(UNIVERSITIES, 409),
    "POST /api/v1/offers/{offer_id}/decline": Door(UNIVERSITIES, 422),
    "GET /api/v1/projects": Door(UNIVERSITIES),
    "POST /api/v1/projects/{project_id}/submit-costing": Door(UNIVERSITIES, 409),
    "POST /api/v1/projects/{project_id}/withdraw": Door(UNIVERSITIES, 422),
    # the directory
    "GET /api/v1/researchers": Door(STAFF | UNIVERSITIES),
    "POST /api/v1/researchers": Door(STAFF | UNIVERSITIES, 422),
    "POST /api/v1/researchers/import": Door(STAFF | UNIVERSITIES, 422),
    "GET /api/v1/researchers/{researcher_id}": Door(STAFF | UNIVERSITIES),
    "PATCH /api/v1/researchers/{researcher_id}": Door(STAFF | UNIVERSITIES),
    "GET /api/v1/researchers/{researcher_id}/publications": Door(STAFF | UNIVERSITIES),
    "GET /api/v1/researchers/duplicates": Door(STAFF),
    "POST /api/v1/researchers/{researcher_id}/merge": Door(STAFF, 422),
    "POST /api/v1/researchers/{researcher_id}/tell-apart": Door(STAFF, 422),
    "POST /api/v1/researchers/{researcher_id}/unmerge": Door(STAFF, 409),
    "GET /api/v1/organisations": Door(STAFF),
    "POST /api/v1/organisations": Door(STAFF, 422),
    "GET /api/v1/organisations/{organisation_id}": Door(STAFF),
    "PATCH /api/v1/organisations/{organisation_id}": Door(STAFF),
    "GET /api/v1/people": Door(STAFF),
    "POST /api/v1/people": Door(STAFF, 422),
    "GET /api/v1/people/{person_id}": Door(STAFF),
    "PATCH /api/v1/people/{person_id}": Door(STAFF),
    "GET /api/v1/calendar-days": Door(STAFF),
    "POST /api/v1/calendar-days": Door(STAFF, 422),
    "GET /api/v1/calendar-days/{day_id}": Door(STAFF),
    "PATCH /api/v1/calendar-days/{day_id}": Door(STAFF, 422),
    "GET /api/v1/products": Door(STAFF),
    "POST /api/v1/products": Door(STAFF, 422),
    "GET /api/v1/products/{code}": Door(STAFF),
    "PATCH /api/v1/products/{code}": Door(STAFF),
    "GET /api/v1/synonyms": Door(STAFF),
    "POST /api/v1/synonyms": Door(STAFF, 422),
    "PUT /api/v1/synonyms/{group}": Door(STAFF, 422),
    "DELETE /api/v1/synonyms/{group}": Door(STAFF),
    "GET /api/v1/api-keys": Door(STAFF),
    "POST /api/v1/api-keys": Door(STAFF, 422),
    "POST /api/v1/api-keys/{key_id}/rotate": Door(STAFF, 201, then=409),
    "GET /api/v1/api-keys/{key_id}": Door(STAFF),
    "PATCH /api/v1/api-keys/{key_id}": Door(STAFF),
    "GET /api/v1/outbox": Door(STAFF),
    "GET /api/v1/outbox/{message_id}": Door(STAFF),
    "POST /api/v1/outbox/{message_id}/replay": Door(STAFF, 409),
    "GET /api/v1/audit": Door(STAFF),
    # figures and operations
    "GET /api/v1/metrics/throughput": Door(FIGURES),
    "GET /api/v1/metrics/throughput.csv": Door(FIGURES),
    "GET /api/v1/metrics/funnel": Door(FIGURES),
    "GET /api/v1/metrics/funnel.csv": Door(FIGURES),
    "GET /api/v1/metrics/ageing": Door(FIGURES),
    "GET /api/v1/metrics/ageing.csv": Door(FIGURES),
    "GET /api/v1/metrics/demand": Door(FIGURES),
    "GET /api/v1/metrics/demand.csv": Door(FIGURES),
    "GET /api/v1/metrics/universities": Door(FIGURES),
    "GET /api/v1/metrics/universities.csv": Door(FIGURES),
    "GET /api/v1/metrics/transitions": Door(FIGURES),
    "GET /api/v1/metrics/transitions.csv": Door(FIGURES),
    "GET /api/v1/metrics/reach": Door(FIGURES),
    "GET /api/v1/metrics/reach.csv": Door(FIGURES),
    "GET /api/v1/metrics/reach/councils": Door(STAFF),
    "GET /api/v1/metrics/reach/councils.csv": Door(STAFF),
    "GET /api/v1/metrics/access": Door(STAFF),
    "GET /api/v1/metrics/access.csv": Door(STAFF),
    "GET /api/v1/metrics/brokerage": Door(STAFF),
    "GET /api/v1/metrics/brokerage.csv": Door(STAFF),
    "GET /api/v1/metrics/reminders": Door(STAFF),
    "GET /api/v1/metrics/reminders.csv": Door(STAFF),
    "GET /api/v1/metrics/readiness": Door(STAFF),
    "GET /api/v1/metrics/readiness.csv": Door(STAFF),
    "GET /api/v1/metrics/products": Door(STAFF),
    "GET /api/v1/metrics/products.csv": Door(STAFF),
    "GET /api/v1/metrics/own": Door(UNIVERSITIES),
    "GET /api/v1/metrics/own.csv": Door(UNIVERSITIES),
    "GET /api/v1/metrics/definitions": Door(FIGURES),
    "GET /api/v1/metrics/definitions.csv": Door(FIGURES),
    "GET /metrics": Door(OPERATOR),
    "GET /healthz": Door(EVERYBODY),
    "GET /readyz": Door(EVERYBODY),
    "GET /openapi.json": Door(EVERYBODY),
}


@dataclass(frozen=True)
class Public:
    """A page for everybody; what is in its path is not a secret."""

    status: int = 200
    signed_in: int | None = None


@dataclass(frozen=True)
class Link:
    """A page for whoever holds the link: without the right token there is nothing there."""

    status: int = 200
    absent: int = 404


@dataclass(frozen=True)
class Session:
    """A page for somebody who has signed in, at an enquiry of their own."""

    status: int = 200


@dataclass(frozen=True)
class Team:
    """A page of the console: for the service's own team, and nobody else."""

    status: int = 200


@dataclass(frozen=True)
class Partner:
    """A page for whoever the university or the offer behind it names: others are told there is nothing, or that it is not theirs."""

    status: int = 200
    others: int = 404


PAGES: dict[str, Public | Link | Session | Team | Partner] = {
    "GET /": Public(),
    "GET /answers": Public(),
    "GET /answers/{answer_id}": Public(404),
    "GET /figures": Public(),
    "GET /figures/definitions": Public(),
    "GET /figures/definitions.csv": Public(),
    "GET /figures/throughput.csv": Public(),
    "GET /figures/{name}.csv": Public(404),
    "GET /figures/{code}.pdf": Public(404),
    "GET /privacy": Public(),
    "GET /accessibility": Public(),
    "GET /cookies": Public(),
    "GET /problems/{slug}": Public(),
    "GET /dev/mail": Public(),
    "GET /dev/mail/{name}": Public(404),
    "GET /ask": Public(),
    "POST /ask": Public(422),
    "GET /ask/{token}": Link(303),
    "GET /ask/{token}/question": Link(),
    "POST /ask/{token}/question": Link(422),
    "GET /ask/{token}/contact": Link(),
    "POST /ask/{token}/contact": Link(422),
    "GET /ask/{token}/answers": Link(303),
    "POST /ask/{token}/answers": Link(422),
    "GET /ask/{token}/check": Link(),
    "POST /ask/{token}/check": Link(422),
    "GET /ask/{token}/sent": Link(303),
    "GET /ask/{token}/{slug}": Link(),
    "POST /ask/{token}/{slug}": Link(422),
    "GET /ask/{token}/colleagues": Link(),
    "POST /ask/{token}/colleagues": Link(422),
    "GET /ask/{token}/files": Link(),
    "POST /ask/{token}/files": Link(422),
    "GET /ask/{token}/later": Link(),
    "GET /ask/{token}/discard": Link(),
    "POST /ask/{token}/discard": Link(403),
    "GET /sign-in": Public(200, signed_in=303),
    "POST /sign-in": Public(403),
    "GET /sign-in/account": Public(404),
    "GET /sign-in/account/back": Public(404),
    "GET /sign-in/{token}": Link(200, absent=410),
    "POST /sign-in/{token}": Link(403, absent=403),
    "POST /sign-in/{token}/again": Link(403, absent=403),
    "GET /sign-out": Public(303, signed_in=200),
    "POST /sign-out": Public(303, signed_in=403),
    "GET /enquiries": Session(),
    "GET /enquiries/{reference}": Session(),
    "POST /enquiries/{reference}": Session(404),
    "GET /enquiries/{reference}/brief/{number}": Session(),
    "GET /enquiries/{reference}/files": Session(),
    "POST /enquiries/{reference}/files": Session(422),
    "GET /enquiries/{reference}/files/{file_id}": Session(),
    "GET /enquiries/{reference}/colleagues": Session(),
    "POST /enquiries/{reference}/colleagues": Session(422),
    "GET /enquiries/{reference}/withdraw": Session(),
    "GET /enquiries/{reference}/outcome": Session(404),
    "POST /enquiries/{reference}/outcome": Session(404),
    "GET /enquiries/{reference}/satisfaction": Session(),
    "POST /enquiries/{reference}/satisfaction": Session(422),
    "GET /enquiries/{reference}/later/{follow_up}": Session(),
    "POST /enquiries/{reference}/later/{follow_up}": Session(422),
    # the universities' contacts, lead researchers, and researchers at their own profile
    "GET /partner": Partner(others=403),
    "GET /partner/briefs/{brief_id}": Partner(others=403),
    "POST /partner/briefs/{brief_id}": Partner(404, others=403),
    "GET /partner/briefs/{brief_id}/interest": Partner(others=403),
    "POST /partner/briefs/{brief_id}/interest": Partner(422, others=403),
    "GET /partner/interests/{interest_id}": Partner(others=403),
    "POST /partner/interests/{interest_id}": Partner(422, others=403),
    "GET /partner/projects/{project_id}": Partner(others=403),
    "POST /partner/projects/{project_id}": Partner(404, others=403),
    "GET /partner/figures": Partner(others=403),
    "GET /partner/figures.csv": Partner(others=403),
    "GET /partner/researchers": Partner(others=403),
    "GET /partner/researchers/new": Partner(others=403),
    "POST /partner/researchers/new": Partner(422, others=403),
    "GET /partner/researchers/import": Partner(others=403),
    "POST /partner/researchers/import": Partner(422, others=403),
    "GET /partner/researchers/{researcher_id}": Partner(others=403),
    "POST /partner/researchers/{researcher_id}": Partner(422, others=403),
    "GET /work": Session(),
    "GET /work/{interest_id}": Partner(),
    "POST /work/{interest_id}": Partner(404),
    "GET /profile": Session(),
    "GET /profile/{researcher_id}": Partner(),
    "POST /profile/{researcher_id}": Partner(422),
    # the project at the console
    "GET /manage/projects": Team(),
    "GET /manage/enquiries/{reference}/project": Team(),
    "GET /manage/enquiries/{reference}/project/earlier/{project_id}": Team(303),
    "GET /manage/enquiries/{reference}/project/costs": Team(),
    "POST /manage/enquiries/{reference}/project/costs": Team(403),
    "GET /manage/enquiries/{reference}/project/funding": Team(),
    "POST /manage/enquiries/{reference}/project/funding": Team(422),
    "GET /manage/enquiries/{reference}/project/funding/{line_id}": Team(),
    "POST /manage/enquiries/{reference}/project/funding/{line_id}": Team(422),
    "GET /manage/enquiries/{reference}/project/agreement": Team(),
    "POST /manage/enquiries/{reference}/project/agreement": Team(422),
    "GET /manage/enquiries/{reference}/project/signatures": Team(),
    "POST /manage/enquiries/{reference}/project/signatures": Team(422),
    "GET /manage/enquiries/{reference}/project/deliverables": Team(),
    "POST /manage/enquiries/{reference}/project/deliverables": Team(422),
    "GET /manage/enquiries/{reference}/project/deliverables/{deliverable_id}": Team(),
    "POST /manage/enquiries/{reference}/project/deliverables/{deliverable_id}": Team(422),
    "GET /manage/enquiries/{reference}/project/reports": Team(),
    "POST /manage/enquiries/{reference}/project/reports": Team(422),
    "GET /manage/enquiries/{reference}/project/outcomes": Team(),
    "POST /manage/enquiries/{reference}/project/outcomes": Team(422),
    "GET /manage/enquiries/{reference}/brief": Team(),
    "POST /manage/enquiries/{reference}/brief": Team(403),
    "GET /manage/enquiries/{reference}/brief/versions": Team(),
    "GET /manage/enquiries/{reference}/brief/versions/{number}": Team(),
    "GET /manage/enquiries/{reference}/brief/compare": Team(),
    "GET /manage/enquiries/{reference}/brief/preview": Team(),
    "GET /manage/enquiries/{reference}/brief/send": Team(),
    "POST /manage/enquiries/{reference}/brief/send": Team(404),
    "GET /manage/enquiries/{reference}/brief/revise": Team(),
    "POST /manage/enquiries/{reference}/brief/revise": Team(422),
    # the console: matches, the call, the choice
    "GET /manage/enquiries/{reference}/matches": Team(),
    "GET /manage/enquiries/{reference}/related": Team(),
    "GET /manage/enquiries/{reference}/answer": Team(),
    "POST /manage/enquiries/{reference}/answer": Team(422),
    "GET /manage/enquiries/{reference}/legal-hold": Team(),
    "POST /manage/enquiries/{reference}/legal-hold": Team(422),
    "GET /manage/enquiries/{reference}/matches/{researcher_id}": Team(),
    "POST /manage/enquiries/{reference}/matches/{researcher_id}": Team(404),
    "GET /manage/figures": Team(),
    "GET /manage/figures/throughput.csv": Team(),
    "GET /manage/ranking": Team(),
    "GET /manage/ranking.csv": Team(),
    "GET /manage/events.csv": Team(),
    "GET /manage/events.xes": Team(),
    "GET /manage/enquiries/{reference}/plan": Team(),
    "GET /manage/enquiries/{reference}/call": Team(),
    "POST /manage/enquiries/{reference}/call": Team(404),
    "GET /manage/enquiries/{reference}/choice": Team(),
    "POST /manage/enquiries/{reference}/choice": Team(404),
    "GET /manage/enquiries/{reference}/preference": Team(),
    "POST /manage/enquiries/{reference}/preference": Team(422),
    "GET /manage/enquiries/{reference}/interest": Team(),
    "POST /manage/enquiries/{reference}/interest": Team(404),
    "GET /manage/enquiries/{reference}": Team(),
    "GET /manage/enquiries/{reference}/do/{event}": Team(),
    "POST /manage/enquiries/{reference}/do/{event}": Team(422),
    "POST /manage/enquiries/{reference}/talk": Team(404),
    "GET /manage/enquiries/{reference}/files": Team(),
    "POST /manage/enquiries/{reference}/files": Team(422),
    "GET /manage/enquiries/{reference}/files/{file_id}": Team(),
    "GET /manage/enquiries/{reference}/facts": Team(),
    "POST /manage/enquiries/{reference}/facts": Team(422),
    "GET /manage/enquiries/{reference}/mail": Team(),
    "POST /manage/enquiries/{reference}/mail": Team(422),
    "POST /manage/enquiries/{reference}/follow-ups": Team(422),
    "POST /manage/enquiries/{reference}/follow-ups/{follow_up_id}/cancel": Team(403),
    "GET /manage/settings": Team(),
    "GET /manage/settings/calendar": Team(),
    "POST /manage/settings/calendar": Team(422),
    "POST /manage/settings/calendar/{day_id}": Team(403),
    "GET /manage/settings/products": Team(),
    "GET /manage/settings/products/new": Team(),
    "POST /manage/settings/products/new": Team(422),
    "GET /manage/settings/products/{code}": Team(),
    "POST /manage/settings/products/{code}": Team(422),
    "GET /manage/settings/synonyms": Team(),
    "POST /manage/settings/synonyms": Team(422),
    "GET /manage/settings/glossary": Team(),
    "POST /manage/settings/glossary": Team(422),
    "GET /manage/settings/reminders": Team(),
    "GET /manage/settings/reminders/{rule}": Team(),
    "POST /manage/settings/reminders/{rule}": Team(422),
    "GET /manage/settings/letters": Team(),
    "GET /manage/settings/letters/{message_id}": Team(),
    "POST /manage/settings/letters/{message_id}": Team(403),
    "GET /manage/settings/wordings": Team(),
    "GET /manage/settings/wordings/{kind}": Team(),
    "GET /manage/settings/keys": Team(),
    "POST /manage/settings/keys": Team(422),
    "POST /manage/settings/keys/{key_id}": Team(404),
    "GET /manage/settings/webhooks": Team(),
    "POST /manage/settings/webhooks/{webhook_id}": Team(404),
    "GET /manage/settings/retention": Team(),
    "GET /manage/settings/audit": Team(),
    "GET /manage/directory": Team(),
    "GET /manage/directory/organisations": Team(),
    "GET /manage/directory/organisations/new": Team(),
    "POST /manage/directory/organisations/new": Team(422),
    "GET /manage/directory/organisations/{organisation_id}": Team(),
    "POST /manage/directory/organisations/{organisation_id}": Team(422),
    "POST /manage/directory/organisations/{organisation_id}/succession": Team(422),
    "GET /manage/directory/people": Team(),
    "GET /manage/directory/people/new": Team(),
    "POST /manage/directory/people/new": Team(422),
    "GET /manage/directory/people/{person_id}": Team(),
    "POST /manage/directory/people/{person_id}": Team(422),
    "GET /manage/directory/researchers": Team(),
    "GET /manage/directory/researchers/new": Team(),
    "POST /manage/directory/researchers/new": Team(422),
    "GET /manage/directory/duplicates": Team(),
    "POST /manage/directory/duplicates": Team(404),
    "GET /manage/directory/researchers/import": Team(),
    "POST /manage/directory/researchers/import": Team(422),
    "GET /manage/directory/researchers/{researcher_id}": Team(),
    "POST /manage/directory/researchers/{researcher_id}": Team(422),
    "GET /manage": Team(),
    "GET /manage/assignment": Team(),
    "GET /manage/queue": Team(),
    "POST /manage/queue": Team(422),
    "GET /manage/new": Team(),
    "POST /manage/new": Team(422),
    "POST /manage/dates/{follow_up_id}/done": Team(403),
}


@pytest.fixture
def scene(sqlite_url: str) -> Iterator[Scene]:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        yield set_scene(opened)


def parameters(route: str) -> list[str]:
    return re.findall(r"{(\w+)}", route)


def test_every_route_is_listed_once_and_nothing_else_is(scene: Scene) -> None:
    served = [f"{method} {path}" for method, path in routes_of(scene.opened.app)]
    assert sorted(served) == sorted([*MACHINES, *PAGES])


def test_a_machine_gets_in_where_its_role_may_and_finds_only_what_is_its_own(scene: Scene) -> None:
    wrong = []
    for route, door in MACHINES.items():
        method, template = route.split()
        let_in = 0
        for caller, client in scene.callers.items():
            answer = _asked(client, method, scene.path(template))
            expected = _expected(door, caller, template, let_in)
            let_in += caller in door.roles
            if answer.status_code != expected:
                wrong.append(f"{route} as {caller}: {answer.status_code}, not {expected}")
    assert wrong == []


def test_what_is_not_there_is_answered_like_what_is_somebody_elses(scene: Scene) -> None:
    wrong = []
    for route, door in MACHINES.items():
        method, template = route.split()
        for parameter in parameters(template):
            for caller in sorted(door.roles):
                if caller == "other university":
                    continue
                answer = _asked(scene.callers[caller], method, scene.path(template, **{parameter: absent(parameter)}))
                if answer.status_code != 404:
                    wrong.append(f"{route} as {caller} without {parameter}: {answer.status_code}")
    assert wrong == []


def test_a_session_opens_no_machines_door(scene: Scene) -> None:
    browser = signed_in(scene.opened, ENQUIRER)
    for route, door in MACHINES.items():
        method, template = route.split()
        if "nobody" not in door.roles:
            assert _asked(browser, method, scene.path(template)).status_code == 401, route


def test_a_page_opens_to_whoever_it_is_for_and_shows_only_what_is_theirs(scene: Scene) -> None:
    manager = scene.callers["manager"]
    assert manager is not None
    Desk(manager).record(enquirer={"name": "Somebody Else", "email": STRANGER})
    visitors = {
        "nobody": scene.opened.visitor(),
        "enquirer": signed_in(scene.opened, ENQUIRER),
        "stranger": signed_in(scene.opened, STRANGER),
        "a key": manager,
        "team": signed_in(scene.opened, MANAGER),
        "partner": signed_in(scene.opened, PARTNER),
        "another's partner": signed_in(scene.opened, OTHER_PARTNER),
    }
    writer = Visitor(scene.opened)
    ask(writer)
    writer.open("/sign-in")
    writer.press("Email me a link", {"email": ENQUIRER})
    own = {
        "slug": "purpose",
        "follow_up": scene.own["follow_up_id"],
        "name": "nothing.eml",
        "answer_id": absent("answer_id"),
        "rule": "first_response",
        "kind": "receipt",
        "token": ask(writer).path.split("/")[2],
    }
    tokens = {"/sign-in": writer.newest_link(ENQUIRER).rsplit("/", 1)[1]}
    wrong = []
    for route, page in PAGES.items():
        method, template = route.split()
        token = tokens["/sign-in"] if template.startswith("/sign-in") else own["token"]
        path = scene.path(template, **{**own, "token": token})
        if template == "/problems/{slug}":
            path = "/problems/not-found"
        for who, client in visitors.items():
            expected = _page_status(page, who, template)
            found = _asked(client, method, path, form=True).status_code
            if found != expected:
                wrong.append(f"{route} as {who}: {found}, not {expected}")
        if isinstance(page, Link):
            found = _asked(visitors["enquirer"], method, scene.path(template, **{**own, "token": "x.y"}), form=True)
            if found.status_code != page.absent:
                wrong.append(f"{route} without its token: {found.status_code}, not {page.absent}")
    assert wrong == []


def _expected(door: Door, caller: str, template: str, let_in: int) -> int:
    if caller not in door.roles:
        return 401 if caller == "nobody" else 403
    if caller == "other university" and parameters(template):
        return 404
    return door.then if door.then is not None and let_in else door.status


def _page_status(page: Public | Link | Session | Team | Partner, who: str, template: str) -> int:
    if isinstance(page, Team):
        return page.status if who == "team" else 401 if who in {"nobody", "a key"} else 403
    if isinstance(page, Partner):
        if who == "another's partner":
            return 404 if "{" in template else page.status
        return page.status if who == "partner" else 401 if who in {"nobody", "a key"} else page.others
    if isinstance(page, Session):
        at_a_strangers = 404 if "{reference}" in template else page.status
        return 401 if who in {"nobody", "a key"} else page.status if who == "enquirer" else at_a_strangers
    if isinstance(page, Public) and page.signed_in is not None and who not in {"nobody", "a key"}:
        return page.signed_in
    return page.status


def _asked(client: TestClient | None, method: str, path: str, *, form: bool = False) -> Any:
    assert client is not None
    if method == "GET":
        return client.get(path)
    if form:
        return client.request(method, path, data={"nothing": "x"})
    return client.request(method, path, json={})
