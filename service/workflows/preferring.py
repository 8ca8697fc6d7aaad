"""The enquirer's preference among the teams that agreed to be shown: while it may be recorded, and on whose word."""

from datetime import datetime

from service.states import EnquiryState
from service.workflows.facts import EnquiryFacts, QuotedEntry
from service.workflows.guards.conversation import why_not_their_word

CHOOSING = frozenset({EnquiryState.OPEN_CALL, EnquiryState.SELECTING})


def why_no_preference(facts: EnquiryFacts) -> str | None:
    """Return the sentence that refuses any preference now, or None while one may be recorded."""
    if facts.state not in CHOOSING:
        return "The choice of researchers has been made, or has not begun. See where it stands below."
    if facts.offer is not None:
        return "An offer has been made to a team already. Send us a message if you think it is wrong."
    return None


def why_not_quoted(quoted: QuotedEntry | None, shown_since: datetime | None, said_since: datetime | None) -> str | None:
    """Return why a manager may not record a preference on the word of this entry; None when they may.

    `shown_since` is when the first team was there to be seen, `said_since` when the enquirer last said it themselves:
    what a manager heard before that no longer holds.
    """
    if quoted is not None and said_since is not None and quoted.occurred_at < said_since:
        return "The enquirer has said since, on their own page, what they prefer: that is what holds."
    return why_not_their_word(quoted, shown_since)
