"""Somebody's own word, when a manager speaks for them: the entry of the conversation that is quoted."""

from datetime import datetime

from service.principals import STAFF, Principal, Role
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts, QuotedEntry
from service.workflows.verdicts import Guard

_ENQUIRER = frozenset({Role.ENQUIRER})
_RESEARCHERS = frozenset({Role.UNIVERSITY, Role.LEAD_RESEARCHER})


def _is_their_word(
    quoted: QuotedEntry | None, since: datetime | None, whose: str, authors: frozenset[Role]
) -> str | None:
    if quoted is None:
        return f"Quote the entry of the conversation in which {whose} said so (entry)."
    if quoted.author_role not in authors | STAFF:
        return f"The entry quoted was written by somebody else. Quote one in which {whose} said so (entry)."
    if quoted.direction != "in" or quoted.automatic or quoted.redacted:
        return f"The entry quoted is not from {whose}. Quote an inward one that is neither automatic nor redacted."
    if since is not None and quoted.occurred_at < since:
        return "The entry quoted is older than what was asked. Quote what they said after seeing it."
    return None


def why_not_their_word(quoted: QuotedEntry | None, since: datetime | None) -> str | None:
    """Return why an entry cannot be quoted as what the enquirer said after `since`, as a sentence; None when it can."""
    return _is_their_word(quoted, since, "the enquirer", _ENQUIRER)


def _quotes_enquirer(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if command is None or not actor.is_staff:
        return None
    since = None
    if isinstance(command, c.Agree | c.RequestChanges) and facts.brief:
        since = facts.brief.sent_at
    elif isinstance(command, c.AgreeCosts | c.AcceptDelivery) and facts.project:
        since = facts.project.costs_submitted_at if isinstance(command, c.AgreeCosts) else facts.project.delivered_at
    return why_not_their_word(around.quoted, since)


def _quotes_lead(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if command is None or not actor.is_staff or facts.offer is None:
        return None
    lapsed = facts.offer.respond_by < around.today
    if isinstance(command, c.DeclineOffer) and command.entry is None and lapsed:
        return None
    return _is_their_word(around.quoted, facts.offer.offered_at, "the researchers", _RESEARCHERS)


QUOTES_ENQUIRER = Guard("quotes_enquirer", _quotes_enquirer)
QUOTES_LEAD = Guard("quotes_lead", _quotes_lead)
