"""Discretion: what universities are told instead of a name, when the enquirer wants to be described only."""

from service.records.database import Unit
from service.records.tables import Enquiry, Organisation
from service.vocabulary import REGIONS

_KINDS = {
    "council": "A council",
    "university": "A university",
    "nhs": "An NHS body",
    "third_sector": "A voluntary or community organisation",
}
_SECTORS = {
    "council_public_health": "council",
    "council_other": "council",
    "nhs": "nhs",
    "integrated_care_board": "nhs",
    "clinical_commissioning_group": "nhs",
    "third_sector": "third_sector",
    "academic": "university",
}
_WITHOUT_ARTICLE = frozenset({"london", "scotland", "wales", "northern_ireland", "yorkshire_and_the_humber"})


def describe_when_wanted(unit: Unit, enquiry: Enquiry) -> bool:
    """Give an enquiry that is to be described its words where it has none, and tell whether that changed it.

    They are as general as the form's own example, “A council in the North East”; the enquirer reads them before
    anything is sent.
    """
    if enquiry.organisation_shown != "described" or (enquiry.organisation_description or "").strip():
        return False
    body = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    kind = body.kind if body and body.kind in _KINDS else _SECTORS.get(enquiry.sector or "", "")
    enquiry.organisation_description = _KINDS.get(kind, "An organisation") + _where(body.area if body else None)
    return True


def _where(area: str | None) -> str:
    if area is None or area not in REGIONS or area == "elsewhere":
        return ""
    return f" in {REGIONS[area]}" if area in _WITHOUT_ARTICLE else f" in the {REGIONS[area]}"
