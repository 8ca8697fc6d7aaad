"""OpenAPI as other people's programs read it: a client is generated from the document, and leads an enquiry to its project.

Nothing here writes a path, a header or a status: the generated modules do, over HTTP, to a service that runs.
"""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.clock import machine_now
from tests.support.clock import HandClock
from tests.support.doors import House
from tests.support.journey import SECTIONS, TERMS, Cast
from tests.support.serving import serving

PACKAGE = "generated_client"
UNIVERSITY = "Northumbria University"
TODAY = date.today()  # noqa: DTZ011 - days ahead of it are asked for, whatever the zone
WAIVERS = [
    {"guard": guard, "reason": "They know each other well."}
    for guard in ("preference_recorded", "choice_explained", "conflicts_cleared", "joint_meeting_logged")
]
NOT_GENERATED = ("text/csv", "*/*", "application/atom+xml", "application/xml")
"""What the generator has no types for: an import as CSV, a file's own type, the feed for feed readers, and XES."""


class Generated:
    """The generated package, with one caller's key."""

    def __init__(self, url: str, key: str, stack: ExitStack) -> None:
        kind = importlib.import_module(PACKAGE).AuthenticatedClient
        self.client = stack.enter_context(kind(base_url=url, token=key, raise_on_unexpected_status=True, timeout=60))

    def call(self, operation: str, *path: str, body: dict[str, Any] | None = None, **asked: Any) -> Any:
        """Call one operation, `area.name`, with a body read by the operation's own model; return what was parsed."""
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        if body is not None:
            asked["body"] = self.model(module, body)
        answer = module.sync_detailed(*path, client=self.client, **asked)
        assert 200 <= answer.status_code < 300, answer.content
        self.etag = answer.headers.get("etag", "")
        return answer.parsed

    def model(self, module: Any, body: dict[str, Any]) -> Any:
        """Return the body as the model that the operation asks for; an event is told by its name."""
        models = importlib.import_module(f"{PACKAGE}.models")
        if "event" in body:
            special = {"offer": "MakeOffer"}
            name = special.get(body["event"]) or "".join(part.capitalize() for part in body["event"].split("_"))
        else:
            name = module._get_kwargs.__annotations__["body"].__name__
        return getattr(models, name).from_dict(body)

    def event(self, reference: str, event: str, **members: Any) -> Any:
        """Put an event to the enquiry as it stands."""
        self.call("enquiries.show_enquiry", reference)
        return self.call(
            "enquiries.put_event_at_enquiries", reference, body={"event": event, **members}, if_match=self.etag
        )

    def said(self, reference: str) -> str:
        """Record that the enquirer said yes, and return the entry."""
        body = {"kind": "call", "visibility": "enquirer", "direction": "in", "body": "Yes, do."}
        return str(self.call("conversation.add_to_conversation", reference, body=body).id)


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[str, House, ExitStack]]:
    """The address of a running service, with its database seen from here and a client generated from what it says of itself."""
    environment = {
        "DATABASE_URL": sqlite_url,
        "SCHEDULER": "off",
        "SECRET_KEY": "a secret for a generated client, long",
    }
    house = House(sqlite_url, HandClock(machine_now()))
    with serving(environment, folder=tmp_path) as service:
        document = tmp_path / "openapi.json"
        document.write_text(httpx.get(f"{service.url}/openapi.json", timeout=60).text, encoding="utf-8")
        _generate(document, tmp_path)
        sys.path.insert(0, str(tmp_path))
        try:
            with ExitStack() as stack:
                yield service.url, house, stack
        finally:
            sys.path.remove(str(tmp_path))
            for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
                del sys.modules[name]
    house.close()


def test_a_generated_client_leads_an_enquiry_to_its_project(place: tuple[str, House, ExitStack]) -> None:
    address, house, stack = place
    university_id = str(Cast(house.database, house.clock).university(UNIVERSITY))
    mo, sal, university, funder = (
        Generated(address, house.key(role, organisation=organisation), stack)  # type: ignore[arg-type]  # four of the roles
        for role, organisation in (
            ("manager", None), ("service_lead", None), ("university", UNIVERSITY), ("funder", "A Funder")
        )
    )  # fmt: skip
    enquirer = {"name": "Ann Asker", "email": "ann@council.example"}
    asked = {"question": "Do warmer homes help?", "enquirer": enquirer, "organisation_shown": "named"}
    reference = mo.call("enquiries.record_enquiry", body={**asked, "organisation": "Gateshead Council"}).reference

    # ---------------------------------------------------------------------------------------------------------- the brief
    assert mo.event(reference, "accept").state == "scoping"
    mo.call("brief.show_brief_at_enquiries", reference)
    mo.call("brief.write_brief", reference, body={"sections": SECTIONS}, if_match=mo.etag)
    mo.event(reference, "send_for_agreement")
    brief = mo.call("brief.show_brief_at_enquiries", reference)
    mo.event(reference, "agree", version=brief.version, hash=brief.hash_, entry=mo.said(reference))
    reply_by = (TODAY + timedelta(days=30)).isoformat()
    assert mo.event(reference, "publish", recipients=[university_id], reply_by=reply_by).state == "open_call"

    # ---------------------------------------------------------------------------------------------------- the university
    [item] = university.call("universities.read_feed").items
    assert (item.type_, item.payload.hash_) == ("published", brief.hash_)
    tag = university.etag
    unchanged = importlib.import_module(f"{PACKAGE}.api.universities.read_feed").sync_detailed
    assert unchanged(client=university.client, if_none_match=tag).status_code == 304
    team = {
        "lead": {"name": "Dr Lee Lead", "email": "lee@university.example"},
        "statement": "We have done this before.",
        "capacity_days": 40,
        "earliest_start": (TODAY + timedelta(days=30)).isoformat(),
        "cost_band": "20k_to_50k",
        "show_enquirer": True,
    }
    interest = university.call("universities.offer_interest", item.brief_id, body=team)
    mo.event(reference, "close_call")
    mo.event(reference, "offer", interest=str(interest.id), waivers=WAIVERS)
    [offer] = university.call("universities.list_offers_at_offers").items
    university.call("universities.accept_offer", offer.id)

    # ------------------------------------------------------------------------------------------------------- the project
    project = mo.call("enquiries.show_enquiry", reference).project_id
    pounds = {"amount": "12000.00", "currency": "GBP"}
    costs = {
        "lines": [{"label": "Time", "amount": pounds, "kind": "cash"}],
        "start": (TODAY + timedelta(days=40)).isoformat(),
        "end": (TODAY + timedelta(days=140)).isoformat(),
    }
    university.call("projects.save_costs", project, body=costs)
    version = university.call("projects.submit_costing", project).costs.version
    mo.event(reference, "agree_costs", version=version, entry=mo.said(reference))
    line = {
        "source": "Gateshead Council",
        "amount": pounds,
        "kind": "cash",
        "status": "confirmed",
        "evidence": "Order 7",
    }
    mo.call("projects.add_funding_line", project, body=line)
    assert mo.event(reference, "confirm_funding", route="funded").state == "contracting"
    mo.call("projects.save_agreement", project, body={"parties": ["Gateshead Council", UNIVERSITY], **TERMS})
    for party, organisation, caller in (
        ("commissioner", "Gateshead Council", mo),
        ("university", UNIVERSITY, university),
    ):
        signed = {"party": party, "person": "Pat Signer", "organisation": organisation, "signed_on": TODAY.isoformat()}
        caller.call("projects.sign", project, body={**signed, "evidence": "Letter"})
    due = (TODAY + timedelta(days=140)).isoformat()
    mo.call("projects.add_deliverable", project, body={"title": "Report", "due_on": due})
    assert mo.event(reference, "commission").state == "commissioned"
    assert [one.type_ for one in university.call("universities.read_feed").items][-1] == "commissioned"
    assert funder.call("figures.show_throughput").total.submitted == 0, "this month has not closed"
    assert len(sal.call("operations.list_messages").items) > 0


def _generate(document: Path, folder: Path) -> None:
    (folder / "generator.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    package = ["--output-path", str(folder / PACKAGE), "--meta", "none", "--config", str(folder / "generator.yaml")]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), *package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith(("WARNING", "ERROR"))]
    assert len(complaints) <= len(NOT_GENERATED), complaints
    assert all(kind in done.stdout + done.stderr for kind in NOT_GENERATED)
    assert json.loads(document.read_text(encoding="utf-8"))["openapi"].startswith("3.1")
