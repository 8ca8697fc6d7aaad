"""The conversation, the files and the timeline at the managers' JSON door."""

from typing import Any
from uuid import UUID

from service.records import outbox
from service.records.tables import Attachment
from tests.support.desk import BASE, Desk
from tests.support.doors import House
from tests.support.journey import Journey


def mailed(opened: House) -> list[tuple[str, str]]:
    """Who was written to, and in which words, oldest first."""
    messages = opened.database.read(lambda unit: outbox.page(unit, limit=200))
    return [(message.to_address, message.kind) for message in reversed(messages)]


def test_what_is_said_is_kept_with_whoever_said_it_and_when(desk: Desk) -> None:
    reference = desk.record()["reference"]
    entry = desk.say(
        reference,
        "We talked it through.",
        kind="call",
        direction="out",
        occurred_at="2026-11-23T09:00:00+00:00",
        minutes=20,
        attendees=["Ann Asker", "Mo Manager"],
    )
    assert entry | {"id": "", "author": ""} == {
        "id": "", "kind": "call", "visibility": "enquirer", "direction": "out", "body": "We talked it through.",
        "occurred_at": "2026-11-23T09:00:00Z", "recorded_at": "2026-11-23T09:30:00Z", "author": "",
        "author_role": "manager", "said_by": None, "organisation_id": None, "answers": None, "minutes": 20, "starts_at": None,
        "ends_at": None, "attendees": ["Ann Asker", "Mo Manager"], "automatic": False, "redacted": False,
    }  # fmt: skip
    assert desk.read(f"/enquiries/{reference}")["first_response_at"] == "2026-11-23T09:30:00Z"


def test_a_message_out_is_mailed_and_a_note_stays_in_the_house(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    desk.say(reference, "They sound desperate.", kind="note", visibility="back_stage", direction="out")
    assert mailed(opened) == [("ann@council.example", "receipt")]
    desk.say(reference, "Could you say more?", direction="out")
    assert mailed(opened)[-1] == ("ann@council.example", "message")


def test_a_meeting_ahead_sends_an_invitation(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    times = {"starts_at": "2026-12-01T14:00:00Z", "ends_at": "2026-12-01T15:00:00Z"}
    desk.say(reference, "At the Civic Centre.", kind="meeting", direction="out", **times)
    assert mailed(opened)[-1] == ("ann@council.example", "meeting_invitation")
    [last] = [one for one in desk.items(f"/enquiries/{reference}/timeline") if one["at"] == "2026-12-01T14:00:00Z"]
    assert last["kind"] == "meeting"


def test_an_automatic_answer_is_kept_and_changes_nothing(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "ask", body="Which wards?")
    desk.say(reference, "I am away until Monday.", automatic=True)
    assert desk.read(f"/enquiries/{reference}")["waiting_on"] == "enquirer"
    desk.say(reference, "Both wards.")
    assert desk.read(f"/enquiries/{reference}")["waiting_on"] == "team"


def test_what_cannot_be_is_refused_in_words(desk: Desk) -> None:
    reference = desk.record()["reference"]
    right = {"kind": "message", "visibility": "enquirer", "direction": "in", "body": "Hello"}
    for wrong in (
        {"body": "  "}, {"kind": "telegram"}, {"visibility": "everyone"}, {"direction": "up"}, {"minutes": -1},
        {"occurred_at": "2027-01-01T00:00:00Z"}, {"occurred_at": "2026-11-22"}, {"starts_at": "2026-12-01T14:00:00Z"},
        {"kind": "meeting", "ends_at": "2026-12-01T14:00:00Z"}, {"kind": "note"}, {"attendees": "Ann"},
        {"attendees": [""]}, {"colour": "red"}, {"occurred_at": "9999-12-31T00:00:00Z"},
    ):  # fmt: skip
        assert desk.post(f"/enquiries/{reference}/conversation", right | wrong).status_code == 422, wrong
    to_universities = right | {"visibility": "universities", "direction": "out"}
    assert desk.post(f"/enquiries/{reference}/conversation", to_universities).status_code == 409


def test_an_answer_to_a_universitys_question_reaches_every_recipient_and_names_nobody(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).published()
    desk = Desk(opened.client("manager"))
    durham = opened.client("university", organisation="Durham University")
    newcastle = opened.client("university", organisation="Newcastle University")
    asked = durham.post(f"{BASE}/briefs/{journey.brief_id}/questions", json={"body": "Which wards?"})
    assert asked.status_code == 201, asked.text
    [question] = [one for one in desk.items(f"/enquiries/{journey.reference}/timeline") if one.get("direction") == "in"]
    assert (question["body"], question["audience"]) == ("Which wards?", "universities")
    answer = desk.say(journey.reference, "Both.", visibility="universities", direction="out", answers=question["id"])
    assert answer["answers"] == question["id"]
    for client in (durham, newcastle):
        newest = client.get(f"{BASE}/briefs/feed").json()["items"][-1]
        assert (newest["type"], newest["payload"]["question"], newest["payload"]["answer"]) == (
            "answered", "Which wards?", "Both.",
        )  # fmt: skip
        assert "Durham" not in str(newest)


def test_the_timeline_holds_everything_in_order_with_its_tier(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    opened.clock.move(minutes=1)
    desk.did(reference, "accept")
    opened.clock.move(minutes=1)
    desk.say(reference, "A private thought.", kind="note", visibility="back_stage", direction="out")
    opened.clock.move(minutes=1)
    files = {"file": ("plan.txt", b"The plan.", "text/plain")}
    added = desk.client.post(f"{BASE}/enquiries/{reference}/files", files=files)
    assert added.status_code == 201
    opened.clock.move(minutes=1)
    desk.say(reference, "Yesterday's call.", kind="call", occurred_at="2026-11-23T09:30:30Z")
    desk.post("/follow-ups", {"enquiry": reference, "on": "2027-02-01", "note": "The budget."})
    told = desk.items(f"/enquiries/{reference}/timeline")
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    seen = [(one["type"], one.get("event") or one.get("kind") or one.get("rule") or one["filename"]) for one in told]
    assert seen[:2] == [("event", "submit"), ("message", "receipt")]
    order = [seen.index(one) for one in (
        ("entry", "call"), ("event", "accept"), ("entry", "note"), ("file", "plan.txt"), ("follow_up", "staff_date"),
    )]  # fmt: skip
    assert order == sorted(order)
    tiers = {(one["type"], one.get("kind") or one.get("event") or one.get("rule")): one["audience"] for one in told}
    assert tiers["entry", "note"] == tiers["event", "accept"] == tiers["follow_up", "staff_date"] == "back_stage"
    assert tiers["message", "receipt"] == tiers["entry", "call"] == "enquirer"
    for limit in (1, 3):
        assert desk.items(f"/enquiries/{reference}/timeline", limit=limit) == told


def test_messages_to_universities_are_told_apart(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).published()
    desk = Desk(opened.client("manager"))
    tiers = {
        one["kind"]: one["audience"]
        for one in desk.items(f"/enquiries/{journey.reference}/timeline")
        if one["type"] == "message"
    }
    assert tiers["call_published"] == "universities"
    assert tiers["brief_to_agree"] == "enquirer"
    assert tiers["brief_agreed"] == "back_stage"


# ----------------------------------------------------------------------------------------------------------------- files


def upload(desk: Desk, reference: str, name: str, content: bytes, **form: str) -> Any:
    files = {"file": (name, content, "application/octet-stream")}
    return desk.client.post(f"{BASE}/enquiries/{reference}/files", files=files, data=form)


def test_a_file_is_listed_and_handed_out_as_a_download(desk: Desk) -> None:
    reference = desk.record()["reference"]
    added = upload(desk, reference, "../Ä plan.txt", b"The plan.", visibility="back_stage")
    assert added.status_code == 201, added.text
    [listed] = desk.read(f"/enquiries/{reference}/files")["items"]
    assert listed == added.json()
    assert (listed["filename"], listed["size"], listed["visibility"]) == ("Ä plan.txt", 9, "back_stage")
    got = desk.client.get(added.headers["location"])
    assert (got.status_code, got.content) == (200, b"The plan.")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%84%20plan.txt"
    assert (got.headers["x-content-type-options"], got.headers["cache-control"]) == ("nosniff", "private, no-store")


def test_a_redacted_file_keeps_its_place_and_loses_its_content_and_name(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    kept, gone = (upload(desk, reference, name, name.encode()) for name in ("Brief.txt", "Jane Doe, patient.txt"))
    file_id = gone.json()["id"]
    desk.did(reference, "close", outcome="answered", reason="Known.", answer="It is known already.")
    for members in ({}, {"file": file_id, "section": "known"}, {"file": desk.record()["brief_id"]}):
        assert desk.event(reference, "redact", reason="A patient.", **members).status_code in {404, 409}
    assert desk.client.get(gone.headers["location"]).content == b"Jane Doe, patient.txt"

    desk.did(reference, "redact", file=file_id, reason="It names a patient.")
    stub = {
        **gone.json(),
        "filename": "[Redacted]",
        "media_type": "application/octet-stream",
        "size": 0,
        "redacted": True,
    }
    assert desk.items(f"/enquiries/{reference}/files") == [kept.json(), stub]
    assert desk.client.get(gone.headers["location"]).status_code == 404
    told = desk.items(f"/enquiries/{reference}/timeline")
    assert [(one["filename"], one["redacted"]) for one in told if one["type"] == "file"] == [
        ("Brief.txt", False),
        ("[Redacted]", True),
    ]
    assert "Jane Doe" not in str(told)
    left = opened.database.read(lambda unit: unit.get_one(Attachment, UUID(file_id)))
    assert (left.content, left.sha256) == (b"", "")
    assert desk.event(reference, "redact", file=file_id, reason="Again.").status_code == 404
    again = upload(desk, reference, "Jane Doe, patient.txt", b"Jane Doe, patient.txt")
    assert (again.status_code, again.json()["redacted"]) == (201, False), "the same content may be added anew"


def test_a_file_belongs_to_its_enquiry_alone(desk: Desk) -> None:
    mine, other = desk.record()["reference"], desk.record()["reference"]
    file_id = upload(desk, mine, "plan.txt", b"The plan.").json()["id"]
    for absent in (f"{other}/files/{file_id}", f"{mine}/files/{other}", f"AAAAAA-A/files/{file_id}"):
        assert desk.get(f"/enquiries/{absent}").status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused(desk: Desk) -> None:
    reference = desk.record()["reference"]
    for answer in (
        upload(desk, reference, "plan.pdf", b"MZ not a pdf"),
        upload(desk, reference, "plan.exe", b"MZ"),
        upload(desk, reference, "plan.txt", b""),
        upload(desk, reference, "plan.txt", b"The plan.", visibility="everyone"),
        desk.client.post(f"{BASE}/enquiries/{reference}/files", json={"file": "x"}),
        desk.client.post(f"{BASE}/enquiries/{reference}/files"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-content")
    assert desk.read(f"/enquiries/{reference}/files")["items"] == []
