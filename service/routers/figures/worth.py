"""What came of it: in time or not, used or not, and the money."""

from decimal import Decimal

from service import vocabulary
from service.charts.bars import bars
from service.charts.chart import Row
from service.routers.figures import words
from service.routers.figures.asking import Answers
from service.routers.figures.section import Section, counted
from service.routers.rendering import pounds


def in_time(answers: Answers) -> Section | None:
    """Whether something usable was there in time."""
    told_of = answers.throughput.total.in_time
    if told_of is None:
        return None
    chart = counted(
        "in-time", "Whether something usable was there in time", told_of.model_dump(), words.IN_TIME, "In time?"
    )
    sentence = "Usable means an answer, a signpost to somebody better placed, or delivered findings, by the day on which it was needed."
    return Section("in-time", "In time to be used", (sentence,), (chart,), defined=("in_time",))


def use(answers: Answers) -> Section | None:
    """What people said of the use of delivered findings."""
    told_of = answers.throughput.total.use
    if told_of is None:
        return None
    counts = told_of.model_dump()
    asked, answered = counts.pop("asked"), counts.pop("answered")
    sentence = (
        f"Findings were delivered for {words.count(asked, 'enquiry', 'enquiries')}; of {answered:,} somebody has said whether they "
        "were used. People are first asked 60 working days after delivery."
    )
    chart = counted("use", "Whether delivered findings were used", counts, words.USE, "Use")
    return Section("use", "Whether it was used", (sentence,), (chart,), defined=("use",))


def money(answers: Answers) -> Section | None:
    """The money and the help in kind that was confirmed, by source."""
    told_of = answers.throughput.total.money
    if told_of is None:
        return None
    rows = [
        Row(
            f"{vocabulary.MONEY_KINDS[kind]}, {words.SOURCES[source]}",
            (float(getattr(by_source, source).amount),),
        )
        for kind, by_source in told_of.items()
        for source in words.SOURCES
    ]
    chart = bars("money", "Confirmed for projects that began", rows, ("Pounds",), what="Source", say=_pounds)
    return Section("money", "Money and help in kind", (), (chart,), defined=("money",))


def _pounds(value: float) -> str:
    return pounds(Decimal(f"{value:.2f}"))
