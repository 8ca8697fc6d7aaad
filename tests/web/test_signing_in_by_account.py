"""Signing in with a work account at an OpenID Connect provider: the team alone, and nothing a hostile answer could open."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlmodel import select

from service.actions import accounts
from service.clock import machine_now
from service.records.tables import AuditEntry, Person, SpentFlow, WebSession
from service.tokens import Flow
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.providers import CLIENT, SECRET, Misbehaving, misbehaving_provider, real_provider
from tests.support.visiting import Page, Visitor, ask_and_send, outbox

CONTACT = "briefs@durham.example"


def settings(issuer: str, **others: object) -> dict[str, Any]:
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "Durham account",
        "staff_emails": MANAGER,
        "lead_emails": LEAD,
        **others,
    }


@pytest.fixture(scope="module")
def shared() -> Iterator[Misbehaving]:
    with misbehaving_provider() as provider:
        yield provider


@pytest.fixture
def provider(shared: Misbehaving) -> Misbehaving:
    """The same server and key for every test, behaving well again."""
    right = Misbehaving(issuer=shared.issuer, key=shared.key)
    vars(shared).update(vars(right))
    return shared


@pytest.fixture
def strict(provider: Misbehaving, sqlite_url: str) -> Iterator[House]:
    """An installation whose team signs in with accounts alone."""
    with house(sqlite_url, **settings(provider.issuer, staff_sign_in="oidc")) as opened:
        yield opened


def begun(visitor: Visitor, path: str = "/sign-in/account?next=/manage/queue") -> str:
    """Leave for the provider and return its address."""
    answer = visitor.client.get(path)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def back(visitor: Visitor, provider: Misbehaving, *, status: int = 200, **changed: str) -> Page:
    """Sign in there and come back, with the answer changed on the way."""
    return returned(visitor, provider.authorize(begun(visitor)), status=status, **changed)


def returned(visitor: Visitor, address: str, *, status: int = 200, **changed: str) -> Page:
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changed
    return visitor.open(f"/sign-in/account/back?{httpx.QueryParams(query)}", status=status)


def sessions_of(opened: House) -> list[WebSession]:
    return opened.database.read(lambda unit: list(unit.exec(select(WebSession))))


def test_a_real_provider_lets_the_team_in_and_nobody_else(engine_url: str) -> None:
    with ExitStack() as stack:
        issuer = stack.enter_context(real_provider())
        desks = stack.enter_context(house(engine_url, **settings(issuer)))

        def signs_in(email: str, status: int, **claims: object) -> Visitor:
            httpx.put(f"{issuer}/users/{quote(email)}", json={"email": email, **claims}).raise_for_status()
            visitor = Visitor(desks)
            visitor.open("/manage/queue", status=401)
            (away,) = [link for link in visitor.page.links if link.startswith("/sign-in/account")]
            answer = httpx.post(begun(visitor, away), data={"sub": email})
            assert answer.headers["location"].startswith("http://testserver/sign-in/account/back?")
            returned(visitor, answer.headers["location"], status=status)
            return visitor

        mo = signs_in(MANAGER, 200, email_verified=True)
        assert mo.page.path == "/manage/queue"
        assert "is not confirmed" in signs_in(LEAD, 403).page.text
        assert (
            "is not an address of this service" in signs_in("eve@elsewhere.example", 403, email_verified=True).page.text
        )

        known = desks.database.read(
            lambda unit: {p.email: (p.staff_role, p.oidc_subject) for p in unit.exec(select(Person))}
        )
        assert known == {MANAGER: ("manager", MANAGER)}
        deeds = desks.database.read(lambda unit: [each.action for each in unit.exec(select(AuditEntry))])
        assert deeds == ["grant", "remember_account"]

        mo.open("/sign-out")
        assert "with a work account" in mo.page.text
        page = mo.press("Sign out")
        assert "You may still be signed in with Durham account" in page.text
        assert f"{issuer}/oauth2/end_session?client_id={CLIENT}" in page.links
        mo.open("/manage", status=401)


def test_what_leaves_for_the_provider_and_what_the_browser_keeps(provider: Misbehaving, sqlite_url: str) -> None:
    with house(sqlite_url, **settings(provider.issuer, base_url="https://ask.example.org")) as safe:
        visitor = Visitor(safe)
        visitor.client.base_url = "https://testserver"
        answer = visitor.client.get("/sign-in/account")
        address = urlsplit(answer.headers["location"])
        said = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert address.path == "/authorize"
        assert said.pop("tenant") == "one"  # the provider's own query is kept
        assert said.pop("redirect_uri") == "https://ask.example.org/sign-in/account/back"
        drawn = [said.pop(name) for name in ("state", "nonce", "code_challenge")]
        assert said == {
            "response_type": "code",
            "client_id": CLIENT,
            "scope": "openid email",
            "code_challenge_method": "S256",
        }
        assert len(set(drawn)) == 3
        assert all(len(each) == 43 for each in drawn)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-flow=")
        for word in ("HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=600"):
            assert word in cookie
        assert not any(each in cookie for each in drawn)  # nothing that leaves can be read off it

        # A second one is another one; and another site cannot begin one.
        assert safe.app.state.services.provider is not None
        again = parse_qs(urlsplit(visitor.client.get("/sign-in/account").headers["location"]).query)
        assert not {again[name][0] for name in ("state", "nonce", "code_challenge")} & set(drawn)
        elsewhere = visitor.client.get("/sign-in/account?next=//evil", headers={"Sec-Fetch-Site": "cross-site"})
        assert elsewhere.headers["location"] == "/sign-in?next=%2Fenquiries"
        assert "set-cookie" not in elsewhere.headers


def test_a_sign_in_is_its_browsers_own_and_works_once(provider: Misbehaving, strict: House) -> None:
    victim, thief = Visitor(strict), Visitor(strict)
    # The thief's own answer, opened in the victim's browser, signs nobody in: with a flow of the victim's own, or none.
    thiefs = provider.authorize(begun(thief))
    assert "This sign-in is over" in returned(victim, thiefs, status=400).text
    begun(victim)
    returned(victim, thiefs, status=400)
    # A stolen answer is of no use to a thief, with a flow of their own or none.
    answer = provider.authorize(begun(victim))
    returned(Visitor(strict), answer, status=400)
    returned(thief, answer, status=400)
    assert sessions_of(strict) == []
    # The code belongs to the proof that its own browser holds: put into another flow it is refused.
    injected = parse_qs(urlsplit(provider.authorize(begun(victim))).query)["code"][0]
    back(thief, provider, status=403, code=injected)
    # A session somebody else knows is not the one that begins.
    victim.client.cookies.set("session", "planted", domain="testserver.local")
    address = provider.authorize(begun(victim))
    flow = victim.client.cookies["flow"]
    assert returned(victim, address).path == "/manage/queue"
    assert victim.client.cookies["session"] != "planted"
    assert "flow" not in victim.client.cookies
    # The same answer with the same cookie again: the state is spent, though the provider might give a code twice.
    for visitor in (victim, Visitor(strict)):
        visitor.client.cookies.set("flow", flow)
        returned(visitor, address, status=400)
    assert len(sessions_of(strict)) == 1
    kept = strict.database.read(lambda unit: list(unit.exec(select(SpentFlow))))
    assert kept
    assert parse_qs(urlsplit(address).query)["state"][0] not in str(kept)


def test_a_flow_ends_after_ten_minutes_and_cannot_be_made_up(provider: Misbehaving, strict: House) -> None:
    tokens = strict.app.state.services.tokens
    for minutes, status in ((11, 400), (9, 200)):
        visitor = Visitor(strict)
        begun_at = (machine_now() - timedelta(minutes=minutes)).replace(microsecond=0)
        flow = Flow(tokens.new_secret(), "/manage", begun_at, is_again=False)
        assert tokens.read_flow_cookie(tokens.flow_cookie(flow)) == flow
        parts = {name: tokens.flow_part(name, flow.seed) for name in ("state", "nonce", "verifier")}
        address = strict.app.state.services.provider.address(**parts, is_again=False)
        visitor.client.cookies.set("flow", tokens.flow_cookie(flow))
        returned(visitor, provider.authorize(address), status=status)
    for made_up in ("", "x", "x.y", tokens.sign_in_token(uuid4())):
        visitor = Visitor(strict)
        visitor.client.cookies.set("flow", made_up)
        visitor.open("/sign-in/account/back?code=x&state=y", status=400)


def _another_key(provider: Misbehaving) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": str(provider.key.kid)})
    provider.published = [RSAKey.generate_key(2048, {"kid": str(provider.key.kid)}).as_dict(private=False)]


HOSTILE: dict[str, tuple[Callable[[Misbehaving], Any], dict[str, str], int]] = {
    "another key signs": (_another_key, {}, 403),
    "no signature": (lambda p: setattr(p, "token", "eyJhbGciOiJub25lIn0.e30."), {}, 403),
    "not a token": (lambda p: setattr(p, "token", "é"), {}, 403),
    "another nonce": (lambda p: p.claims.update(nonce="x"), {}, 403),
    "another audience": (lambda p: p.claims.update(aud="other"), {}, 403),
    "another issuer": (lambda p: p.claims.update(iss="https://evil.example"), {}, 403),
    "out of date": (lambda p: p.claims.update(exp=1), {}, 403),
    "a mix-up": (lambda _: None, {"iss": "https://evil.example"}, 403),
    "cancelled": (lambda _: None, {"error": "access_denied"}, 403),
    "no code": (lambda _: None, {"code": ""}, 403),
    "an error with a script": (lambda _: None, {"error": "<script>alert(1)</script>", "error_description": "<b>"}, 403),
    "not verified": (lambda p: p.person.update(email_verified=False), {}, 403),
    "no address": (lambda p: p.person.update(email=None), {}, 403),
    "not of the team": (lambda p: p.person.update(email="eve@elsewhere.example"), {}, 403),
    "keys that are none": (lambda p: p.published.append("x"), {}, 403),
    "metadata of another": (lambda p: p.metadata.update(issuer="https://evil.example"), {}, 503),
    "no token endpoint": (lambda p: p.metadata.update(token_endpoint=None), {}, 503),
    "an endpoint that is no web address": (lambda p: p.metadata.update(jwks_uri="file:///etc/passwd"), {}, 503),
    "down": (lambda p: setattr(p, "is_down", True), {}, 503),
    "somewhere else": (lambda p: setattr(p, "redirects_to", f"{p.issuer}/keys"), {}, 503),
}


def test_no_hostile_answer_lets_anybody_in(provider: Misbehaving, sqlite_url: str) -> None:
    wrong = []
    key = provider.key
    with house(sqlite_url, **settings(provider.issuer)) as opened:
        held = opened.app.state.services.provider
        for name, (misbehave, changed, status) in HOSTILE.items():
            vars(provider).update(vars(Misbehaving(issuer=provider.issuer, key=key)))
            held._metadata = held._keys_read_at = held._failed_at = None
            visitor = Visitor(opened)
            query = urlsplit(provider.authorize(begun(visitor))).query
            misbehave(provider)
            if status == 503:  # found out on the way back
                held._metadata = None
            said = {part: values[0] for part, values in parse_qs(query).items()} | changed
            answer = visitor.client.get("/sign-in/account/back", params=said)
            page = Page("/sign-in/account/back", answer.status_code, answer.text)
            kept = {"session", "flow"} & set(visitor.client.cookies)
            ways_back = [link for link in page.links if link.startswith("/sign-in/account")]
            if answer.status_code != status or kept or not ways_back or "01632 960 123" not in page.text:
                wrong.append(f"{name}: {answer.status_code} {page.text[:200]}")
            assert "<script>alert" not in answer.text
            assert "Durham account" in answer.text
            if status == 503:  # and on the way there
                assert "We cannot reach" in visitor.open("/sign-in/account", status=503).text
        assert wrong == []
        assert sessions_of(opened) == []


def test_keys_that_change_are_followed_and_not_asked_for_without_end(provider: Misbehaving, strict: House) -> None:
    for _ in range(2):
        back(Visitor(strict), provider)
    assert provider.asked.count("/keys") == provider.asked.count("/.well-known/openid-configuration") == 1
    held = strict.app.state.services.provider
    held._keys_read_at -= timedelta(minutes=1)
    provider.key = ECKey.generate_key("P-256", {"kid": "newer"})
    assert back(Visitor(strict), provider).path == "/manage/queue"
    assert provider.asked.count("/keys") == 2
    # Names of keys that nobody has do not make us ask again and again.
    provider.header = {"kid": "made up"}
    for _ in range(3):
        back(Visitor(strict), provider, status=403)
    assert provider.asked.count("/keys") == 2
    # A provider that is down is not waited for by everybody.
    provider.is_down, held._metadata = True, None
    for _ in range(3):
        Visitor(strict).open("/sign-in/account", status=503)
    assert provider.asked.count("/.well-known/openid-configuration") == 2


def test_an_address_that_passes_to_somebody_else_does_not_take_the_desk_with_it(
    provider: Misbehaving, strict: House
) -> None:
    back(Visitor(strict), provider)
    provider.person = {**provider.person, "sub": "u2"}
    assert "with another account before" in back(Visitor(strict), provider, status=403).text
    # The same account under a new address is for a person to look at first.
    provider.person = {"sub": "u1", "email": LEAD, "email_verified": True}
    assert "under another address" in back(Visitor(strict), provider, status=403).text
    # Whoever runs the service may let the new account in; whoever was in is out.
    old = Visitor(strict)
    provider.person = {"sub": "u1", "email": MANAGER, "email_verified": True}
    back(old, provider)
    strict.database.transact(lambda unit: accounts.forget(unit, strict.ctx(), MANAGER))
    old.open("/manage", status=401)
    provider.person = {**provider.person, "sub": "u2"}
    assert back(Visitor(strict), provider).path == "/manage/queue"


def test_with_accounts_alone_no_link_opens_a_desk_and_nobody_learns_who_is_staff(
    provider: Misbehaving, strict: House
) -> None:
    strict.key("university", organisation="Durham University")
    strict.person("Mo", MANAGER, organisation="Durham University", is_contact=True)
    strict.person("Dot", CONTACT, organisation="Durham University", is_contact=True)
    visitor = Visitor(strict)

    def asks(email: str) -> str:
        visitor.open("/sign-in")
        return visitor.press("Email me a link", {"email": email}).text.replace(email, "them")

    assert asks(MANAGER) == asks(CONTACT) == asks("nobody@elsewhere.example") == asks(LEAD)
    assert {each.to_address for each in outbox(strict)} == {CONTACT}
    # Nor by way of a question of their own, nor by a link that was mailed before.
    reference = ask_and_send(visitor, MANAGER)
    visitor.open(f"/enquiries/{reference}", status=401)
    visitor.press("Email me a link")
    assert [each for each in outbox(strict, MANAGER) if each.kind == "sign_in"] == []

    with house(str(strict.settings.database_url), strict.clock, staff_emails=MANAGER) as lax:
        early, mo = Visitor(lax), Visitor(lax)
        early.sign_in(MANAGER)
        early.open("/manage")
        mo.open("/sign-in")
        mo.press("Email me a link", {"email": MANAGER})
        link = mo.newest_link(MANAGER)
    visitor.open(link)
    visitor.press("Continue", status=410)
    # A session that a link began shows what is the person's own, and no desk.
    same = Visitor(strict)
    same.client.cookies.set("session", early.client.cookies["session"])
    same.open("/partner")
    page = same.open("/manage", status=401)
    assert "Email" not in " ".join(page.buttons)
    (away,) = [each for each in page.links if each.startswith("/sign-in/account")]
    returned(same, provider.authorize(begun(same, away)))
    assert same.page.path == "/manage"
    same.open("/partner")
    assert [each.method for each in sessions_of(strict) if each.ended_at is None] == ["oidc"]


def test_the_console_closes_after_two_idle_hours_and_after_twelve_and_keys_want_a_recent_sign_in(
    provider: Misbehaving, strict: House
) -> None:
    visitor = Visitor(strict)
    back(visitor, provider)
    strict.clock.move(minutes=61)
    visitor.open("/manage/settings/keys")
    page = visitor.press("Make the key", {"name": "A key", "role": "operator"}, status=401)
    assert "Sign in again" in page.text
    (away,) = [each for each in page.links if each.startswith("/sign-in/account")]
    address = begun(visitor, away)
    assert "prompt=login" in address
    provider.claims = {"auth_time": int(machine_now().timestamp()) - 7200}
    returned(visitor, provider.authorize(address), status=403)
    provider.claims = {"auth_time": int(machine_now().timestamp())}
    returned(visitor, provider.authorize(begun(visitor, away)))
    assert visitor.page.path == "/manage/settings/keys"
    assert "shown" in visitor.press("Make the key", {"name": "A key", "role": "operator"}).text

    provider.claims = {}
    strict.clock.move(hours=1, minutes=59)
    visitor.open("/manage")
    strict.clock.move(hours=1, minutes=59)
    visitor.open("/manage")
    strict.clock.move(hours=2)
    assert "Sign in again" in visitor.open("/manage", status=401).text
    back(visitor, provider)
    for _ in range(7):
        strict.clock.move(minutes=100)
        visitor.open("/manage")
    strict.clock.move(minutes=20)
    visitor.open("/manage", status=401)


def test_somebody_sees_where_they_are_signed_in_and_ends_it(provider: Misbehaving, strict: House) -> None:
    here, there, far = Visitor(strict), Visitor(strict), Visitor(strict)
    for each in (there, far, here):
        back(each, provider)
        strict.clock.move(minutes=1)
    here.open("/sign-out")
    assert here.page.buttons.count("Sign out") == 1
    first, _ = [form for form in here.page.forms if "session" in form.offered]
    # A session of somebody else's is not one's own to end.
    provider.person = {"sub": "u9", "email": LEAD, "email_verified": True}
    other = Visitor(strict)
    back(other, provider)
    other.open("/sign-out")
    form, _ = other.page.form_with("Sign out")
    other.client.post("/sign-out", data=dict(form.fields) | {"session": dict(first.fields)["session"]})
    far.open("/manage")
    here.client.post(first.action, data=dict(first.fields))
    far.open("/manage", status=401)
    there.open("/manage")
    here.open("/sign-out")
    assert "You have signed out" in here.press("Sign out everywhere").text
    for each in (here, there):
        each.open("/manage", status=401)
    other.open("/manage")


def test_the_next_page_is_always_one_of_ours(provider: Misbehaving, strict: House) -> None:
    for wanted in (
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "/%0d%0aX: y\r\n",
        "%2F%2Fevil.example",
    ):
        visitor = Visitor(strict)
        address = begun(visitor, f"/sign-in/account?next={quote(wanted, safe='')}")
        query = urlsplit(provider.authorize(address)).query
        answer = visitor.client.get(f"/sign-in/account/back?{query}")
        assert answer.headers["location"] == "/manage", wanted


def test_without_a_provider_there_is_no_such_door(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        visitor = Visitor(opened)
        for path in ("/sign-in/account", "/sign-in/account/back?code=x&state=y"):
            visitor.open(path, status=404)
        assert "work account" not in visitor.open("/sign-in").html
        assert "one cookie" in visitor.open("/cookies").text
