"""The universities' feed through its door: what it holds, where its cursors lead, and what reading it records."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import delete, select

from service.records import calls, feed
from service.records.database import Unit
from service.records.tables import CallRecipient, FeedEntry, ServiceState
from service.routers.universities.cursors import feed_cursor
from service.workflows import commands as c
from tests.support.doors import House
from tests.support.journey import COUNCIL, SECTIONS, Journey

FEED = "/api/v1/briefs/feed"
NORTHUMBRIA, NEWCASTLE, DURHAM = "Northumbria University", "Newcastle University", "Durham University"


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


def read(client: TestClient, cursor: str | None = None, **parameters: Any) -> Any:
    answer = client.get(FEED, params={"cursor": cursor or "", **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def walk(client: TestClient, limit: int) -> list[Any]:
    """Follow the feed from its start, a page at a time, until it says that there is no more."""
    items, cursor, more = [], None, True
    while more:
        page = read(client, cursor, limit=limit)
        items += page["items"]
        cursor, more = page["next_cursor"], page["has_more"]
    return items


def types(client: TestClient) -> list[str]:
    return [item["type"] for item in walk(client, limit=200)]


def problem(client: TestClient, cursor: str, status: int) -> Any:
    answer = client.get(FEED, params={"cursor": cursor})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def recipient(journey: Journey, number: int = 0) -> CallRecipient:
    found = journey.look(lambda unit: calls.recipient(unit, journey.enquiry_id, journey.universities[number]))
    assert found is not None
    return found


# ----------------------------------------------------------------------------------------------------- what it holds


def test_a_published_brief_is_what_was_agreed(journey: Journey, northumbria: TestClient) -> None:
    journey.published()

    page = read(northumbria)

    [item] = page["items"]
    version = journey.newest_brief()
    assert set(item) == {"id", "seq", "type", "brief_id", "version", "occurred_at", "payload"}
    assert (item["seq"], item["type"], item["version"]) == (1, "published", 1)
    assert item["brief_id"] == str(journey.brief_id)
    assert item["occurred_at"] == "2026-11-23T09:30:00Z"
    assert item["payload"] == {
        "brief_id": str(journey.brief_id),
        "version": 1,
        "hash": version.hash,
        "title": "Do warmer homes mean fewer visits to A&E?",
        "sections": SECTIONS,
        "reply_by": "2026-12-07",
        "organisation": COUNCIL,
        "questions": [],
    }
    assert page["has_more"] is False


def test_an_empty_feed_has_a_cursor_that_finds_what_comes(journey: Journey, northumbria: TestClient) -> None:
    empty = read(northumbria)
    assert (empty["items"], empty["has_more"]) == ([], False)
    assert read(northumbria, empty["next_cursor"])["next_cursor"] == empty["next_cursor"]

    journey.published()

    later = read(northumbria, empty["next_cursor"])
    assert [item["type"] for item in later["items"]] == ["published"]
    assert read(northumbria, later["next_cursor"])["items"] == []


def test_a_call_from_publishing_to_the_choice(opened: House, journey: Journey) -> None:
    durham, northumbria, newcastle = (
        opened.client("university", organisation=name) for name in (DURHAM, NORTHUMBRIA, NEWCASTLE)
    )
    journey.published()
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))
    journey.interested(journey.universities[1]).interested(journey.universities[0]).offered().signed().commissioned()

    assert types(northumbria) == ["published", "extended", "closed", "offered", "commissioned"]
    assert types(newcastle) == ["published", "extended", "closed", "stood_down"]
    assert types(durham) == ["published", "extended", "closed"]


def test_every_stretch_gives_the_same_walk(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    for number in range(1, 8):
        opened.clock.move(days=1)
        journey.act(c.Extend(reply_by=journey.today() + timedelta(days=30 + number), reason=f"Reason {number}."))

    whole = walk(northumbria, limit=200)

    assert [item["seq"] for item in whole] == list(range(1, 9))
    assert all(walk(northumbria, limit) == whole for limit in (1, 2, 3, 7, 8))


def test_the_link_leads_to_the_next_page(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))

    first = northumbria.get(FEED, params={"limit": 1})
    second = northumbria.get(first.links["next"]["url"])

    assert [item["seq"] for item in second.json()["items"]] == [2]
    assert "next" not in second.links


def test_the_answer_is_the_stored_text(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    stored = journey.look(lambda unit: feed.page(unit, journey.universities[0], 0, 10))
    page = northumbria.get(FEED)
    assert stored.items[0] in page.text
    assert json.loads(stored.items[0]) == page.json()["items"][0]


def test_an_answer_to_a_question_reaches_everybody(
    journey: Journey, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey.published()
    asked = northumbria.post(f"/api/v1/briefs/{journey.brief_id}/questions", json={"body": "Is there linked data?"})
    assert types(newcastle) == ["published"], "a question without its answer is not told"

    journey.say("Yes, from 2019.", direction="out", visibility="universities", answers=UUID(asked.json()["id"]))

    [_, answered] = walk(newcastle, limit=10)
    assert answered["type"] == "answered"
    assert answered["payload"]["question"] == "Is there linked data?"
    assert answered["payload"]["answer"] == "Yes, from 2019."
    assert NORTHUMBRIA not in json.dumps(answered)


def test_what_is_redacted_is_gone_from_entries_that_were_sent(journey: Journey, northumbria: TestClient) -> None:
    sections = {**SECTIONS, "questions": "Does Mrs Canary's scheme work? " + "It is a long question. " * 10}
    journey.briefed(sections).published()
    before = northumbria.get(FEED)
    assert "Canary" in before.text

    journey.act(c.Redact(section="questions", reason="It names a person."))

    after = northumbria.get(FEED, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200, "an old tag does not hide it"
    assert "Canary" not in after.text
    assert [item["type"] for item in after.json()["items"]] == ["published", "redacted"]
    assert after.json()["items"][1]["payload"] == {"brief_id": str(journey.brief_id), "section": "questions"}


# ----------------------------------------------------------------------------------------------------------- cursors


def test_a_cursor_that_is_none_of_ours_is_malformed(northumbria: TestClient) -> None:
    for cursor in ("x", "%", "eyJhIjoxfQ", "W10", "1", "=" * 8, "é", "a" * 500):
        assert problem(northumbria, cursor, 400)["type"] == "/problems/cursor-malformed"


def test_a_cursor_with_any_character_changed_is_refused(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    cursor = read(northumbria)["next_cursor"]
    for at in range(len(cursor)):
        changed = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        assert problem(northumbria, changed, 400)["type"] == "/problems/cursor-malformed"


def test_a_cursor_beyond_the_end_is_malformed(opened: House, journey: Journey, northumbria: TestClient) -> None:
    epoch = opened.database.read(feed.epoch)
    beyond = feed_cursor(journey.universities[0], epoch, 1)
    assert problem(northumbria, beyond, 400)["type"] == "/problems/cursor-malformed"


def test_another_universitys_cursor_is_gone(journey: Journey, northumbria: TestClient, newcastle: TestClient) -> None:
    journey.published()
    told = problem(newcastle, read(northumbria)["next_cursor"], 410)
    assert told["type"] == "/problems/cursor-gone"
    assert told["resync"] == "/api/v1/briefs"


def test_a_cursor_of_another_epoch_is_gone(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    cursor = read(northumbria)["next_cursor"]

    def restore(unit: Unit) -> None:
        state = unit.get(ServiceState, "feed_epoch")
        assert state is not None
        state.value = "another"
        unit.add(state)

    opened.database.transact(restore)

    answer = northumbria.get(FEED, params={"cursor": cursor})
    assert answer.status_code == 410
    assert answer.links["start"]["url"] == "/api/v1/briefs"
    again = northumbria.get("/api/v1/briefs").json()["feed_cursor"]
    assert read(northumbria, again)["items"] == []


def test_a_cursor_from_before_what_is_kept_is_gone(opened: House, journey: Journey, northumbria: TestClient) -> None:
    start = read(northumbria)["next_cursor"]
    journey.published()
    first = read(northumbria)["next_cursor"]
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))
    opened.database.transact(
        lambda unit: unit.exec(delete(FeedEntry).where(FeedEntry.seq == 1))  # type: ignore[arg-type]
    )

    assert problem(northumbria, start, 410)["type"] == "/problems/cursor-gone"
    assert [item["seq"] for item in read(northumbria, first)["items"]] == [2]
    assert [item["seq"] for item in read(northumbria)["items"]] == [2], "without a cursor: from what there is"


def test_a_limit_out_of_bounds_is_refused(northumbria: TestClient) -> None:
    for limit in ("0", "201", "many"):
        answer = northumbria.get(FEED, params={"limit": limit})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "limit"


# -------------------------------------------------------------------------------------------------------------- tags


def test_a_page_nobody_added_to_is_not_sent_again(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    first = northumbria.get(FEED)
    assert first.headers["cache-control"] == "private, no-cache"

    same = northumbria.get(FEED, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert same.headers["cache-control"] == "private, no-cache"

    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))
    changed = northumbria.get(FEED, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_pages_have_tags_of_their_own(journey: Journey, northumbria: TestClient, newcastle: TestClient) -> None:
    journey.published()
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))
    first = northumbria.get(FEED, params={"limit": 1})
    second = northumbria.get(first.links["next"]["url"])
    whole = northumbria.get(FEED)
    theirs = newcastle.get(FEED)
    assert len({answer.headers["etag"] for answer in (first, second, whole, theirs)}) == 4


# ----------------------------------------------------------------------------------------------- what reading records


def test_reading_marks_as_fetched_and_only_an_answer_as_acknowledged(
    opened: House, journey: Journey, northumbria: TestClient
) -> None:
    journey.published()
    assert recipient(journey).fetched_at is None

    opened.clock.move(hours=1)
    seen_at = opened.clock.now()
    tag = northumbria.get(FEED).headers["etag"]
    opened.clock.move(hours=1)
    northumbria.get(FEED)
    northumbria.get(FEED, headers={"If-None-Match": tag})

    assert recipient(journey).fetched_at == seen_at, "the first time counts"
    assert recipient(journey).acknowledged_at is None
    assert recipient(journey, 1).fetched_at is None

    northumbria.post(f"/api/v1/briefs/{journey.brief_id}/receipt")
    assert recipient(journey).acknowledged_at == opened.clock.now()


def test_only_what_was_in_the_page_is_fetched(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    other = Journey(opened.database, opened.clock, enquirer_email="bo@council.example").published()

    read(northumbria, limit=1)
    assert recipient(journey).fetched_at is not None
    assert recipient(other).fetched_at is None

    read(northumbria, limit=2)
    assert recipient(other).fetched_at is not None


def test_a_later_entry_about_a_brief_does_not_mark_a_new_call_as_fetched(
    opened: House, journey: Journey, northumbria: TestClient
) -> None:
    journey.interested().selecting()
    cursor = read(northumbria, limit=1)["next_cursor"]
    opened.clock.move(days=1)
    reply_by = journey.today() + timedelta(days=20)
    journey.act(c.Relaunch(reply_by=reply_by, recipients=(journey.universities[0],), reason="One more try."))
    assert recipient(journey).fetched_at is None

    assert [item["type"] for item in read(northumbria, cursor, limit=1)["items"]] == ["closed"]
    assert recipient(journey).fetched_at is None
    assert [item["type"] for item in read(northumbria, cursor, limit=2)["items"]] == ["closed", "published"]
    assert recipient(journey).fetched_at is not None


# ------------------------------------------------------------------------------------------------------- who may read


def test_the_feed_is_for_universities(opened: House) -> None:
    assert opened.visitor().get(FEED).status_code == 401
    for role in ("manager", "service_lead", "funder", "operator"):
        assert opened.client(role).get(FEED).status_code == 403


def test_every_entry_of_a_feed_is_its_universitys_own(opened: House, journey: Journey) -> None:
    journey.published(recipients=journey.universities[:1])
    stranger = opened.client("university", organisation="Teesside University")
    assert types(stranger) == []
    assert types(opened.client("university", organisation=DURHAM)) == []
    rows = journey.look(lambda unit: list(unit.exec(select(FeedEntry))))
    assert {row.organisation_id for row in rows} == {journey.universities[0]}


def test_a_migrated_database_has_its_epoch(opened: House) -> None:
    assert opened.database.read(feed.epoch)
    assert opened.database.transact(feed.ensure_epoch) == opened.database.read(feed.epoch)
