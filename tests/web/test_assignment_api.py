"""Who could take what, at the managers' JSON door and on their page: proposals, limits that hold, and reasons."""

from typing import Any

from tests.support.desk import BASE, Desk, add_researcher
from tests.support.doors import House
from tests.support.journey import UNIVERSITIES, Journey

HOMES, BEES = "Do warm homes cut A&E visits?", "Do hedges help bees?"


def listed(opened: House, university: str, name: str, **facts: Any) -> None:
    """Put somebody who works on warm homes in a university's directory."""
    known = {"keywords": ["warm homes", "A&E visits"], "methods": ["economic"], **facts}
    add_researcher(opened.client("university", organisation=university), name, **known)


def drafted(desk: Desk, question: str, **facts: Any) -> str:
    """Bring a question to the writing of its brief; return its reference."""
    reference: str = desk.record(question, **facts)["reference"]
    desk.did(reference, "accept")
    desk.did(reference, "begin_brief")
    return reference


def proposed(found: dict[str, Any]) -> dict[str, list[str]]:
    return {item["reference"]: [each["researcher"]["name"] for each in item["people"]] for item in found["items"]}


def test_each_brief_gets_somebody_and_the_one_they_fit_better_says_why_it_has_another(
    desk: Desk, opened: House
) -> None:
    listed(opened, "Durham University", "Dr Ada Both", capacity_days=9, statement="Hedges help bees.")
    listed(opened, "Newcastle University", "Dr Ben Homes", methods=[], capacity_days=9)
    listed(opened, "Newcastle University", "Dr Con Flict", conflicts=["Tyne Unitary"])
    listed(opened, "Newcastle University", "Dr Few Days", capacity_days=4)
    homes = drafted(desk, HOMES, organisation="Tyne Unitary", methods=["economic"])
    bees = drafted(desk, BEES)
    moths = drafted(desk, "Do moths like moonlight?")
    desk.record(HOMES)  # not begun: no brief is about to go out
    found = desk.read("/matches/assignment")
    assert proposed(found) == {homes: ["Dr Ben Homes"], bees: ["Dr Ada Both"], moths: []}
    [first, second, third] = (next(i for i in found["items"] if i["reference"] == r) for r in (homes, bees, moths))
    [passed] = first["passed_up"]
    assert passed["researcher"]["name"] == "Dr Ada Both"
    assert passed["score"] > first["people"][0]["score"]
    assert passed["text"] == (
        f"Their days allow no more than {bees} (where they rank first and nobody else who fits is free)."
    )
    assert [(each["researcher"]["name"], each["conflicts"]) for each in first["left_out"]] == [
        ("Dr Con Flict", ["Has declared a conflict of interest with Tyne Unitary."])
    ]
    assert second["people"][0]["place"] == 1
    assert third["short"].startswith("There is not enough to go on") or "Nobody listed works on" in third["short"]
    load = {each["researcher"]["name"]: (each["references"], each["days_left"]) for each in found["people"]}
    assert load == {"Dr Ada Both": ([bees], 4), "Dr Ben Homes": ([homes], 4)}
    assert sum(len(each["references"]) for each in found["universities"]) == 2
    assert found["fit"] == round(first["people"][0]["score"] + second["people"][0]["score"], 4)
    busy = desk.read("/matches/assignment", days=10, reference=homes)["items"][0]
    assert (busy["people"], busy["short"]) == ([], "3 people fit, and none of them has 10 days left.")


def test_which_briefs_and_how_many_people_is_asked_for(desk: Desk, opened: House) -> None:
    for university in ("Durham University", "Newcastle University"):
        listed(opened, university, f"Dr At {university.split()[0]}")
    homes, early = drafted(desk, HOMES), desk.record(HOMES)["reference"]
    assert set(proposed(desk.read("/matches/assignment"))) == {homes}
    assert set(proposed(desk.read("/matches/assignment", state="triage"))) == {early}
    assert set(proposed(desk.read("/matches/assignment", reference=early.lower()))) == {early}
    two = desk.read("/matches/assignment", reference=[homes, early], per_brief=2, per_university=1)
    assert sorted(name for names in proposed(two).values() for name in names) == ["Dr At Durham", "Dr At Newcastle"]
    one = desk.read("/matches/assignment", reference=[homes, early], limit=1)
    assert (len(one["items"]), one["has_more"]) == (1, True)
    desk.did(homes, "hold", until="2027-02-01", reason="The council asked us to wait.")
    assert proposed(desk.read("/matches/assignment")) == {}
    assert set(proposed(desk.read("/matches/assignment", reference=homes))) == {homes}
    for wrong in ({"reference": "no"}, {"owner": "somebody"}, {"state": "closed"}, {"per_brief": 0}, {"days": 0}):
        assert desk.get("/matches/assignment", **wrong).status_code == 422, wrong


def test_once_a_call_is_out_those_can_take_it_who_were_asked_and_did_not_say_no(opened: House) -> None:
    journey = Journey(opened.database, opened.clock)
    desk = Desk(opened.client("manager"))
    journey.submitted(topics=["homes"]).sent()
    for number, name in enumerate((*UNIVERSITIES, "Elsewhere College")):
        listed(opened, name, f"Dr Number {number}", topics=["homes"])
    college = next(each for each in desk.items("/organisations") if each["name"] == "Elsewhere College")
    path, tag = f"/organisations/{college['id']}", desk.get(f"/organisations/{college['id']}").headers.get("etag", "")
    changed = desk.client.patch(f"{BASE}{path}", json={"partner": False}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text

    def could() -> set[str]:
        [item] = desk.read("/matches/assignment", per_brief=5)["items"]
        people = [*item["people"], *(other for each in item["people"] for other in each["alternates"])]
        return {each["researcher"]["name"] for each in people}

    assert could() == {f"Dr Number {number}" for number in range(len(UNIVERSITIES))}, "a call goes to partners only"
    journey.published(recipients=journey.universities[:3])
    assert could() == {"Dr Number 0", "Dr Number 1", "Dr Number 2"}
    declined = opened.client("university", organisation=UNIVERSITIES[1]).post(
        f"{BASE}/briefs/{journey.enquiry().brief_id}/decline", json={"reason": "no_capacity"}
    )
    assert declined.status_code in {200, 201}, declined.text
    assert could() == {"Dr Number 0", "Dr Number 2"}
    team = desk.read(f"/enquiries/{journey.reference}/matches")["team"]
    assert {each["researcher"]["name"] for each in team["members"]} <= could()


def test_what_somebody_leads_already_is_told_and_counts(opened: House) -> None:
    journey = Journey(opened.database, opened.clock)
    desk = Desk(opened.client("manager"))
    listed(opened, "Durham University", "Dr Lee Lead", email="lee.lead@durham.example")
    journey.interested(journey.universities[2], lead_email="Lee.Lead@durham.example", capacity_days=5)
    journey.offered()
    drafted(desk, HOMES)
    [load] = desk.read("/matches/assignment", state="drafting")["people"]
    assert (load["researcher"]["name"], load["leads_already"], load["days_left"]) == ("Dr Lee Lead", 1, 10)
