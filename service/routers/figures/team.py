"""What only the team's own page has."""

from service.charts.bars import bars
from service.charts.chart import Row
from service.routers.figures import words
from service.routers.figures.asking import Answers
from service.routers.figures.section import Section

_MOST_MOVES = 25


def ageing(answers: Answers) -> Section | None:
    """What was still open, and how old it had become."""
    if answers.ageing is None or answers.ageing.total.states is None:
        return None
    states = answers.ageing.total.states
    chart = bars(
        "ageing",
        "Open enquiries and running projects, by stage",
        [
            Row(
                words.STATES[each.state], (each.open,), (each.on_hold, *(getattr(each.ages, age) for age in words.AGES))
            )
            for each in states
        ],
        ("Open",),
        what="Stage",
        beside=("On hold", *words.AGES.values()),
    )
    return Section("ageing", "How old what is open has become", (), (chart,), defined=("ageing",), file="ageing")


def transitions(answers: Answers) -> Section | None:
    """Which way enquiries went, the most frequent moves first."""
    if answers.transitions is None or not answers.transitions.total.transitions:
        return None
    moves = sorted(answers.transitions.total.transitions, key=lambda move: -move.count)
    chart = bars(
        "transitions",
        "How often each event led from one stage to another",
        [
            Row(f"{words.STATES.get(move.source, move.source)} to {words.STATES.get(move.target, move.target)} ({move.event.replace('_', ' ')})", (move.count,))
            for move in moves[:_MOST_MOVES]
        ],
        ("Times",),
        what="From, to (event)",
    )  # fmt: skip
    after = (f"The {_MOST_MOVES} most frequent of {len(moves)}; the file has all.",) if len(moves) > _MOST_MOVES else ()
    return Section(
        "transitions", "Which way they went", (), (chart,), after, defined=("transitions",), file="transitions"
    )
