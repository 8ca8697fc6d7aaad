"""Entries that may be one person, at the managers' JSON door: proposed with why, merged, told apart, and a merge undone."""

from typing import Any
from uuid import uuid4

from tests.support.desk import BASE, Desk, add_researcher
from tests.support.doors import House
from tests.support.visiting import Visitor

ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


def listed(opened: House, university: str, email: str, **facts: Any) -> str:
    """Put somebody in a university's directory."""
    client = opened.client("university", organisation=university)
    return add_researcher(client, **{"name": "Dr Lin Zhao", "email": email, "publications": [], **facts})


def test_pairs_are_proposed_page_by_page_and_decided_on(desk: Desk, opened: House) -> None:
    durham, tees = "Durham University", "Teesside University"
    kept, other = (listed(opened, at, f"lin@{at[:4].lower()}.example", orcid=ORCID) for at in (durham, tees))
    one, two = (listed(opened, at, "shared@office.example", name=f"Office {at}") for at in (durham, tees))
    first, second = desk.items("/researchers/duplicates", limit=1)
    assert (first["first"]["id"], first["second"]["id"], first["across"]) == (kept, other, True)
    assert first["reasons"] == ["the same ORCID iD"]
    assert first["differing"] == ["email"]
    assert second["reasons"] == ["the same email address"]

    for _ in range(2):
        apart = desk.post(f"/researchers/{two}/tell-apart", {"other": one})
        assert (apart.status_code, apart.json()) == (200, {"first": one, "second": two})
    refused = desk.post(f"/researchers/{kept}/merge", {"other": other})
    assert refused.status_code == 409
    assert "Confirm that one entry is to stand for both" in refused.json()["detail"]
    for _ in range(2):
        merged = desk.post(f"/researchers/{kept}/merge", {"other": other, "across": True})
        assert (merged.status_code, merged.json()["id"]) == (200, kept)
    assert desk.items("/researchers/duplicates") == []
    assert {each["id"] for each in desk.items("/researchers")} == {kept, one, two}

    undone = desk.post(f"/researchers/{other}/unmerge", None)
    assert undone.status_code == 200, undone.text
    told = undone.json()
    assert (told["researcher"]["id"], told["kept"]["id"], told["left"]) == (other, kept, [])
    assert {each["id"] for each in desk.items("/researchers")} == {kept, other, one, two}
    again = desk.post(f"/researchers/{other}/unmerge", None)
    assert (again.status_code, again.json()["detail"]) == (
        409, "This entry is not merged: it stands by itself already.",
    )  # fmt: skip


def test_nobody_merges_with_themselves_or_the_unknown_and_a_name_alone_is_not_enough(desk: Desk, opened: House) -> None:
    one = listed(opened, "Durham University", "a@durham.example")
    namesake = listed(opened, "Durham University", "b@durham.example")
    for other in (one, str(uuid4())):
        assert desk.post(f"/researchers/{one}/merge", {"other": other}).status_code == 404
        assert desk.post(f"/researchers/{one}/tell-apart", {"other": other}).status_code == 404
    refused = desk.post(f"/researchers/{one}/merge", {"other": namesake})
    assert (refused.status_code, "a name alone is not enough" in refused.json()["detail"]) == (409, True)
    assert desk.get("/researchers/duplicates", cursor="rubbish").status_code == 400
    university = opened.client("university", organisation="Durham University")
    assert university.get(f"{BASE}/researchers/duplicates").status_code == 403


def test_the_console_undoes_a_merge_from_the_entry_that_was_merged(console: House, manager: Visitor) -> None:
    kept, other = (
        listed(console, at, f"lin@{at[:4].lower()}.example", orcid=ORCID)
        for at in ("Durham University", "Teesside University")
    )
    desk = Desk(console.client("manager"))
    assert desk.post(f"/researchers/{kept}/merge", {"other": other, "across": True}).status_code == 200
    manager.open(f"/manage/directory/researchers/{other}")
    assert "The merge is undone" in manager.press("Undo the merge").text
    assert "Undo the merge" not in manager.open(f"/manage/directory/researchers/{other}").buttons
    assert "Undid the merge of" in manager.open("/manage/settings/audit").text
