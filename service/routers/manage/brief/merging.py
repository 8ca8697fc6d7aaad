"""A stale form of the brief laid over what stands now, section by section, so that neither writer undoes the other."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.routers.forms import Posted
from service.vocabulary import BRIEF_SECTIONS

WAS = "was-"
"""Before a section's code: the field that tells its text by a digest, as the form was filled."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A form laid over what stands now: what each box holds, and by section what somebody else wrote meanwhile."""

    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    """Their text, to be read above the box; empty where the box holds it."""


def merged_with(posted: Posted, standing: Mapping[str, str]) -> Merged:
    """Return the form over what stands now. A section that only the other one changed takes their text, so that sending
    the form again undoes nothing of theirs; one that both changed keeps what was typed."""
    found = Merged()
    for code, label in BRIEF_SECTIONS.items():
        mine, now, was = posted.prose(code), plain(standing.get(code, "")), posted.line(WAS + code)
        if code not in posted or digest(mine) == was:
            found.texts[code] = now
            if code in posted and mine != now:
                found.theirs[code] = ""
            continue
        found.texts[code] = mine
        if mine != now and digest(now) != was:
            found.theirs[code] = now
            found.errors[code] = f"“{label}”: somebody else changed it too. Their text stands above yours."
    return found


def digest(text: str) -> str:
    """Return what tells a section's text apart from another, to be sent back with the form."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def plain(text: str) -> str:
    """Return a text as a form sends it back."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
