"""The two doors of every figure: its answer as JSON, and the same as CSV beside it (API.md section 4)."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Generic, Literal, ParamSpec, TypeVar

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.routers.calls import Call
from service.routers.conditional import NOT_MODIFIED, tagged
from service.routers.csv_answers import CsvResponse, csv_text, prefers_csv
from service.routers.figure_rows import Table
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS

Asking = ParamSpec("Asking")
"""What an answer is asked by beside the call: a question, a grouping, or nothing."""
Told = TypeVar("Told", bound=BaseModel)

_CSV_RESPONSES: dict[int | str, dict[str, Any]] = {**NOT_MODIFIED, **PROBLEMS()}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    **_CSV_RESPONSES,
}


class Figure(Generic[Asking, Told]):
    """An answer that is called as the function it was declared with, and that is written in two ways, each with its tag."""

    def __init__(self, answer: Callable[Concatenate[Call, Asking], Told], table: Table) -> None:
        self._answer = answer
        self._table = table

    def __call__(self, call: Call, *asked: Asking.args, **named: Asking.kwargs) -> Told:
        return self._answer(call, *asked, **named)

    def show(self, call: Call, *asked: Asking.args, **named: Asking.kwargs) -> Response:
        """Return it as JSON, or as CSV where Accept asks for that."""
        if prefers_csv(call.request.headers.get("accept")):
            return self.export(call, *asked, **named)
        told = json.dumps(self._plain(call, *asked, **named), ensure_ascii=False, separators=(",", ":"))
        return tagged(call.request, told, "application/json")

    def export(self, call: Call, *asked: Asking.args, **named: Asking.kwargs) -> Response:
        """Return it as CSV."""
        rows = self._table.rows(self._plain(call, *asked, **named))
        return tagged(call.request, csv_text(self._table.columns, rows), CsvResponse.media_type)

    def _plain(self, call: Call, *asked: Asking.args, **named: Asking.kwargs) -> dict[str, Any]:
        return self._answer(call, *asked, **named).model_dump(mode="json", by_alias=True)


class FigureRouter(APIRouter):
    """The figures of one file. What `figure` decorates is declared as any handler is, and returns its answer's model."""

    def __init__(self) -> None:
        super().__init__(prefix="/api/v1/metrics", route_class=JsonRoute, tags=["figures"])

    def figure(
        self, path: str, table: Table, *, verb: Literal["show", "list"] = "show"
    ) -> Callable[[Callable[Concatenate[Call, Asking], Told]], Figure[Asking, Told]]:
        """Return what adds two doors for an answer: GET `path`, which its docstring describes, and `path` + ".csv".

        They are known as show_ and export_ with the last part of the path. The answer's first parameter is its `call`,
        which says who may come in.
        """
        name = path.rpartition("/")[2]

        def add(answer: Callable[Concatenate[Call, Asking], Told]) -> Figure[Asking, Told]:
            made = Figure(answer, table)
            self.add_api_route(path, _asked_as(answer, made.show), name=f"{verb}_{name}", responses=_RESPONSES)
            self.add_api_route(
                path + ".csv",
                _asked_as(answer, made.export),
                name=f"export_{name}",
                description=f"The same, one {table.row} a row.",
                response_model=None,
                response_class=CsvResponse,
                responses=_CSV_RESPONSES,
            )
            return made

        return add


def _asked_as(answer: Callable[..., BaseModel], respond: Callable[..., Response]) -> Callable[..., Response]:
    """Return a handler that FastAPI asks for what `answer` asks for, and describes as that."""

    @wraps(answer)
    def handle(**asked: object) -> Response:
        return respond(**asked)

    return handle
