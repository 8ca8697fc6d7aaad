"""OpenAlex: works by an author's ORCID, with abstracts, in pages that follow a cursor.

https://docs.openalex.org/how-to-use-the-api/get-lists-of-entities/paging
"""

import re
from dataclasses import dataclass

from service.records.publications import FoundWork
from service.sources.polite import Polite, SourceTrouble
from service.sources.works import WorksPage, at, listed, plain_text, work

AT_ONCE = 200
_FIRST = "*"
_FIELDS = "id,doi,title,publication_year,abstract_inverted_index,authorships,is_paratext,is_retracted"
_MOST_WORDS = 10_000
_MOST_NAMES, _NAME = 100, 200
_BODY = re.compile(
    r"\b(?:councils?|authority|borough|nhs|government|police|constabulary|fire|ministry|department for|board)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[,;|]+")
_LEARNED = re.compile(r"universit|college|school|institut|academy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenAlex:
    """Reads works from OpenAlex."""

    source: Polite
    name: str = "openalex"

    def read(self, orcid: str, cursor: str | None) -> WorksPage:
        """Return a page of works, what was retracted or is a mere cover left out. Raises SourceTrouble or SourceRefusal."""
        asked = {
            "filter": f"author.orcid:{orcid}",
            "per-page": str(AT_ONCE),
            "cursor": cursor or _FIRST,
            "select": _FIELDS,
        }
        answer = self.source.get("/works", mailto=self.source.contact, **asked)
        results, following = at(answer, "results"), at(answer, "meta", "next_cursor")
        if not isinstance(results, list):
            raise SourceTrouble("the answer is no list of works")
        found = (_work(each) for each in results)
        # The last page may still name a cursor; the page after it is empty. One that leads back would never end.
        is_last = not results or not isinstance(following, str) or following == cursor
        return WorksPage([each for each in found if each is not None], None if is_last else following)


def text_of(index: object) -> str | None:
    """Return the abstract that an inverted index (each word with the places it stands at) was made of, or None."""
    if not isinstance(index, dict):
        return None
    words: dict[int, str] = {}
    for word, places in index.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and not isinstance(place, bool) and len(words) < _MOST_WORDS:
                words.setdefault(place, word)
    return " ".join(words[place] for place in sorted(words)) or None


def _work(result: object) -> FoundWork | None:
    if at(result, "is_paratext") is True or at(result, "is_retracted") is True:
        return None
    return work(
        at(result, "title"),
        abstract=text_of(at(result, "abstract_inverted_index")),
        year=at(result, "publication_year"),
        doi=at(result, "doi"),
        organisations=_organisations(at(result, "authorships")),
    )


def _organisations(authorships: object) -> list[str]:
    """Return for whom the authors worked, each once: institutions by their name, and public bodies that an affiliation names.

    OpenAlex takes many a council for the university of its town. So what an affiliation itself says is read too, but only
    the parts between commas that name a public body: the rest are addresses, and at times people.
    """
    found: dict[str, None] = {}
    for authorship in listed(authorships):
        names = [at(each, "display_name") for each in listed(at(authorship, "institutions"))]
        for text in listed(at(authorship, "raw_affiliation_strings")):
            parts = _PART.split(text) if isinstance(text, str) else []
            names += [part for part in parts if _BODY.search(part) and not _LEARNED.search(part) and "@" not in part]
        found |= dict.fromkeys(name for each in names if (name := plain_text(each, _NAME)))
    return list(found)[:_MOST_NAMES]
