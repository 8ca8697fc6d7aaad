"""The first word: a question, and somebody to answer."""

from service.principals import Principal
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard


def _question_present(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    return None if facts.question.strip() else "There is no question yet. A rough one is fine."


def _name_present(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    return None if facts.enquirer_name.strip() else "We need a name to ask for."


def _reachable(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.enquirer_email or facts.enquirer_phone:
        return None
    return "Give an email address or a phone number, so that somebody can get back to you."


QUESTION_PRESENT = Guard("question_present", _question_present)
NAME_PRESENT = Guard("name_present", _name_present)
REACHABLE = Guard("reachable", _reachable)
