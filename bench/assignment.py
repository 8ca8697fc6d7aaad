"""Sharing open briefs out: the best flow beside taking the best who is free, one brief after the other.

Directories are drawn: how well people fit is skewed, so that a few are among the best for many briefs. With as many people as
briefs, each has the days for one; otherwise for one to five. Fit is the sum of scores.
Load is compared by how many briefs the busiest person and the busiest university have, and how many people have more than one.
"Fair" is what the service proposes; "fit alone" is the same flow with load counting nothing: what fairness costs in fit
is the difference. Teams follow: the exact search beside taking whoever covers most, again and again.
SIZES in the environment changes the sizes: briefs x people x candidates for each, with commas between.
"""

import os
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from service.matching import flow
from service.matching.cover import fewest_who_cover
from service.matching.flow import Network, best_flow

SIZES = os.environ.get("SIZES", "50x50x5,50x500x100,50x10000x100,100x10000x100,2000x20000x30")
UNIVERSITIES = 140
FEW = 6

Choice = NDArray[np.bool_]
T = TypeVar("T")


def measure() -> list[str]:
    """Return two tables: sharing out, a way a row; and teams."""
    table = [
        "| Briefs | People | Universities | Way | Fit | Of greedy | Nobody | Busiest person | People with several | Busiest university | Processor, s |",
        "|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in SIZES.split(","):
        briefs, people, each = (int(part) for part in size.split("x"))
        for universities in (FEW, UNIVERSITIES):
            table += _shared(_drawn(briefs, people, each, universities), universities, people)
    return [*table, "", *_teams()]


def _drawn(briefs: int, people: int, each: int, universities: int) -> Network:
    random = np.random.default_rng(briefs + people + universities)
    wanted = 1 / (np.arange(people) + people / 20)
    wanted = random.permutation(wanted / wanted.sum())
    person = np.concatenate([np.sort(random.choice(people, each, replace=False, p=wanted)) for _ in range(briefs)])
    repute = 0.15 * wanted / wanted.max()
    score = np.clip(random.beta(4, 6, briefs * each) * 0.6 + repute[person], 0, 1)
    return Network(
        brief=np.repeat(np.arange(briefs), each),
        person=person,
        score=np.rint(10_000 * score).astype(np.int64),
        university=random.integers(0, universities, people),
        slots=random.integers(1, 6 if people > briefs else 2, people),
        has=np.zeros(people, dtype=np.int64),
        briefs=briefs,
        per_brief=1,
    )


def _shared(network: Network, universities: int, people: int) -> list[str]:
    greedy, took = _timed(lambda: _greedy(network))
    fit = float(network.score[greedy].sum())
    rows = [_row(network, universities, people, "greedy", greedy, took, fit)]
    with patch.multiple(flow, ANOTHER_BRIEF=0, UNIVERSITYS_NEXT=0):
        rows.append(_row(network, universities, people, "fit alone", *_timed(lambda: best_flow(network)), fit))
    rows.append(_row(network, universities, people, "fair", *_timed(lambda: best_flow(network)), fit))
    return rows


def _row(network: Network, universities: int, people: int, way: str, chosen: Choice, took: float, fit: float) -> str:
    load = np.bincount(network.person[chosen], minlength=people)
    at = np.bincount(network.university[network.person[chosen]], minlength=universities)
    total = float(network.score[chosen].sum())
    return (
        f"| {network.briefs:,} | {people:,} | {universities} | {way} | {total / 10_000:,.1f} | {total / fit:.3f} "
        f"| {network.briefs - len(np.unique(network.brief[chosen]))} | {load.max()} | {(load > 1).sum():,} | {at.max()} | {took:.3f} |"
    )


def _greedy(network: Network) -> Choice:
    """Give each brief, in order, the best who has a slot left."""
    left, chosen = network.slots.copy(), np.zeros(len(network.brief), dtype=np.bool_)
    starts = np.searchsorted(network.brief, np.arange(network.briefs + 1))
    for first, end in pairwise(starts):
        for edge in first + np.argsort(-network.score[first:end], kind="stable"):
            if left[network.person[edge]]:
                left[network.person[edge]] -= 1
                chosen[edge] = True
                break
    return chosen


def _teams() -> list[str]:
    table = [
        "Teams of a lead and at most three others, 200 drawn directories each: how often the exact search covers more or needs fewer people.",
        "",
        "| Needs open | People | Covers more | Fewer people | Exact, ms (p95) | Greedy, ms (p95) |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    random = np.random.default_rng(3)
    for needs, people, share in ((3, 300, 0.1), (5, 300, 0.1), (5, 5_000, 0.1), (8, 300, 0.1), (8, 5_000, 0.2)):
        more = fewer = 0
        times: list[tuple[float, float]] = []
        for _ in range(200):
            covering = random.random((needs, people)) < share * random.random((needs, 1)) * 2
            covering[:, 0] = False
            universities = random.integers(0, UNIVERSITIES, people).tolist()
            totals = np.sort(random.integers(1_000, 9_000, people))[::-1].tolist()
            best, took = _timed(lambda: fewest_who_cover(covering, universities, totals, 0, 3))  # noqa: B023
            plain, quick = _timed(lambda: _covering_most(covering, universities))  # noqa: B023
            reach = [int(covering[:, team].any(axis=1).sum()) for team in (best, plain)]
            more += reach[0] > reach[1]
            fewer += reach[0] == reach[1] and len(best) < len(plain)
            times.append((1000 * took, 1000 * quick))
        exact, greedy = np.percentile(times, 95, axis=0)
        table.append(f"| {needs} | {people:,} | {more} of 200 | {fewer} of 200 | {exact:.1f} | {greedy:.1f} |")
    return table


def _covering_most(covering: Choice, universities: Sequence[int]) -> list[int]:
    """Take whoever covers most of what is open, from a new university before a colleague, the better ranked first."""
    codes, team, uncovered = np.asarray(universities), [0], covering.copy()
    while len(team) < 4 and uncovered.any():
        worth = 2 * uncovered.sum(axis=0) + ~np.isin(codes, codes[team])
        worth[~uncovered.any(axis=0)] = -1
        team.append(int(worth.argmax()))
        uncovered = uncovered[~uncovered[:, team[-1]]]
    return team[1:]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    found = work()
    return found, time.process_time() - started
