"""How values are written in letters: dates as people say them, and other people's text kept in its place."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from service.vocabulary import DECLINE_REASONS
from service.working_time import LONDON
from service.working_time.wording import full_date
from service.working_time.wording import listed as as_one_phrase

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_LONGEST_LINE = 200


def day(value: str | date) -> str:
    """An ISO date in words: "Friday 4 December 2026"."""
    return full_date(value if isinstance(value, date) else date.fromisoformat(value))


def moment(value: str | datetime) -> str:
    """An ISO instant as London clocks show it: "Friday 4 December 2026 at 2:30pm"."""
    local = _local(value)
    return f"{full_date(local.date())} at {_clock(local)}"


def ending(value: str | datetime, start: str | datetime) -> str:
    """The end of something that began at `start`: the hour alone on the same day, "3:30pm"."""
    return _clock(_local(value)) if _local(value).date() == _local(start).date() else moment(value)


def pounds(value: str | Decimal) -> str:
    """An amount of pounds: "£12,000", or with its pence where it has some, "£12,000.50"."""
    amount = Decimal(value)
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun: "1 team", "3 teams"; give `many` where it is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(parts: Iterable[str]) -> str:
    """The parts as one phrase of single lines: "a, b and c"."""
    return as_one_phrase([one_line(part) for part in parts])


def capitalised(text: str) -> str:
    """The text with its first letter raised, to begin a sentence."""
    return text[:1].upper() + text[1:]


def quoted(text: str | None) -> str:
    """Somebody else's words, marked line by line, so that they can never pass for ours."""
    return "\n".join(f"> {line}".rstrip() for line in plain(text or "").strip().splitlines())


def decline_reason(code: str) -> str:
    """Why a university declined, in words: the vocabulary's label, or the text itself where it is none of its codes."""
    return DECLINE_REASONS.get(code, code)


def plain(text: str) -> str:
    """The text with newlines as newlines, and without control characters or more than one blank line together."""
    lines = "\n".join(line.rstrip() for line in re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text))
    kept = "".join(character for character in lines if character in "\n\t" or not _is_control(character))
    return re.sub(r"\n{3,}", "\n\n", kept)


def one_line(text: str | None, longest: int = _LONGEST_LINE) -> str:
    """The text as one line that is safe in a header: no break, control or direction character; cut with an ellipsis."""
    kept = "".join(" " if _is_control(character) else character for character in (text or "").translate(_BIDI))
    # An encoded word, decoded by whoever reads the header, could carry all of these again.
    line = " ".join(kept.replace("=?", "= ?").split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def greeting(name: str) -> str:
    """How a letter begins. A name that looks like an advertisement is not repeated to whoever it was aimed at."""
    said = one_line(name)
    if not said or len(said) > 70 or any(sign in said.lower() for sign in ("://", "www.", "@", ".com", ".co")):
        return "Hello,"
    return f"Dear {said},"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _local(value: str | datetime) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} carries no time zone")
    return instant.astimezone(LONDON)


def _clock(local: datetime) -> str:
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    return f"{hour}:{local.minute:02d}{half}" if local.minute else f"{hour}{half}"
