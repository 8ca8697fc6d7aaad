"""How well matching finds people: by words, by meaning, by the fixed fusion it set out from, and as the service ranks.

Sets:
- `REAL_DATA` names a folder with `researchers/preprints_aligned.csv.gz`: each paper in turn is taken out, its words are asked
  (its title; the first 60 words of its abstract), and its authors are looked for by their other papers.
- `MATCHING_SETS` names a folder of folders in the format that bench/README.md describes.

`MATCHING_MODEL` and `MATCHING_MODEL_SHA256` choose the model as they do for the service. Vectors are kept in .cache/bench
between runs. `MATCHING_QUESTIONS` asks only so many of each set's questions, for a quick look.
"""

import csv
import gzip
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log2
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from bench.support.vectors import kept
from service.matching import BriefProfile, Index, Publication, ResearcherProfile, build_index, rank
from service.matching.query import terms_of, text_of
from service.matching.reading import SHARPNESS
from service.matching.texts import Fusion, digest_of
from service.matching.vectors import Encoder, Vector
from service.sources.encoders import find_encoder

Values = NDArray[np.float64]

TODAY = date(2026, 11, 22)
FIXED_FLOOR = 0.06
"""The mean cosine of unrelated texts by all-MiniLM-L6-v2."""
GRID = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
"""Weights of words, meaning having the rest."""


@dataclass(frozen=True)
class Question:
    """What is asked, whom one hopes to find with how much gain, and the paper to take out beforehand, if any."""

    text: str
    wanted: Mapping[str, float]
    without: Publication | None = None


@dataclass(frozen=True)
class Case:
    """A set: people with their papers (a set of papers is one where each is a person's only one), and its questions."""

    name: str
    people: Sequence[ResearcherProfile]
    questions: Sequence[Question]


def measure() -> list[str]:
    """Ask every question of every set in each way, and return the table."""
    encoder = find_encoder(
        os.environ.get("MATCHING_MODEL", "package"), os.environ.get("MATCHING_MODEL_SHA256", "")
    ).encoder
    cases = list(_cases())
    if not cases:
        return ["Nothing to measure with: set REAL_DATA or MATCHING_SETS (see bench/README.md)."]
    lines = [f"Model: {encoder.model if encoder else 'none'}. Weights in the service: {Fusion()}.", ""]
    for case in cases:
        lines += _measured(case, encoder)
    return lines


# ------------------------------------------------------------------------------------------------------------- sets


def _cases() -> Iterator[Case]:
    most = int(os.environ.get("MATCHING_QUESTIONS", "0")) or None
    if folder := os.environ.get("REAL_DATA"):
        yield from _preprints(Path(folder, "researchers", "preprints_aligned.csv.gz"), most)
    if folder := os.environ.get("MATCHING_SETS"):
        for path in sorted(Path(folder).iterdir()):
            if path.is_dir():
                yield _from_folder(path, most)


def _preprints(path: Path, most: int | None) -> Iterator[Case]:
    theirs: dict[str, list[Publication]] = {}
    authors: list[tuple[Publication, list[str]]] = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            paper = Publication(row["doi"], row["title"], row["abstract"], int(row["date"][:4]))
            names = sorted({name.strip(" -") for name in row["authors"].split(";")} - {""})
            authors.append((paper, names))
            for name in names:
                theirs.setdefault(name, []).append(paper)
    people = [_person(name, papers) for name, papers in sorted(theirs.items()) if len(papers) > 1]
    known = {person.id for person in people}

    def asked(words: Callable[[Publication], str]) -> list[Question]:
        found = [
            Question(words(paper), dict.fromkeys([name for name in names if name in known], 1.0), paper)
            for paper, names in authors
            if known.intersection(names) and words(paper)
        ]
        return _some(found, most)

    yield Case("Health preprints, asked by the title", people, asked(lambda paper: paper.title))
    yield Case(
        "Health preprints, asked by 60 words of the abstract",
        people,
        asked(lambda paper: " ".join(paper.abstract.split()[:60])),
    )


def _from_folder(path: Path, most: int | None) -> Case:
    papers = {
        row["id"]: (Publication(row["id"], row["title"], row.get("abstract") or ""), row.get("authors") or "")
        for row in _rows(path / "papers.csv")
    }
    theirs: dict[str, list[Publication]] = {}
    for key, (paper, authors) in papers.items():
        for name in [each.strip() for each in authors.split(";") if each.strip()] or [key]:
            theirs.setdefault(name, []).append(paper)
    wanted: dict[str, dict[str, float]] = {}
    for row in _rows(path / "wanted.csv"):
        wanted.setdefault(row["question"], {})[row["found"]] = float(row.get("gain") or 1)
    questions = [
        Question(row["text"], wanted[row["id"]]) for row in _rows(path / "questions.csv") if row["id"] in wanted
    ]
    return Case(path.name, [_person(name, found) for name, found in sorted(theirs.items())], _some(questions, most))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _some(questions: list[Question], most: int | None) -> list[Question]:
    order = Random(11).sample(questions, len(questions))  # noqa: S311  (no secret)
    return order[:most]


def _person(name: str, papers: Sequence[Publication]) -> ResearcherProfile:
    return ResearcherProfile(
        id=name, name=name, university_id="one", university="One", publications=tuple(papers), capacity_days=10
    )


# ---------------------------------------------------------------------------------------------------------- measuring


@dataclass
class Ways:
    """The orders in which each way puts people, question by question."""

    gains: dict[str, list[float]]
    ranks: dict[str, list[float]]

    def note(self, way: str, order: Sequence[str], wanted: Mapping[str, float]) -> None:
        """Note how good an order is."""
        found = sum(wanted.get(name, 0.0) / log2(place + 2) for place, name in enumerate(order[:10]))
        best = sum(gain / log2(place + 2) for place, gain in enumerate(sorted(wanted.values(), reverse=True)[:10]))
        self.gains.setdefault(way, []).append(found / best if best else 0.0)
        first = next((1 / (place + 1) for place, name in enumerate(order) if wanted.get(name, 0.0) > 0), 0.0)
        self.ranks.setdefault(way, []).append(first)


def _measured(case: Case, encoder: Encoder | None) -> list[str]:
    index = build_index(case.people)
    people = {person.id: person for person in case.people}
    known = _vectors(case, encoder)
    for digest, vector in known.items():
        index.texts.learn(digest, vector)
    ways, grid = Ways({}, {}), Ways({}, {})
    for question in case.questions:
        _ask(question, index, people, known, encoder, ways, grid)
    lines = [
        f"## {case.name}",
        "",
        f"{len(case.people):,} people, {index.texts.postings.count:,} papers, {len(case.questions):,} questions.",
        "",
        "| Way | nDCG@10 (95 % of resamples) | MRR | beside words alone |",
        "|---|---|---|---|",
    ]
    words = np.array(ways.gains["words alone"])
    for way, gains in ways.gains.items():
        mean, low, high = _interval(np.array(gains))
        better, least, most = _interval(np.array(gains) - words)
        lines.append(
            f"| {way} | {mean:.3f} ({low:.3f} to {high:.3f}) | {np.mean(ways.ranks[way]):.3f} | "
            + ("|" if way == "words alone" else f"{better:+.3f} ({least:+.3f} to {most:+.3f}) |")
        )
    return [*lines, "", *_chosen(grid)]


def _chosen(grid: Ways) -> list[str]:
    """Weights chosen on one half of the questions and reported on the other."""
    if not grid.gains:
        return []
    half = len(next(iter(grid.gains.values()))) // 2
    lines = [
        "Weights, on the half they could be chosen by and on the other (each paper counts by its share to the power 1.5):",
        "",
        "| Weights | nDCG@10, first half | other half |",
        "|---|---|---|",
    ]
    for way, gains in sorted(grid.gains.items(), key=lambda each: -float(np.mean(each[1][:half]))):
        lines.append(f"| {way} | {np.mean(gains[:half]):.3f} | {np.mean(gains[half:]):.3f} |")
    return [*lines, ""]


def _ask(
    question: Question,
    index: Index,
    people: Mapping[str, ResearcherProfile],
    known: Mapping[str, Vector],
    encoder: Encoder | None,
    ways: Ways,
    grid: Ways,
) -> None:
    without = question.without
    authors = [people[name] for name in question.wanted] if without else []
    for person in authors:
        index.put(replace(person, publications=tuple(each for each in person.publications if each != without)))
    brief = BriefProfile(sections={"questions": question.text})
    vector = _vector(encoder, text_of(brief))
    relevance = index.texts.relevance(terms_of(brief), vector)

    def note(kept: Ways, way: str, shares: Values, power: float = 1.0) -> None:
        kept.note(way, _order(index, shares, power), question.wanted)

    note(ways, "words alone", relevance.by_words)
    note(ways, "words alone, to the power 1.5", relevance.by_words, SHARPNESS)
    if vector is not None:
        cosine = _cosines(index, known, vector, len(relevance.by_words))
        note(ways, "meaning alone", cosine)
        note(ways, "the fixed fusion", 0.6 * relevance.by_words + 0.4 * cosine)
        for words in GRID:
            shares = words * relevance.by_words + (1 - words) * relevance.by_meaning
            note(grid, f"{words:g} words, {1 - words:.2g} meaning", shares, SHARPNESS)
    found = rank(brief, index, today=TODAY, limit=200, vector=vector)
    ways.note("as the service ranks", [item.researcher.id for item in found.items], question.wanted)
    for person in authors:
        index.put(person)
    if without is not None and (back := known.get(digest_of(without.title, without.abstract))) is not None:
        index.texts.learn(digest_of(without.title, without.abstract), back)


def _order(index: Index, shares: Values, power: float) -> list[str]:
    """Everybody by their papers' shares, best first, each counting half the one before."""
    table = index.table
    held = shares[table.documents] ** power
    order = np.lexsort((-held, table.owners))
    owners, held = table.owners[order], held[order]
    place = np.arange(len(owners)) - np.searchsorted(owners, owners)
    total = np.bincount(owners, held * 0.5**place, minlength=len(table.rows))
    best = np.argsort(-total, kind="stable")[:200]
    return [table.rows[int(number)].profile.id for number in best if total[number] > 0]


def _cosines(index: Index, known: Mapping[str, Vector], vector: Vector, size: int) -> Values:
    cosine = np.zeros(size)
    asked = vector / np.linalg.norm(vector.astype(np.float64))
    for row in index.table.rows:
        for document, paper in row.places:
            if not cosine[document] and (found := known.get(digest_of(paper.title, paper.abstract))) is not None:
                cosine[document] = float(found.astype(np.float64) @ asked) / float(
                    np.linalg.norm(found.astype(np.float64))
                )
    return np.maximum((cosine - FIXED_FLOOR) / (1 - FIXED_FLOOR), 0.0)


def _interval(values: Values, times: int = 2_000) -> tuple[float, float, float]:
    """The mean, and the bounds of 95 % of the means of resamples."""
    random = np.random.default_rng(3)
    means = values[random.integers(0, len(values), (times, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


# ------------------------------------------------------------------------------------------------------------ vectors

_asked: dict[str, Vector] = {}


def _vector(encoder: Encoder | None, text: str) -> Vector | None:
    if encoder is None:
        return None
    digest = digest_of("", text)
    if digest not in _asked:
        _asked.update(kept(encoder, [("", text)]))
    return _asked.get(digest)


def _vectors(case: Case, encoder: Encoder | None) -> dict[str, Vector]:
    if encoder is None:
        return {}
    papers = {(paper.title, paper.abstract) for person in case.people for paper in person.publications}
    questions = {("", text_of(BriefProfile(sections={"questions": each.text}))) for each in case.questions}
    found = kept(encoder, sorted(papers | questions))
    _asked.update(found)
    return {digest_of(*text): found[digest_of(*text)] for text in papers if digest_of(*text) in found}
