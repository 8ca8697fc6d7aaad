"""The team's own work, for the team alone: who comes, the time it takes, reminders, briefs, and what products took here."""

from collections.abc import Mapping

from service import vocabulary
from service.charts.bars import bars
from service.charts.chart import Row, number, percent
from service.charts.columns import Column, columns
from service.charts.ranges import Range, ranges
from service.routers.figures import words
from service.routers.figures.asking import Answers
from service.routers.figures.section import Section, counted
from service.routers.manage import telling
from service.throughput.groups import GroupBy
from service.working_time.wording import listed

_MOST_NAMES = 60
_ASKERS: Mapping[str, str] = {
    "public_health": "Public health departments of councils",
    "other_department": "Other departments of councils",
    "other_bodies": "Other bodies",
    "not_known": "Not known",
}
_AGAIN: Mapping[str, str] = {
    "first_time": "For the first time", "returning": "Had asked before", "body_not_known": "No body is known"
}  # fmt: skip
_FATES: Mapping[str, str] = {
    "met_before_due": "Met before the day",
    "sent_on_time": "Sent on its day",
    "sent_as_put_off": "Sent on the day it was put off to",
    "sent_late": "Sent late",
    "stopped_once_due": "Ended on the day or after",
    "replaced": "Gave way to a newer one",
    "not_sendable": "Nobody to write to",
    "cancelled": "Ended by a manager",
}
_SECTIONS: Mapping[str, str] = vocabulary.BRIEF_SECTIONS | {"enquiry": "The enquiry's own facts"}
_STATES: Mapping[str, str] = {**words.STATES, "not_noted": "Not noted"}


def councils(answers: Answers) -> Section | None:
    """Which councils have never been heard from."""
    if answers.team is None or not answers.team.councils.items:
        return None
    never = answers.team.councils.items
    named = listed([each.name for each in never[:_MOST_NAMES]])
    more = f" The file has all {len(never):,}." if len(never) > _MOST_NAMES else ""
    sentence = f"{words.count(len(never), 'council of the register has', 'councils of the register have')} never asked: {named}.{more}"
    return Section(
        "councils",
        "Councils never heard from, by name",
        (sentence,),
        defined=("reach",),
        file="councils",
        for_the_team=True,
    )


def access(answers: Answers) -> Section | None:
    """From which departments and areas enquiries come."""
    if answers.team is None or not answers.team.access.total.submitted:
        return None
    total, areas = answers.team.access.total, answers.team.access.groups
    rows = [
        Row(words.group(GroupBy.AREA, each.key, {}), (each.submitted,), (each.bodies, each.public_health, each.other_department, each.first_time))
        for each in sorted(areas, key=lambda each: -each.submitted)
        if each.submitted
    ]  # fmt: skip
    charts = (
        counted("departments", "Who asked, by department", total.model_dump(), _ASKERS, "From"),
        counted("again", "Whether they had asked before", total.model_dump(), _AGAIN, "Asked"),
        bars("access-areas", "Where enquiries came from", rows, ("Enquiries",), what="Area",
             beside=("Bodies", "Public health", "Other departments", "First time")),
    )  # fmt: skip
    sentence = f"{words.count(total.bodies, 'body', 'different bodies')} asked."
    return Section("access", "Fair access", (sentence,), charts, defined=("access",), file="access", for_the_team=True)


def brokerage(answers: Answers) -> Section | None:
    """The time that was logged."""
    if answers.team is None or not answers.team.brokerage.total.entries:
        return None
    total, months = answers.team.brokerage.total, answers.team.brokerage.groups
    each = total.per_enquiry
    sentence = (
        f"{number(total.minutes)} minutes were logged on {words.count(total.enquiries, 'enquiry', 'enquiries')}: half of them took "
        f"up to {number(each.median or 0)} minutes, nine in ten up to {number(each.p90 or 0)}. Time that nobody logged is nowhere here."
    )
    by_state = {state: minutes for state, minutes in total.by_state.items() if minutes}
    charts = (
        counted("minutes", "Minutes of brokerage, by stage", by_state, _STATES, "Stage", "Minutes"),
        columns(
            "minutes-months", "Minutes of brokerage, by month",
            [Column(words.month(cell.key), words.month(cell.key)[:3], cell.key[:4], (cell.minutes,)) for cell in months],
            ("Minutes",), what="Month",
        ),
    )  # fmt: skip
    return Section("brokerage", "The time it took the team", (sentence,), charts, defined=("brokerage",), file="brokerage", for_the_team=True)  # fmt: skip


def reminders(answers: Answers) -> Section | None:
    """What became of reminders."""
    if answers.team is None or not answers.team.reminders.total.settled:
        return None
    total, rules = answers.team.reminders.total, answers.team.reminders.groups
    met = (
        "None of them is judged." if total.met is None else f"Of those that are judged, {percent(total.met)} were met."
    )
    by_rule = [
        Row(telling.RULES.get(each.key, each.key), (each.settled,), tuple(each.fates[fate] for fate in ("met_before_due", "sent_on_time", "sent_late")))
        for each in sorted(rules, key=lambda each: -each.settled)
        if each.settled
    ]  # fmt: skip
    charts = (
        counted("fates", "What became of reminders", total.fates, _FATES, "Fate", "Reminders"),
        bars("reminder-rules", "Reminders, by rule", by_rule, ("Settled",), what="Rule", beside=("Met before", "On its day", "Late")),
    )  # fmt: skip
    return Section("reminders", "Reminders met", (f"{words.count(total.settled, 'reminder was', 'reminders were')} settled. {met}",),
                   charts, defined=("reminders",), file="reminders", for_the_team=True)  # fmt: skip


def readiness(answers: Answers) -> Section | None:
    """How ready briefs were when they went out."""
    if answers.team is None or not answers.team.readiness.total.published:
        return None
    total = answers.team.readiness.total
    sentence = (
        f"{words.count(total.published, 'brief was', 'briefs were')} published: {total.ready:,} with nothing left to advise, "
        f"{total.advised:,} with something"
        + (f", {total.not_noted:,} before it was noted." if total.not_noted else ".")
    )
    advised = {section: briefs for section, briefs in total.sections.items() if briefs}
    charts = (counted("advised", "What readiness still advised on", advised, _SECTIONS, "Section", "Briefs"),) if advised else ()  # fmt: skip
    return Section(
        "readiness",
        "How ready briefs were",
        (sentence,),
        charts,
        defined=("readiness",),
        file="readiness",
        for_the_team=True,
    )


def products(answers: Answers) -> Section | None:
    """What each product took here, beside what it takes by default."""
    if answers.team is None:
        return None
    begun = [each for each in answers.team.products.items if each.delivered or each.unfinished or each.stopped]
    if not begun:
        return None
    told = [
        Range(
            each.label, each.median, each.p75, each.p90,
            (_days(each.typical), *map(number, (each.delivered, each.unfinished, each.stopped))),
            note=f"{each.delivered:,} delivered", is_withheld=each.suppressed,
        )
        for each in begun
    ]  # fmt: skip
    chart = ranges("products", "Working days from start to delivery", told, what="Product", unit="working days", got="were delivered",
                   beside=("Usually, by default", "Delivered", "Running", "Stopped"))  # fmt: skip
    least = answers.team.products.definition.suppression_threshold
    sentence = f"A product of which fewer than {least} projects were delivered tells nothing yet."
    return Section(
        "products",
        "What products took here",
        (sentence,),
        (chart,),
        defined=("products",),
        file="products",
        for_the_team=True,
    )


def _days(value: int | None) -> str:
    return "not known" if value is None else number(value)
