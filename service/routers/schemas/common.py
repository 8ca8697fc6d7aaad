"""Types that every JSON door shares: instants, days, money, texts, codes, lists and refusals (API.md section 1)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from service.actions.shapes import (
    Area,
    BudgetBand,
    CareerStage,
    Channel,
    DecisionWindow,
    EmailAddress,
    EnquiryType,
    EntryKind,
    Instant,
    Method,
    MoneyKind,
    Name,
    Nation,
    OneOf,
    OrganisationKind,
    OrganisationShown,
    Phone,
    Sector,
    Sent,
    SignatureParty,
    Topic,
    UniversityDeclineReason,
    Visibility,
    shown_instant,
)
from service.workflows.commands import Day, Line, Prose

__all__ = [
    "PROBLEMS",
    "Area", "BudgetBand", "CareerStage", "Channel", "Day", "DecisionWindow", "EmailAddress", "EnquiryType", "EntryKind", "Instant",
    "Line", "Method", "Money", "MoneyKind", "Name", "Nation", "OneOf", "OrganisationKind", "OrganisationShown", "Page", "Phone",
    "ProblemDocument", "Prose", "Sector", "Sent", "Shown", "SignatureParty", "Topic", "UniversityDeclineReason", "Visibility",
    "shown_instant",
]  # fmt: skip

T = TypeVar("T")

_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)


class Shown(BaseModel):
    """The base of answers; `model_validate(row)` reads a row's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


# ---------------------------------------------------------------------------------------------------------------- money


def _amount(value: object) -> Decimal:
    """Read `{"amount", "currency"}`, a decimal string or a number, as pounds with at most two decimals."""
    if isinstance(value, Mapping):
        if set(value) - {"amount", "currency"} or "amount" not in value:
            raise ValueError('Write money as {"amount": "12000.00", "currency": "GBP"}.')
        if value.get("currency", "GBP") != "GBP":
            raise ValueError("The currency is GBP.")
        value = value["amount"]
    text = str(value).removesuffix(".0") if isinstance(value, float) else str(value).strip()
    if isinstance(value, bool) or not _AMOUNT.fullmatch(text):
        raise ValueError("An amount is not negative, below 1,000,000,000 and has at most two decimals.")
    return Decimal(text).quantize(Decimal("0.01"))


_MONEY = {
    "type": "object",
    "properties": {"amount": {"type": "string", "pattern": r"^\d{1,9}\.\d{2}$"}, "currency": {"const": "GBP"}},
    "required": ["amount", "currency"],
    "examples": [{"amount": "12000.00", "currency": "GBP"}],
}
_MONEY_SENT = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "amount": {
                    "anyOf": [
                        {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,2})?$"},
                        {"type": "number", "minimum": 0, "exclusiveMaximum": 1_000_000_000, "multipleOf": 0.01},
                    ]
                },
                "currency": {"const": "GBP"},
            },
            "required": ["amount"],
            "additionalProperties": False,
        },
        {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,2})?$"},
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1_000_000_000, "multipleOf": 0.01},
    ],
    "examples": [{"amount": "12000.00", "currency": "GBP"}],
}

Money = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(lambda value: {"amount": f"{value:.2f}", "currency": "GBP"}, when_used="json"),
    WithJsonSchema(_MONEY_SENT, mode="validation"),
    WithJsonSchema(_MONEY, mode="serialization"),
]
"""Pounds with two decimals: a Decimal here, `{"amount": "12000.00", "currency": "GBP"}` in JSON."""


# ------------------------------------------------------------------------------------------------------ lists, refusals


class Page(Shown, Generic[T]):
    """A stretch of a list; `next_cursor` leads to the next, and is null at the end."""

    items: list[T]
    next_cursor: str | None = None


class FieldProblem(BaseModel):
    """One field at fault."""

    field: str
    message: str
    line: int | None = None
    """In a file of lines, the one at fault."""


class GuardProblem(BaseModel):
    """One guard that refused, why, and whether a reason may stand in for it."""

    guard: str
    detail: str
    waivable: bool


class ProblemDocument(BaseModel):
    """A refusal as problem details (RFC 9457): why, and what can be done instead."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no such enquiry.",
                    "instance": "/api/v1/enquiries/4J7KQ2-M",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] | None = None
    available_events: list[str] | None = None
    guards: list[GuardProblem] | None = None


_ALWAYS = (401, 403, 422, 429, 503)
_WITH_BODY = (400, 408, 409, 413, 415)


def PROBLEMS(*statuses: int, body: bool = False) -> dict[int | str, dict[str, Any]]:  # noqa: N802 - stands in decorators like the constant it is
    """Return `responses=` for a route that may refuse with `statuses`, beside those every route may.

    `body` adds what a route that takes a JSON body may answer: bad JSON, too slow or too large, a conflict, another media type.
    """
    wanted = sorted({*statuses, *_ALWAYS, *(_WITH_BODY if body else ())})
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status in wanted
    }
