"""Contact details inside a text: what must not go to universities in a brief."""

import re
from collections.abc import Callable, Iterator

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_ADDRESS = re.compile(r"(?<![\w.+-])\w[\w.!#$%&'*+=?^`{|}~-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")

_BETWEEN = r"[ ().\-\u00a0\u2009\u2010\u2011]{0,2}"
_BEFORE = r"(?<![\w/£$€#=-])(?<!\d[.,])"
_AFTER = r"(?!\w|[.,-]\d|/\d\d)"
_NATIONAL = re.compile(rf"{_BEFORE}\(?0[1-357-9]\d(?:{_BETWEEN}\d){{7,8}}{_AFTER}")
"""A nought, two figures with nothing between, and seven or eight more: 020 7946 0958, (0191) 498 0000, 07700900123."""
_ABROAD = re.compile(rf"{_BEFORE}(?:\(?\+{_BETWEEN}|00{_BETWEEN})[1-9](?:{_BETWEEN}\(?\d\)?){{6,14}}{_AFTER}")
_HOME = "GB"


def find_contact_details(text: str) -> tuple[str, ...]:
    """Return the email addresses and telephone numbers in a text, as written, each once, addresses first.

    Numbers are those dialled within the United Kingdom, or from anywhere with a country code. Years, sums, ranges,
    dates and identifiers are not telephone numbers. The time taken grows with the length of the text and no faster.
    """
    found = [*_matches(_ADDRESS, text, _is_address), *_matches(_NATIONAL, text, _is_dialled_here)]
    return tuple(dict.fromkeys([*found, *_matches(_ABROAD, text, _is_dialled_from_abroad)]))


def _matches(pattern: re.Pattern[str], text: str, holds: Callable[[str], bool]) -> Iterator[str]:
    written = dict.fromkeys(match.group().rstrip("'- ") for match in pattern.finditer(text))
    return filter(holds, written)


def _is_address(written: str) -> bool:
    try:
        # Example and test domains are addresses too: somebody wrote one where none belongs.
        validate_email(written, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_dialled_here(written: str) -> bool:
    number = _parsed(written)
    if number is None:
        return False
    # Eleven figures are how nearly every number is written, those set aside for drama and tests among them, which
    # the library never calls valid. Ten figures are as often an identifier, so there it has to know the number.
    return phonenumbers.is_valid_number(number) or (_figures(written) == 11 and _is_possible(number))


def _is_dialled_from_abroad(written: str) -> bool:
    number = _parsed(written)
    if number is None:
        return False
    return phonenumbers.is_valid_number(number) or ("+" in written and _figures(written) > 10 and _is_possible(number))


def _parsed(written: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, _HOME)
    except phonenumbers.NumberParseException:
        return None


def _figures(written: str) -> int:
    return sum(character.isdigit() for character in written)


def _is_possible(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
