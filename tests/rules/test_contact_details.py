import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflows.contact_details import find_contact_details


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to jo.smith@council.gov.uk.", ("jo.smith@council.gov.uk",)),
        ("call 0191 433 3000 or (0191) 433 3001", ("0191 433 3000", "(0191) 433 3001")),
        ("on my mobile, +44 7700 900123", ("+44 7700 900123",)),
        ("07700 900123, again 07700 900123", ("07700 900123",)),
        ("jo@council.example, 01632 960 123", ("jo@council.example", "01632 960 123")),
    ],
)
def test_addresses_and_numbers_are_found(text: str, found: tuple[str, ...]) -> None:
    assert find_contact_details(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "In 2019-2020 it cost £20,000 for 12 to 18 months.",
        "doi 10.1136/bmj.l1234, ISRCTN01234567",
        "ages 0-3, and 0 to 19",
        "a ratio of 0.05 (0.01-0.10)",
        "from 01/04/2025 to 31/03/2026",
        "a handle @council, and a@b",
        "SNOMED 0123456789012",
        "",
    ],
)
def test_years_sums_and_identifiers_are_not(text: str) -> None:
    assert find_contact_details(text) == ()


@given(st.text())
def test_any_text_is_searched_without_a_fault_and_only_what_is_written_is_found(text: str) -> None:
    assert all(found in text for found in find_contact_details(text))


@given(st.from_regex(r"[a-z]{1,10}\.[a-z]{1,10}@[a-z]{2,10}\.gov\.uk", fullmatch=True))
def test_an_address_is_found_inside_a_sentence(address: str) -> None:
    assert find_contact_details(f"Please ask {address}, or not.") == (address,)
