"""What one request or tick carries with it: when it is, who acts, and the id its log lines share."""

from dataclasses import dataclass, replace
from datetime import datetime

from service.principals import SYSTEM, Principal


@dataclass(frozen=True, slots=True)
class Context:
    """Built once at a door and handed down; `now` is the business instant, aware and in UTC."""

    now: datetime
    actor: Principal = SYSTEM
    request_id: str = ""
    nation: str = "england_and_wales"
    """Whose working days count where no organisation says otherwise: the service's own."""

    def acting_as(self, actor: Principal) -> "Context":
        """Return the same moment with another actor."""
        return replace(self, actor=actor)
