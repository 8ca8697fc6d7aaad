"""The machines as data, as clients read them."""

from typing import Any

from pydantic import ConfigDict, Field

from service.principals import Role
from service.routers.schemas.common import Shown
from service.states import EnquiryState, Outcome, WaitingOn


class GuardListed(Shown):
    """A guard by its code, and whether a reason may stand in for it."""

    code: str
    waivable: bool


class EventListed(Shown):
    """One event: where it may happen, where it leads (nowhere else, when `to` is empty), who may put it, and its body."""

    code: str
    label: str
    from_: list[str] = Field(alias="from")
    to: list[str]
    roles: list[Role]
    owner_only: bool
    posted: bool = Field(description="False for what the service fires itself.")
    guards: list[GuardListed]
    body: dict[str, Any] = Field(alias="schema", description="JSON Schema of what is posted.")


class StateListed(Shown):
    """One state of an enquiry."""

    code: EnquiryState
    label: str
    plain_label: str
    waiting_on: WaitingOn


class ProjectStateListed(Shown):
    """One state of a project."""

    code: str
    label: str


class OutcomeListed(Shown):
    """One way for an enquiry to end."""

    code: Outcome
    label: str
    from_: list[str] = Field(alias="from")
    roles: list[Role]


class ProjectMachine(Shown):
    """The project's machine."""

    states: list[ProjectStateListed]
    events: list[EventListed]


class WorkflowShown(Shown):
    """The enquiry's machine, its outcomes, and the project's machine."""

    model_config = ConfigDict(serialize_by_alias=True)

    states: list[StateListed]
    events: list[EventListed]
    outcomes: list[OutcomeListed]
    project: ProjectMachine
