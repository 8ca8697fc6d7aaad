"""How many asked, what became of them, and how far they got."""

from collections.abc import Iterator, Sequence

from service.charts.bars import bars
from service.charts.chart import Chart, Row, percent
from service.charts.columns import Column, columns
from service.routers.figures import words
from service.routers.figures.asking import Answers
from service.routers.figures.section import ENQUIRIES, Section, counted
from service.routers.schemas.figures import GroupCell, ThroughputAnswer


def submitted(answers: Answers) -> Section:
    """How many asked, month by month, and whether they had asked before."""
    total = answers.throughput.total
    months = answers.throughput.groups
    charts = [_by_month(months)] if months else []
    sentences = []
    if total.submitted is not None:
        sentences.append(f"{words.count(total.submitted, 'enquiry was', 'enquiries were')} submitted.")
    if total.originating is not None and total.submitted and total.originating != total.submitted:
        split = total.submitted - total.originating
        sentences.append(f"{words.count(split, 'of them was', 'of them were')} split from another question.")
    if total.spam:
        sentences.append(f"{words.count(total.spam, 'more turned', 'more turned')} out not to be an enquiry at all.")
    if total.enquirers is not None:
        charts.append(counted("enquirers", "Whether the body that asked had asked before", total.enquirers.model_dump(), words.ENQUIRERS, "Body"))  # fmt: skip
    return Section("submitted", "How many asked", (" ".join(sentences),) if sentences else (), tuple(charts),
                   defined=("submitted", "enquirers"), group_by="month")  # fmt: skip


def _by_month(months: Sequence[GroupCell]) -> Chart:
    is_split = all(cell.open is not None for cell in months)
    parts = ("Decided", "Not finished") if is_split else ("Submitted",)
    return columns(
        "months",
        "Enquiries submitted, by month",
        [
            Column(
                words.month(cell.key),
                words.month(cell.key)[:3],
                cell.key[:4],
                (cell.decided, cell.open) if is_split else (cell.submitted,),
            )
            for cell in months
        ],
        parts,
        what="Month",
    )


def outcomes(answers: Answers) -> Section | None:
    """What became of them: finished or not, how they were closed, and the share that became a project."""
    total = answers.throughput.total
    if total.decided is None or total.open is None or total.commissioned is None or total.exits is None:
        return None
    stand = bars(
        "standing",
        "Where the enquiries of this period stand",
        [
            Row("Became a commissioned project", (total.commissioned,)),
            Row("Closed without a project", (total.decided - total.commissioned,)),
            Row("Not finished", (total.open,)),
        ],
        ENQUIRIES,
        what="Where they stand",
    )
    closed = bars(
        "exits",
        "How enquiries were closed",
        sorted(
            (Row(words.OUTCOMES[name], (count,)) for name, count in total.exits.items()), key=lambda row: -row.total
        ),
        ENQUIRIES,
        what="Outcome",
    )
    overlap = "A commissioned project is closed in the end as well, so these overlap with the projects above."
    sentences = tuple(_conversion(answers.throughput))
    return Section("outcomes", "What became of them", sentences, (stand, closed), (overlap,),
                   defined=("decided", "open", "commissioned", "conversion", "exits"))  # fmt: skip


def _conversion(answer: ThroughputAnswer) -> Iterator[str]:
    share = answer.total.conversion
    if share is None:
        return
    meaning = words.definition("conversion")
    if share.value is None:
        yield "Conversion cannot be told yet: nothing has been decided."
    else:
        yield (
            f"Conversion is {percent(share.value)}: of {words.count(share.denominator, 'enquiry', 'enquiries')} whose fate "
            f"is known, {share.numerator:,} became a commissioned project."
        )
    yield f"What conversion means ({meaning.id}): {meaning.text} {' '.join(meaning.rules)}"


def funnel(answers: Answers) -> Section | None:
    """How far they got, state by state."""
    stages = answers.funnel.total.stages
    if stages is None:
        return None
    chart = bars(
        "funnel",
        "How far enquiries got",
        [Row(words.STATES[stage.state], (stage.reached, stage.still_before, stage.closed_before)) for stage in stages],
        ("Got there", "May get there yet", "Closed before"),
        what="Stage",
    )
    sentence = "Each enquiry is counted once at every stage: it got there or past it, may still get there, or was closed before it."
    return Section("funnel", "How far they got", (sentence,), (chart,), defined=("funnel",), file="funnel")
