"""What every JSON door understands by an instant, a day, an amount and a cursor."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from service.errors import Problem
from service.ids import new_id
from service.routers.paging import Position, decode_cursor, encode_cursor, place_at
from service.routers.schemas.common import Day, EmailAddress, Instant, Money, Name, Phone, Sector


class Shape(BaseModel):
    money: Money = Decimal(0)
    instant: Instant = datetime(2026, 1, 1, tzinfo=UTC)
    day: Day = date(2026, 1, 1)
    sector: Sector = "nhs"
    email: EmailAddress = "a@b.example"
    phone: Phone = "01632 960 001"
    name: Name = "A"


def said(**members: object) -> dict[str, Any]:
    """Return what a door would write for what it was sent."""
    return Shape.model_validate(members).model_dump(mode="json", include=set(members))


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        ({"amount": "12000.5", "currency": "GBP"}, "12000.50"),
        ({"amount": 12000}, "12000.00"),
        ("12000", "12000.00"),
        ("0.1", "0.10"),
        (0, "0.00"),
        (12000.1, "12000.10"),
        (12000.0, "12000.00"),
        (999_999_999.99, "999999999.99"),
    ],
)
def test_money_is_read_as_people_write_it(sent: object, amount: str) -> None:
    assert said(money=sent) == {"money": {"amount": amount, "currency": "GBP"}}
    assert isinstance(Shape.model_validate({"money": sent}).money, Decimal)


@pytest.mark.parametrize(
    "sent",
    [-1, "-0.01", "1.234", 1.005, "1e3", 1e20, float("inf"), float("nan"), 10**9, True, None, [], "", "£5", "１２",
     {"amount": "1", "currency": "EUR"}, {"pounds": 1}, {"amount": "1", "vat": 0}, {"amount": {"amount": 1}}],
)  # fmt: skip
def test_what_is_not_an_amount_in_pounds_is_refused(sent: object) -> None:
    with pytest.raises(ValidationError):
        Shape.model_validate({"money": sent})


def test_instants_are_kept_in_utc_and_written_in_whole_seconds() -> None:
    assert said(instant="2026-06-01T10:30:00.750+01:00") == {"instant": "2026-06-01T09:30:00Z"}


@pytest.mark.parametrize(
    "sent",
    ["2026-06-01T10:30:00", "2026-06-01", "yesterday", 1780000000, "1780000000.5", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-12:00"],
)  # fmt: skip
def test_an_instant_has_an_offset_and_a_year_within_reach(sent: object) -> None:
    with pytest.raises(ValidationError):
        Shape.model_validate({"instant": sent})


@pytest.mark.parametrize("sent", [20260601, "20260602", "2026-02-30", "0001-01-01", "2026-06-01T10:30:00Z", None])
def test_a_day_is_a_date_within_reach(sent: object) -> None:
    with pytest.raises(ValidationError):
        Shape.model_validate({"day": sent})


def test_texts_are_kept_as_they_can_be_used() -> None:
    assert said(email="Ada.Nwosu@University.Example") == {"email": "ada.nwosu@university.example"}
    assert said(name="  Ada\n Nwosu\t") == {"name": "Ada Nwosu"}
    for field, wrong in (
        ("name", "\x00"),
        ("name", "a\x07"),
        ("phone", "<script>"),
        ("email", "a@b@c"),
        ("sector", "x"),
    ):
        with pytest.raises(ValidationError):
            Shape.model_validate({field: wrong})


def test_codes_are_an_enum_in_the_description() -> None:
    described = Shape.model_json_schema(mode="serialization")["properties"]
    assert {"nhs", "academic", "other"} <= set(described["sector"]["enum"])
    assert described["money"]["properties"]["currency"] == {"const": "GBP"}


def test_a_cursor_leads_back_to_its_place() -> None:
    row, moment = new_id(), datetime(2026, 1, 1, 9, 30, 0, 5, tzinfo=UTC)

    assert decode_cursor(encode_cursor(row), UUID) == row
    assert place_at(encode_cursor("gateshead council"), str) == "gateshead council"
    assert (place_at(None, str), place_at("", str)) == (None, None)
    assert decode_cursor(encode_cursor((moment.date(), row)), tuple[date, UUID]) == (moment.date(), row)
    assert decode_cursor(encode_cursor((moment, None)), tuple[datetime, str | None]) == (moment, None)
    assert re.fullmatch(r"[\w-]+", encode_cursor((moment, "ÿ?>", row)), re.ASCII)


@pytest.mark.parametrize("mangled", ["{}A", "{}=", " {}", "{}\n", "{}.{}", ""])
def test_a_cursor_has_one_spelling(mangled: str) -> None:
    cursor = encode_cursor("a place")
    for wrong in (mangled.format(cursor, cursor), cursor[:-1]):
        with pytest.raises(Problem) as refused:
            decode_cursor(wrong, str)
        assert (refused.value.status, refused.value.slug) == (400, "cursor-malformed")


def test_a_number_beyond_both_engines_is_no_position() -> None:
    assert decode_cursor(encode_cursor((2**63 - 1,)), tuple[Position]) == (2**63 - 1,)
    for wrong in (2**63, -1):
        with pytest.raises(Problem):
            decode_cursor(encode_cursor((wrong,)), tuple[Position])
