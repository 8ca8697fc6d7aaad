"""Money and whole numbers as people write them."""

from decimal import Decimal

import pytest

from service.routers.form_values import as_typed, pounds_in, whole_number


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("12,000.50", "12000.50"),
        ("£12,000", "12000.00"),
        ("£ 12 000", "12000.00"),
        ("12000", "12000.00"),
        ("0", "0.00"),
        ("0.1", "0.10"),
        ("999,999,999.99", "999999999.99"),
    ],
)
def test_an_amount_is_read_to_the_penny(text: str, pounds: str) -> None:
    assert pounds_in(text) == Decimal(pounds)
    assert str(pounds_in(text)) == pounds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "£",
        "12k",
        "-1",
        "1.001",
        "1.234,56",
        "12,00",
        "1,0000",
        "1e3",
        "１２",
        "NaN",
        "1000000000",
        "9" * 400,
        "12.",
        ".5",
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    assert pounds_in(text) is None


def test_an_amount_that_is_shown_is_read_back_the_same() -> None:
    for amount in (Decimal("12000.00"), Decimal("1250.50"), Decimal("0.01"), Decimal("0.00")):
        assert pounds_in(as_typed(amount)) == amount


def test_a_whole_number_is_written_in_so_many_plain_digits() -> None:
    assert [whole_number(text) for text in ("0", "007", "9" * 9)] == [0, 7, 999_999_999]
    assert (whole_number("250", 3), whole_number("1000", 3)) == (250, None)
    for text in ("", " 1", "-1", "+1", "1.0", "1_000", "²", "１２", "9" * 10, "9" * 400):
        assert whole_number(text) is None
