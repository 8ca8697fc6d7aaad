"""Vectors are kept once worked out, and forgotten once nobody holds their text any more."""

from collections.abc import Collection
from datetime import timedelta

from service.context import Context
from service.matching.vectors import Vector
from service.records import vectors
from service.records.database import Unit

KEPT_UNUSED = timedelta(days=7)
"""How long the vector of a text is kept that no researcher's page holds: a brief's, mostly, which is worked out anew."""


def keep(unit: Unit, ctx: Context, model: str, found: dict[str, Vector]) -> int:
    """Write down vectors and return how many were new; one that is known stands, so that workers may race."""
    return vectors.keep(unit, model, found, ctx.now)


def forget(unit: Unit, ctx: Context, in_use: Collection[str]) -> int:
    """Forget the vectors of texts that have long been out of use, and return how many."""
    return vectors.forget(unit, in_use, ctx.now - KEPT_UNUSED)
