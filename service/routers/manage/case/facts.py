"""The facts of an enquiry as one form: whoever saves it changes what they changed, and nothing that somebody else did."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from service.actions.amend import amend
from service.errors import Problem
from service.records import products, queue
from service.records.changes import Changed
from service.records.database import Unit
from service.routers.forms import Filled, Mistakes, Posted, PostedForm, date_parts
from service.routers.manage.case.fact_table import FACTS, PARTS, Fact
from service.routers.manage.collision import changes_told
from service.routers.manage.desk import AtCase, Case
from service.states import EnquiryState
from service.vocabulary import ENQUIRY_TYPES
from service.working_time import local_date

router = APIRouter(include_in_schema=False, prefix="/manage/enquiries/{reference}/facts")

_WAS = "was-"
"""Before a fact's name: the field that tells, by a digest, what it was when the form was filled."""
_ENQUIRER = "enquirer_"
"""Before a detail of the enquirer: a fact of the person, and not a column."""
_ANCHORS = {"decision_date": "decision_date-day", "needed_by": "needed_by-day", "page": "main-content"}

Value = str | date | list[str] | None


@dataclass(frozen=True, slots=True)
class Known:
    """The facts as they stand, by name, and what may be chosen."""

    values: Mapping[str, Value]
    version: int
    is_closed: bool
    enquiry_type: str | None
    original_question: str
    products: Mapping[str, str]


@router.get("")
def show(case: Case, done: str = "") -> Response:
    """Everything that is known, to be changed."""
    if case.leads_to is not None:
        return RedirectResponse(f"/manage/enquiries/{case.leads_to}/facts", 308)
    return _page(case, _known(case), done=_DONE.get(done))


@router.post("")
def save(case: Case, posted: PostedForm) -> Response:
    """Set what was changed. Mistakes, and what somebody else changed meanwhile, keep every word that was typed."""
    known, mistakes = _known(case), Mistakes()
    changed = _changed(posted, known, mistakes)
    if mistakes:
        return _page(case, known, Filled.from_posted(posted, mistakes.found), status=422, was=_was_sent(posted))
    if not changed:
        # Nothing is written, but a form that is not ours is still refused.
        case.desk.write(posted, lambda _unit: None)
        return case.back("same", under="/facts")

    def work(unit: Unit) -> None:
        amend(unit, case.ctx, case.enquiry_id, changed, case.unchanged(posted))

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status == 412:
            return _collided(case, posted)
        if problem.status not in {409, 422}:
            raise
        filled = Filled.from_posted(posted, {"page": problem.detail})
        return _page(case, _known(case), filled, status=problem.status, was=_was_sent(posted))
    return case.back("saved", under="/facts")


def _collided(case: AtCase, posted: Posted) -> Response:
    """Show the form as things are now, with every answer in it that was changed here."""
    known = _known(case)
    filled, typed = _filled(known), Filled.from_posted(posted)
    for fact in FACTS.values():
        if _is_changed(posted, fact):
            for part in _fields(fact):
                filled.values.pop(part, None)
                if part in typed.values:
                    filled.values[part] = typed.values[part]
    changes = case.desk.read(lambda unit: changes_told(unit, case.enquiry_id, posted))
    return _page(case, known, filled, status=412, changes=changes)


def _known(case: AtCase) -> Known:
    def work(unit: Unit) -> Known:
        standing = queue.one(unit, case.enquiry_id, local_date(case.ctx.now))
        enquiry, person = standing.enquiry, standing.enquirer
        values: dict[str, Value] = {name: getattr(enquiry, name) for name in FACTS if hasattr(enquiry, name)}
        values["organisation"] = standing.organisation.name if standing.organisation else enquiry.organisation_name
        for detail in ("name", "email", "phone"):
            values[_ENQUIRER + detail] = getattr(person, detail) if person else None
        offered, chosen = products.labels(unit), enquiry.product
        return Known(
            values=values,
            version=enquiry.version,
            is_closed=enquiry.state == EnquiryState.CLOSED,
            enquiry_type=ENQUIRY_TYPES.get(enquiry.enquiry_type or ""),
            original_question=enquiry.original_question,
            products={chosen: chosen.replace("_", " ").capitalize(), **offered} if chosen else offered,
        )

    return case.desk.read(work)


# --------------------------------------------------------------------------------------------------- what was changed
def _changed(posted: Posted, known: Known, mistakes: Mistakes) -> dict[str, object]:
    """Return the facts that were changed in the form, as `amend` takes them, noting what is wrong with any."""
    facts: dict[str, object] = {}
    enquirer: dict[str, str] = {}
    for name, fact in FACTS.items():
        if not _is_changed(posted, fact):
            continue
        value = _read(posted, fact, known, mistakes)
        if name.startswith(_ENQUIRER):
            # A person is always known by a name, and an address that was written to is corrected, never forgotten here.
            if mistakes.required(name, str(value or ""), f"{fact.label} cannot be left empty once it is known"):
                enquirer[name.removeprefix(_ENQUIRER)] = str(value)
        else:
            facts[name] = value
    if "question" in facts:
        mistakes.required("question", str(facts["question"] or ""), "Say what they want to know")
    return facts | ({"enquirer": enquirer} if enquirer else {})


def _read(posted: Posted, fact: Fact, known: Known, mistakes: Mistakes) -> Value:
    name, line = fact.name, posted.line(fact.name)
    codes = known.products if name == "product" else fact.codes
    match fact.kind:
        case "day":
            return mistakes.date(name, posted, fact.label)
        case "code":
            return mistakes.choice(name, line, codes, f"Choose from the list: {fact.label.lower()}")
        case "codes":
            return mistakes.choices(name, posted.chosen(name), codes, f"Choose from the list: {fact.label.lower()}")
        case "email":
            return mistakes.email(name, line)
        case "phone":
            return mistakes.phone(name, line)
        case "prose":
            return mistakes.fits(name, posted.prose(name), fact.longest, fact.label)
        case "line":
            return mistakes.fits(name, line, fact.longest, fact.label)


def _is_changed(posted: Posted, fact: Fact) -> bool:
    if fact.kind == "codes":
        sent: Value = posted.chosen(fact.name)
    elif fact.kind == "day":
        parts = [posted.line(part) for part in _fields(fact)]
        sent = "-".join(parts) if any(parts) else ""
    else:
        sent = posted.prose(fact.name)
    return _digest(fact, sent) != posted.line(_WAS + fact.name)


def _fields(fact: Fact) -> Sequence[str]:
    """Return the names of a fact's fields in the form."""
    return [f"{fact.name}-{part}" for part in ("day", "month", "year")] if fact.kind == "day" else [fact.name]


def _digest(fact: Fact, value: Value) -> str:
    """Return what tells one answer from another: the space between its words and the order of its boxes do not.

    Only a text of several lines tells its lines apart: a browser makes one line of any other.
    """
    if isinstance(value, date):
        value = f"{value.day}-{value.month}-{value.year}"
    words = ",".join(sorted(value)) if isinstance(value, list) else value or ""
    lines = words.strip().splitlines() if fact.kind == "prose" else [words]
    plain = "\n".join(" ".join(line.split()) for line in lines)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:16]


def _was_sent(posted: Posted) -> dict[str, str]:
    return {name: posted.line(_WAS + name) for name in FACTS}


# ------------------------------------------------------------------------------------------------------------- the page
def _filled(known: Known) -> Filled:
    values: dict[str, str | list[str]] = {}
    for name, fact in FACTS.items():
        value = known.values[name]
        if fact.kind == "day":
            values |= date_parts(name, value if isinstance(value, date) else None)
        else:
            values[name] = value if isinstance(value, list) else str(value or "")
    return Filled(values)


def _page(
    case: AtCase,
    known: Known,
    form: Filled | None = None,
    *,
    status: int = 200,
    was: Mapping[str, str] | None = None,
    changes: Sequence[Changed] = (),
    done: str | None = None,
) -> Response:
    told = {
        "parts": PARTS,
        "known": known,
        "form": form or _filled(known),
        "was": was or {name: _digest(fact, known.values[name]) for name, fact in FACTS.items()},
        "seen": form.value("seen") if form and was else known.version,
        "changes": changes,
        "anchors": _ANCHORS,
        "done": done,
    }
    return case.page("manage/facts.html", told, status=status)


_DONE = {"saved": "The facts are saved.", "same": "Nothing was changed."}
