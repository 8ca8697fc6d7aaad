"""Money, days and names as people type them into a page: read exactly, or said what is wrong with them."""

import re
from datetime import date
from decimal import Decimal

from service.routers.forms import Mistakes, Posted

_AMOUNT = re.compile(r"£? ?(\d{1,3}(?:[, ]\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)
_ROOF = Decimal(1_000_000_000)
_EARLIEST, _LATEST = 1900, 2199
_NAME_LENGTH = 200


def pounds_in(text: str) -> Decimal | None:
    """Return the pounds that somebody wrote as "12,000.50", "£12,000" or "12000", to the penny; None for anything else."""
    written = _AMOUNT.fullmatch(text.strip()) if len(text) <= 30 else None
    if written is None:
        return None
    amount = Decimal(written[1].replace(",", "").replace(" ", "") + (written[2] or ""))
    return amount.quantize(Decimal("0.01")) if amount < _ROOF else None


def as_typed(amount: Decimal) -> str:
    """Return an amount as it stands in a field to be changed: "12,000" or "12,000.50"."""
    return f"{amount:,.2f}".removesuffix(".00")


def whole_number(text: str, digits: int = 9) -> int | None:
    """Return the whole number that a text is, of at most so many plain digits; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def read_pounds(posted: Posted, mistakes: Mistakes, name: str, what: str) -> Decimal:
    """Return the amount in a field that must be filled, noting a mistake and returning no pounds where it is not."""
    text = mistakes.required(name, posted.line(name), f"Enter {what}")
    amount = pounds_in(text)
    if amount is None:
        is_large = _AMOUNT.fullmatch(text) is not None
        mistakes.add(name, f"Enter {what}, {'less than £1,000,000,000' if is_large else 'like 12,000 or 1,250.50'}")
    return amount if amount is not None else Decimal("0.00")


def read_day(posted: Posted, mistakes: Mistakes, name: str, what: str) -> date | None:
    """Return a day given as three fields or as one, None when it is empty, noting one that no calendar here knows."""
    day = mistakes.date(name, posted, what)
    if day is not None and not _EARLIEST <= day.year <= _LATEST:
        mistakes.add(name, f"{what} must be in a year between {_EARLIEST} and {_LATEST}")
        return None
    return day


def read_name(posted: Posted, mistakes: Mistakes, name: str, asked: str, what: str) -> str:
    """Return what somebody or something is called, noting `asked` when the field is empty and what is wrong with it."""
    text = mistakes.required(name, posted.line(name), asked)
    mistakes.fits(name, text, _NAME_LENGTH, what)
    if not text.isprintable():
        mistakes.add(name, f"{what} must be one line of ordinary characters")
    return text
