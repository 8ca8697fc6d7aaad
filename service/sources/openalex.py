"""OpenAlex: works by an author's ORCID, with abstracts, in pages that follow a cursor.

https://docs.openalex.org/how-to-use-the-api/get-lists-of-entities/paging
"""

from dataclasses import dataclass

from service.records.publications import FoundWork
from service.sources.polite import Polite, SourceTrouble
from service.sources.works import WorksPage, at, work

AT_ONCE = 200
_FIRST = "*"
_FIELDS = "id,doi,title,publication_year,abstract_inverted_index,is_paratext,is_retracted"
_MOST_WORDS = 10_000


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
    )
