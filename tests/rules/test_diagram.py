"""The machines drawn and told: nothing of the tables is missing, and what is told can be used."""

import json
import re

import jsonschema
import pytest

from service.principals import Role
from service.states import ENQUIRY_STATES, OPEN_STATES, PROJECT_STATES, EnquiryState, Outcome
from service.workflows.diagram import as_data, as_markdown, as_mermaid
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine
from tests.support.rules import COMMANDS, PROJECT_COMMANDS

ARROW = re.compile(r"^ *(\S+) --> (\S+?)(?:: (.+))?$", re.MULTILINE)


def arrows(diagram: str) -> set[tuple[str, str, str]]:
    """(from, to, label), one for each label on an arrow."""
    return {
        (source, target, label) for source, target, labels in ARROW.findall(diagram) for label in labels.split(" · ")
    }


def expected_arrows(machine: Machine) -> set[tuple[str, str, str]]:
    expected: set[tuple[str, str, str]] = {("[*]", "draft" if machine is ENQUIRY else "planned", "")}
    for row in machine.transitions.values():
        for source in row.sources:
            for target in row.leads_to(source):
                anywhere = row.sources >= OPEN_STATES and source in OPEN_STATES
                begins: str = "any_open" if anywhere else source
                ends: str = "any_open" if row.event == "reopen" else target
                if not anywhere or target == EnquiryState.CLOSED:
                    expected.add((begins, ends, row.label))
    return expected


@pytest.mark.parametrize("machine", [ENQUIRY, PROJECT], ids=["enquiry", "project"])
def test_every_transition_is_drawn_and_nothing_else(machine: Machine) -> None:
    assert arrows(as_mermaid(machine)) == expected_arrows(machine)


def test_what_may_happen_anywhere_stands_in_the_note() -> None:
    note = as_mermaid(ENQUIRY).partition("note right of any_open\n")[2].partition("end note")[0]

    assert [line.strip() for line in note.strip().splitlines()] == [
        "Ask the enquirer", "Reply", "Put on hold", "Resume", "Change the owner", "Change the type",
        "Split off a question", "Reframe the question", "Redact",
    ]  # fmt: skip


def test_every_state_is_drawn_with_its_label() -> None:
    both = as_mermaid()

    for state, words in ENQUIRY_STATES.items():
        assert f'    state "{words.label}" as {state}\n' in both
    for project_state, label in PROJECT_STATES.items():
        assert f'    state "{label}" as {project_state}\n' in both


def test_one_document_holds_both_machines() -> None:
    both = as_mermaid()

    assert both.startswith("stateDiagram-v2\n")
    assert arrows(both) == arrows(as_mermaid(ENQUIRY)) | arrows(as_mermaid(PROJECT))
    assert both.count("{\n") == both.count("    }\n") == 2
    assert as_markdown() == f"```mermaid\n{both}```\n"


def test_the_machines_are_told_as_json() -> None:
    told = json.loads(json.dumps(as_data()))

    assert [state["code"] for state in told["states"]] == [*ENQUIRY_STATES]
    assert set(told["states"][0]) == {"code", "label", "plain_label", "waiting_on"}
    assert [state["code"] for state in told["project"]["states"]] == [*PROJECT_STATES]
    assert [event["code"] for event in told["events"]] == [*ENQUIRY.transitions]
    assert [event["code"] for event in told["project"]["events"]] == [*PROJECT.transitions]
    assert {outcome["code"] for outcome in told["outcomes"]} == set(Outcome)
    for event in (*told["events"], *told["project"]["events"]):
        assert set(event) == {"code", "label", "from", "to", "roles", "owner_only", "posted", "guards", "schema"}
        assert set(event["roles"]) <= set(Role)


def test_an_event_is_told_with_all_that_is_known_about_it() -> None:
    offer = next(event for event in as_data()["events"] if event["code"] == "offer")
    send = next(event for event in as_data()["events"] if event["code"] == "send_for_agreement")

    assert offer["from"] == ["selecting"]
    assert offer["to"] == []
    assert offer["roles"] == ["manager", "service_lead"]
    assert {"code": "joint_meeting_logged", "waivable": True} in offer["guards"]
    assert {"code": "interest_stands", "waivable": False} in offer["guards"]
    assert send["to"] == ["sign_off", "open_call"]
    assert send["owner_only"] is True


def test_what_the_schema_allows_is_what_is_accepted() -> None:
    told = as_data()
    pairs = [(event, COMMANDS) for event in told["events"]]
    pairs += [(event, PROJECT_COMMANDS) for event in told["project"]["events"]]
    for event, commands in pairs:
        jsonschema.Draft202012Validator.check_schema(event["schema"])
        jsonschema.validate(json.loads(commands[event["code"]].model_dump_json()), event["schema"])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"event": event["code"], "colour": "red"}, event["schema"])
