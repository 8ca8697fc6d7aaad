"""The best way to share people among briefs, exactly: a flow from universities through their people to the briefs.

One unit of flow is one person taking one brief. It passes a university, one of its people and a brief, and each of the three
lets through only so many; a second unit through the same person or university costs more than the first, and the first
unit into a brief earns more than a second. What one place earns is more than any load costs: load decides who takes a brief, and
never that nobody does. Such a network has a best flow in whole numbers, and linear programming
finds it without ever trying fractions (docs/decisions/0032): the limits on one side are nested (a person lies within a
university), and so are those on the other (a university's part in a brief lies within the brief).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

FIRST_PERSON = 10_000
"""What a brief's first person counts more than a further one, in ten-thousandths of a score: as much as a whole score."""
ANOTHER_BRIEF = 1_000
"""What each brief that somebody has already takes off one more."""
UNIVERSITYS_NEXT = 100
"""What each brief that a university was given before takes off the next."""

Numbers = NDArray[np.int64]
Choice = NDArray[np.bool_]
_SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Network:
    """Who could take what: an edge for each person who fits a brief, in the order of brief and person.

    `brief`, `person` and `score` (in ten-thousandths) are the edges. Of each person: `university`, `slots` (how many briefs they
    could take) and `has` (how many they have already). A brief wants at most `per_brief` people, each of another university.
    """

    brief: Numbers
    person: Numbers
    score: Numbers
    university: Numbers
    slots: Numbers
    has: Numbers
    briefs: int
    per_brief: int
    per_university: int | None = None


def best_flow(network: Network) -> Choice:
    """The edges of the best flow; of several equally good, the one whose earlier briefs have the earlier people.

    Best is the highest sum of scores, of FIRST_PERSON for each brief that has anybody and of `heaviest_load` for each person
    it has, less ANOTHER_BRIEF and UNIVERSITYS_NEXT. The same network always has the same answer.
    """
    if not len(network.brief):
        return np.zeros(0, dtype=np.bool_)
    program = _program(network)
    solver = _Solver()
    solver.passModel(program.model())
    _run(solver)
    _keep_to_the_best(solver, program)
    earlier = (network.person + 1) * (network.briefs - network.brief)
    costs = np.concatenate([earlier, np.zeros(program.columns - len(earlier), dtype=np.int64)]).astype(np.float64)
    solver.changeColsCost(program.columns, np.arange(program.columns, dtype=np.int32), costs)
    flow = _run(solver)[: len(network.brief)]
    whole = np.rint(flow)
    if np.abs(flow - whole).max() > _SLACK:
        raise ArithmeticError("a flow came out in fractions")
    return whole > 0


def heaviest_load(network: Network) -> int:
    """What one more brief can cost at most, and a little more."""
    on_person = ANOTHER_BRIEF * (int(network.has.max()) + int(network.slots.max()))
    return on_person + UNIVERSITYS_NEXT * len(network.brief) + 1


class _Solver(highspy.Highs):
    """HiGHS on one thread, which keeps quiet: it would greet on the standard output, where the log is."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.setOptionValue("threads", 1)
        self.setOptionValue("presolve", "off")

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name; it greets from here
        """Be quiet from the first."""
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - the library's way
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class _Program:
    """A linear program in the making: columns between 0 and a most, and rows over them."""

    def __init__(self) -> None:
        self.columns = 0
        self._costs: list[Numbers] = []
        self._most: list[Numbers] = []
        self._rows: list[tuple[Numbers, Numbers, int]] = []
        self._bounds: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self._count = 0

    def add_columns(self, costs: Numbers, most: Numbers) -> Numbers:
        """Add columns; return their numbers."""
        self._costs.append(costs)
        self._most.append(most)
        self.columns += len(costs)
        return np.arange(self.columns - len(costs), self.columns)

    def add_rows(
        self, count: int, parts: Sequence[tuple[Numbers, Numbers, int]], low: float = 0.0, high: float = 0.0
    ) -> None:
        """Add rows. Each part says which row (counted from the first of these) holds which column, and how often."""
        self._rows += [(rows + self._count, columns, factor) for rows, columns, factor in parts]
        self._bounds.append((np.full(count, low), np.full(count, high)))
        self._count += count

    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The least and the most of each row."""
        return np.concatenate([low for low, _ in self._bounds]), np.concatenate([high for _, high in self._bounds])

    @property
    def most(self) -> NDArray[np.float64]:
        """The most of each column."""
        return np.concatenate(self._most).astype(np.float64)

    def model(self) -> highspy.HighsLp:
        """As the solver takes it."""
        rows = np.concatenate([rows for rows, _, _ in self._rows])
        columns = np.concatenate([columns for _, columns, _ in self._rows])
        factors = np.concatenate([np.full(len(rows), factor) for rows, _, factor in self._rows])
        order = np.lexsort((rows, columns))
        found = highspy.HighsLp()
        found.num_col_, found.num_row_ = self.columns, self._count
        found.col_cost_ = np.concatenate(self._costs).astype(np.float64)
        found.col_lower_, found.col_upper_ = np.zeros(self.columns), self.most
        found.row_lower_, found.row_upper_ = self.bounds()
        found.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        found.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(self.columns + 1)).astype(np.int32)
        found.a_matrix_.index_ = rows[order].astype(np.int32)
        found.a_matrix_.value_ = factors[order].astype(np.float64)
        return found


def _program(network: Network) -> _Program:
    program = _Program()
    edges = program.add_columns(-network.score, np.ones_like(network.score))
    briefs, each = np.arange(network.briefs), heaviest_load(network)
    first = program.add_columns(np.full(network.briefs, -each - FIRST_PERSON), np.ones_like(briefs))
    further = program.add_columns(np.full(network.briefs, -each), np.full(network.briefs, network.per_brief - 1))
    program.add_rows(network.briefs, [(network.brief, edges, 1), (briefs, first, -1), (briefs, further, -1)])

    held = np.bincount(network.person, minlength=len(network.slots))
    _add_steps(program, network.person, edges, np.minimum(network.slots, held), ANOTHER_BRIEF, network.has)

    university = network.university[network.person]
    pairs, pair, times = np.unique(university * network.briefs + network.brief, return_inverse=True, return_counts=True)
    able = np.bincount(pairs // network.briefs, minlength=int(university.max()) + 1)
    most = able if network.per_university is None else np.minimum(able, network.per_university)
    _add_steps(program, university, edges, most, UNIVERSITYS_NEXT, np.zeros_like(most))

    several = np.flatnonzero(times > 1)
    if network.per_brief > 1 and len(several):
        place = np.full(len(pairs), -1)
        place[several] = np.arange(len(several))
        within = place[pair] >= 0
        program.add_rows(len(several), [(place[pair][within], edges[within], 1)], -np.inf, 1.0)
    return program


def _add_steps(program: _Program, owner: Numbers, edges: Numbers, most: Numbers, each: int, begun: Numbers) -> None:
    """Let at most so many edges through each owner, the second of them for more than the first."""
    owners = np.repeat(np.arange(len(most)), most)
    before = np.arange(len(owners)) - np.repeat(np.cumsum(most) - most, most)
    steps = program.add_columns(each * (before + begun[owners]), np.ones_like(owners))
    program.add_rows(len(most), [(owner, edges, 1), (owners, steps, -1)])


def _run(solver: _Solver) -> NDArray[np.float64]:
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"no best flow was found: {solver.getModelStatus()}")
    return np.asarray(solver.getSolution().col_value)


def _keep_to_the_best(solver: _Solver, program: _Program) -> None:
    """Hold fast whatever every best flow has in common, so that what is left to choose among is equally good.

    All costs are whole, and so are the prices (duals): what has a price stands at the same bound in every best flow.
    """
    solution = solver.getSolution()
    value, price = np.asarray(solution.col_value), np.asarray(solution.col_dual)
    held = np.abs(price) > 0.5
    low, high = np.where(held, np.rint(value), 0.0), np.where(held, np.rint(value), program.most)
    solver.changeColsBounds(program.columns, np.arange(program.columns, dtype=np.int32), low, high)
    value, price = np.asarray(solution.row_value), np.asarray(solution.row_dual)
    held, (low, high) = np.abs(price) > 0.5, program.bounds()
    low, high = np.where(held, np.rint(value), low), np.where(held, np.rint(value), high)
    rows = np.arange(len(low), dtype=np.int32)
    solver.changeRowsBounds(len(low), rows, low, high)  # type: ignore[attr-defined]  # there, though its types forget it
