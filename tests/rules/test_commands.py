"""What may be asked is named exactly: an unknown or unreadable member is refused before any rule is asked."""

import pytest
from pydantic import TypeAdapter, ValidationError

from service.workflows import commands as c
from service.workflows.machines import ENQUIRY, PROJECT

ANY: TypeAdapter[c.EnquiryCommand] = TypeAdapter(c.EnquiryCommand)
ANY_OF_A_PROJECT: TypeAdapter[c.ProjectCommand] = TypeAdapter(c.ProjectCommand)

# The members of API.md section 2, beside event and waivers; ? may be left out.
MEMBERS = """
accept: owner?
begin_brief:
send_for_agreement:
request_changes: comment entry?
agree: version hash entry?
agree_costs: version entry?
publish: reply_by? recipients? route? reason?
extend: reply_by reason
revise: reason
pull: reason
descope: reason
lead_withdraws: reason
close_call:
relaunch: reply_by recipients reason
offer: interest respond_by? alternates? explanation?
accept_offer: offer entry?
decline_offer: offer reason entry?
submit_costing:
confirm_funding: route approval?
commission: start_at_risk?
complete: plain_summary output publication
close: outcome reason wording? target? signposted_to? consent? answer? criteria?
ask: body
reply: body
hold: until reason
resume: reason?
reopen: reason
reassign: owner reason
retype: enquiry_type reason
split: question enquiry_type? reason
reframe: question prompted_by? heard? reason
redact: entry? section? question? file? reason
"""


def written() -> dict[str, set[str]]:
    return {
        event: set(names.split()) for event, _, names in (line.partition(":") for line in MEMBERS.strip().splitlines())
    }


def built(command: type[c.Command]) -> set[str]:
    return {
        name + ("" if field.is_required() else "?")
        for name, field in command.model_fields.items()
        if name not in {"event", "waivers"}
    }


def test_each_event_takes_the_members_of_the_contract() -> None:
    posted = {event: built(row.command) for event, row in ENQUIRY.transitions.items() if row.posted}

    assert posted == written()


def test_only_what_is_posted_can_be_named() -> None:
    mapping = ANY.json_schema()["discriminator"]["mapping"]
    of_a_project = ANY_OF_A_PROJECT.json_schema()["discriminator"]["mapping"]

    assert set(mapping) == {event for event, row in ENQUIRY.transitions.items() if row.posted}
    assert set(of_a_project) == set(PROJECT.transitions)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"event": "submit"},
        {"event": "split", "reason": "Two questions."},
        {"event": "accept", "colour": "red"},
        {"event": "pull"},
        {"event": "pull", "reason": " \n\t"},
        {"event": "pull", "reason": "a\x00b"},
        {"event": "pull", "reason": "\ud800"},
        {"event": "pull", "reason": "x" * 20_001},
        {"event": "agree", "version": 0, "hash": "abc"},
        {"event": "agree", "version": 2**31, "hash": "abc"},
        {"event": "redact", "reason": "A name.", "question": 10**30},
        {"event": "close", "outcome": "unknown", "reason": "-"},
        {"event": "confirm_funding", "route": "loan"},
        {"event": "close_call", "waivers": [{"guard": "not_on_hold"}]},
        {"event": "close_call", "waivers": [{"guard": "not_on_hold", "reason": ""}]},
        {"event": "commission", "start_at_risk": {"reason": "Term starts."}},
    ],
)
def test_what_is_not_a_command_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ANY.validate_python(asked)


def test_text_is_trimmed_and_otherwise_left_alone() -> None:
    read = ANY.validate_python({"event": "pull", "reason": "  Two\nlines, “quoted” & <b>bold</b> 😀 "})

    assert isinstance(read, c.Pull)
    assert read.reason == "Two\nlines, “quoted” & <b>bold</b> 😀"


def test_a_command_does_not_change() -> None:
    command = c.Pull(reason="The budget is in doubt.")

    with pytest.raises(ValidationError):
        command.reason = "Another."  # type: ignore[misc]
