"""Dates in words, as GOV.UK writes them."""

from collections.abc import Sequence
from datetime import date


def full_date(day: date) -> str:
    """For example "Monday 28 December 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """For example "28 December 2026": where the weekday adds nothing."""
    return f"{day.day} {day:%B %Y}"


def listed(parts: Sequence[str]) -> str:
    """The parts as one phrase: "a", "a and b", "a, b and c"; "" when there are none."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)
