"""Contact details inside a text: what must not go to universities in a brief."""

import re

from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, PhoneNumberMatcher

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+\.[^\s<>()\[\],;:\"']+")
_HOME = "GB"
_FEWEST_DIGITS = 10
_LONGEST = 20_000
"""A section is no longer than this; what lies beyond is not searched."""


def find_contact_details(text: str) -> tuple[str, ...]:
    """Return the email addresses and telephone numbers in a text, as written, each once, addresses first.

    Numbers are those that could be dialled from the United Kingdom, or anywhere with a country code; years, sums,
    ranges and identifiers are not numbers of telephones.
    """
    searched = text[:_LONGEST]
    addresses = [found for match in _ADDRESS.finditer(searched) if _is_address(found := match.group().rstrip(".!?"))]
    # Leniency POSSIBLE, because numbers set aside for drama and tests are possible and never valid.
    matches = PhoneNumberMatcher(searched, _HOME, leniency=Leniency.POSSIBLE)
    numbers = [match.raw_string for match in matches if _is_dialled(match.raw_string)]
    return tuple(dict.fromkeys([*addresses, *numbers]))


def _is_address(text: str) -> bool:
    try:
        # Example and test domains are addresses too: somebody wrote one where none belongs.
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_dialled(text: str) -> bool:
    """A number for dialling begins with a nought, a plus or a bracket, and is long; a sum or a count is not."""
    return text.startswith(("0", "+", "(0", "(+")) and sum(character.isdigit() for character in text) >= _FEWEST_DIGITS
