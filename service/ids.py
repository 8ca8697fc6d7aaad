"""Keys of rows and the short references people read out over the telephone."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_ALPHABET = _ALPHABET + "*~$=U"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_DRAWN = 6


def new_id() -> UUID:
    """Return a UUIDv7: unique, known before the row is inserted, and ordered by time of making."""
    return uuid7()


def new_reference() -> str:
    """Return a fresh reference such as `4J7KQ2-M`: six Crockford base32 characters and a check character.

    Draws again until the check character is a letter or digit, so that a reference is easy to say.
    """
    while True:
        drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_DRAWN))
        check = _check_character(drawn)
        if check.isalnum():
            return f"{drawn}-{check}"


def parse_reference(text: str) -> str | None:
    """Return the reference a person meant (case, spaces, hyphens and look-alikes forgiven), or None if it is none."""
    plain = "".join(text.split()).replace("-", "").upper()
    drawn, check = plain[:-1].translate(_LOOKALIKES), plain[-1:]
    if check in {"I", "L", "O"}:
        check = check.translate(_LOOKALIKES)
    if len(drawn) != _DRAWN or any(character not in _ALPHABET for character in drawn):
        return None
    return f"{drawn}-{check}" if _check_character(drawn) == check else None


def _check_character(drawn: str) -> str:
    value = 0
    for character in drawn:
        value = value * 32 + _ALPHABET.index(character)
    return _CHECK_ALPHABET[value % 37]
