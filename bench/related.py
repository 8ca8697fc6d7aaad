"""How well near-duplicates are told: the same title, shared words, weighed words, meaning, and as the service does.

`REAL_DATA` names a folder with `foi_titles/foi_council_titles.csv` (columns `title`, `authority`, `url` and
`las_with_same_request`) and, for the limits, `covid_questions/topics.covid-round5.xml` (each need asked in a sentence and in a
paragraph). `MATCHING_MODEL` and `MATCHING_MODEL_SHA256` choose the model as they do for the service. Vectors are
kept in .cache/bench between runs.
"""

import csv
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bench.support.vectors import kept
from service.matching.profiles import BriefProfile
from service.matching.query import terms_of
from service.matching.related import SAME, WORDS, Likeness, similar
from service.matching.synonyms import Synonyms
from service.matching.text import stems
from service.matching.texts import TextIndex, digest_of
from service.matching.vectors import Encoder, Vector
from service.matching.wordings import DEFAULTS
from service.sources.encoders import find_encoder

SYNONYMS = Synonyms.of(DEFAULTS.values())
STEPS = tuple(step / 20 for step in range(10, 21))
"""The thresholds that are tried."""


@dataclass(frozen=True)
class Request:
    """One information request: what it asks, whom, and how many authorities the source says got the same."""

    title: str
    authority: str
    group: str
    authorities: int


@dataclass(frozen=True)
class Pair:
    """Two differently written titles, each way of telling how alike they are, and whether they are of one group."""

    first: str
    second: str
    shared: float
    words: float
    meaning: float
    is_same: bool

    @property
    def service(self) -> float:
        """As the service puts the two together."""
        return WORDS * self.words + (1 - WORDS) * self.meaning


WAYS: Mapping[str, Callable[[Pair], float]] = {
    "shared words (Jaccard), the baseline": lambda pair: pair.shared,
    "weighed words (Dice)": lambda pair: pair.words,
    "meaning alone": lambda pair: pair.meaning,
    "words and meaning, as the service": lambda pair: pair.service,
}


def measure() -> list[str]:
    """Tell near-duplicates in each way on each half of the requests, and return the tables."""
    folder = os.environ.get("REAL_DATA")
    if not folder:
        return ["Nothing to measure with: set REAL_DATA (see bench/README.md)."]
    encoder = find_encoder(
        os.environ.get("MATCHING_MODEL", "package"), os.environ.get("MATCHING_MODEL_SHA256", "")
    ).encoder
    if encoder is None:
        return ["There is no model here, so meaning cannot be compared."]
    requests = _requests(Path(folder, "foi_titles", "foi_council_titles.csv"))
    vectors = kept(encoder, [("", each.title) for each in requests])
    halves = [[each for each in requests if _half(each.group) == half] for half in (0, 1)]
    pairs = [_pairs(half, vectors) for half in halves]
    lines = [
        f"Model: {encoder.model}. In the service: {WORDS:g} words, {1 - WORDS:.2g} meaning, much the same from {SAME:g}.",
        "",
        _counts(requests),
        "",
    ]
    lines += _by_request(halves, vectors)
    lines += _by_pair(pairs)
    path = Path(folder, "covid_questions", "topics.covid-round5.xml")
    return lines + (_limits(path, encoder) if path.is_file() else [])


# ------------------------------------------------------------------------------------------------------------- sets


def _counts(requests: Sequence[Request]) -> str:
    titles, groups = {each.title for each in requests}, {each.group for each in requests}
    return f"{len(requests):,} requests, {len(titles):,} titles, {len(groups):,} groups, halved by group."


def _requests(path: Path) -> list[Request]:
    """Requests with a title; those that share a title, or the beginning of their address, are of one group."""
    leads: dict[str, str] = {}

    def end(key: str) -> str:
        while leads.setdefault(key, key) != key:
            key = leads[key]
        return key

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["title"].strip()]
    for row in rows:
        if row["url"].startswith("wdtk:"):
            leads[end(_title_key(row["title"]))] = end(re.sub(r"(_\d+)+$", "", row["url"].partition("#")[0]))
    return [
        Request(
            row["title"].strip(),
            row["authority"],
            end(_title_key(row["title"])),
            int(float(row["las_with_same_request"] or 1)),
        )
        for row in rows
    ]


def _title_key(title: str) -> str:
    return "title:" + " ".join(title.casefold().split())


def _half(group: str) -> int:
    return int(sha256(group.encode()).hexdigest(), 16) % 2


def _index(titles: Sequence[str], vectors: Mapping[str, Vector]) -> tuple[TextIndex, dict[int, str]]:
    index, by_number = TextIndex(), {}
    for title in titles:
        by_number[index.add("", title)] = title
        if (vector := vectors.get(digest_of("", title))) is not None:
            index.learn(digest_of("", title), vector)
    return index, by_number


# -------------------------------------------------------------------------------------------------------- by request


def _by_request(halves: Sequence[Sequence[Request]], vectors: Mapping[str, Vector]) -> list[str]:
    """Whether each request is flagged as asked of another council too, beside the column that says so."""
    lines = [
        "## Is a request flagged as one that another council got?",
        "",
        "The truth is the column with how many councils got the same request (more than one). It was made from titles, so the same title",
        "is nearly all there is to find, and what is told beyond it counts as wrong even where it is the same request in other words.",
        "",
        "| Way | Half | Flagged | Precision | Recall |",
        "|---|---|---:|---:|---:|",
    ]
    for name, flags in (("the same title, the baseline", _same_titles), ("as the service", _service_flags)):
        for place, half in enumerate(halves):
            flagged = flags(half, vectors)
            told = [each.authorities > 1 for each, is_flagged in zip(half, flagged, strict=True) if is_flagged]
            wanted = sum(each.authorities > 1 for each in half)
            lines.append(
                f"| {name} | {('first', 'other')[place]} | {len(told):,} of {len(half):,} "
                f"| {sum(told) / len(told):.3f} | {sum(told) / wanted:.3f} |"
            )
    return [*lines, ""]


def _same_titles(half: Sequence[Request], _vectors: Mapping[str, Vector]) -> list[bool]:
    askers: dict[str, set[str]] = {}
    for each in half:
        askers.setdefault(_title_key(each.title), set()).add(each.authority)
    return [bool(askers[_title_key(each.title)] - {each.authority}) for each in half]


def _service_flags(half: Sequence[Request], vectors: Mapping[str, Vector]) -> list[bool]:
    askers: dict[str, set[str]] = {}
    for each in half:
        askers.setdefault(each.title, set()).add(each.authority)
    index, by_number = _index(list(askers), vectors)
    alike = {
        title: set().union(
            *(
                askers[by_number[item.number]]
                for item in similar(title, index, vector=vectors.get(digest_of("", title)), synonyms=SYNONYMS).items
                if item.near_duplicate
            )
        )
        for title in askers
    }
    return [bool(alike[each.title] - {each.authority}) for each in half]


# ----------------------------------------------------------------------------------------------------------- by pair


def _pairs(half: Sequence[Request], vectors: Mapping[str, Vector]) -> list[Pair]:
    groups = {each.title: each.group for each in half}
    index, by_number = _index(list(groups), vectors)
    found = []
    for title, group in groups.items():
        terms, own = terms_of(BriefProfile(title=title), SYNONYMS), set(stems(title))
        near = index.relevance(terms, vectors.get(digest_of("", title))).nearness
        likeness = Likeness(terms, index)
        for number, other in by_number.items():
            if title < other:
                theirs = set(stems(other))
                shared = len(own & theirs) / len(own | theirs) if own | theirs else 0.0
                alike = likeness.of(number)[0]
                found.append(Pair(title, other, shared, alike, max(0.0, float(near[number])), group == groups[other]))
    return found


def _by_pair(pairs: Sequence[Sequence[Pair]]) -> list[str]:
    lines = [
        "## Are two differently written titles told to be one request?",
        "",
        "The truth is the group: the address begins alike, which the source cuts after some 32 characters. That is noisy both ways: titles that",
        "differ by an “s” are in two groups, “for adults” and “for children” in one. Each way's threshold is the best F1 in steps of 0.05 on the",
        "first half.",
        "",
        "| Way | Threshold | First half: precision | recall | Other half: precision | recall |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, way in WAYS.items():
        threshold = max(STEPS, key=lambda step: _f1(*_counted(pairs[0], way, step)[:2]))
        lines.append(_row(name, pairs, way, threshold))
    lines += ["", "The service's threshold beside others:", "", *lines[-6:-4]]
    for step in (0.75, 0.8, 0.85, 0.9, 0.95):
        lines.append(_row("as the service" + (", **chosen**" if step == SAME else ""), pairs, WAYS[name], step))
    wrong = [pair for pair in pairs[0] if not pair.is_same and pair.service >= SAME]
    missed = [pair for pair in pairs[0] if pair.is_same and pair.service < SAME]
    return [
        *lines,
        "",
        f"On the first half {len(wrong)} pairs are told beyond the groups and {len(missed)} of the groups' are not.",
        "",
    ]


def _row(name: str, pairs: Sequence[Sequence[Pair]], way: Callable[[Pair], float], step: float) -> str:
    cells = [f"{value:.3f}" for half in pairs for value in _counted(half, way, step)[:2]]
    return f"| {name} | {step:g} | {' | '.join(cells)} |"


def _counted(pairs: Sequence[Pair], way: Callable[[Pair], float], step: float) -> tuple[float, float]:
    told = [pair.is_same for pair in pairs if way(pair) >= step]
    wanted = sum(pair.is_same for pair in pairs)
    return sum(told) / len(told) if told else 1.0, sum(told) / wanted if wanted else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


# ------------------------------------------------------------------------------------------------------------ limits


def _limits(path: Path, encoder: Encoder) -> list[str]:
    """One need in a sentence and in a paragraph, all on one subject: what no threshold for titles tells."""
    topics = [
        [(topic.findtext(part) or "").strip() for part in ("question", "narrative")]
        for topic in ET.parse(path).getroot()  # noqa: S314  (a file of our own choosing)
    ]
    texts = [text for topic in topics for text in topic]
    vectors = kept(encoder, [("", text) for text in texts])
    index, by_number = _index(texts, vectors)
    first = flagged = right = 0
    for topic in topics:
        for text, other in (topic, topic[::-1]):
            items = similar(text, index, vector=vectors.get(digest_of("", text)), synonyms=SYNONYMS).items
            others = [item for item in items if by_number[item.number] != text]
            first += bool(others) and by_number[others[0].number] == other
            flagged += sum(item.near_duplicate for item in others)
            right += sum(item.near_duplicate for item in others if by_number[item.number] == other)
    told = (
        f"{len(topics)} needs about one disease. The other wording is the first of what is related for {first} of {len(texts)}; "
        f"{flagged} pairs are told to be much the same, {right} of them rightly. So a question put at another length is shown "
        "as related, not flagged."
    )
    return [
        "## The same need in a sentence and in a paragraph",
        "",
        told,
        "",
    ]
