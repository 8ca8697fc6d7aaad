"""Each section by itself: whether it is there, says enough, and says what a reader will look for in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.vocabulary import BRIEF_SECTIONS
from service.workflows.contact_details import find_contact_details
from service.workflows.guards.brief import KEY_SECTIONS
from service.workflows.readiness.advice import Advice
from service.workflows.writing import GUIDANCE
from service.working_time.wording import listed

_PLACEHOLDER = re.compile(
    r"(?:tb[acd]|to be (?:added|agreed|confirmed|decided|determined)|to follow|n/?a|not applicable|\?+|x+|\.+|-+|none yet|"
    r"(?:see|as) (?:above|below)|(?:i )?don.?t know(?: yet)?|not sure|unknown)[.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Looks:
    """How few words say too little, and what a longer text should hold (`lacks` says it does not)."""

    fewest_words: int = 3
    holds: re.Pattern[str] | None = None
    lacks: str = ""


def _beginning(words: str, *others: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join([*words.split(), *others])})", re.IGNORECASE)


_LOOKS = {
    "purpose": _Looks(
        fewest_words=6,
        holds=_beginning(
            "decid decis commission bid budget cabinet committee board polic strateg plan paper contract fund invest chang "
            "continu stop extend renew licen choos choice inform persuad design whether"
        ),
        lacks="It does not say what will be decided with the answer.",
    ),
    "questions": _Looks(fewest_words=5),
    "population_setting_place": _Looks(),
    "scope": _Looks(
        holds=_beginning(
            r"not\b no\b nor\b only\b exclud except outside without beyond limit", "rather than", r"\w+n['’]t\b"
        ),
        lacks="It does not say what is not wanted.",
    ),
    "known": _Looks(),
    "methods": _Looks(),
    "outputs_audiences": _Looks(),
    "timescale": _Looks(
        fewest_words=2,
        holds=_beginning(
            r"\d january february march april may\b june july august september october november december spring summer "
            "autumn winter easter christmas week month year term",
            r"no (?:fixed|set|particular) (?:date|deadline)",
        ),
        lacks="It names no date, and does not say that there is none.",
    ),
    "budget_procurement": _Looks(
        fewest_words=2,
        holds=_beginning(r"\d none\b nothing unfunded free\b student", "no (?:money|budget|funds|funding)", "in kind"),
        lacks="It names no sum, and does not say that there is none.",
    ),
    "data_access_time": _Looks(),
    "users": _Looks(),
}


def on_section(code: str, text: str) -> Iterator[Advice]:
    """Yield what is missing from one section."""
    looks, label, written = _LOOKS[code], BRIEF_SECTIONS[code], text.strip()
    prompt = GUIDANCE[code].write
    if not written:
        yield Advice(code, "needed" if code in KEY_SECTIONS else "advised", f"“{label}” is empty.", prompt)
    elif is_placeholder(written):
        yield Advice(code, "advised", f"“{label}” is still open.", prompt)
    elif len(written.split()) < looks.fewest_words:
        yield Advice(code, "advised", f"“{label}” is only a few words.", prompt)
    elif looks.holds is not None and looks.holds.search(written) is None:
        yield Advice(code, "advised", looks.lacks, prompt)
    if details := find_contact_details(written):
        message = f"“{label}” holds contact details: {listed(details)}."
        yield Advice(code, "needed", message, "Take them out: universities reach the enquirer through the service.")


def is_placeholder(text: str) -> bool:
    """Whether it only stands for something still to be written, such as "TBC"."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None
