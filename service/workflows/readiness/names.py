"""The names that universities are not to know (yet): a brief that tells them breaks what the enquirer chose."""

import re
from collections.abc import Iterator, Mapping

from service.vocabulary import BRIEF_SECTIONS
from service.workflows.readiness.advice import Advice, Circumstances

_SHORTEST = 4
"""A shorter name is as often a word."""


def on_names(sections: Mapping[str, str], known: Circumstances) -> Iterator[Advice]:
    """Yield each section in which a name stands that is kept back."""
    names = {" ".join(name.split()).casefold(): name for name in known.kept_back}
    for code in BRIEF_SECTIONS:
        for name in names.values():
            if len(name.strip()) >= _SHORTEST and _stands(name, sections.get(code, "")):
                yield Advice(
                    code,
                    "advised",
                    f"“{name}” stands here, and universities are not to be told that name now.",
                    "Say it in other words, or ask the enquirer whether it may be told.",
                )


def _stands(name: str, text: str) -> bool:
    spelt = r"\s+".join(re.escape(part) for part in name.split())
    return re.search(rf"(?<!\w){spelt}(?!\w)", text, re.IGNORECASE) is not None
