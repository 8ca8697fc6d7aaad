"""Who is acting: the one shape in which every door hands its visitor to the rest of the house."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a principal may be. A service lead may do all that a manager may."""

    ENQUIRER = "enquirer"
    MANAGER = "manager"
    SERVICE_LEAD = "service_lead"
    UNIVERSITY = "university"
    LEAD_RESEARCHER = "lead_researcher"
    FUNDER = "funder"
    OPERATOR = "operator"
    SYSTEM = "system"
    PUBLIC = "public"


STAFF = frozenset({Role.MANAGER, Role.SERVICE_LEAD})


@dataclass(frozen=True, slots=True)
class Principal:
    """An actor as known to one request or tick.

    `person_id` is set for everyone who is a person; `organisation_id` binds universities (and people acting for
    one); `key_id` names the API key where one was shown.
    """

    role: Role
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    key_id: UUID | None = None
    name: str = ""

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF


SYSTEM = Principal(role=Role.SYSTEM, name="the service")
PUBLIC = Principal(role=Role.PUBLIC, name="a visitor")
