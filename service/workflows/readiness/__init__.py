"""Readiness: what would make a brief clearer before it goes out. It advises; only the guards of sending refuse.

The rules are those of DOMAIN.md section 4: each missing or weak section, jargon with a plain alternative, a question
without population or outcome, a date or budget that the wanted product cannot meet. One is ours: a name that the
enquirer asked us to keep back.
"""

from collections.abc import Mapping

from service.vocabulary import BRIEF_SECTIONS
from service.workflows.readiness.advice import Advice, Circumstances, Level
from service.workflows.readiness.fit import on_money, on_time
from service.workflows.readiness.names import on_names
from service.workflows.readiness.questions import on_questions
from service.workflows.readiness.sections import on_section
from service.workflows.readiness.words import on_words

__all__ = ["Advice", "Circumstances", "Level", "advise"]


def advise(sections: Mapping[str, str], known: Circumstances) -> tuple[Advice, ...]:
    """Return advice on a brief's sections (text by code) in their order, then on the enquiry; none when it is ready."""
    found = [advice for code in BRIEF_SECTIONS for advice in on_section(code, sections.get(code, ""))]
    found += [*on_names(sections, known), *on_questions(sections, known), *on_words(sections, known)]
    found += [*on_time(known), *on_money(known)]
    order = list(BRIEF_SECTIONS)
    found.sort(key=lambda advice: order.index(advice.section) if advice.section else len(order))
    if not known.organisation_shown:
        message = "The enquirer has not said what universities may be told about who is asking."
        found.append(Advice(None, "needed", message, "Ask them, and record it (organisation_shown)."))
    return tuple(found)
