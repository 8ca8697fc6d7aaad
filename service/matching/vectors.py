"""How near texts are in meaning: their vectors in whole numbers, so that every machine works out the same nearness."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.int8]
# Sums of products of whole numbers up to 127 over this many places stay below 2^24, where float32 is still exact: the order
# in which a processor adds them makes no difference.
LONGEST = 2**24 // 127**2
# How finely directions are summed, and how many texts it takes before half of what they have in common is taken away.
FINE, FEW = 2**20, 50


class Encoder(Protocol):
    """Works out vectors of texts. The same text gives the same vector, whatever else was encoded before."""

    @property
    def model(self) -> str:
        """The name its vectors are kept under: another model, or other weights, have another."""
        ...

    def encode(self, title: str, body: str) -> Vector | None:
        """The vector of a text; None for one that says nothing."""
        ...


def as_whole_numbers(vector: Sequence[float] | NDArray[np.floating]) -> Vector:
    """A vector's direction with its largest part as 127; ValueError for one of no direction or too long to add exactly."""
    found = np.asarray(vector, dtype=np.float64)
    largest = float(np.abs(found).max(initial=0.0))
    if found.ndim != 1 or len(found) > LONGEST or not 0 < largest < np.inf:
        raise ValueError("a vector has between 1 and 1,040 finite parts, not all of them 0")
    return np.rint(found * (127 / largest)).astype(np.int8)


class _Middle(NamedTuple):
    """The middle of all texts in whole numbers (to be divided by `scale`), and of each text what nearness needs beside it."""

    vector: Vector
    scale: float
    squared: float
    products: NDArray[np.float64]
    by_length: NDArray[np.float64]
    by_spread: NDArray[np.float64]


class Vectors:
    """The vectors of numbered texts, and how near each is to another, beyond what all of them have in common.

    In one field most texts are near each other: what every text says tells nothing, so the middle of them all is taken
    away first. While there are few, little is taken away.
    """

    def __init__(self) -> None:
        self._rows = np.zeros((0, 0), dtype=np.float32)
        self._lengths = np.zeros(0, dtype=np.float64)
        self.known = np.zeros(0, dtype=np.bool_)
        self._count = 0
        self._sum = np.zeros(0, dtype=np.int64)
        self._beside: _Middle | None = None

    def put(self, number: int, vector: Vector) -> None:
        """Keep the vector of a text; ValueError when it is of another length than the others."""
        if not self._rows.shape[1]:
            self._rows, self._sum = np.zeros((0, len(vector)), dtype=np.float32), np.zeros(len(vector), dtype=np.int64)
        if len(vector) != self._rows.shape[1]:
            raise ValueError("vectors of two models cannot be compared")
        self.drop(number)
        self._make_room(number + 1)
        self._rows[number] = vector
        self._lengths[number] = _length(vector)
        self.known[number] = True
        self._count += 1
        self._beside = None
        self._sum += self._direction(number)

    def drop(self, number: int) -> None:
        """Forget the vector of a text, if there is one."""
        if number < len(self.known) and self.known[number]:
            self.known[number] = False
            self._count -= 1
            self._beside = None
            self._sum -= self._direction(number)

    def nearness(self, vector: Vector, size: int) -> NDArray[np.float64]:
        """How near each of `size` texts is to this one, in -1..1; 0 for those whose vector is not known."""
        near = np.zeros(size, dtype=np.float64)
        held = min(size, len(self.known))
        if not self._count or not held or len(vector) != self._rows.shape[1]:
            return near
        middle = self._middle()
        length = _length(vector)
        asked = float(vector.astype(np.int64) @ middle.vector.astype(np.int64)) / (length * middle.scale)
        spread = max(1 - 2 * asked + middle.squared, 1e-9) ** 0.5
        products = self._rows[:held] @ vector.astype(np.float32)
        cosine = products * middle.by_length[:held] / length - middle.products[:held] + (middle.squared - asked)
        near[:held] = cosine * middle.by_spread[:held] / spread
        return near

    def _direction(self, number: int) -> NDArray[np.int64]:
        direction: NDArray[np.int64] = np.rint(self._rows[number] * (FINE / self._lengths[number])).astype(np.int64)
        return direction

    def _middle(self) -> "_Middle":
        """The middle of all texts, and each text beside it: worked out once between changes."""
        if self._beside is None:
            mean = self._sum / (FINE * (self._count + FEW))
            largest = float(np.abs(mean).max())
            scale = 127 / largest if largest else 1.0
            vector = np.rint(mean * scale).astype(np.int8)
            squared = (_length(vector) / scale) ** 2
            by_length = np.divide(1.0, self._lengths, out=np.zeros(len(self.known)), where=self.known)
            products = (self._rows @ vector.astype(np.float32)).astype(np.float64) * by_length / scale
            by_spread: NDArray[np.float64] = 1 / np.sqrt(np.maximum(1 - 2 * products + squared, 1e-9))
            by_spread[~self.known] = 0.0
            self._beside = _Middle(vector, scale, squared, products, by_length, by_spread)
        return self._beside

    def _make_room(self, needed: int) -> None:
        if needed > len(self.known):
            room = max(1024, needed + needed // 2)
            for name in ("_rows", "_lengths", "known"):
                old = getattr(self, name)
                grown = np.zeros((room, *old.shape[1:]), dtype=old.dtype)
                grown[: len(old)] = old
                setattr(self, name, grown)


def _length(vector: Vector) -> float:
    whole = vector.astype(np.int64)
    return sqrt(float(whole @ whole))
