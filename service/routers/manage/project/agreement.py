"""The agreement a project runs under: its terms, and who has signed them."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import agreement
from service.records import projects
from service.records.database import Unit
from service.routers.form_values import read_day, read_name
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm, date_parts
from service.routers.manage.project.at_project import AtProject, OpenProject, require_shown
from service.routers.project_views import agreement_shown
from service.routers.schemas.agreements import AgreementShown
from service.vocabulary import AGREEMENT_SECTIONS, SIGNATURE_PARTIES

router = APIRouter(include_in_schema=False)

TERMS = {code: label for code, label in AGREEMENT_SECTIONS.items() if code != "parties"}
_MOST_PARTIES, _NAME_LENGTH = 20, 200
_HINTS = {
    "roles": "Who leads, who gives access to what, who does which part.",
    "time_expected": "Of each side, also the council's own officers.",
    "ground_rules": "For example how you tell each other of delays, and how you settle a disagreement.",
    "decision_rights": "Who may change the scope, the dates or the money.",
    "ip_background": "What each side brings and keeps.",
    "ip_foreground": "Who may use what is made, and for what.",
    "publication_terms": "What is published, when, and how long anybody may look at it first.",
    "ethics_route": "Which committee, or why none is needed. Needed before the project can be commissioned.",
    "data_protection_route": "For example an assessment, a sharing agreement, or anonymous data only. Needed before the project can be commissioned.",
}


@router.get("/manage/enquiries/{reference}/project/agreement")
def ask_terms(at: OpenProject) -> Response:
    """Under which terms does the project run?"""
    shown = at.desk.read(lambda unit: agreement_shown(unit, at.id))
    values: dict[str, str | list[str]] = {"shown": str(shown.version), "parties": "\n".join(shown.parties)}
    return _terms_page(at, Filled(values | {code: getattr(shown, code) for code in TERMS}))


@router.post("/manage/enquiries/{reference}/project/agreement")
def take_terms(at: OpenProject, posted: PostedForm) -> Response:
    """Save them whole. Where that voids signatures, it wants to be told that it may."""
    mistakes = Mistakes()
    parties = _parties(posted, mistakes)
    terms = {code: mistakes.fits(code, posted.prose(code), PROSE_LENGTH, label) or "" for code, label in TERMS.items()}
    shown = at.desk.read(lambda unit: agreement_shown(unit, at.id))
    if shown.signatures and _differs(shown, parties, terms) and posted.line("void") != "yes":
        mistakes.add(
            "void", "Say that these changes may void the signatures given, or leave the terms as they were signed"
        )
    if mistakes:
        return _terms_page(at, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        now = projects.agreement(unit, at.id)
        require_shown(posted, now.version if now else 0, "the terms")
        agreement.save_agreement(unit, at.ctx, at.id, parties, terms)

    return at.put(posted, work, lambda form, status: _terms_page(at, form, status), "agreement")


@router.get("/manage/enquiries/{reference}/project/signatures")
def ask_signature(at: OpenProject) -> Response:
    """Who has signed?"""
    shown = at.desk.read(lambda unit: agreement_shown(unit, at.id))
    return _signature_page(at, Filled({"shown": str(shown.version), **date_parts("signed_on", at.today)}))


@router.post("/manage/enquiries/{reference}/project/signatures")
def take_signature(at: OpenProject, posted: PostedForm) -> Response:
    """Record a signature on the terms that were shown; the same one pressed twice is one."""
    mistakes = Mistakes()
    signed = _signed(posted, mistakes)
    if mistakes or signed is None:
        return _signature_page(at, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        now = projects.agreement(unit, at.id)
        require_shown(posted, now.version if now else 0, "the terms")
        if not any(_is_same(each, signed) for each in agreement_shown(unit, at.id).signatures):
            agreement.sign(unit, at.ctx, at.id, signed)

    return at.put(posted, work, lambda form, status: _signature_page(at, form, status), "signed")


def _parties(posted: Posted, mistakes: Mistakes) -> list[str]:
    named = [" ".join(line.split()) for line in posted.prose("parties").split("\n") if line.strip()]
    if len(named) > _MOST_PARTIES:
        mistakes.add("parties", f"There can be at most {_MOST_PARTIES} parties, one a line")
    if any(len(name) > _NAME_LENGTH or not name.isprintable() for name in named):
        mistakes.add("parties", f"Write each party on a line of its own, in at most {_NAME_LENGTH} ordinary characters")
    return named


def _differs(shown: AgreementShown, parties: list[str], terms: dict[str, str]) -> bool:
    return parties != shown.parties or any(terms[code] != getattr(shown, code) for code in TERMS)


def _signed(posted: Posted, mistakes: Mistakes) -> agreement.Signed | None:
    party = mistakes.required("party", posted.line("party"), "Choose who signed")
    mistakes.choice("party", party, SIGNATURE_PARTIES, "Choose one of the answers shown")
    person = read_name(posted, mistakes, "person", "Enter the name of the person who signed", "The name")
    body = read_name(posted, mistakes, "organisation", "Enter the organisation they signed for", "The organisation")
    signed_on = read_day(posted, mistakes, "signed_on", "The day")
    if signed_on is None:
        mistakes.add("signed_on", "Enter the day on which they signed")
    evidence = mistakes.fits("evidence", posted.prose("evidence"), PROSE_LENGTH, "Where it can be seen")
    return None if signed_on is None else agreement.Signed(party, person, body, signed_on, evidence)


def _is_same(there: object, signed: agreement.Signed) -> bool:
    members = ("party", "person", "organisation", "signed_on")
    return all(getattr(there, name) == getattr(signed, name) for name in members)


def _terms_page(at: AtProject, form: Filled, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        shown = agreement_shown(unit, at.id)
        changes = at.renewed(unit, form, status, ("agreement_saved",), shown.version)
        return {"agreement": shown, "changes": changes}

    return at.page("agreement.html", {"form": form, "terms": TERMS, "hints": _HINTS, **at.desk.read(read)}, status)


def _signature_page(at: AtProject, form: Filled, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        shown = agreement_shown(unit, at.id)
        changes = at.renewed(unit, form, status, ("agreement_saved",), shown.version)
        return {"agreement": shown, "changes": changes, "university": projects.university_name(unit, at.row(unit)[0])}

    return at.page("signature.html", {"form": form, "terms": TERMS, **at.desk.read(read)}, status)
