"""Does the ranking find the people? Take a paper out, ask by its words, and look for its authors by their other papers."""

import csv
import gzip
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import log2
from pathlib import Path
from random import Random
from statistics import mean

import pytest

from service.matching import BriefProfile, Publication, ResearcherProfile, build_index, rank
from tests.support.directory import TODAY, researcher

THEMES = (
    "housing damp insulation retrofit heating tenants mould asthma boilers landlords",
    "school breakfast pupils meals nutrition canteen obesity lunch parents teachers",
    "walking cycling pavements commuting buses streets traffic scooters junctions crossings",
    "loneliness befriending isolation older neighbours social prescribing companionship bereavement clubs",
    "alcohol licensing pubs drinking off-licences pricing hospital harm minimum units",
    "tobacco vaping smoking cessation nicotine shops teenagers flavours quitting advertising",
    "suicide self-harm crisis helplines depression anxiety counselling young therapy waiting",
    "violence policing knife abuse domestic refuges probation offending victims courts",
    "parks allotments trees gardens play biodiversity nature ponds meadows benches",
    "debt benefits poverty credit wages foodbanks bills rent arrears hardship",
)


@dataclass(frozen=True)
class Papers:
    """Papers with their authors, and how many of them to ask by."""

    papers: Sequence[Publication]
    authors: Mapping[str, frozenset[str]]
    asked: int


def invented() -> Papers:
    """Forty-five people, each at home where two of ten themes meet, with three papers among everybody's small change."""
    random = Random(5)  # noqa: S311  (no secret)
    papers: list[Publication] = []
    authors: dict[str, frozenset[str]] = {}
    everyday = "people areas local health service change support community use access years report".split()
    for one, other in combinations(THEMES, 2):
        for _ in range(3):
            text = [word for theme in (one, other) for word in random.choices(theme.split(), k=8)]
            text += random.choices(everyday, k=12) + random.choices(" ".join(THEMES).split(), k=6)
            random.shuffle(text)
            key = str(len(papers))
            papers.append(Publication(key, " ".join(text[:8]), " ".join(text[8:]), 2020))
            authors[key] = frozenset({f"{one.split()[0]} and {other.split()[0]}"})
    return Papers(papers, authors, 40)


def preprints(path: Path) -> Papers:
    """The UK health preprints with their authors."""
    papers: list[Publication] = []
    authors: dict[str, frozenset[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            papers.append(Publication(row["doi"], row["title"], row["abstract"], int(row["date"][:4])))
            authors[row["doi"]] = frozenset(name.strip(" -") for name in row["authors"].split(";")) - {""}
    return Papers(papers, authors, 25)


def sources() -> dict[str, Papers]:
    found = {"invented": invented()}
    if folder := os.environ.get("REAL_DATA"):
        found["preprints"] = preprints(Path(folder, "researchers", "preprints_aligned.csv.gz"))
    return found


SOURCES = sources()


def people_of(source: Papers) -> list[ResearcherProfile]:
    """Everyone with at least two papers: one may be taken away."""
    theirs: dict[str, list[Publication]] = {}
    for paper in source.papers:
        for name in source.authors[paper.id]:
            theirs.setdefault(name, []).append(paper)
    return [researcher(name, *papers) for name, papers in sorted(theirs.items()) if len(papers) > 1]


def gain(order: Sequence[str], wanted: frozenset[str]) -> float:
    """Normalised discounted cumulative gain at 10."""
    found = sum(1 / log2(place + 2) for place, name in enumerate(order[:10]) if name in wanted)
    return found / sum(1 / log2(place + 2) for place in range(min(10, len(wanted))))


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_authors_are_found_by_their_other_papers(source: Papers) -> None:
    random = Random(11)  # noqa: S311  (no secret)
    people = people_of(source)
    index = build_index(people)
    asked = random.sample(
        [paper for paper in source.papers if source.authors[paper.id] & {one.id for one in people}], source.asked
    )
    ranked: list[float] = []
    by_chance: list[float] = []
    for paper in asked:
        wanted = source.authors[paper.id] & {one.id for one in people}
        authors = [one for one in people if one.id in wanted]
        for one in authors:
            index.put(replace(one, publications=tuple(other for other in one.publications if other.id != paper.id)))
        brief = BriefProfile(sections={"questions": " ".join(f"{paper.title} {paper.abstract}".split()[:40])})
        items = rank(brief, index, today=TODAY, limit=10).items
        for one in authors:
            index.put(one)
        ranked.append(gain([item.researcher.id for item in items], wanted))
        by_chance.append(gain(random.sample([one.id for one in people], 10), wanted))
    assert mean(ranked) > 0.2
    assert mean(ranked) > 5 * mean(by_chance)
