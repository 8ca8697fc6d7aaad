"""Addresses and telephone numbers are found as people write them; figures, dates and identifiers are left alone."""

import time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflows.contact_details import find_contact_details


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to jo.smith@council.gov.uk.", ("jo.smith@council.gov.uk",)),
        ("Sam <sam.o'neil+bids@council.gov.uk>; 'kit@y.example'", ("sam.o'neil+bids@council.gov.uk", "kit@y.example")),
        ("mailto:sam@example.org or sam@example.org/kit@example.org", ("sam@example.org", "kit@example.org")),
        ("jo.smith@council.gov.uk's inbox", ("jo.smith@council.gov.uk",)),
        ("zoë@büro.example", ("zoë@büro.example",)),
        ("call 0191 433 3000 or (0191) 433 3001", ("0191 433 3000", "(0191) 433 3001")),
        ("0191 498 0000 0191 498 0001", ("0191 498 0000", "0191 498 0001")),
        ("020 7946 0958, 01234 567890, 0300 123 1100", ("020 7946 0958", "01234 567890", "0300 123 1100")),
        ("tel.0191-498-0000. Or 0191.498.0001.", ("0191-498-0000", "0191.498.0001")),
        ("01632 960 001 ext. 12", ("01632 960 001",)),
        ("freephone 0800 12 34 56", ("0800 12 34 56",)),
        ("Phone:07700900123", ("07700900123",)),
        ("07700 900123, again 07700 900123", ("07700 900123",)),
        ("on my mobile, +44 7700 900123", ("+44 7700 900123",)),
        ("+44 (0)191 498 0000 or (+44) 191 498 0001", ("+44 (0)191 498 0000", "(+44) 191 498 0001")),
        ("0044 191 498 0000", ("0044 191 498 0000",)),
        ("Dublin +353 1 234 5678, tel:+12025550182", ("+353 1 234 5678", "+12025550182")),
        ("jo@council.example, 01632 960 123", ("jo@council.example", "01632 960 123")),
    ],
)
def test_addresses_and_numbers_are_found(text: str, found: tuple[str, ...]) -> None:
    assert find_contact_details(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In 2019-2020 it cost £20,000 for 12 to 18 months.",
        "£1,000,000 of £01234567890",
        "doi:10.1136/bmj.l1234, https://doi.org/10.1016/0140-6736(92)90000-1",
        "ISRCTN01234567, ISBN 0-19-852663-6, ISBN 0198526636",
        "https://orcid.org/0000-0002-1825-0097 and 0000-0002-1825-0097",
        "ODS RR8, practice A81001, E06000057, LSOA E01008162, UPRN 010070012345",
        "NHS number 943 476 5919, code 0123456789",
        "SNOMED 0123456789012, ICD-10 E11.9, NIHR 03/0123/4567, IRAS 24/NE/0123",
        "ages 0-3, 0-5 5-10 10-15, and 0 to 19",
        "a ratio of 0.05 (0.01-0.10), 0.98-1.02, 0.1234567890123",
        "from 01/04/2025 to 31/03/2026, 01-02-2024 03-04-2025, 01.02.2024",
        "a handle @council, https://example.org/@sam.smith, a@b, sam@localhost, sam at example.org",
        "p<0.001, n = 1234567890, +20 2019 20, +999 1234 56789, 00 999 1234 5678",
        "a..b@example.org, sam@-example-.org",
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


REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@given(
    st.sampled_from([phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]),
    st.sampled_from([phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL]),
)
def test_the_librarys_own_british_numbers_are_found_as_it_writes_them(kind: int, style: int) -> None:
    number = phonenumbers.example_number_for_type("GB", kind)
    assert number is not None
    written = phonenumbers.format_number(number, style)

    assert find_contact_details(f"Ring {written} before noon.") == (written,)


@given(st.sampled_from(REGIONS))
def test_numbers_of_every_country_are_found_with_their_code(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    assert find_contact_details(f"Ring {written} before noon.") == (written,)


@given(st.integers(0, 10**9), st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 28))
def test_sums_and_dates_are_never_taken_for_numbers(pence: int, year: int, month: int, day: int) -> None:
    text = f"£{pence / 100:,.2f} by {day:02}/{month:02}/{year}, {day}.{month}.{year}, {year}-{month:02}-{day:02}, {year}–{year + 1}"

    assert find_contact_details(text) == ()


HOSTILE = [
    "a",
    "a@",
    "a.b@",
    "a@b.",
    "a'",
    "0",
    "0 1 ",
    "0191 498 ",
    "(",
    "+",
    "+44 ",
    "+1(",
    "00 1",
    "a@b.c.d.e.f.g.h.i.j.k.",
]


def test_hostile_texts_take_no_longer_than_their_length() -> None:
    before = time.process_time()

    for part in HOSTILE:
        find_contact_details(part * (20_000 // len(part)))

    assert time.process_time() - before < 5
