"""The call: what is published, to whom and until when."""

from service.principals import Principal
from service.states import BriefState
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard
from service.working_time.wording import short_date

DEFAULT_REPLY_DAYS = 10
"""Working days a call stays open when the manager names no date."""
RAPID_REPLY_DAYS = 5
"""The same for rapid products."""


def _agreed_is_published(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.brief and facts.brief.state == BriefState.AGREED:
        return None
    return "The enquirer has not agreed this version of the brief. Send it for agreement, or record their yes."


def _new_version_agreed(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.brief and facts.brief.state == BriefState.AGREED and facts.brief.number != facts.published_version:
        return None
    return "There is no newly agreed version. Change the brief, send it, and let the enquirer agree it first."


def _recipients_are_partners(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if not isinstance(command, c.Publish | c.Relaunch):
        return None
    if not command.recipients:
        return "Choose at least one partner university to send it to."
    if strangers := set(command.recipients) - around.partners:
        return f"Not a partner university: {len(strangers)} of those named. Choose organisations marked as partners."
    return None


def _reply_by_ahead(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if not isinstance(command, c.Publish | c.Extend | c.Relaunch) or command.reply_by is None:
        return None
    return None if command.reply_by > around.today else "Give a reply-by date after today."


def _reply_by_extends(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Extend) and facts.call and command.reply_by <= facts.call.reply_by:
        return f"The call already runs to {short_date(facts.call.reply_by)}. Give a later date, or close it."
    return None


def _reply_by_long_enough(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if not isinstance(command, c.Publish) or command.reply_by is None:
        return None
    usual = RAPID_REPLY_DAYS if facts.rapid_product else DEFAULT_REPLY_DAYS
    # A date that nobody counted lies beyond the calendar, and is long enough.
    days = around.working_days_to.get(command.reply_by, usual)
    if days >= usual:
        return None
    return (
        f"A reply by {short_date(command.reply_by)} leaves universities {days} working days; {usual} are usual for this "
        "product. Choose a later date, or say why it must be short."
    )


def _route_explained(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Publish) and command.route != "open" and command.reason is None:
        return "Say why this does not go to an open call (reason)."
    return None


AGREED_IS_PUBLISHED = Guard("agreed_is_published", _agreed_is_published)
NEW_VERSION_AGREED = Guard("new_version_agreed", _new_version_agreed)
RECIPIENTS_ARE_PARTNERS = Guard("recipients_are_partners", _recipients_are_partners)
REPLY_BY_AHEAD = Guard("reply_by_ahead", _reply_by_ahead)
REPLY_BY_EXTENDS = Guard("reply_by_extends", _reply_by_extends)
REPLY_BY_LONG_ENOUGH = Guard("reply_by_long_enough", _reply_by_long_enough, waivable=True)
ROUTE_EXPLAINED = Guard("route_explained", _route_explained)
