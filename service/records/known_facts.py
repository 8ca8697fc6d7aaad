"""What we were told about an enquiry, sorted to the sections of the brief that are written from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service import vocabulary
from service.records import enquiries
from service.records.database import Unit
from service.records.tables import Enquiry
from service.workflows.products import wanted_product
from service.workflows.readiness import Circumstances
from service.working_time.wording import short_date


@dataclass(frozen=True, slots=True)
class Known:
    """One thing we were told: what it is, and the words or the label of what was chosen."""

    label: str
    text: str


def known_facts(unit: Unit, enquiry: Enquiry, around: Circumstances) -> Mapping[str, tuple[Known, ...]]:
    """Return what is known by section code; a section about which nothing is known has an empty tuple."""
    product = wanted_product(enquiry.product, enquiry.methods, enquiry.enquiry_type, around.ladder)
    left = around.working_days_left
    told: dict[str, Iterable[tuple[str, str | None]]] = {
        "purpose": (
            ("What the answer will help to do", enquiry.purpose),
            ("Who decides", enquiry.who_decides),
            ("When it is decided", _day(enquiry.decision_date)),
            ("Kind of decision", _label(vocabulary.DECISION_WINDOWS, enquiry.decision_window)),
            ("How far the decision is", _label(vocabulary.DECISION_STEPS, enquiry.decision_step)),
        ),
        "questions": _wordings(unit, enquiry),
        "population_setting_place": (
            ("Who it is about", _labels(vocabulary.POPULATIONS, enquiry.population)),
            ("In their words", enquiry.population_notes),
            ("Where", enquiry.place),
        ),
        "scope": (("What would not help", enquiry.not_wanted),),
        "known": (("What they know or have", enquiry.known_evidence),),
        "methods": (
            ("Evidence wanted", _labels(vocabulary.EVIDENCE_WANTED, enquiry.evidence_wanted)),
            ("Methods", _labels(vocabulary.METHODS, enquiry.methods)),
            ("Kind of enquiry", _label(vocabulary.ENQUIRY_TYPES, enquiry.enquiry_type)),
        ),
        "outputs_audiences": (
            ("Product", f"{product.label} ({product.duration})" if product else None),
            ("Topics", _labels(vocabulary.TOPICS, enquiry.topics)),
        ),
        "timescale": (
            ("Needed by", _day(enquiry.needed_by)),
            ("Working days left", str(left) if left is not None else None),
            ("When it is decided", _day(enquiry.decision_date)),
        ),
        "budget_procurement": (
            ("Money", _label(vocabulary.BUDGET_BANDS, enquiry.budget_band)),
            ("How it would be bought", _label(vocabulary.PROCUREMENT_ROUTES, enquiry.procurement_route)),
        ),
        "data_access_time": (),
        "users": (("Who decides", enquiry.who_decides),),
    }
    return {
        code: tuple(Known(label, text) for label, text in told[code] if text and text.strip())
        for code in vocabulary.BRIEF_SECTIONS
    }


def _wordings(unit: Unit, enquiry: Enquiry) -> list[tuple[str, str | None]]:
    """The enquirer's own words first, then the newest reformulation."""
    versions = [each for each in enquiries.question_versions(unit, enquiry.id) if each.redacted_at is None]
    told: list[tuple[str, str | None]] = [("Asked in these words", each.text) for each in versions if each.number == 1]
    if versions and versions[-1].number > 1:
        told.append((f"Wording {versions[-1].number}, ours", versions[-1].text))
    return told


def _label(codes: Mapping[str, str], code: str | None) -> str | None:
    return codes.get(code, code) if code else None


def _labels(codes: Mapping[str, str], chosen: Iterable[str]) -> str:
    return ", ".join(codes.get(code, code) for code in chosen)


def _day(day: date | None) -> str | None:
    return short_date(day) if day else None
