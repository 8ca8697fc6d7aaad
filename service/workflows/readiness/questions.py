"""The questions: whether each says whom it is about, and what should come of it."""

import re
from collections.abc import Iterator, Mapping

from service.workflows.readiness.advice import Advice, Circumstances
from service.workflows.readiness.sections import is_placeholder

_PEOPLE = re.compile(
    r"\b(?:people|person|resident|child|young|youth|teenager|adolescent|bab(?:y\b|ies)|infant|toddler|pupil|student|"
    r"learner|adult|older|elder|pensioner|famil|parent|mother|father|carer|wom[ae]n|m[ae]n\b|girl|boy|patient|users?\b|"
    r"client|customer|tenant|household|homeless|workers?\b|staff|employee|employer|unemployed|claimant|driver|cyclist|"
    r"pedestrian|smoker|drinker|victim|offender|prisoner|refugee|migrant|asylum|veteran|communit|neighbourhood|population|"
    r"citizen|everyone|anyone|those who|aged\b|under \d|over \d|leavers?\b|practitioner|nurse|teacher|councillor)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:reduc|increas|improv|prevent|lower|rais(?:e|ing)|cut\b|cuts\b|lead to|result|outcome|effect|impact|affect|"
    r"benefit|harm|chang|differen|works?\b|worked\b|help|protect|sav(?:e|ing)|cost|rates?\b|risk|uptake|attend|admission|"
    r"visit|mortality|death|surviv|well-?being|quality of life|satisf|attain|ready|readiness|participat|adher|complet|"
    r"recover|relapse|fewer|more\b|less\b|better|worse|safe|healthier|activit|weight|success|barrier|experience|need|"
    r"want|prefer|believe|why\b|value|how (?:many|much|often|long))",
    re.IGNORECASE,
)


def on_questions(sections: Mapping[str, str], known: Circumstances) -> Iterator[Advice]:
    """Yield what a question lacks. People named in the section on population, or in the enquiry, count for all."""
    asked = _asked(sections.get("questions", ""))
    told_elsewhere = bool(known.population) or bool(_PEOPLE.search(sections.get("population_setting_place", "")))
    for number, question in enumerate(asked, start=1):
        which = "The question" if len(asked) == 1 else f"Question {number}"
        if not told_elsewhere and not _PEOPLE.search(question):
            yield Advice(
                "questions",
                "advised",
                f"{which} does not say whom it is about.",
                "Name them: for example children aged 0 to 3, or tenants in cold homes.",
            )
        if not _OUTCOME.search(question):
            yield Advice(
                "questions",
                "advised",
                f"{which} does not say what should come of it.",
                "Name what would be different: for example fewer visits to A&E, or more children ready for school.",
            )


def _asked(text: str) -> list[str]:
    """Each question in the text; the whole text where nothing ends with a question mark."""
    written = text.strip()
    if not written or is_placeholder(written):
        return []
    asked = [part.strip() for part in re.findall(r"[^?\n]+\?", written)]
    return [question for question in asked if len(question.split()) > 1] or [written]
