"""The agreement under which a project runs, and its signatures."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from service.records.projects import SignatureRow
from service.routers.schemas.common import Day, Instant, Name, Prose, Sent, Shown, SignatureParty

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
"""Plain text that may be empty."""

_TERMS: dict[str, Any] = {
    "parties": ["Gateshead Council", "Durham University"],
    "roles": "The university leads; the council gives access to data.",
    "ethics_route": "The university's committee",
    "data_protection_route": "Anonymous data only",
}


class AgreementSent(Sent):
    """The terms under which a project runs, whole: members left out become empty."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TERMS]})

    parties: list[Name] = Field(default=[], max_length=20, description="Names.")
    roles: Text = ""
    time_expected: Text = ""
    ground_rules: Text = ""
    decision_rights: Text = ""
    ip_background: Text = ""
    ip_foreground: Text = ""
    publication_terms: Text = ""
    ethics_route: Text = ""
    data_protection_route: Text = ""


class SignatureSent(Sent):
    """A signature on the current terms."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "party": "university",
                    "person": "Prof Pat Vice",
                    "organisation": "Durham University",
                    "signed_on": "2026-12-18",
                    "evidence": "Signed copy in the contracts register, no. 4711",
                }
            ]
        }
    )

    party: SignatureParty
    person: Name
    organisation: Name
    signed_on: Day
    evidence: Prose | None = None


class SignatureShown(Shown):
    """One signature. It counts while the terms it was given on are the agreement's."""

    id: UUID
    party: SignatureParty
    person: str
    organisation: str
    signed_on: date
    evidence: str | None
    terms_version: int
    recorded_at: Instant

    @classmethod
    def of(cls, row: SignatureRow) -> "SignatureShown":
        """Show a signature."""
        return cls.model_validate(row)


class AgreementShown(Shown):
    """The terms, who has signed them, and which signatures a change of terms has voided."""

    version: int = Field(description="0 before the first save; raised by each change.")
    parties: list[str]
    roles: str
    time_expected: str
    ground_rules: str
    decision_rights: str
    ip_background: str
    ip_foreground: str
    publication_terms: str
    ethics_route: str
    data_protection_route: str
    saved_at: Instant | None
    signatures: list[SignatureShown] = Field(description="On the current terms.")
    void_signatures: list[SignatureShown] = Field(description="On earlier terms.")
