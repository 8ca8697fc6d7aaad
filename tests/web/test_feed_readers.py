"""The feed as feed readers have it: read by feedparser and by a strict parser, whatever people wrote."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from fastapi.testclient import TestClient

from service.records import calls
from service.routers.universities.atom import MEDIA_TYPE
from service.workflows import commands as c
from tests.support.doors import House
from tests.support.hostile import together
from tests.support.journey import COUNCIL, SECTIONS, Journey

PATH = "/api/v1/briefs/feed.atom"
NORTHUMBRIA = "Northumbria University"
HOSTILE = (
    "]]></div><script>alert(1)</script>",
    "<b>&lt;b&gt; &amp;amp; ]]> <!-- <?xml?>",
    "\x0b\x0c\x1b[31m￾￿\u2028 \U0001f6b2 é",
    "' onmouseover='alert(1)",
)


@pytest.fixture
def northumbria(console: House) -> TestClient:
    return console.client("university", organisation=NORTHUMBRIA)


def parsed(client: TestClient, path: str = PATH) -> Any:
    """Return what feedparser makes of a page that a strict parser took, too."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"{MEDIA_TYPE}; charset=utf-8"
    ET.fromstring(answer.content)  # noqa: S314 - what we wrote ourselves
    found = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert found.bozo == 0, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def extend(journey: Journey, days: int) -> None:
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=days), reason="Half term."))


def test_a_reader_is_shown_what_the_other_feed_holds_newest_first(opened: House) -> None:
    journey, northumbria = Journey(opened.database, opened.clock), opened.client("university", organisation=NORTHUMBRIA)
    empty = parsed(northumbria)
    assert (empty.entries, empty.feed.title) == ([], "Briefs for Northumbria University")

    journey.published()
    opened.clock.move(hours=1)
    extend(journey, 28)

    found = parsed(northumbria)
    assert found.feed.id == empty.feed.id
    assert found.feed.updated == "2026-11-23T10:30:00Z"
    assert found.feed.author == "Evidence Enquiry Service"
    items = northumbria.get("/api/v1/briefs/feed").json()["items"]
    assert [entry.id for entry in found.entries] == [f"urn:uuid:{item['id']}" for item in reversed(items)]
    newer, older = found.entries
    title = "Do warmer homes mean fewer visits to A&E?"
    assert (newer.title, older.title) == (f"More time: {title}", f"New brief: {title}")
    assert (newer.updated, older.updated) == ("2026-11-23T10:30:00Z", "2026-11-23T09:30:00Z")
    assert newer.tags[0].term == "extended"
    assert older.link == f"http://testserver/partner/briefs/{journey.brief_id}"
    content = older.content[0]
    assert content.type == "application/xhtml+xml"
    for text in (*SECTIONS.values(), COUNCIL, "Monday 7 December 2026"):
        for line in text.splitlines():
            assert line.replace("&", "&amp;") in content.value
    assert "Half term." in newer.content[0].value
    assert "Monday 21 December 2026" in newer.content[0].value


def test_pages_lead_from_the_newest_to_the_oldest(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    for days in range(28, 32):
        extend(journey, days)

    walked, path = [], f"{PATH}?limit=2"
    while path:
        page = parsed(northumbria, path)
        walked += [entry.id for entry in page.entries]
        links = {link.rel: link.href.removeprefix("http://testserver") for link in page.feed.links}
        assert links["self"] == path
        assert links["first"] == f"{PATH}?limit=2"
        path = links.get("next", "")
    assert walked == [entry.id for entry in parsed(northumbria).entries]
    assert len(walked) == 5
    assert northumbria.get(PATH, params={"cursor": "x"}).status_code == 400


def test_a_page_is_sent_once_and_marks_its_briefs_as_fetched(opened: House) -> None:
    journey, northumbria = Journey(opened.database, opened.clock), opened.client("university", organisation=NORTHUMBRIA)
    journey.published()
    first = northumbria.get(PATH)
    assert first.headers["cache-control"] == "private, no-cache"
    told = journey.look(lambda unit: calls.recipient(unit, journey.enquiry_id, journey.universities[0]))
    assert told is not None
    assert told.fetched_at == opened.clock.now()
    assert told.acknowledged_at is None
    same = northumbria.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    extend(journey, 28)
    assert northumbria.get(PATH, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_the_key_comes_as_a_password_too_and_only_here(console: House, journey: Journey) -> None:
    journey.published()
    key, stranger = console.key("university", organisation=NORTHUMBRIA), console.visitor()

    def basic(text: str) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(text.encode()).decode()}"}

    for user in ("", "anybody", "Zoë"):
        answer = stranger.get(PATH, headers=basic(f"{user}:{key}"))
        assert (answer.status_code, answer.text.count("<entry>")) == (200, 1)
    wrong = [basic(""), basic(key), basic(f"{key}:"), basic(f"x:{key}x"), basic("x:é"), {"Authorization": "Basic é!"}]
    for headers in ({}, *wrong):
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        refused = stranger.get(PATH, headers=encoded)  # type: ignore[arg-type]
        assert refused.status_code == 401, headers
        assert refused.headers["www-authenticate"].startswith("Basic realm=")
    assert stranger.get("/api/v1/briefs/feed", headers=basic(f"x:{key}")).status_code == 401
    manager = console.key("manager")
    assert stranger.get(PATH, headers=basic(f"x:{manager}")).status_code == 403


def test_what_people_wrote_stays_text(journey: Journey, northumbria: TestClient) -> None:
    sections = {
        "questions": "\n".join(HOSTILE),
        "purpose": "\n".join(together(8_000))[:8_000].replace("@", " at "),
        "methods": HOSTILE[0],
    }
    journey.briefed(sections)
    journey.published()

    found = parsed(northumbria)
    [entry] = found.entries
    assert entry.title.startswith("New brief: ]]></div><script>")
    document = ET.fromstring(northumbria.get(PATH).content)  # noqa: S314 - what we wrote ourselves
    xhtml = "{http://www.w3.org/1999/xhtml}"
    used = {element.tag.removeprefix(xhtml) for element in document.iter() if element.tag.startswith(xhtml)}
    assert used == {"div", "h3", "p"}, "no element but ours"
    said = [element.text for element in document.iter(f"{xhtml}p")]
    assert HOSTILE[0] in said
    assert HOSTILE[1] in said
    assert HOSTILE[3] in said
    assert {attribute for element in document.iter(f"{xhtml}p") for attribute in element.attrib} == set()


def test_what_is_redacted_is_gone_and_readers_fetch_it_anew(opened: House) -> None:
    journey, northumbria = Journey(opened.database, opened.clock), opened.client("university", organisation=NORTHUMBRIA)
    journey.published()
    before = parsed(northumbria).entries[0]
    opened.clock.move(days=1)
    journey.act(c.Redact(section="questions", reason="It names a person."))

    newer, older = parsed(northumbria).entries
    assert "A&amp;E" in before.content[0].value
    assert "A&" not in northumbria.get(PATH).text
    assert older.id == before.id
    assert older.updated > before.updated, "a reader that kept it takes the new words"
    assert newer.title.startswith("Something was redacted")
    assert "Questions in researchable form" in newer.content[0].value


def test_discretion_holds_here_too(console: House, journey: Journey) -> None:
    journey.discretion = {"organisation_shown": "described", "organisation_description": "A council in the north"}
    journey.published()
    text = console.client("university", organisation=NORTHUMBRIA).get(PATH).text
    assert "A council in the north" in text
    assert COUNCIL not in text
    assert console.client("university", organisation="Teesside University").get(PATH).text.count("<entry>") == 0
