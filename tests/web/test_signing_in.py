"""Signing in by emailed link: only a press of the button spends it, and no answer tells who is known."""

import logging
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from httpx2 import Response
from sqlmodel import select

from service.records.tables import Enquiry, OutboxMessage, Person, RateCount, SignInLink, WebSession
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Page, Visitor, ask_and_send, outbox

ANN = "ann@council.example"


def test_opening_a_link_spends_nothing_and_pressing_the_button_spends_it(opened: House, visitor: Visitor) -> None:
    reference = ask_and_send(visitor)
    visitor.open(f"/enquiries/{reference}", status=401)
    visitor.press("Email me a link")
    link = visitor.newest_link(ANN)
    for _ in range(3):  # a program that scans mail
        Visitor(opened).open(link)
    visitor.open(link)
    page = visitor.press("Continue")
    assert page.path == f"/enquiries/{reference}"

    other = Visitor(opened)
    page = other.open(link, status=410)
    assert "no longer works" in page.text
    other.press("Email me a new link")
    other.open(other.newest_link(ANN))
    assert other.press("Continue").path == f"/enquiries/{reference}"


def test_a_button_pressed_twice_at_once_lets_one_in(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    visitor.open("/sign-in")
    visitor.press("Email me a link", {"email": ANN})
    link = visitor.newest_link(ANN)
    one, other = Visitor(opened), Visitor(opened)
    one.open(link)
    other.open(link)
    one.press("Continue")
    other.press("Continue", status=410)
    assert len(opened.database.read(lambda unit: list(unit.exec(select(WebSession))))) == 1


def test_a_link_is_good_for_an_hour(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    visitor.open("/sign-in")
    visitor.press("Email me a link", {"email": f" {ANN.upper()} "})
    link = visitor.newest_link(ANN)
    visitor.open(link)
    opened.clock.move(minutes=60)
    visitor.press("Continue", status=410)


def test_signing_in_confirms_the_address_and_lets_go_what_was_held(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    for _ in range(6):
        ask_and_send(visitor)
    assert [m.status for m in outbox(opened, ANN)].count("held") == 2
    visitor.sign_in_by_pages(ANN)

    ann = opened.database.read(lambda unit: unit.exec(select(Person).where(Person.email == ANN)).one())
    assert ann.confirmed_at == opened.clock.now()
    assert {m.status for m in outbox(opened, ANN)} == {"queued"}


def test_the_answer_is_the_same_for_an_address_nobody_knows(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    before = len(outbox(opened))

    def answer(email: str) -> str:
        visitor.open("/sign-in")
        return visitor.press("Email me a link", {"email": email}).text.replace(email, "them")

    assert answer("nobody@elsewhere.example") == answer(ANN)
    assert len(outbox(opened)) == before + 1
    assert {m.to_address for m in outbox(opened)} == {ANN}


def test_the_page_of_any_reference_is_the_same_without_a_session(opened: House, visitor: Visitor) -> None:
    known = ask_and_send(visitor)
    unknown = "000000-0"

    def answer(reference: str) -> tuple[str, str]:
        first = visitor.open(f"/enquiries/{reference}", status=401).text.replace(reference, "it")
        return first, visitor.press("Email me a link").text

    assert answer(known) == answer(unknown)
    assert [m.kind for m in outbox(opened)].count("sign_in") == 1


def test_no_mailbox_is_filled_with_links(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    for _ in range(8):
        visitor.open("/sign-in")
        visitor.press("Email me a link", {"email": ANN})
    assert [m.kind for m in outbox(opened, ANN)].count("sign_in") == 5
    opened.clock.move(minutes=61)
    visitor.sign_in_by_pages(ANN)


def test_signing_in_begins_a_fresh_session_and_ends_the_one_before(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    ask_and_send(visitor, "bea@council.example")
    visitor.sign_in_by_pages(ANN)
    planted = visitor.client.cookies["session"]
    thief = Visitor(opened)
    thief.client.cookies.set("session", planted)
    thief.open("/enquiries")
    # Bea signs in with a browser that holds a session somebody else knows.
    elsewhere = Visitor(opened)
    elsewhere.open("/sign-in")
    elsewhere.press("Email me a link", {"email": "bea@council.example"})
    visitor.open(visitor.newest_link("bea@council.example"))
    visitor.press("Continue")

    assert visitor.client.cookies["session"] != planted
    thief.open("/enquiries", status=401)


def test_the_cookie_is_careful(sqlite_url: str) -> None:
    with house(sqlite_url, base_url="https://ask.example.org") as safe:
        visitor = Visitor(safe, safe.visitor())
        visitor.client.base_url = "https://testserver"
        ask_and_send(visitor)
        visitor.open("/sign-in")
        visitor.press("Email me a link", {"email": ANN})
        visitor.open(visitor.newest_link(ANN))
        form, _ = visitor.page.form_with("Continue")
        response = visitor.client.post(form.action, data=dict(form.fields))
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-session=")
        for word in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
            assert word in cookie
        assert "Domain" not in cookie
        secret = re.match(r"__Host-session=([^;]+)", cookie)
        assert secret
        kept = safe.database.read(lambda unit: unit.exec(select(WebSession)).one())
        assert secret[1] not in str(kept)
        visitor.client.cookies.clear()
        visitor.client.cookies.set("__Host-session", secret[1])
        form, _ = visitor.open("/sign-out").form_with("Sign out")
        left = visitor.client.post(form.action, data=dict(form.fields))
        assert "Max-Age=0" in left.headers["set-cookie"]
        assert left.headers["clear-site-data"] == '"cache", "storage"'


def test_a_session_ends_by_itself_and_by_its_person(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    visitor.sign_in_by_pages(ANN)
    kept = visitor.client.cookies["session"]
    visitor.open("/sign-out")
    visitor.press("Sign out")
    visitor.client.cookies.set("session", kept)
    visitor.open("/enquiries", status=401)

    visitor.client.cookies.clear()
    visitor.sign_in_by_pages(ANN)
    opened.clock.move(days=6)
    visitor.open("/enquiries")
    opened.clock.move(days=1)
    visitor.open("/enquiries", status=401)


def test_a_manager_ends_the_sessions_of_somebody_who_lost_a_laptop(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=LEAD) as opened, caplog.at_level(logging.INFO, "service"):
        here = Visitor(opened)
        ask_and_send(here)
        here.sign_in_by_pages(ANN)
        waits = Visitor(opened)
        waits.open("/sign-in")
        waits.press("Email me a link", {"email": ANN})
        ann = opened.database.read(lambda unit: unit.exec(select(Person).where(Person.email == ANN)).one())
        page = f"/manage/directory/people/{ann.id}"
        mo = Visitor(opened)
        mo.sign_in(MANAGER)
        mo.open(page)
        assert "They are signed out everywhere." in mo.press("Sign them out everywhere").text
        here.open("/enquiries", status=401)
        assert "no longer works" in waits.open(waits.newest_link(ANN), status=410).text
        assert "Signed out everywhere" in mo.open("/manage/settings/audit").text

        sal = Visitor(opened)
        sal.sign_in(LEAD)
        lead = opened.database.read(lambda unit: unit.exec(select(Person).where(Person.email == LEAD)).one())
        mo.open(f"/manage/directory/people/{lead.id}")
        mo.press("Sign them out everywhere", status=403)
        sal.open("/manage")
        told = opened.client("service_lead").patch(f"/api/v1/people/{lead.id}", json={"signed_out": True})
        assert told.status_code == 200
        sal.open("/manage", status=401)
        assert mo.client.post(page, data={"signed_out": "yes"}).status_code == 403
        assert "refused a form without the token its page gave it" in caplog.text
        assert ANN not in caplog.text


@pytest.mark.parametrize(
    "next_path",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_a_link_leads_on_within_the_service_only(sqlite_url: str, next_path: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        ask_and_send(visitor)
        visitor.open("/sign-in")
        form, _ = visitor.page.form_with("Email me a link")
        visitor.client.post("/sign-in", data=dict(form.fields) | {"email": ANN, "next": next_path})
        visitor.open(visitor.newest_link(ANN))
        assert visitor.press("Continue").path == "/enquiries"


def test_staff_named_in_the_settings_sign_in_by_link_too(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails="jo.bloggs@service.example", lead_emails="sal@service.example") as opened:
        visitor = Visitor(opened)
        assert visitor.sign_in_by_pages("jo.bloggs@service.example").path == "/manage"
        assert "Sign out" in visitor.page.text
        Visitor(opened).sign_in_by_pages("SAL@service.example")
        known = opened.database.read(lambda unit: {p.email: (p.name, p.staff_role) for p in unit.exec(select(Person))})
        assert known == {
            "jo.bloggs@service.example": ("Jo Bloggs", "manager"),
            "sal@service.example": ("Sal", "service_lead"),
        }
        opened.clock.move(hours=12)
        visitor.open("/enquiries", status=401)


def test_a_made_up_link_opens_nothing(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        page = visitor.open("/sign-in/nonsense", status=410)
        assert page.buttons == []
        token = opened.app.state.services.tokens.csrf_token("nonsense")
        assert visitor.client.post("/sign-in/nonsense", data={"csrf_token": token}).status_code == 410


def test_too_many_requests_are_told_to_wait(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        visitor.open("/sign-in")
        form, _ = visitor.page.form_with("Email me a link")
        # A new window may begin on the way, and never a second one.
        answers: list[Response] = []
        while len(answers) <= 240 and (not answers or answers[-1].status_code == 200):
            sent = dict(form.fields) | {"email": f"a{len(answers)}@council.example"}
            answers.append(visitor.client.post("/sign-in", data=sent))
        answer = answers[-1]
        assert answer.status_code == 429
        assert len(answers) > 120
        assert 1 <= int(answer.headers["retry-after"]) <= 300
        assert opened.settings.service_phone in answer.text
        counted = opened.database.read(lambda unit: list(unit.exec(select(RateCount))))
        assert all("testclient" not in each.door for each in counted)


def test_a_post_from_another_site_is_refused(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        journey = Journey(opened.database, opened.clock).submitted()
        visitor = Visitor(opened)
        visitor.sign_in_by_pages(ANN)
        visitor.open(f"/enquiries/{journey.reference}")
        form, _ = visitor.page.form_with("Send message")
        data = dict(form.fields) | {"event": "reply", "body": "Forged"}
        for changed, headers in (
            ({"csrf_token": "x"}, {}),
            ({"csrf_token": ""}, {}),
            ({}, {"Sec-Fetch-Site": "cross-site"}),
            ({}, {"Sec-Fetch-Site": "same-site"}),
            ({}, {"Origin": "https://evil.example"}),
            ({}, {"Referer": "https://evil.example/"}),
        ):
            answer = visitor.client.post(form.action, data=data | changed, headers=headers)
            assert answer.status_code == 403
            assert bool(changed) == ("Forged" in answer.text)  # a person of ours is given back what they wrote
        assert "Forged" not in visitor.open(f"/enquiries/{journey.reference}").text
        # Our own pages hide their address, and in an older browser their host with it.
        for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}):
            assert visitor.client.post(form.action, data=data, headers=headers).status_code == 303


def test_nobody_is_signed_in_because_another_site_sent_the_form(sqlite_url: str) -> None:
    with house(sqlite_url, base_url="https://ask.example.org:8443") as opened:
        Journey(opened.database, opened.clock).submitted()
        visitor = Visitor(opened)
        answers: list[Response] = []
        for headers, status in (
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site", "Origin": "https://ask.example.org:8443"}, 403),
            # Browsers that say no Sec-Fetch-Site: the form of another site, of one that hides who it is, and of our own.
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "https://ask.example.org"}, 403),
            ({"Origin": "null"}, 403),
            ({"Referer": "https://evil.example/ask.example.org:8443"}, 403),
            ({"Origin": "https://[broken"}, 403),
            ({"Origin": "https://ASK.example.org:8443"}, 303),
            ({"Origin": "http://testserver"}, 303),
            ({"Referer": "https://ask.example.org:8443/"}, 303),
            ({}, 303),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ):
            if not answers or answers[-1].status_code == 303:
                visitor = Visitor(opened)
                visitor.open("/sign-in")
                visitor.press("Email me a link", {"email": ANN})
            path = urlsplit(visitor.newest_link(ANN)).path
            button = visitor.client.get(path)
            assert button.headers["referrer-policy"] == "strict-origin", "or the browser would hide our own name"
            form = next(form for form in Page(path, 200, button.text).forms if form.action == path)
            answers.append(visitor.client.post(path, data=dict(form.fields), headers=headers))
            came = (answers[-1].status_code, "set-cookie" in answers[-1].headers)
            assert came == (status, status == 303), headers


def test_links_and_messages_hold_no_secret(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    visitor.open("/sign-in")
    visitor.press("Email me a link", {"email": ANN})
    link = visitor.newest_link(ANN)
    token = link.rsplit("/", 1)[1]
    rows = opened.database.read(
        lambda unit: [str(row) for table in (OutboxMessage, SignInLink) for row in unit.exec(select(table))]
    )
    assert all(token not in row and token.split(".")[1] not in row for row in rows)


def test_drafts_have_no_page_for_people_who_guess(opened: House, visitor: Visitor) -> None:
    journey = Journey(opened.database, opened.clock).submitted()
    visitor.sign_in_by_pages(ANN)
    opened.database.transact(lambda unit: _make_draft(unit.get(Enquiry, journey.enquiry_id)))
    visitor.open(f"/enquiries/{journey.reference}", status=404)


def _make_draft(enquiry: Enquiry | None) -> None:
    assert enquiry
    enquiry.state = "draft"


def test_a_link_made_for_later_is_counted_in_business_time(opened: House, visitor: Visitor) -> None:
    ask_and_send(visitor)
    visitor.open("/sign-in")
    visitor.press("Email me a link", {"email": ANN})
    row = opened.database.read(lambda unit: unit.exec(select(SignInLink)).one())
    assert row.expires_at - opened.clock.now() == timedelta(minutes=60)
