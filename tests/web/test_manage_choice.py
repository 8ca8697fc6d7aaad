"""The console's choice: teams side by side, the enquirer's preference, the offer and who is asked next."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import respond
from service.actions.prefer import record_preference
from service.records import calls
from service.records.database import Unit
from service.records.tables import Interest, Offer
from service.states import EnquiryState, OfferState
from service.workflows import commands as c
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.scene import signed_in
from tests.support.visiting import Page, Visitor, outbox

MET = {"waiver-joint_meeting_logged": "They work in the same building."}


@pytest.fixture
def both(engine_url: str) -> Iterator[House]:
    with house(engine_url, staff_emails=MANAGER) as found:
        yield found


@pytest.fixture
def journey(console: House) -> Journey:
    """Three teams, the second shown to the enquirer, the third with a conflict; the call is closed."""
    made = Journey(console.database, console.clock)
    first, second, third = made.universities
    made.interested(first, lead_name="Dr Ada Homes", capacity_days=3, cost_band="under_5k")
    made.interested(second, lead_name="Dr Ben Bees", show_enquirer=True, statement="We know\nbees.", team=("Dr Cy",))
    made.interested(third, lead_name="Dr Con Flict", conflicts="My partner works there.", capacity_days=60)
    return made.selecting()


@pytest.fixture
def mo(console: House) -> Visitor:
    return Visitor(console, signed_in(console, MANAGER))


def at_choice(mo: Visitor, journey: Journey, query: str = "") -> Page:
    return mo.open(f"/manage/enquiries/{journey.reference}/choice{query}")


def offers(journey: Journey) -> list[Offer]:
    return journey.look(lambda unit: calls.offers(unit, journey.enquiry_id))


def prefer(journey: Journey, *ranked: UUID, comment: str | None = None) -> None:
    def work(unit: Unit) -> None:
        record_preference(unit, journey.ctx(journey.enquirer), journey.enquiry_id, ranked=ranked, comment=comment)

    journey.database.transact(work)


def test_teams_stand_beside_each_other_in_any_order(journey: Journey, mo: Visitor) -> None:
    page = at_choice(mo, journey, "?sort=days#teams")
    order = [page.text.index(f"Compare {name}") for name in ("Dr Con Flict", "Dr Ben Bees", "Dr Ada Homes")]
    assert order == sorted(order)
    assert "My partner works there." in page.text
    assert "The team offers only 3 days: check that it is enough." in page.text
    assert "1 of the 3 teams agreed to be shown to them" in page.text
    first, second, _ = journey.interests
    page = at_choice(mo, journey, f"?compare={first}&compare={second}&compare=x&sort=%00")
    assert "Teams side by side Dr Ada Homes, Northumbria University Dr Ben Bees, Newcastle University" in page.text
    assert "Under £5,000 £20,000 to £50,000" in page.text


def test_the_work_is_offered_with_alternates_and_reasons_for_what_is_set_aside(journey: Journey, mo: Visitor) -> None:
    first, second, third = journey.interests
    page = at_choice(mo, journey, f"?interest={first}&alternate={third}#offer")
    assert "The enquirer has not said what they think of the team shown to them" in page.text
    assert page.fields["respond_by-day"] == "7"
    reasons = {"waiver-preference_recorded": "They asked us to choose.", **MET}
    page = mo.press("Make the offer", {**reasons, "alternate-2": str(second)})
    assert "The work is offered" in page.text
    assert "An offer is open: Dr Ada Homes, Northumbria University" in page.text
    [made] = offers(journey)
    assert (made.interest_id, made.alternates) == (first, [str(third), str(second)])
    assert "Make the offer" not in page.buttons
    assert f"/manage/enquiries/{journey.reference}/do/decline_offer" in page.links


def test_the_enquirys_page_leads_to_the_pages_of_the_call_and_the_choice(journey: Journey, mo: Visitor) -> None:
    page = mo.open(f"/manage/enquiries/{journey.reference}")
    assert page.form_with("Offer the work")[0].action == f"/manage/enquiries/{journey.reference}/choice#offer"
    again, _ = page.form_with("Open the call again")
    assert (again.action, dict(again.fields)["again"]) == (f"/manage/enquiries/{journey.reference}/call", "yes")


def test_what_is_missing_is_told_with_every_word_kept(journey: Journey, mo: Visitor) -> None:
    _, second, third = journey.interests
    at_choice(mo, journey)
    page = mo.press("Make the offer", {**MET, "interest": "", "respond_by-month": "13"}, status=422)
    assert page.errors == ["Choose the team that the work is offered to", "The day to answer by must be a real date"]
    page = mo.press(
        "Make the offer",
        {"interest": str(third), "respond_by-month": "12", "alternate-1": str(third), "alternate-2": str(second)},
        status=409,
    )
    assert "The team that gets the offer cannot also be its own alternate." in page.errors
    assert "Clear it with them, and say how." in page.text
    assert page.fields["waiver-joint_meeting_logged"] == MET["waiver-joint_meeting_logged"]
    page = mo.press("Make the offer", {"alternate-1": str(second)}, status=422)
    assert page.errors == ["This team has a place already. Choose another, or none."]
    page = mo.press("Make the offer", {"alternate-1": "", "waiver-conflicts_cleared": "They moved."}, status=409)
    assert len(page.errors) == 1
    mo.press("Make the offer", {"waiver-preference_recorded": "They asked us to choose."})
    [made] = offers(journey)
    assert made.interest_id == third


def test_another_team_than_preferred_is_explained_to_the_enquirer(
    journey: Journey, mo: Visitor, console: House
) -> None:
    first, second, _ = journey.interests
    prefer(journey, second, comment="They know our estates.")
    page = at_choice(mo, journey, f"?interest={first}")
    assert "Dr Ben Bees, Newcastle University They know our estates. Ann Asker" in page.text
    page = mo.press("Make the offer", MET, status=409)
    assert page.errors == ["The enquirer would rather have another team. Say why this one: they are told."]
    mo.press("Make the offer", {"explanation": "Only they can start in time."})
    [told] = [each for each in outbox(console, "ann@council.example") if each.kind == "choice_explained"]
    assert told.params["explanation"] == "Only they can start in time."


def test_what_the_enquirer_said_they_prefer_is_recorded_for_them(both: House) -> None:
    made = Journey(both.database, both.clock)
    made.interested(lead_name="Dr Ada Homes").interested(
        made.universities[1], lead_name="Dr Ben Bees", show_enquirer=True
    ).interested(made.universities[2], lead_name="Prof Di Eaves", show_enquirer=True).selecting()
    early = made.say("Any of them.", occurred_at=made.clock.now() - timedelta(days=40))
    ours = made.say("Which team do you like?", direction="out")
    mo, ann = (Visitor(both, signed_in(both, each)) for each in (MANAGER, made.enquirer_email))
    hidden, ben, di = made.interests
    page = at_choice(mo, made)
    page = mo.open(next(link for link in page.links if link.endswith("/preference")))
    assert "Nothing that came in since can be quoted" in page.text
    page = mo.press("Record their preference", {f"place-{ben}": "1"}, status=422)
    assert page.errors == ["Say how they told us", "Write down what they said"]
    form, _ = page.form_with("Record their preference")
    heard = {f"place-{ben}": "1", "heard_kind": "call", "heard": "Ben's, by phone.", "entry": "new"}
    answer = mo.client.post(form.action, data={**dict(form.fields), **heard, f"place-{hidden}": "2"})
    assert answer.status_code == 422
    assert "Ben&#39;s, by phone." in answer.text
    both.clock.move(minutes=5)
    said = made.say("Ben's team, they know us.", kind="call")
    page = mo.open(f"/manage/enquiries/{made.reference}/preference")
    assert [f'id="place-{each}"' in page.html for each in (hidden, ben, di)] == [False, True, True]

    page = mo.press("Record their preference", {f"place-{ben}": "1"}, status=422)
    assert page.errors == ["Choose the entry in which the enquirer said so"]
    page = mo.press("Record their preference", {"entry": str(said), f"place-{ben}": ""}, status=422)
    assert page.errors == ["Choose at least one team, or write what you think of them."]
    form, _ = page.form_with("Record their preference")
    sent = {**dict(form.fields), f"place-{ben}": "1", "entry": str(said)}
    for wrong, status in (
        ({"entry": str(early)}, 422),
        ({"entry": str(ours)}, 422),
        ({"entry": str(UUID(int=9))}, 422),
        ({"entry": "x"}, 422),
        ({f"place-{hidden}": "2"}, 422),
        ({"seen": "1"}, 412),
        ({"csrf_token": ""}, 403),
    ):
        answer = mo.client.post(form.action, data={**sent, **wrong})
        assert answer.status_code == status, (wrong, answer.status_code)
    page = mo.press(
        "Record their preference",
        {f"place-{ben}": "1", f"place-{di}": "2", "preference_comment": "They know us.", "entry": str(said)},
    )
    assert "The enquirer's preference is recorded." in page.text
    assert "Dr Ben Bees, Newcastle University Prof Di Eaves, Durham University They know us. Ann Asker" in page.text
    assert f"/manage/enquiries/{made.reference}#entry-{said}" in page.links
    assert "has not said what they think" not in page.text
    kept = made.look(lambda unit: calls.newest_preference(unit, made.enquiry_id))
    assert kept is not None
    assert (kept.ranked, kept.entry_id) == ([str(ben), str(di)], said)

    page = ann.open(f"/enquiries/{made.reference}")
    assert "We wrote down what you told us you prefer on" in page.text
    both.clock.move(minutes=5)
    ann.press("Tell us your preference", {f"place-{ben}": "2", f"place-{di}": "1"})
    assert "recorded for them" not in at_choice(mo, made).text
    answer = mo.client.post(form.action, data=sent)
    assert answer.status_code == 422
    assert "The enquirer has said since, on their own page, what they prefer" in answer.text
    made.offered(di)
    page = mo.open(f"/manage/enquiries/{made.reference}/preference")
    assert "An offer has been made to a team already" in page.text


def test_after_a_decline_the_next_alternate_is_proposed(journey: Journey, mo: Visitor) -> None:
    first, second, third = journey.interests
    journey.offered(first, alternates=[third, second])
    journey.act(c.DeclineOffer(offer=journey.offer_id, reason="Too busy."), journey.university_principal(journey.universities[0]))  # fmt: skip
    page = at_choice(mo, journey)
    assert "Next alternate: Dr Con Flict, Durham University" in page.text
    assert "“Too busy.”" in page.text
    assert "Turned an offer down" in page.text
    following = next(link for link in page.links if f"interest={third}" in link and f"alternate={second}" in link)
    page = mo.open(following)
    assert (page.fields["interest"], page.fields["alternate-1"]) == (str(third), str(second))
    assert str(first) not in [value for _, value in page.form_with("Make the offer")[0].fields]


def test_a_team_that_changed_meanwhile_is_read_again_before_it_is_offered_anything(
    journey: Journey, mo: Visitor
) -> None:
    first, second, _ = journey.interests
    prefer(journey, second)
    at_choice(mo, journey, f"?interest={second}")

    def amend(unit: Unit) -> None:
        found = unit.get(Interest, second)
        assert found is not None
        team = respond.Team(
            found.lead_name, found.lead_email, "Only in June.", 2, found.earliest_start, found.cost_band,
            amended=frozenset({"statement", "capacity_days"}),
        )  # fmt: skip
        respond.amend_interest(unit, journey.ctx(), second, journey.universities[1], team)

    journey.database.transact(amend)
    page = mo.press("Make the offer", MET, status=409)
    assert "Dr Ben Bees's team changed what it offers while you were writing" in page.errors[0]
    assert "The team offers only 2 days" in page.text
    mo.press("Make the offer")
    assert [made.interest_id for made in offers(journey)] == [second]
    assert first not in [made.interest_id for made in offers(journey)]


def test_two_managers_and_a_double_press(journey: Journey, mo: Visitor) -> None:
    first, second, _ = journey.interests
    prefer(journey, second)
    at_choice(mo, journey, f"?interest={second}")
    form, _ = mo.page.form_with("Make the offer")
    journey.act(c.Hold(until=journey.today() + timedelta(days=9), reason="Purdah"))
    journey.act(c.Resume())
    page = mo.press("Make the offer", MET, status=412)
    assert "Mo Manager: Put on hold" in page.text
    assert page.fields["waiver-joint_meeting_logged"] == MET["waiver-joint_meeting_logged"]
    form, _ = page.form_with("Make the offer")
    mo.press("Make the offer")
    sent = {**dict(form.fields), "event": "offer"}
    assert mo.client.post(form.action, data=sent).status_code == 303
    other = mo.client.post(form.action, data={**sent, "interest": str(first)})
    assert other.status_code == 412
    assert "You had written:" in other.text
    assert len(offers(journey)) == 1


def test_hostile_forms_change_nothing(journey: Journey, mo: Visitor) -> None:
    at_choice(mo, journey)
    form, _ = mo.page.form_with("Make the offer")
    sent = {**dict(form.fields), "event": "offer", "interest": str(journey.interests[0])}
    nobody = str(UUID(int=9))
    for wrong, status in (
        ({"interest": nobody}, 409),
        ({"interest": "\x00"}, 422),
        ({"alternate-1": nobody}, 409),
        ({"respond_by-year": "9999"}, 422),
        ({"explanation": "x" * 20_001}, 422),
        ({"waiver-joint_meeting_logged": "x" * 20_001}, 422),
        ({"waiver-interest_stands": "Because."}, 409),
        ({"event": "accept_offer"}, 404),
        ({"csrf_token": ""}, 403),
        ({"seen": ""}, 412),
    ):
        answer = mo.client.post(form.action, data={**sent, **wrong})
        assert answer.status_code == status, (wrong, answer.status_code)
    assert offers(journey) == []


def test_before_and_after_the_choice_the_page_still_tells_what_there_is(journey: Journey, mo: Visitor) -> None:
    other = Journey(journey.database, journey.clock, enquirer_email="eve@council.example").published()
    page = at_choice(mo, other)
    assert "No university has offered a team yet" in page.text
    assert "Make the offer" not in page.buttons
    journey.costing()
    page = at_choice(mo, journey)
    assert journey.enquiry().state == EnquiryState.COSTING
    assert [made.state for made in offers(journey)] == [OfferState.ACCEPTED]
    assert "Offers made" in page.text
    assert "Make the offer" not in page.buttons


def test_twenty_five_teams_are_one_page(journey: Journey, mo: Visitor) -> None:
    for number in range(22):
        journey.interested(journey.universities[0], lead_name=f"Dr Number {number}")
    page = at_choice(mo, journey)
    assert "25 teams" in page.text
    assert len([link for link in page.links if "interest=" in link]) == 25
