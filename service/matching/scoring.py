"""Everybody's score for one brief, and who may be suggested: what a ranking and an assignment both go by."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.matching.constraints import Requirement, conflicts, exclusions
from service.matching.hurdles import Hurdles, hurdles
from service.matching.index import Index
from service.matching.profiles import BriefProfile
from service.matching.reading import Choice, Crowd, read
from service.matching.signals import SIGNALS, Signal, weights
from service.matching.ties import Tie, ties
from service.matching.vectors import Vector

UNIT = 10_000
"""What a whole score is in whole numbers: a score has four places."""

EDITION = 1
"""Raised whenever a change of code gives the same people and brief another order: figures say by which order they came about."""

# Those who fail one of these are never suggested; the others stay in view.
EXCLUDING = (Requirement.CONFLICT, Requirement.EXCLUSION)

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scores:
    """Everybody of a crowd, scored. People are numbers of the crowd's table; nobody is on a list who is off the subject.

    `added` is what each signal adds to each score, `shares` the most it can add, `failed` who fails which requirement.
    """

    crowd: Crowd
    failed: Hurdles
    shares: dict[str, int]
    added: dict[str, Numbers]

    @property
    def signals(self) -> list[Signal]:
        """Return the signals that the brief says something about."""
        return [signal for signal in SIGNALS if signal.code in self.shares]

    @cached_property
    def totals(self) -> Numbers:
        """Everybody's score, in ten-thousandths."""
        total: Numbers = np.sum(list(self.added.values()), axis=0)
        return total

    @cached_property
    def order(self) -> Numbers:
        """Who is on the subject, best first; the table is in the order of name and id, which equals keep."""
        order = np.argsort(-self.totals, kind="stable")
        return order[self.crowd.on_subject[order]]

    @property
    def suggested(self) -> Numbers:
        """Those whom nothing excludes, best first, available or not."""
        return self.order[~self._kept_out[self.order]]

    @property
    def left_out(self) -> Numbers:
        """Those whom a conflict or exclusion keeps out of every suggestion, best first."""
        return self.order[self._kept_out[self.order]]

    @property
    def usable(self) -> Numbers:
        """Those who fail no requirement, best first."""
        fails: Choice = np.logical_or.reduce(list(self.failed.values()))
        return self.order[~fails[self.order]]

    @property
    def within_reach(self) -> Numbers:
        """Those of them whose university the brief can go to, best first."""
        return self.usable[self._reached[self.usable]]

    def kept_out_by(self, number: int) -> tuple[str, ...]:
        """Return why somebody is left out, a sentence each; empty for those who may be suggested."""
        brief, person = self.crowd.reading.brief, self.crowd.profile(number)
        sure = tuple(tie.text for tie in self._ties(number) if tie.is_sure)
        return conflicts(brief, person) + sure + exclusions(brief, person)

    def warnings_of(self, number: int) -> tuple[str, ...]:
        """Return what may be a conflict and keeps nobody out, a sentence each."""
        return tuple(tie.text for tie in self._ties(number) if not tie.is_sure)

    def _ties(self, number: int) -> tuple[Tie, ...]:
        brief, person = self.crowd.reading.brief, self.crowd.profile(number)
        return ties(brief, person, self.crowd.reading.today) if person.id in self._tied else ()

    @cached_property
    def _tied(self) -> frozenset[str]:
        return self.crowd.index.tied_to(self.crowd.reading.brief.commissioner)

    @cached_property
    def _kept_out(self) -> Choice:
        return np.logical_or(*(self.failed[each] for each in EXCLUDING))

    @property
    def _reached(self) -> Choice:
        table, allowed = self.crowd.table, self.crowd.reading.brief.universities
        if allowed is None:
            return np.ones(len(table.rows), dtype=np.bool_)
        codes = [code for code, key in enumerate(table.university_ids) if key in allowed]
        reached: Choice = np.isin(table.universities, codes)
        return reached


def score(brief: BriefProfile, index: Index, *, today: date, vector: Vector | None = None) -> Scores:
    """Everybody of an index, scored for a brief. When the brief says nothing to go by, no signal applies and nobody is listed."""
    crowd = Crowd(read(brief, index, today, vector), index, index.table)
    shares = weights(crowd.reading) if crowd.reading.says_something else {}
    added = {
        signal.code: np.rint(shares[signal.code] * signal.measure(crowd)).astype(np.int64)
        for signal in SIGNALS
        if signal.code in shares
    }
    return Scores(crowd, hurdles(crowd), shares, added)
