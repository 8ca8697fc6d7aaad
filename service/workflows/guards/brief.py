"""The brief: what it must hold before it is sent, and which version is agreed."""

from service.principals import Principal
from service.states import BriefState
from service.vocabulary import BRIEF_SECTIONS
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard
from service.working_time.wording import listed

KEY_SECTIONS = ("purpose", "questions")
"""Without these two a brief says nothing that could be agreed."""


def _key_sections_filled(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    sections = facts.brief.sections if facts.brief else {}
    empty = [f"“{BRIEF_SECTIONS[code]}”" for code in KEY_SECTIONS if not sections.get(code, "").strip()]
    return f"Fill in {listed(empty)} first." if empty else None


def _organisation_shown_set(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.organisation_shown:
        return None
    return "Ask the enquirer what universities may be told about who is asking, and record it (organisation_shown)."


def _no_contact_details(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    found = facts.brief.personal_details if facts.brief else ()
    if not found:
        return None
    return f"Take the contact details out of the brief: {listed(found)}. Universities reach the enquirer through you."


def _draft_to_send(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.brief and facts.brief.state == BriefState.DRAFT:
        return None
    return "There is no draft of the brief to send. Save the brief first."


def _version_shown_is_current(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    brief = facts.brief
    if brief is None or brief.state != BriefState.SENT:
        return "No version of the brief is waiting to be agreed."
    if isinstance(command, c.Agree) and (command.version, command.hash) != (brief.number, brief.hash):
        return f"The brief has changed since that version was shown. Read version {brief.number} and agree to that one."
    return None


def _brief_awaits_answer(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.brief and facts.brief.state in {BriefState.SENT, BriefState.AGREED}:
        return None
    return "No version of the brief is with the enquirer."


KEY_SECTIONS_FILLED = Guard("key_sections_filled", _key_sections_filled)
ORGANISATION_SHOWN_SET = Guard("organisation_shown_set", _organisation_shown_set)
NO_CONTACT_DETAILS = Guard("no_contact_details", _no_contact_details)
DRAFT_TO_SEND = Guard("draft_to_send", _draft_to_send)
VERSION_SHOWN_IS_CURRENT = Guard("version_shown_is_current", _version_shown_is_current)
BRIEF_AWAITS_ANSWER = Guard("brief_awaits_answer", _brief_awaits_answer)
