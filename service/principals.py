"""Who is acting: the one shape in which every door hands its visitor to the rest of the house."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self
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


class Member(Protocol):
    """Somebody who may be of the team, as they are recorded."""

    @property
    def email(self) -> str | None: ...
    @property
    def staff_role(self) -> str | None: ...
    @property
    def named_as(self) -> str | None: ...


class Names(Protocol):
    """The settings that say who signs in as staff, and how."""

    @property
    def staff_emails(self) -> tuple[str, ...]: ...
    @property
    def lead_emails(self) -> tuple[str, ...]: ...
    @property
    def staff_sign_in(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Staff:
    """Whose addresses sign in as staff, from the settings; in lower case."""

    managers: Collection[str] = ()
    leads: Collection[str] = ()
    by_link: bool = True
    """Emailed links let staff in; where not, only an account at the provider does."""

    @classmethod
    def named_in(cls, settings: Names) -> Self:
        """Return whom the settings name."""
        return cls(settings.staff_emails, settings.lead_emails, by_link=settings.staff_sign_in != "oidc")

    def role_of(self, email: str | None) -> str | None:
        """Return the staff role of an address: the higher one where both lists name it, None where neither does."""
        if email is None:
            return None
        if email.lower() in self.leads:
            return Role.SERVICE_LEAD.value
        return Role.MANAGER.value if email.lower() in self.managers else None

    def may_have_link(self, email: str | None) -> bool:
        """Tell whether a link may be mailed to, and spent for, an address: to staff only where links let them in."""
        return self.by_link or self.role_of(email) is None

    def covers(self, member: Member | None, role: str) -> bool:
        """Tell whether somebody has this staff role now, or a higher one: the rule by which keys of the team live.

        What the settings gave the settings take: whom they named once is of the team while they name them, and a lead
        while they name a lead, where it was they who made them one. Of everybody else the records tell.
        """
        if member is None:
            return False
        now = self.role_of(member.email)
        if member.named_as is not None and now is None:
            return False
        held = {now} if member.named_as == Role.SERVICE_LEAD.value else {now, member.staff_role}
        return not held.isdisjoint({role, Role.SERVICE_LEAD.value})

    def has_left(self, member: Member) -> bool:
        """Tell whether somebody is not of the team any more.

        False for whom the settings named once, where these name nobody: a program that was started without them cannot tell.
        """
        is_told = bool(self.managers or self.leads)
        return (is_told or member.named_as is None) and not self.covers(member, Role.MANAGER.value)


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
