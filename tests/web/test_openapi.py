"""The description at /openapi.json: valid, complete, and true to the code it is made from."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from service.errors import TITLES
from service.main import build
from service.settings import Settings
from service.vocabulary import BRIEF_SECTIONS, SECTORS, TOPICS
from service.workflows.machines import ENQUIRY, PROJECT
from tests.support.routes import routes_of

Described = dict[str, Any]

GIVE_SECRETS = {
    f"POST /api/v1/{path}"
    for path in ("api-keys", "api-keys/{key_id}/rotate", "webhooks", "webhooks/{webhook_id}/rotate")
}


@cache
def described() -> Described:
    app = build(Settings(secret_key="a secret for tests, long enough to sign with"))
    found: Described = app.openapi()
    return found


def operations() -> Iterator[tuple[str, Described]]:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def follow(schema: Described) -> Described:
    while "$ref" in schema:
        schema = described()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def problems_with(value: Any, schema: Described) -> list[str]:
    whole = {"components": described()["components"], **schema}
    return [error.message for error in OAS31Validator(whole).iter_errors(value)]


def test_it_is_valid_and_describes_every_route_under_the_base() -> None:
    validate(described())
    assert described()["openapi"].startswith("3.1")
    app = build(Settings(secret_key="a secret for tests, long enough to sign with"))
    served = {f"{method} {path}" for method, path in routes_of(app) if path.startswith("/api/v1/")}
    assert {name for name, _ in operations()} == served


def test_every_operation_says_what_it_does_and_may_answer() -> None:
    for name, operation in operations():
        assert operation["description"], name
        assert operation["tags"], name
        statuses = set(operation["responses"])
        assert statuses >= {"401", "403", "503"}, name
        assert any(status.startswith("2") for status in statuses), name
        if "{" in name:
            assert "404" in statuses, name
        if "requestBody" in operation:
            assert statuses >= {"400", "413", "422"}, name
    assert described()["security"] == [{"bearer": []}]
    assert described()["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_operations_have_short_names_of_their_own() -> None:
    names = Counter(operation["operationId"] for _, operation in operations())
    assert set(names.values()) == {1}
    assert not [name for name in names if "api_v1" in name]


def test_every_refusal_is_problem_details_with_its_types() -> None:
    told = set()
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                content = answer["content"]["application/problem+json"]
                assert content["schema"]["$ref"].endswith("/ProblemDocument"), name
                for slug, example in content["examples"].items():
                    assert example["value"]["title"] == TITLES[slug]
                    assert problems_with(example["value"], content["schema"]) == []
                    told.add(slug)
    assert told <= set(TITLES)


def test_every_json_body_and_answer_has_an_example_that_fits() -> None:
    wrong = []
    for name, operation in operations():
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for part in [operation.get("requestBody", {}), *answers]:
            content = part.get("content", {}).get("application/json")
            if content is None:
                continue
            examples = [content["example"]] if "example" in content else []
            examples += [example["value"] for example in content.get("examples", {}).values()]
            if not examples:
                wrong.append(f"{name} has none")
            for example in examples:
                wrong += [f"{name}: {message}" for message in problems_with(example, content["schema"])]
    for name, schema in described()["components"]["schemas"].items():
        for example in schema.get("examples", []):
            wrong += [f"{name}: {message}" for message in problems_with(example, schema)]
    assert wrong == []


def test_conditional_requests_and_repeats_are_told_by_their_headers() -> None:
    for name, operation in operations():
        headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
        assert ("If-Match" in headers) == ("428" in operation["responses"]), name
        if name.startswith("POST"):
            assert ("Idempotency-Key" in headers) == (name not in GIVE_SECRETS), name
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])) and "feed" not in name:
            assert "Link" in operation["responses"]["200"]["headers"], name
    conditional = {name for name, operation in operations() if "428" in operation["responses"]}
    assert conditional >= {
        "PATCH /api/v1/enquiries/{reference}",
        "POST /api/v1/enquiries/{reference}/events",
        "PUT /api/v1/enquiries/{reference}/brief",
    }


@pytest.mark.parametrize(
    ("path", "machine"),
    [("/api/v1/enquiries/{reference}/events", ENQUIRY), ("/api/v1/projects/{project_id}/events", PROJECT)],
)
def test_an_events_body_is_told_apart_by_its_code_and_every_posted_event_is_there(path: str, machine: Any) -> None:
    body = described()["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    union = follow(body)
    assert union["discriminator"]["propertyName"] == "event"
    posted = {row.event for row in machine.transitions.values() if row.posted}
    assert posted <= set(union["discriminator"]["mapping"])
    for event, ref in union["discriminator"]["mapping"].items():
        shape = follow({"$ref": ref})
        assert shape["properties"]["event"]["const"] == event
        assert shape["additionalProperties"] is False


def test_vocabularies_are_enums() -> None:
    facts = follow({"$ref": "#/components/schemas/EnquiryOnBehalf"})["properties"]
    assert facts["sector"]["anyOf"][0]["enum"] == list(SECTORS)
    assert facts["topics"]["anyOf"][0]["items"]["enum"] == list(TOPICS)
    sections = follow({"$ref": "#/components/schemas/BriefSent"})["properties"]["sections"]
    assert sections["propertyNames"]["enum"] == list(BRIEF_SECTIONS)
