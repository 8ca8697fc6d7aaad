"""Types of what comes in from outside, whichever door it came through: checked texts, days, instants and codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from service import vocabulary

_EARLIEST, _LATEST = 1900, 2199


class Sent(BaseModel):
    """The base of what is sent to us: members are named exactly, and an unknown one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# ----------------------------------------------------------------------------------------------------- instants and days


def shown_instant(moment: datetime) -> str:
    """Return an aware instant as the doors write it: UTC, whole seconds, `2026-11-22T09:30:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text_only(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value[1:]):
        raise ValueError("Write it as text, such as 2026-11-22 or 2026-11-22T09:30:00Z.")
    return value


def _within_reach(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("Say which offset it is in, such as 2026-11-22T09:30:00Z.")
    if not _EARLIEST <= value.year <= _LATEST:
        raise ValueError(f"The year is between {_EARLIEST} and {_LATEST}.")
    return value.astimezone(UTC)


Instant = Annotated[
    datetime,
    BeforeValidator(_text_only),
    AfterValidator(_within_reach),
    PlainSerializer(shown_instant, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-22T09:30:00Z"]}),
]
"""An aware instant; kept in UTC, written with whole seconds."""


# ---------------------------------------------------------------------------------------------------------------- texts


def _one_line(value: str) -> str:
    line = " ".join(value.split())
    if not line or not line.isprintable():
        raise ValueError("A name is one line of ordinary characters.")
    return line


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
"""What somebody or something is called: one line, spaces collapsed, so that it can stand in a mail's heading."""


def _lowered(value: str) -> str:
    return value.lower()


EmailAddress = Annotated[EmailStr, Field(max_length=254), AfterValidator(_lowered)]
"""An address as people write it, kept in lower case."""

Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=50, pattern=r"^[0-9+() .x-]*$")
]
"""A telephone number as people write it: an extension after an x."""

_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])", re.ASCII | re.IGNORECASE)


def _orcid(value: str) -> str:
    """Return an ORCID in groups of four, its check character verified (ISO 7064, MOD 11-2)."""
    match = _ORCID.fullmatch(value.strip())
    if match is None:
        raise ValueError("An ORCID has sixteen characters, such as 0000-0002-1825-0097.")
    groups = [group.upper() for group in match.groups()]
    joined = "".join(groups)
    total = 0
    for digit in joined[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != joined[-1]:
        raise ValueError("The check character of this ORCID is wrong: one of its digits was mistyped.")
    return "-".join(groups)


Orcid = Annotated[str, AfterValidator(_orcid), Field(max_length=40, examples=["0000-0002-1825-0097"])]
"""A researcher's ORCID, as text or as its web address."""

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s\x00]+)", re.IGNORECASE)


def _doi(value: str) -> str:
    match = _DOI.fullmatch(value.strip())
    if match is None:
        raise ValueError("A DOI looks like 10.1136/bmj.n71.")
    return match[1]


Doi = Annotated[str, AfterValidator(_doi), Field(max_length=300, examples=["10.1136/bmj.n71"])]
"""A publication's DOI, as text or as its web address."""


# ---------------------------------------------------------------------------------------------------------------- codes


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a text as one of a vocabulary's codes: checked on the way in, an enum in OpenAPI."""

    words: Mapping[str, str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))

    def __hash__(self) -> int:
        return hash(tuple(self.words))


Area = Annotated[str, OneOf(vocabulary.REGIONS)]
BudgetBand = Annotated[str, OneOf(vocabulary.BUDGET_BANDS)]
CareerStage = Annotated[str, OneOf(vocabulary.CAREER_STAGES)]
Channel = Annotated[str, OneOf(vocabulary.CHANNELS)]
DecisionWindow = Annotated[str, OneOf(vocabulary.DECISION_WINDOWS)]
EnquiryType = Annotated[str, OneOf(vocabulary.ENQUIRY_TYPES)]
EntryKind = Annotated[str, OneOf(vocabulary.ENTRY_KINDS)]
Method = Annotated[str, OneOf(vocabulary.METHODS)]
MoneyKind = Annotated[str, OneOf(vocabulary.MONEY_KINDS)]
Nation = Annotated[str, OneOf(vocabulary.NATIONS)]
OrganisationKind = Annotated[str, OneOf(vocabulary.ORGANISATION_KINDS)]
OrganisationShown = Annotated[str, OneOf(vocabulary.ORGANISATION_SHOWN)]
PassingReason = Annotated[str, OneOf(vocabulary.PASSING_REASONS)]
Sector = Annotated[str, OneOf(vocabulary.SECTORS)]
ShortlistChoice = Annotated[str, OneOf(vocabulary.SHORTLIST_DECISIONS)]
SignatureParty = Annotated[str, OneOf(vocabulary.SIGNATURE_PARTIES)]
Topic = Annotated[str, OneOf(vocabulary.TOPICS)]
UniversityDeclineReason = Annotated[str, OneOf(vocabulary.DECLINE_REASONS)]
Visibility = Annotated[str, OneOf(vocabulary.VISIBILITIES)]
