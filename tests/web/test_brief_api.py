"""The brief at the managers' JSON door: saved against the save that was read, versioned when sent, hashed."""

import hashlib

import rfc8785

from service.vocabulary import BRIEF_SECTIONS
from tests.support.desk import BASE, Desk
from tests.support.doors import House
from tests.support.journey import SECTIONS, Journey


def test_there_is_no_brief_in_triage_an_empty_one_in_scoping_and_the_first_save_begins_it(desk: Desk) -> None:
    reference = desk.record()["reference"]
    assert desk.get(f"/enquiries/{reference}/brief").status_code == 404
    desk.did(reference, "accept")
    empty = desk.get(f"/enquiries/{reference}/brief")
    assert (empty.status_code, empty.json()["sections"], empty.json()["state"]) == (200, {}, "draft")
    saved = desk.write_brief(reference, tag=empty.headers["etag"], purpose="A paper.")
    assert saved.status_code == 200, saved.text
    assert saved.json()["version"] == empty.json()["version"] == 1
    assert saved.headers["etag"] != empty.headers["etag"]
    assert desk.read(f"/enquiries/{reference}")["state"] == "drafting"


def test_every_section_is_kept_as_it_was_written_and_the_hash_covers_exactly_them(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    sections = {code: f"  {label}\n – Ünï\u00a0✓ " for code, label in BRIEF_SECTIONS.items()}
    saved = desk.write_brief(
        reference,
        **sections,
    ).json()
    assert saved["sections"] == sections
    assert saved["hash"] == hashlib.sha256(rfc8785.dumps(sections)).hexdigest()
    fewer = desk.write_brief(reference, purpose="A paper.", scope=" ").json()
    assert fewer["sections"] == {"purpose": "A paper."}
    assert fewer["hash"] == hashlib.sha256(rfc8785.dumps({"purpose": "A paper."})).hexdigest()
    assert desk.read(f"/enquiries/{reference}/brief") == fewer


def test_a_save_needs_the_save_it_was_made_against(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    path = f"{BASE}/enquiries/{reference}/brief"
    assert desk.client.put(path, json={"sections": {}}).status_code == 428
    first = desk.write_brief(reference, purpose="One.").headers["etag"]
    assert desk.write_brief(reference, tag=first, purpose="Two.").status_code == 200
    stale = desk.write_brief(reference, tag=first, purpose="Three.")
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/precondition-failed")
    assert desk.read(f"/enquiries/{reference}/brief")["sections"] == {"purpose": "Two."}


def test_what_is_not_a_section_or_not_text_is_refused(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    path = f"{BASE}/enquiries/{reference}/brief"
    for wrong in (
        {"sections": {"poetry": "x"}}, {"sections": {"purpose": None}}, {"sections": ["x"]}, {}, {"sections": {}, "x": 1},
        {"sections": {"purpose": "x" * 20_001}}, {"sections": {"purpose": {"a": 1}}},
    ):  # fmt: skip
        assert desk.client.put(path, json=wrong, headers={"If-Match": '"0"'}).status_code == 422, wrong


def test_a_brief_with_the_enquirer_is_not_written_until_they_want_changes(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).sent()
    desk = Desk(opened.client("manager"))
    refused = desk.write_brief(journey.reference, purpose="Another.")
    assert refused.status_code == 409
    assert "request_changes" in refused.json()["detail"]
    quoted = desk.say(journey.reference, "Please add people over 80.")["id"]
    desk.did(journey.reference, "request_changes", comment="Add people over 80.", entry=quoted)
    newest = desk.read(f"/enquiries/{journey.reference}/brief")
    assert (newest["version"], newest["state"], newest["sections"]) == (2, "draft", SECTIONS)
    first, second = desk.items(f"/enquiries/{journey.reference}/brief/versions", limit=1)
    assert (first["state"], first["change_comment"], second) == ("superseded", "Add people over 80.", newest)
    assert desk.read(f"/enquiries/{journey.reference}/brief/versions/1") == first
    for absent in ("3", "0", "x"):
        assert desk.get(f"/enquiries/{journey.reference}/brief/versions/{absent}").status_code == 404


def test_readiness_advises_and_sending_refuses_only_what_is_needed(desk: Desk) -> None:
    reference = desk.record(organisation_shown="named")["reference"]
    desk.did(reference, "accept")
    desk.write_brief(reference, questions="Does it work?")
    told = desk.read(f"/enquiries/{reference}/brief/readiness")
    assert (told["version"], told["ready"]) == (1, False)
    needed = {item["section"] for item in told["items"] if item["level"] == "needed"}
    assert needed == {"purpose"}
    assert desk.event(reference, "send_for_agreement").status_code == 409
    desk.write_brief(reference, questions="Does it work?", purpose="Cabinet decides in March.")
    told = desk.read(f"/enquiries/{reference}/brief/readiness")
    assert told["ready"]
    assert told["items"], "gaps are told all the same"
    assert desk.event(reference, "send_for_agreement").status_code == 200


def test_a_save_while_the_call_is_open_starts_a_version_beside_the_published_one(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).published()
    desk = Desk(opened.client("manager"))
    assert desk.write_brief(journey.reference, **SECTIONS, scope="Not flats.").json()["version"] == 2
    states = [one["state"] for one in desk.items(f"/enquiries/{journey.reference}/brief/versions")]
    assert states == ["published", "draft"]
