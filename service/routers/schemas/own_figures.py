"""A university's own figures, as it reads them itself."""

from pydantic import Field

from service.routers.schemas.common import Shown
from service.routers.schemas.figures import Spread
from service.routers.schemas.team_figures import FurtherAnswer


class AnsweringShown(Spread):
    """Working days from a call to the first answer."""

    answered: int
    unanswered: int


class OwnProjectsShown(Shown):
    """Projects that came of these calls; on_time, late and no_date make up delivered."""

    commissioned: int
    delivered: int
    on_time: int = Field(description="Delivered by the day on which its costs say it ends.")
    late: int
    no_date: int


class OwnCell(Shown):
    """What you answered. with_interest, declined and unanswered make up calls."""

    calls: int = Field(description="Calls sent to you.")
    with_interest: int
    declined: int
    unanswered: int
    interests: int = Field(description="Teams offered; a call may have several.")
    late_interests: int
    declines: dict[str, int] = Field(description="Calls declined, by the last reason given.")
    offers: int = Field(description="Times the work was offered to one of your teams.")
    offers_accepted: int
    offers_declined: int
    time_to_answer: AnsweringShown
    projects: OwnProjectsShown
    suppressed: bool


class OthersCell(Shown):
    """The other universities, all together. What is withheld is null; `suppressed` where nothing is told."""

    universities: int | None
    calls: int | None
    with_interest: int | None
    offers_accepted: int | None = Field(description="Calls that led to an accepted offer.")
    median_days_to_answer: float | None
    suppressed: bool


class OwnAnswer(FurtherAnswer):
    """Your own figures, and the others' where they may be told."""

    total: OwnCell
    others: OthersCell
