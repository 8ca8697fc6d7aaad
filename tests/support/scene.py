"""One enquiry with everything that can hang on it, and the ids that paths name: the stage for tests of every route."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient

from tests.support.doors import HOOKS, House
from tests.support.journey import Journey
from tests.support.visiting import Visitor

BASE = "/api/v1"
OWN, OTHER = "Northumbria University", "Teesside University"
"""The university that does the work, and one that was never asked."""
ENQUIRER, STRANGER = "ann@council.example", "nobody@elsewhere.example"
PARTNER, OTHER_PARTNER = "calls@northumbria.example", "calls@newcastle.example"
"""The contact of the university that does the work, who also leads it and is listed there; and another's contact."""

RESEARCHER: dict[str, Any] = {
    "name": "Dr Lee Lead", "email": PARTNER, "keywords": ["housing"], "methods": ["economic"],
    "publications": [{"title": "Warm homes and admissions"}], "capacity_days": 40,
}  # fmt: skip


@dataclass
class Scene:
    """An installation, a commissioned project in it, and somebody at every door."""

    opened: House
    journey: Journey
    callers: dict[str, TestClient | None]
    own: dict[str, str]
    """What a path's parameters stand for."""

    def path(self, template: str, **instead: str) -> str:
        """Return a route's path with the scene's own ids in it, but for those given."""
        return template.format(**{**self.own, **instead})


def set_scene(opened: House) -> Scene:
    """Lead one enquiry to its commissioned project and add what else a path can name."""
    journey = Journey(opened.database, opened.clock)
    journey.published(recipients=journey.universities[:1]).interested(lead_email=PARTNER).commissioned()
    callers: dict[str, TestClient | None] = {
        "nobody": opened.visitor(),
        "manager": opened.client("manager"),
        "service_lead": opened.client("service_lead"),
        "own university": opened.client("university", organisation=OWN),
        "other university": opened.client("university", organisation=OTHER),
        "funder": opened.client("funder", organisation="A Funder"),
        "operator": opened.client("operator"),
    }
    manager, own = callers["manager"], callers["own university"]
    assert manager is not None
    assert own is not None

    def made(client: TestClient, path: str, **sent: Any) -> str:
        answer = client.post(f"{BASE}{path}", **sent)
        assert answer.status_code == 201, f"{path}: {answer.text}"
        found: str = answer.json()["id"]
        return found

    def poked(client: TestClient, webhook: str) -> str:
        answer = client.post(f"{BASE}/webhooks/{webhook}/test")
        assert answer.status_code == 202, answer.text
        found: str = answer.json()["id"]
        return found

    def first(client: TestClient, path: str) -> str:
        answer = client.get(f"{BASE}{path}")
        assert answer.status_code == 200, f"{path}: {answer.text}"
        found: str = answer.json()["items"][0]["id"]
        return found

    reference, project = journey.reference, str(journey.project_id)
    file = {"file": ("plan.txt", b"The plan.", "text/plain")}
    key = {"name": "To be looked at", "role": "operator"}
    ids = {
        "reference": reference,
        "project_id": project,
        "number": "1",
        "event": "hold",
        "file_id": made(manager, f"/enquiries/{reference}/files", files=file),
        "line_id": first(manager, f"/projects/{project}/funding-lines"),
        "deliverable_id": first(manager, f"/projects/{project}/deliverables"),
        "follow_up_id": made(manager, "/follow-ups", json={"enquiry": reference, "on": "2027-06-01", "note": "Ask."}),
        "organisation_id": str(journey.council_id),
        "person_id": str(journey.owner.person_id),
        "brief_id": str(journey.brief_id),
        "interest_id": str(journey.interest_id),
        "offer_id": str(journey.offer_id),
        "researcher_id": made(own, "/researchers", json=RESEARCHER),
        "day_id": made(
            manager, "/calendar-days", json={"nation": "england_and_wales", "day": "2027-05-12", "name": "A coronation"}
        ),
        "key_id": made(manager, "/api-keys", json=key),
        "message_id": first(manager, "/outbox"),
        "webhook_id": (webhook := made(own, "/webhooks", json={"url": f"https://{HOOKS}/briefs"})),
        "delivery_id": poked(own, webhook),
        "code": "rapid_review",
        "group": "housing",
    }
    return Scene(opened, journey, callers, ids)


def absent(parameter: str) -> str:
    """Return a value for a path's parameter that nothing has."""
    return {"reference": "AAAAAA-A", "number": "999"}.get(parameter, str(uuid4()))


def signed_in(opened: House, email: str) -> TestClient:
    """Return the browser of somebody who has just signed in."""
    visitor = Visitor(opened)
    visitor.sign_in(email)
    return visitor.client
