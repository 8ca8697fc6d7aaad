"""What pages and reports tell, part by part, all from the API's answers.

A section is a function from `Answers` to a `Section`, or to None where nothing of it may be told; a new one is one
function and one line here.
"""

from collections.abc import Callable, Sequence

from service.routers.figures.asking import Answers
from service.routers.figures.how_long import milestones, turns
from service.routers.figures.how_many import funnel, outcomes, submitted
from service.routers.figures.section import Section
from service.routers.figures.team import ageing, transitions
from service.routers.figures.who import demand, universities, who_asked
from service.routers.figures.worth import in_time, money, use

Telling = Callable[[Answers], Section | None]

PUBLIC: tuple[Telling, ...] = (
    submitted, outcomes, funnel, milestones, turns, in_time, use, money, who_asked, demand, universities,
)  # fmt: skip
"""What everybody may read, in this order."""
TEAM: tuple[Telling, ...] = (ageing, transitions)
"""What the team's own page has besides."""


def told(answers: Answers, which: Sequence[Telling]) -> list[Section]:
    """Return the sections of which something may be told."""
    return [section for telling in which if (section := telling(answers)) is not None]


def has_withheld(sections: Sequence[Section]) -> bool:
    """Tell whether anything in them is withheld, so that the word needs explaining."""
    return any(chart.is_withheld for section in sections for chart in section.charts) or any(
        "withheld" in sentence for section in sections for sentence in section.after
    )
