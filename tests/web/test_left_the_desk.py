"""Whoever stops being somebody here is let in no more, though their browser is still signed in."""

from argparse import Namespace
from pathlib import Path

import pytest

from service.actions import people
from service.actions.people import PersonChange
from service.actions.telling import tell_owner
from service.commands.keys import run as create
from service.commands.opening import furnish
from service.delivery.letterhead import Letterhead
from service.delivery.transports import transport_of
from service.jobs import deliver
from service.principals import Staff
from service.records.people import by_email
from service.records.tables import Enquiry
from service.workflows import commands as c
from tests.support.doors import LEAD as SAL
from tests.support.doors import MANAGER, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor, outbox

CONTACT, LEAD = "calls@northumbria.example", "lin@northumbria.example"


def test_a_manager_whom_the_settings_name_no_longer_is_out_at_once(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock).submitted()
        visitor = Visitor(opened)
        visitor.sign_in(MANAGER)
        visitor.open("/manage/queue")
        cookies = dict(visitor.client.cookies)
    with house(sqlite_url, clock=opened.clock, staff_emails="somebody.else@service.example") as later:
        left = later.visitor()
        left.cookies.update(cookies)
        assert left.get("/sign-out").status_code == 200, "still signed in"
        for path in ("/manage", "/manage/queue", f"/manage/enquiries/{journey.reference}", "/manage/settings/letters"):
            assert left.get(path).status_code == 403
        assert left.get(f"/enquiries/{journey.reference}").status_code == 404


def test_a_key_lives_while_whom_it_acts_for_is_of_the_team(engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    machine, newcomer = "robot@service.example", "new.lead@service.example"
    with house(engine_url, staff_emails=MANAGER, lead_emails=SAL) as opened:
        furnish(opened.database, opened.settings)
        mos, sals = opened.key("manager"), opened.key("service_lead")
        sals_lesser, by_hand = opened.key("manager", email=SAL), opened.key("manager", email=machine)
        for key in (mos, sals, sals_lesser, by_hand):
            assert opened.visitor(key).get("/api/v1/enquiries").status_code == 200
    # Mo left, Sal is no lead any more, and of the robot the settings never spoke.
    with house(engine_url, clock=opened.clock, staff_emails=SAL, lead_emails=newcomer) as later:
        for key in (mos, sals):
            refused = later.visitor(key).get("/api/v1/enquiries")
            assert refused.status_code == 401
            assert "of the team no longer" in refused.json()["detail"]
        for key in (sals_lesser, by_hand):
            assert later.visitor(key).get("/api/v1/enquiries").status_code == 200
        lead = later.client("service_lead", email=newcomer)
        shown = {each["person"]: each["valid"] for each in lead.get("/api/v1/api-keys?role=manager").json()["items"]}
        assert shown == {"Mo": False, "Sal": True, "Robot": True}
        for role, email in (("manager", MANAGER), ("service_lead", SAL)):
            vain = lead.post("/api/v1/api-keys", json={"name": "in vain", "role": role, "email": email})
            assert [error["field"] for error in vain.json()["errors"]] == ["email"]
        # What would open again with their address can be taken back for good, and is not replaced.
        held = lead.get("/api/v1/api-keys?role=service_lead").json()["items"]
        [sals_id] = [each["id"] for each in held if each["person"] == "Sal"]
        assert lead.post(f"/api/v1/api-keys/{sals_id}/rotate", json={}).status_code == 409
        desk = Visitor(later)
        desk.sign_in(newcomer)
        page = desk.open("/manage/settings/keys")
        assert page.text.count("opens nothing: the settings name them in this role no longer") == 2
        for role, kept in (("manager", 2), ("service_lead", 1)):
            assert page.buttons.count(f"Replace {role} for a test") == kept
            assert page.buttons.count(f"Revoke {role} for a test") == kept + 1
        [form] = [each for each in page.forms if each.action.endswith(sals_id)]
        desk.client.post(form.action, data={**dict(form.fields), "do": "revoke"})
        assert lead.get(f"/api/v1/api-keys/{sals_id}").json()["revoked_at"] is not None
        # The command makes the key all the same, since its shell may lack the settings, and says what it is worth here.
        for email, said in ((MANAGER, "opens nothing"), (machine, "")):
            asked = Namespace(name="by command", role="manager", organisation=None, email=email)
            assert create(later.settings, asked) == 0
            printed = capsys.readouterr()
            assert (printed.out.count('"key"'), said in printed.err, bool(printed.err)) == (1, True, bool(said))
    with house(engine_url, clock=opened.clock, staff_emails=f"{MANAGER},{SAL}") as again:
        assert again.visitor(mos).get("/api/v1/enquiries").status_code == 200, "back in the team"


def test_letters_for_the_team_go_to_nobody_who_left_it(sqlite_url: str, tmp_path: Path) -> None:
    by_hand = "robot@service.example"
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=SAL, mail=f"file:{tmp_path}") as opened:
        furnish(opened.database, opened.settings)
        opened.person("Robot", by_hand, staff_role="manager")
        journey = Journey(opened.database, opened.clock).submitted()
        letterhead = Letterhead.of(opened.settings)

        def told(staff: Staff, leaves: str = "") -> dict[str, str]:
            """Tell the whole team of the enquiry, have one lose their role, and return what became of the letter to each."""
            opened.database.transact(
                lambda unit: tell_owner(unit, opened.ctx(), unit.get_one(Enquiry, journey.enquiry_id), "new_enquiry")
            )
            if leaves:
                opened.database.transact(lambda unit: setattr(by_email(unit, leaves), "staff_role", None))
            while deliver.run(
                opened.database, opened.clock, letterhead, transport_of(opened.settings, letterhead), staff
            ):
                pass
            return {mail.to_address: mail.status for mail in outbox(opened) if mail.kind == "new_enquiry"}

        assert told(Staff((SAL,))) == {MANAGER: "cancelled", SAL: "sent", by_hand: "sent"}
        # Whoever delivers without any such settings cannot know who left.
        assert told(Staff()) == {MANAGER: "sent", SAL: "sent", by_hand: "sent"}
        # Of whom they never named the records tell, to it as well.
        assert told(Staff(), leaves=by_hand) == {MANAGER: "sent", SAL: "sent", by_hand: "cancelled"}


def test_a_contact_who_is_none_any_more_is_out_at_once(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock).interested(lead_email=LEAD)
        visitor = Visitor(opened)
        visitor.sign_in(CONTACT)
        paths = ("/partner", f"/partner/briefs/{journey.brief_id}", f"/partner/interests/{journey.interest_id}")
        for path in paths:
            visitor.open(path)

        def leave(person_id: object) -> None:
            change = PersonChange(is_contact=False)
            opened.database.transact(lambda unit: people.change_person(unit, journey.ctx(), person_id, change))  # type: ignore[arg-type]

        found = journey.look(lambda unit: by_email(unit, CONTACT))
        assert found is not None
        leave(found.id)
        for path in paths:
            assert visitor.client.get(path).status_code == 403
        assert visitor.client.get(f"/work/{journey.interest_id}").status_code == 404


def test_no_new_page_tells_universities_who_asks_before_they_may_know(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(
            opened.database,
            opened.clock,
            question="Does the Canaryshire scheme in our canary ward work?",
            organisation="Canaryshire Council",
            organisation_shown="after_offer",
            enquirer_email="ann@canaryshire.example",
        ).interested(lead_email=LEAD)
        journey.act(c.Reframe(question="What does Canaryshire gain?", reason="Ann Asker of Canaryshire said so."))
        journey.act(c.Split(question="And in Canaryshire's schools?", reason="Canaryshire asked two things."))
        for email, paths in (
            (CONTACT, ("/partner", f"/partner/briefs/{journey.brief_id}", f"/partner/interests/{journey.interest_id}")),
            (LEAD, ("/work", f"/work/{journey.interest_id}")),
        ):
            visitor = Visitor(opened)
            visitor.sign_in(email)
            for path in paths:
                told = visitor.open(path).html.casefold()
                assert not any(word in told for word in ("canaryshire", "canary ward", "ann asker")), path
