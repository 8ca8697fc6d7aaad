"""One question, from a council officer's form to what its evidence changed: through public doors only.

Jo asks in a browser and is known by her mail. Mo, the research manager, three universities and a funder use their own
systems over HTTP. A mail server keeps every letter, and the clock is moved by hand.
"""

from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from standardwebhooks.webhooks import Webhook

from tests.support.hooks import hooks
from tests.support.town import Town, hand_out, link_in, says_nothing, town

JO, KAY = "jo.officer@council.example", "kay.ward@other-council.example"
MO, SAL = "mo@service.example", "sal@service.example"
ALPHA, BETA, GAMMA = "briefs@alpha.example", "briefs@beta.example", "briefs@gamma.example"
NADIA, BEN = "nadia@alpha.example", "ben@beta.example"
CANARY = "canary-7f3a"
QUESTION = "Does energy retrofit of social housing cut GP and A&E visits?"
SECTIONS = {
    "purpose": "Cabinet decides in July whether to retrofit a second estate.",
    "questions": "Do retrofitted homes mean fewer GP and A&E visits?\nFor whom, and at what cost?",
    "population_setting_place": "Tenants of social housing.",
    "methods": "Linked routine data with a comparison group; costs.",
    "timescale": "A usable answer by the end of June 2027.",
}


@pytest.mark.xdist_group("story")
def test_a_question_becomes_evidence(tmp_path: Path, engine_url: str, page: Page) -> None:
    settings = {"STAFF_EMAILS": MO, "LEAD_EMAILS": SAL, "WEBHOOK_ALLOW_HOSTS": "127.0.0.1"}
    with hooks() as system, town(tmp_path, engine_url, "2027-01-12T10:00:00Z", **settings) as place:
        mo = hand_out(place, "mo", "manager", email=MO)
        sal = hand_out(place, "sal", "service_lead", email=SAL)
        alpha = hand_out(place, "alpha", "university", organisation="Alpha University")
        beta = hand_out(place, "beta", "university", organisation="Beta University")
        hand_out(place, "gamma", "university", organisation="Gamma University")
        funder = hand_out(place, "funder", "funder", organisation="A Foundation")
        ids = {one["name"]: one["id"] for one in mo.get("/organisations", limit=200)["items"]}
        for name, address in (("Alpha University", ALPHA), ("Beta University", BETA), ("Gamma University", GAMMA)):
            mo.post(
                "/people", {"name": f"Office of {name}", "email": address, "organisation": name, "is_contact": True}
            )
        mo.post("/organisations", {"name": "Silent Council", "kind": "council", "area": "north_east"})
        alpha.post("/researchers", _nadia())
        poked = Webhook(alpha.post("/webhooks", {"url": system.url})["secret"])

        # ------------------------------------------------------------------------------- Jo asks, in two pages
        page.goto(place.url)
        page.get_by_role("button", name="Ask a question").click()
        page.get_by_role("textbox").first.fill(QUESTION)
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Name", exact=False).first.fill("Jo Officer")
        page.locator("[name=email]").fill(JO)
        page.locator("[name=organisation]").fill("Gateshead Council")
        page.get_by_role("button", name="Send now").click()
        expect(page.get_by_role("heading", name="We have your question")).to_be_visible()
        expect(page.get_by_text("will be in touch by Thursday 14 January 2027")).to_be_visible()

        receipt = place.mail(JO, "We have your question")
        assert "Thursday 14 January 2027" in receipt.text
        reference = receipt.subject.split()[-1]
        her_page = link_in(receipt)
        assert reference in place.mail(MO, "New enquiry").subject
        place.mail(SAL, "New enquiry")
        enquiry = mo.get(f"/enquiries/{reference}")
        assert (enquiry["state"], enquiry["original_question"]) == ("triage", QUESTION)
        assert "unconfirmed" in enquiry["flags"]
        assert enquiry["due_on"] == "2027-01-14"

        # ------------------------------------------- a working day passes in silence, and the team is reminded once
        place.at("2027-01-13T09:30:00Z")
        assert reference in place.mail(MO, "first").subject + place.mail(SAL, "first").subject
        place.tick()
        assert place.unread(MO) == []

        # -------------------------------------------------- Mo takes it on and writes; Jo's address is not proven yet
        assert mo.event(reference, "accept")["state"] == "scoping"
        mo.post(f"/enquiries/{reference}/conversation", _says("Thank you. Could we talk on Friday?"))
        mo.post(
            f"/enquiries/{reference}/conversation",
            {"kind": "note", "visibility": "back_stage", "direction": "out", "body": CANARY},
        )
        place.tick()
        assert place.unread(JO) == []

        # ---------------------------------------- Jo follows the receipt's link, proves who she is, and reads what came
        jo_opens(place, page, link_in(receipt))
        expect(page.get_by_text("Could we talk on Friday?")).to_be_visible()
        assert CANARY not in page.content()
        assert "Could we talk on Friday?" in place.mail(JO, "About your enquiry").text
        assert "unconfirmed" not in mo.get(f"/enquiries/{reference}")["flags"]

        # ------------------------------------------------------------------- they meet; Mo asks; Jo answers on her page
        mo.post(f"/enquiries/{reference}/conversation", _meeting("2027-01-15T14:00:00Z", "2027-01-15T15:00:00Z"))
        invitation = place.mail(JO, "Meeting")
        assert any(part.get_content_type() == "text/calendar" for part in invitation.message.walk())
        place.at("2027-01-15T16:00:00Z")
        asked = mo.event(reference, "ask", body="Which estate comes first?")
        assert asked["waiting_on"] == "enquirer"
        place.mail(JO, "question")
        jo_opens(place, page, her_page)
        page.locator("[name=body]").fill("The Riverside estate.")
        page.get_by_role("button", name="Send message").click()
        assert "Riverside" in place.mail(MO, "repl").text
        assert mo.get(f"/enquiries/{reference}")["waiting_on"] == "team"

        jo_opens(place, page, f"{her_page}/files")
        page.locator("input[type=file]").set_input_files(
            {"name": "estate.csv", "mimeType": "text/csv", "buffer": b"estate,homes\nRiverside,120\n"}
        )
        page.get_by_role("button", name="Add this file").click()
        expect(page.get_by_role("link", name="estate.csv")).to_be_visible()

        # --------------------------------------------------------------------- the brief: written, sent, changed, agreed
        mo.patch(
            f"/enquiries/{reference}",
            {
                "sector": "council_public_health",
                "topics": ["homes"],
                "organisation_shown": "described",
                "organisation_description": "a council in the North East",
                "needed_by": "2027-06-30",
            },
            headers={"If-Match": mo.raw(f"/enquiries/{reference}").headers["etag"]},
        )
        mo.save_brief(reference, {"purpose": SECTIONS["purpose"]})
        assert mo.get(f"/enquiries/{reference}")["state"] == "drafting"
        refused = mo.event(reference, "send_for_agreement", want=409)
        assert "Questions in researchable form" in refused["detail"]
        mo.save_brief(reference, SECTIONS)
        assert mo.get(f"/enquiries/{reference}/brief/readiness")
        assert mo.event(reference, "send_for_agreement")["state"] == "sign_off"
        place.mail(JO, "agree")
        # Five working days of silence: 15 January is a Friday, so the reminder goes out on Friday the 22nd.
        place.at("2027-01-21T17:00:00Z")
        assert place.unread(JO) == []
        place.at("2027-01-22T09:30:00Z")
        reminder = place.mail(JO, "brief")
        assert "later" in reminder.text
        jo_opens(place, page, link_in(reminder))
        page.locator("[name=comment]").fill("Please say that we want the costs as well.")
        page.get_by_role("button", name="Ask for changes").click()
        place.mail(MO, "change")
        assert mo.get(f"/enquiries/{reference}")["state"] == "drafting"
        mo.save_brief(reference, {**SECTIONS, "budget_procurement": "Up to £20,000; below the threshold."})
        mo.event(reference, "send_for_agreement")
        place.mail(JO, "agree")
        jo_opens(place, page, her_page)
        expect(page.get_by_text("This is exactly what we will send, and to whom")).to_be_visible()
        page.get_by_role("button", name="Yes, send exactly this").click()
        place.mail(MO, "agreed")
        brief = mo.get(f"/enquiries/{reference}/brief")
        assert (brief["state"], brief["version"]) == ("agreed", 2)

        # -------------------------------------------------------------- the call: all at once, and exactly what was agreed
        matches = mo.get(f"/enquiries/{reference}/matches")
        assert matches["items"][0]["researcher"]["name"] == "Dr Nadia Bell"
        nadia = matches["items"][0]["researcher"]["id"]
        mo.put(f"/enquiries/{reference}/shortlist/{nadia}", {"decision": "shortlisted"})
        assert [one["rank"] for one in mo.get(f"/enquiries/{reference}/shortlist")["items"]] == [1]
        [shared_out] = mo.get("/matches/assignment")["items"]
        assert [one["researcher"]["name"] for one in shared_out["people"]] == ["Dr Nadia Bell"]
        recipients = [ids["Alpha University"], ids["Beta University"], ids["Gamma University"]]
        assert mo.event(reference, "publish", recipients=recipients)["state"] == "open_call"
        for address in (ALPHA, BETA, GAMMA):
            letter = place.mail(address, "brief")
            assert "Friday 5 February 2027" in letter.text, "ten working days after 22 January"
            assert "Gateshead" not in letter.text
        place.mail(JO, "universities")
        page_one = alpha.get("/briefs/feed")
        published = page_one["items"][0]
        [poke] = system.received
        assert poked.verify(poke.body, poke.headers)["data"] == {"seq": published["seq"]}
        assert (published["type"], published["payload"]["hash"]) == ("published", brief["hash"])
        assert published["payload"]["organisation"] == "a council in the North East"
        assert "Gateshead" not in str(page_one)
        caught_up = alpha.get("/briefs/feed", cursor=page_one["next_cursor"])
        assert caught_up["items"] == []
        assert caught_up["next_cursor"]
        unchanged = alpha.raw("/briefs/feed", {"If-None-Match": alpha.raw("/briefs/feed").headers["etag"]})
        assert unchanged.status_code == 304
        beta.get("/briefs/feed")
        assert [brief["hash"] for brief in beta.get("/briefs")["items"]] == [brief["hash"]]
        brief_id = published["brief_id"]

        # --------------------------------------------------- one asks and all are answered; two are interested, one is silent
        alpha.post(f"/briefs/{brief_id}/receipt", want=200)
        alpha.post(f"/briefs/{brief_id}/questions", {"body": "Is there a comparison group?"})
        place.mail(MO, "asks about the brief")
        mo.post(
            f"/enquiries/{reference}/conversation", _says("Yes: homes on the waiting list.", visibility="universities")
        )
        for university in (alpha, beta):
            answer = university.get("/briefs/feed")["items"][-1]
            assert answer["type"] == "answered"
            assert "waiting list" in answer["payload"]["answer"]
            assert "Alpha" not in str(answer)
        for address in (ALPHA, BETA, GAMMA):
            place.mail(address, "answer")
        place.at("2027-01-26T09:30:00Z")
        place.mail(GAMMA, "brief")
        assert place.unread(ALPHA) == [], "only those who have not fetched it are reminded of it"
        first = alpha.post(f"/briefs/{brief_id}/interests", _team("Dr Nadia Bell", NADIA, show=True))
        beta.post(f"/briefs/{brief_id}/interests", _team("Dr Ben Holt", BEN, show=True))
        place.mail(MO, "Alpha University")
        place.mail(MO, "Beta University")
        beta.patch(f"/interests/{first['id']}", {"capacity_days": 1}, want=404)
        place.at("2027-02-04T09:30:00Z")
        place.mail(GAMMA, "repl")
        assert place.unread(BETA) == [], "who has answered is not reminded"

        # ----------------------------------------------------------------------------- the choice: Jo prefers, Mo offers
        place.at("2027-02-08T09:30:00Z")
        place.mail(MO, "repl")
        assert mo.event(reference, "close_call")["state"] == "selecting"
        place.mail(JO, "work with")
        jo_opens(place, page, her_page)
        page.get_by_label("Dr Nadia Bell, Alpha University").select_option("First choice")
        page.get_by_role("button", name="Tell us your preference").click()
        place.mail(MO, "prefer")
        refused = mo.event(reference, "offer", want=409, interest=first["id"])
        assert [guard["guard"] for guard in refused["guards"]] == ["joint_meeting_logged"]
        mo.post(f"/enquiries/{reference}/conversation", _says("We met both teams.", kind="meeting"))
        assert mo.event(reference, "offer", interest=first["id"])["waiting_on"] == "lead"
        place.mail(NADIA, "Would you take this work on")
        place.mail(ALPHA, "offer")
        offered = alpha.get("/briefs/feed")["items"][-1]
        assert (offered["type"], offered["payload"]["organisation"]) == ("offered", "Gateshead Council")
        offer = alpha.get("/offers")["items"][0]
        beta.post(f"/offers/{offer['id']}/accept", want=404)
        alpha.post(f"/offers/{offer['id']}/accept", want=200)
        assert beta.get("/briefs/feed")["items"][-1]["type"] == "stood_down"
        for address in (BETA, BEN):
            place.mail(address, reference)
        place.mail(JO, "Alpha University")
        place.mail(MO, "accept")
        project_id = mo.get(f"/enquiries/{reference}")["project_id"]

        # ------------------------------------------------------------------------------- costs, money, agreement
        place.mail(ALPHA, "cost")
        alpha.put(f"/projects/{project_id}/costs", _costs())
        alpha.post(f"/projects/{project_id}/submit-costing", want=200)
        place.mail(MO, "cost")
        assert "£13,500" in place.mail(JO, "costs").text
        jo_opens(place, page, her_page)
        page.get_by_role("button", name="Agree these costs").click()
        place.mail(MO, "cost")
        place.mail(ALPHA, "cost")
        short = mo.event(reference, "confirm_funding", want=409, route="funded")
        assert "£13,500.00 short" in short["detail"]
        line = mo.post(
            f"/projects/{project_id}/funding-lines",
            {"source": "Gateshead Council", "amount": _pounds("10000.00"), "kind": "cash", "status": "sought"},
        )
        mo.patch(
            f"/projects/{project_id}/funding-lines/{line['id']}",
            {"status": "confirmed", "evidence": "Purchase order 7"},
        )
        own = {
            "source": "Our own fund",
            "amount": _pounds("2000.00"),
            "kind": "cash",
            "status": "confirmed",
            "evidence": "Minute 3",
            "own_funds": True,
        }
        mo.post(f"/projects/{project_id}/funding-lines", own, want=403)
        sal.post(f"/projects/{project_id}/funding-lines", own)
        in_kind = {
            "source": "Alpha University",
            "amount": _pounds("1500.00"),
            "kind": "in_kind",
            "status": "confirmed",
            "evidence": "Letter",
        }
        mo.post(f"/projects/{project_id}/funding-lines", in_kind)
        assert mo.event(reference, "confirm_funding", route="funded")["state"] == "contracting"
        mo.put(f"/projects/{project_id}/agreement", _terms())
        mo.post(f"/projects/{project_id}/agreement/signatures", _signature("commissioner", "Gateshead Council"))
        unsigned = mo.event(reference, "commission", want=409)
        assert "signed_by_both" in str(unsigned["guards"])
        alpha.post(f"/projects/{project_id}/agreement/signatures", _signature("university", "Alpha University"))
        deliverable = mo.post(f"/projects/{project_id}/deliverables", {"title": "Report", "due_on": "2027-05-28"})
        assert mo.event(reference, "commission")["state"] == "commissioned"
        place.mail(JO, "commissioned")
        place.mail(NADIA, "commissioned")
        assert alpha.get("/briefs/feed")["items"][-1]["type"] == "commissioned"

        # --------------------------------------------------------------------------------------- work, delivery, closing
        place.at("2027-05-14T09:30:00Z")
        # Ten working days before the report is due, its lead is reminded of it.
        assert "28 May 2027" in place.mail(NADIA, "Deliverable due").subject
        alpha.post(f"/projects/{project_id}/reports", {"body": "Data linked; analysis under way."})
        mo.patch(f"/projects/{project_id}/deliverables/{deliverable['id']}", {"status": "delivered"})
        place.at("2027-05-28T10:00:00Z")
        mo.post(f"/projects/{project_id}/events", {"event": "deliver"}, want=200)
        jo_opens(place, page, link_in(place.mail(JO, "findings are ready")))
        page.get_by_role("button", name="Yes, accept it").click()
        mo.event(
            reference,
            "complete",
            plain_summary="Retrofit cut visits by a tenth.",
            output="Report and data note",
            publication="Open access in autumn",
        )
        closed = mo.get(f"/enquiries/{reference}")
        assert (closed["state"], closed["outcome"]) == ("closed", "completed")
        assert "Retrofit cut visits by a tenth." in place.mail(JO, "complete").text

        # Ten working days after closing (31 May is a holiday) she is asked how it was for her, once.
        place.at("2027-06-14T09:30:00Z")
        place.mail(JO, "How did we do")

        # ----------------------------------------------------------------- what it changed, asked sixty working days later
        # From 28 May 2027: the late May holiday is the 31st, so day 60 is Monday 23 August.
        place.at("2027-08-20T17:00:00Z")
        before = [one for one in place.unread(JO) if "used" in one.lower() or "became" in one.lower()]
        assert before == []
        place.at("2027-08-23T09:30:00Z")
        jo_opens(place, page, link_in(place.mail(JO, "findings")))
        page.get_by_label("Yes, it was used").check()
        page.get_by_label("It changed a decision").check()
        page.locator("[name=what_changed]").fill("The second estate is being retrofitted.")
        page.get_by_role("button", name="Send", exact=True).click()
        outcomes = mo.get(f"/projects/{project_id}/outcomes")["items"]
        assert [(one["used"], one["what_changed"]) for one in outcomes] == [
            ("yes", "The second estate is being retrofitted.")
        ]

        # ------------------------------------------------------------------------------------------- the funder's figures
        place.at("2027-09-02T09:30:00Z")
        figures = funder.get("/metrics/throughput")
        assert figures["as_of"] == "2027-08-31"
        total = figures["total"]
        assert (total["submitted"], total["commissioned"], total["open"]) == (1, 1, 0)
        assert (total["conversion"]["numerator"], total["conversion"]["denominator"]) == (1, 1)
        assert total["exits"]["completed"] == 1

        # ------------------------------------------------- another council asks much the same, and is not kept waiting
        again = mo.post("/enquiries", {"question": QUESTION, "enquirer": {"name": "Kay Ward", "email": KAY}})
        related = mo.get(f"/enquiries/{again['reference']}/related")["items"]
        assert [(one["reference"], one["near_duplicate"]) for one in related] == [(reference, True)]
        mo.get(f"/enquiries/{reference}/related")

        # -------------------------------------------- Nadia has moved and is listed twice: nobody is merged unasked
        beta.post("/researchers", _nadia())
        [pair] = mo.get("/researchers/duplicates")["items"]
        assert pair["reasons"][0] == "the same email address"

        everything_documented_answers(place, reference, project_id, brief_id)
        nothing_back_stage_left(place)


def jo_opens(place: Town, page: Page, link: str) -> None:
    """Jo opens a page of hers; where she is not signed in (any more), a link in her mail lets her in."""
    page.goto(link)
    ask = page.get_by_role("button", name="Email me a link")
    if ask.is_visible():
        ask.click()
        page.goto(link_in(place.mail(JO, "link")))
        page.get_by_role("button", name="Continue").click()


def everything_documented_answers(place: Town, reference: str, project_id: str, brief_id: str) -> None:
    """After the story every documented GET has something to say to the role it is for."""
    known = {"reference": reference, "project_id": project_id, "brief_id": brief_id, "n": "1", "number": "1"}
    mo, alpha = place.machine("mo"), place.machine("alpha")
    description = httpx.get(f"{place.url}/openapi.json", timeout=30).json()
    empty = []
    for path, methods in description["paths"].items():
        if "get" not in methods:
            continue
        filled = path
        for name, value in known.items():
            filled = filled.replace("{" + name + "}", value)
        if "{" in filled:
            continue
        answers = [machine.raw(filled) for machine in (mo, alpha)]
        good = [answer for answer in answers if answer.status_code == 200]
        if filled.removeprefix("/api/v1") in place.answered:
            continue
        if not good or all(says_nothing(answer.text) for answer in good):
            empty.append(filled)
    assert empty == []


def nothing_back_stage_left(place: Town) -> None:
    """No letter to anybody repeats a manager's private note."""
    assert all(CANARY not in letter.message.as_string() for letter in place.mailbox.received)


def _says(body: str, *, kind: str = "message", visibility: str = "enquirer", direction: str = "out") -> dict[str, str]:
    return {"kind": kind, "visibility": visibility, "direction": direction, "body": body}


def _meeting(starts_at: str, ends_at: str) -> dict[str, object]:
    return {
        **_says("By video.", kind="meeting"),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "attendees": ["Jo Officer"],
    }


def _nadia() -> dict[str, object]:
    return {
        "name": "Dr Nadia Bell",
        "email": NADIA,
        "statement": "Economic evaluation of housing and health.",
        "keywords": ["housing", "retrofit"],
        "methods": ["economic"],
        "topics": ["homes"],
        "publications": [{"title": "Warmer homes and emergency visits: an evaluation of retrofit", "year": 2025}],
        "capacity_days": 60,
    }


def _team(name: str, email: str, *, show: bool) -> dict[str, object]:
    return {
        "lead": {"name": name, "email": email},
        "statement": "We have linked housing and health data before.",
        "capacity_days": 40,
        "earliest_start": date(2027, 3, 1).isoformat(),
        "cost_band": "5k_to_20k",
        "show_enquirer": show,
    }


def _pounds(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def _costs() -> dict[str, object]:
    lines = [
        {"label": "Researcher time", "amount": _pounds("12000.00"), "kind": "cash"},
        {"label": "Supervision", "amount": _pounds("1500.00"), "kind": "in_kind"},
    ]
    return {"lines": lines, "start": "2027-03-01", "end": "2027-05-28"}


def _terms() -> dict[str, object]:
    return {
        "parties": ["Gateshead Council", "Alpha University"],
        "roles": "The university leads; the council gives access to data.",
        "ethics_route": "University committee",
        "data_protection_route": "Anonymous data only",
        "publication_terms": "Open access after thirty days' notice",
    }


def _signature(party: str, organisation: str) -> dict[str, str]:
    return {"party": party, "person": "A Signatory", "organisation": organisation, "signed_on": "2027-02-08"}
