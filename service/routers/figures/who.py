"""Who asked and for what, what could not be met, and what universities answered."""

from collections.abc import Mapping

from service import vocabulary
from service.charts.bars import bars
from service.charts.chart import Chart, Row
from service.routers.figures import words
from service.routers.figures.asking import WHO_ASKED, Answers
from service.routers.figures.section import Section, counted
from service.routers.schemas.figures import ThroughputAnswer
from service.throughput.groups import GroupBy
from service.working_time.wording import listed

_HOW_MANY = ("decided", "open", "commissioned")


def who_asked(answers: Answers) -> Section | None:
    """Who asked and for what, as far as it may be told."""
    tellings = [
        by_group(answers.groups[grouping], answers.names) for grouping in WHO_ASKED if grouping in answers.groups
    ]
    charts = tuple(chart for chart, _ in tellings if chart is not None)
    after = tuple(sentence for _, sentence in tellings if sentence)
    if not charts and not after:
        return None
    return Section("who-asked", "Who asked, and for what", (), charts, after, defined=("group_by", "suppression"), group_by="sector")  # fmt: skip


def by_group(answer: ThroughputAnswer, names: Mapping[str, str]) -> tuple[Chart | None, str]:
    """Return the chart of the groups of which something is told, and a sentence about the others."""
    grouping = answer.group_by
    if grouping is None:
        return None, ""
    what = words.GROUPINGS[grouping]
    shown = [cell for cell in answer.groups if cell.submitted is not None]
    hidden = [words.group(grouping, cell.key, names) for cell in answer.groups if cell.submitted is None]
    more = [name for name in _HOW_MANY if any(getattr(cell, name) is not None for cell in shown)]
    sentence = f"{what}, withheld: {listed(hidden)}." if hidden else ""
    if not shown:
        return None, f"{what}: all withheld." if hidden else ""
    chart = bars(
        f"by-{grouping.value.replace('_', '-')}",
        f"Enquiries by {what.lower()}",
        [
            Row(words.group(grouping, cell.key, names), (cell.submitted,), tuple(getattr(cell, name) for name in more))
            for cell in sorted(shown, key=lambda cell: -(cell.submitted or 0))
        ],
        ("Submitted",),
        what=what,
        beside=[name.capitalize() for name in more],
    )
    return chart, sentence


def demand(answers: Answers) -> Section | None:
    """What was wanted and could not be met, and which topics were asked about."""
    total, charts, after = answers.demand.total, [], []
    sentences = []
    if total.unmet is not None and total.reasons is not None:
        sentences.append(
            f"{words.count(total.unmet, 'enquiry was', 'enquiries were')} closed because what was wanted could not be met."
        )
        charts.append(counted("unmet", "Why it could not be met", total.reasons, words.UNMET, "Reason"))
    shown = [cell for cell in answers.demand.groups if cell.submitted is not None]
    hidden = [vocabulary.TOPICS.get(cell.key, cell.key) for cell in answers.demand.groups if cell.submitted is None]
    if shown:
        more = ("Unmet",) if any(cell.unmet is not None for cell in shown) else ()
        rows = [
            Row(vocabulary.TOPICS.get(cell.key, cell.key), (cell.submitted,), (cell.unmet,) if more else ())
            for cell in sorted(shown, key=lambda cell: -(cell.submitted or 0))
        ]
        charts.append(bars("topics", "Enquiries by topic", rows, ("Submitted",), what="Topic", beside=more))
        sentences.append("An enquiry may be about several topics, or none.")
    if hidden and (charts or not total.suppressed):
        after.append(f"Topics, withheld: {listed(hidden)}." if shown else "Topics: all withheld.")
    if not charts:
        return None
    return Section("demand", "What could not be met, and topics", (" ".join(sentences),), tuple(charts), tuple(after), defined=("demand",), file="demand")  # fmt: skip


def reach(answers: Answers) -> Section | None:
    """How many councils have been heard from, so far."""
    total, areas = answers.reach.total, answers.reach.groups
    if not total.on_register:
        return None
    rows = [
        Row(words.group(GroupBy.AREA, each.key, {}), (each.heard_from, each.never), (each.on_register,))
        for each in areas
        if each.on_register
    ]
    chart = bars(
        "reach", "Councils heard from, by area", rows, ("Have asked", "Never"), what="Area", beside=("In the register",)
    )
    sentence = (
        f"Of {words.count(total.on_register, 'council', 'councils')} in the service's register, {total.heard_from or 0:,} had asked by then and "
        f"{total.never or 0:,} never had. This tells everything so far, whatever the period."
    )
    return Section("reach", "Whom the service has reached", (sentence,), (chart,), defined=("reach",), file="reach")


def universities(answers: Answers) -> Section | None:
    """What universities answered to calls, all together."""
    total = answers.universities.total
    counts = {
        "Briefs sent to universities": total.called,
        "Briefs for which a team was offered": total.with_interest,
        "Briefs for which none was": total.without_interest,
        "Teams offered by universities": total.interests,
        "Offers of the work": total.offers,
        "Offers accepted": total.offers_accepted,
        "Offers declined": total.offers_declined,
    }
    if total.called is None or total.declines is None:
        return None
    answered = bars(
        "calls", "Calls and what came of them", [Row(name, (count,)) for name, count in counts.items()], ("Number",), what="What"
    )  # fmt: skip
    declines = counted("declines", "Why universities said no", total.declines, vocabulary.DECLINE_REASONS, "Reason", "Answers")  # fmt: skip
    sentence = "All universities together: no figure here is about one of them."
    return Section("universities", "What universities answered", (sentence,), (answered, declines), defined=("universities",), file="universities")  # fmt: skip
