"""Every form of the desks, filled as its own reader would fill it, but sent without what its page gave it."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from uuid import uuid4

import pytest

from tests.support.doors import MANAGER, house
from tests.support.stages import Stages, set_stages
from tests.support.visiting import Form, Page

pytestmark = pytest.mark.no_cover  # it asks thousands of times what others ask once

RESEARCHERS = '[{"name": "Dr New", "email": "new@northumbria.example", "capacity_days": 10}]'
FILLED = {
    "email": "new@northumbria.example", "lead_email": "new@northumbria.example", "phone": "01632 960 001", "capacity_days": "20",
    "agenda_clear_days": "5", "clearance_working_days": "20", "typical": "20", "long": "30", "rows": RESEARCHERS, "amount": "100",
    "orcid": "", "publications": "Warm homes | 2024", "contact_at": "10:30", "contact_minutes": "20", "contact_on-month": "11",
    "methods_other": "", "topics_other": "", "wordings": "bins\nrefuse collection",
}  # fmt: skip
"""What an empty field is filled with; any other text is a few words, a choice the first there is, and a date lies a little ahead."""
AS_GIVEN = frozenset({"own_funds", "contact_automatic", "lead_researcher_id", "token", "look_for"})


@pytest.fixture
def stages(sqlite_url: str) -> Iterator[Stages]:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        yield set_stages(opened)


def test_no_form_does_anything_without_what_its_page_gave_it(stages: Stages, sqlite_url: str) -> None:
    forms = stages.forms()
    forms += [(stages.scene.path(template), Form("", list(sent.items()))) for template, sent in _beside(stages).items()]
    reached = {_route(stages, action) for action, _ in forms}
    before, wrong = _everything(sqlite_url), []
    for action, form in forms:
        path = action.partition("#")[0]
        file = {"file": ("a.txt", b"Hello.", "text/plain")} if path.endswith("/files") else None
        # A form without a button sends nothing; one that was made here has none to name.
        buttons = [each for each in form.buttons if each[1] not in {"more", "target"}]
        for button in buttons or ([] if form.action else [("", "", "")]):
            sent = {**_filled(form), "csrf_token": "not ours", **({button[0]: button[1]} if button[0] else {})}
            answer = stages.client(path).post(path, data=sent, files=file)
            if answer.status_code != 403 or "was not ours" not in answer.text:
                wrong.append(f"{answer.status_code} {path} {button} {Page(path, 0, answer.text).errors}")
    assert not wrong, "\n".join(wrong)
    assert _everything(sqlite_url) == before
    assert sorted(set(stages.routes("POST")) - reached) == []


def _filled(form: Form) -> dict[str, str]:
    """Return a form as it stands, with what is empty filled in."""
    found = dict(form.fields)
    is_facts = any(name.startswith("was-") for name in form.offered)
    for name in form.offered - AS_GIVEN:
        if found.get(name) or is_facts:
            continue
        stem, _, part = name.rpartition("-")
        if name in FILLED:
            found[name] = FILLED[name]
        elif name in form.choices:
            found[name] = next((each for each in form.choices[name] if each), "")
        elif stem in {"label", "amount", "kind"}:
            found[name] = "100"
        else:
            found[name] = {"day": "7", "month": "12", "year": "2026"}.get(part, "A few words")
    return found


def _beside(stages: Stages) -> dict[str, dict[str, str]]:
    """Return what is sent from pages that need more than a stage: a date that came, a letter given up, a revised brief."""
    university = str(stages.scene.journey.universities[0])
    return {
        "/manage/dates/{follow_up_id}/done": {},
        "/manage/settings/letters/{message_id}": {},
        "/manage/directory/duplicates": {"first": str(uuid4()), "second": str(uuid4()), "event": "apart"},
        "/manage/enquiries/{reference}/brief/revise": {"event": "revise", "reason": "New."},
        "/manage/enquiries/{reference}/interest": {
            "university": university,
            "answer": "declined",
            "reason": "no_capacity",
        },
    }


def _route(stages: Stages, action: str) -> str:
    parts = action.partition("#")[0].split("/")
    for template in stages.routes("POST"):
        wanted = template.split("/")
        if len(wanted) == len(parts) and all(a == b or a.startswith("{") for a, b in zip(wanted, parts, strict=True)):
            return template
    return action


def _everything(url: str) -> str:
    """Return a digest of all that is kept, but for how often a door was knocked at."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        lines = [line for line in database.iterdump() if 'INTO "rate_count"' not in line]
    return sha256("\n".join(lines).encode()).hexdigest()
