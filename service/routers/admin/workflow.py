"""The machines: as data and as a drawing, from the tables that decide."""

from typing import Any

from fastapi import APIRouter, Response

from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.workflow import WorkflowShown
from service.workflows.diagram import as_data, as_mermaid

router = APIRouter(prefix="/api/v1", route_class=JsonRoute, tags=["workflow"])

_MERMAID: dict[int | str, dict[str, Any]] = {
    200: {"description": "The state diagram.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.get("/workflow", response_model=WorkflowShown, responses=PROBLEMS())
def show_workflow(call: ManagerCall) -> Response:
    """States, events with their guards and the JSON Schema of their bodies, and outcomes."""
    return call.look_up(lambda _: Answer(as_data()))


@router.get("/workflow.mmd", response_class=Response, responses=_MERMAID | PROBLEMS())
def draw_workflow(_call: ManagerCall) -> Response:
    """Both machines as one Mermaid diagram."""
    return Response(as_mermaid(), media_type="text/plain")
