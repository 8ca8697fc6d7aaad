"""The pages around the service: start, privacy, accessibility, cookies, problems, and the mail of a rehearsal."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from service.errors import TITLES
from service.records.tables import ServiceState
from tests.support.doors import House, house
from tests.support.visiting import Visitor


@pytest.mark.parametrize("path", ["/", "/ask", "/sign-in", "/privacy", "/accessibility", "/cookies"])
def test_public_pages_are_there_with_the_same_care(sqlite_url: str, path: str) -> None:
    with house(sqlite_url, service_name="Ask & Answer", service_phone="01632 960 999") as opened:
        answer = opened.visitor().get(path)
        assert answer.status_code == 200
        assert "Ask &amp; Answer" in answer.text
        assert "01632 960 999" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert answer.text.count("<script") == answer.text.count(f'nonce="{nonce}"') == 2
        assert " style=" not in answer.text
        assert " onclick" not in answer.text
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("slug", TITLES)
def test_every_problem_type_has_its_page(sqlite_url: str, slug: str) -> None:
    with house(sqlite_url) as opened:
        page = Visitor(opened).open(f"/problems/{slug}")
        assert TITLES[slug] in page.text


def test_what_is_not_there_is_told_on_a_page(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        assert "Page not found" in visitor.open("/nowhere", status=404).text
        visitor.open("/problems/nonsense", status=404)
        answer = visitor.client.post("/ask", data={"question": "x" * 1_100_000}, files={"file": b""})
        assert answer.status_code == 400
        assert "We could not read that" in answer.text
        answer = visitor.client.delete("/ask")
        assert answer.status_code == 405
        assert "<h1" in answer.text


def test_invented_data_is_marked_on_every_page(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        opened.database.transact(lambda unit: unit.add(ServiceState(key="demo", value="1")))
        for path, status in (("/", 200), ("/ask", 200), ("/nowhere", 404), ("/enquiries/ABC", 401)):
            assert "Invented data." in Visitor(opened).open(path, status=status).text


def test_a_fault_is_told_on_a_page_and_a_database_that_is_away_too(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        visitor.client.cookies.set("session", "x")
        opened.database.dispose()
        opened.app.state.services = None
        answer = visitor.client.get("/")
        assert answer.status_code == 500

    with house("sqlite:////nowhere/at/all.db") as away:
        visitor = Visitor(away)
        visitor.client.cookies.set("session", "x")
        page = visitor.open("/", status=503)
        assert "The database is not answering. Try again shortly." in page.text


def a_letter(folder: Path, name: str, subject: str, text: str) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["To"], letter["Date"] = subject, "ann@council.example", "Mon, 23 Nov 2026 09:30:00 +0000"
    letter.set_content(text)
    letter.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="meeting.ics")
    (folder / f"{name}.eml").write_bytes(bytes(letter))


def test_a_newcomer_reads_the_mail_of_a_rehearsal(sqlite_url: str, tmp_path: Path) -> None:
    a_letter(
        tmp_path,
        "one",
        "Your <b>link</b>",
        "Open http://127.0.0.1/sign-in/abc?x=1&y=2 now.\n<script>alert(1)</script>\n",
    )
    with house(sqlite_url, mail=f"file:{tmp_path}") as opened:
        visitor = Visitor(opened)
        page = visitor.open("/dev/mail")
        assert "Your <b>link</b>" in page.text
        assert "development only" in page.text
        assert "ann@council.example 23 November 2026 at 9:30am" in page.text
        assert "Your <b>link</b>" in visitor.open("/dev/mail?to=ann@council.example").text
        assert "Your <b>link</b>" not in visitor.open("/dev/mail?to=kay@council.example").text
        page = visitor.open("/dev/mail/one")
        assert "http://127.0.0.1/sign-in/abc?x=1&y=2" in page.links
        assert "<script>alert" not in page.html
        assert "meeting.ics" in page.text
        visitor.open("/dev/mail/../secret", status=404)
        visitor.open("/dev/mail/two", status=404)


@pytest.mark.parametrize(
    "settings",
    [
        {"mail": "smtp://127.0.0.1:1"},
        {"environment": "production", "base_url": "https://ask.example.org", "mail": "file:var/mail"},
    ],
)
def test_nobody_reads_mail_where_it_is_real(sqlite_url: str, settings: dict[str, object]) -> None:
    with house(sqlite_url, None, **settings) as opened:
        visitor = Visitor(opened)
        visitor.open("/dev/mail", status=404)
        visitor.open("/dev/mail/one", status=404)


def test_staff_and_people_find_their_way_from_the_start(opened: House) -> None:
    page = Visitor(opened).open("/")
    assert {"/ask", "/sign-in", "/privacy", "/accessibility", "/cookies"} <= set(page.links)


def test_the_privacy_page_says_who_is_responsible_on_what_basis_and_for_how_long(sqlite_url: str) -> None:
    with house(sqlite_url, service_phone="01632 960 999") as opened:
        page = Visitor(opened).open("/privacy")
        assert "Phone 01632 960 999 to reach its data protection officer." in page.text
        assert "a task in the public interest" in page.text
        assert "ORCID." not in page.text
    told: dict[str, object] = {
        "service_controller": "Ashdale <Council>",
        "privacy_contact": "privacy@ashdale.example",
        "lawful_basis": "legitimate_interests",
        "orcid_url": "https://pub.orcid.example",
    }
    with house(sqlite_url, None, **told) as opened:
        visitor = Visitor(opened)
        page = visitor.open("/privacy")
        assert (
            "Ashdale <Council> decides how information about people is used here (it is the controller)." in page.text
        )
        assert page.text.count("privacy@ashdale.example") == 2
        assert "We have a legitimate interest" in page.text
        assert "a task in the public interest" not in page.text
        assert "from your public records at ORCID." in page.text
        assert "7 days (12 hours, or 2 without use, for our own team)" in page.text
        assert "led to no project: 2 years" in page.text
