"""The words: those that one side of the table misreads, each pointed at once."""

from collections.abc import Iterator, Mapping

from service.vocabulary import BRIEF_SECTIONS
from service.workflows.jargon import find_jargon
from service.workflows.readiness.advice import Advice, Circumstances


def on_words(sections: Mapping[str, str], known: Circumstances) -> Iterator[Advice]:
    """Yield each word of jargon at the first section in which it stands."""
    seen: set[str] = set()
    for code in BRIEF_SECTIONS:
        for term in find_jargon(sections.get(code, ""), known.terms):
            if term.word not in seen:
                seen.add(term.word)
                message = f"“{term.word}” may be read otherwise, or not at all, by {term.misread_by}."
                yield Advice(code, "wording", message, f"Say it plainly: {term.plain}.")
