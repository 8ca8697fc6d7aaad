"""The contract tried by property: whatever is sent, no fault and no answer that the description does not have.

Requests are generated from the description, well formed and not, at the ids of a scene where everything is there, with
the keys of three roles. The draws are the same in every run; CONTRACT_DRAWS in the environment asks for more of them.
"""

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from tests.support.doors import house
from tests.support.scene import Scene, set_scene

pytestmark = pytest.mark.no_cover  # it asks thousands of times what others ask once

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LET_IN, KEPT_OUT = int(os.environ.get("CONTRACT_DRAWS", "8")), 1
"""Requests for each operation, well formed and malformed alike: to those it is for, and to those it is not."""
_CALLERS = {"manager": "manager", "university": "own university", "funder": "funder"}


@pytest.fixture
def scene(sqlite_url: str) -> Iterator[Scene]:
    with house(sqlite_url) as opened:
        yield set_scene(opened)


@pytest.mark.parametrize("role", sorted(_CALLERS))
def test_no_fault_and_nothing_undocumented(scene: Scene, role: str) -> None:
    client = scene.callers[_CALLERS[role]]
    assert client is not None
    key = {"Authorization": client.headers["Authorization"]}
    schema = schemathesis.openapi.from_asgi("/openapi.json", scene.opened.app)
    found: list[str] = []
    asked: set[int] = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            turns = count()

            def ask(case: Any) -> None:
                _aim(case, scene, next(turns))  # noqa: B023 - run within this turn of the loop
                try:
                    answer = case.call(headers=key)
                    asked.add(answer.status_code)
                    case.validate_response(answer, checks=CHECKS)
                except (Exception, FailureGroup) as problem:  # noqa: BLE001 - a fault in the app comes out here as itself
                    found.append(f"{operation.label}: {_told(problem)}\n    {case.as_curl_command()[:800]}")  # noqa: B023

            let_in = client.request(operation.method.upper(), scene.path(operation.path)).status_code != 403
            _try(operation, mode, ask, LET_IN if let_in else KEPT_OUT)
    assert found == [], "\n".join(found)
    assert asked >= ({200, 403, 422} if role == "funder" else {200, 201, 403, 404, 409, 422})


def _try(operation: Any, mode: GenerationMode, ask: Any, examples: int) -> None:
    asked: Any = given(operation.as_strategy(generation_mode=mode))(ask)  # type: ignore[no-untyped-call]  # it has none
    tried: Any = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(asked)
    tried()


def _aim(case: Any, scene: Scene, turn: int) -> None:
    """Name what is there three times out of four, and mind the version as often: otherwise nothing deep is reached."""
    if turn % 4:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = scene.own[name]
        if "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = "*"


def _told(problem: BaseException) -> str:
    reasons = problem.exceptions if isinstance(problem, FailureGroup) else (problem,)
    return "; ".join(f"{type(one).__name__}: {one}".replace("\n", " ")[:600] for one in reasons)
