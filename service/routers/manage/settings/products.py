"""The product ladder: what an enquiry may lead to, how long each rung takes, and what pays for it."""

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions import products as actions
from service.errors import Problem, not_found
from service.records import products
from service.records.products import Rung
from service.routers.figure_answers import Question, answer_to
from service.routers.form_schemas import checked
from service.routers.form_values import whole_number
from service.routers.forms import AskedForm, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.services import services_of
from service.routers.team_metrics import products_taken
from service.throughput.ladder import by_code
from service.workflows.products import BANDS

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/products"
_DONE = {
    "added": "The product was added. Every plan was counted again.",
    "changed": "The product was changed. Every plan was counted again.",
    "retired": "It is no longer offered. What was agreed keeps its name.",
    "offered": "It is offered again.",
}
_BANDS = {band: vocabulary.BUDGET_BANDS[band] for band in BANDS}
_TOLD = {
    "label": "Enter a name",
    "phrase": "Enter the name as it stands inside a sentence",
    "kind": "Choose what kind of work it is",
    "typical": "Enter working days as a whole number from 1 to 2,000",
    "long": "Enter working days as a whole number from 1 to 2,000, or leave it empty",
    "least_budget": "Choose the least budget",
}


@router.get(PATH)
def show_all(desk: ManagerDesk, view: AskedForm) -> Response:
    """The ladder, and beside each rung how long the service's own projects took up to the end of the last month."""
    told, found = answer_to(services_of(desk.request), desk.ctx, Question(None, None, None), "products", products_taken)
    shown = {
        "rungs": desk.read(products.rungs),
        "taken": by_code(found),
        "as_of": told["as_of"],
        "threshold": told["definition"].suppression_threshold,
        "done": _DONE.get(view.line("done")),
    }
    return desk.page("manage/settings/products.html", shown, room=ROOM)


@router.get(PATH + "/new")
def ask(desk: ManagerDesk) -> Response:
    """A new rung."""
    return _form(desk, None, Filled())


@router.post(PATH + "/new")
def add(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add a rung."""
    mistakes = Mistakes()
    entry = checked(actions.ProductEntry, _sent(posted), mistakes, _TOLD)
    if entry is None:
        return _form(desk, None, Filled.from_posted(posted, mistakes.found), 422)
    try:
        desk.write(posted, lambda unit: actions.add_product(unit, desk.ctx, entry))
    except Problem as problem:
        return _refused(desk, None, posted, problem)
    return desk.go(PATH, "added")


@router.get(PATH + "/{code}")
def show_one(desk: ManagerDesk, code: str) -> Response:
    """One rung, to change it."""
    rung = _rung(desk, code)
    product = rung.product
    return _form(
        desk,
        rung,
        Filled(
            {
                "label": product.label,
                "phrase": product.phrase,
                "kind": product.kind,
                "typical": str(product.typical),
                "long": str(product.long or ""),
                "least_budget": product.least_budget,
            }
        ),
    )


@router.post(PATH + "/{code}")
def change(desk: ManagerDesk, code: str, posted: PostedForm) -> Response:
    """Change a rung, offer it no longer, or offer it again."""
    rung = _rung(desk, code)
    if posted.line("do") in {"retire", "offer"}:
        retired = posted.line("do") == "retire"
        wanted = actions.ProductChange(retired=retired)
        desk.write(posted, lambda unit: actions.change_product(unit, desk.ctx, code, wanted))
        return desk.go(PATH, "retired" if retired else "offered")
    mistakes = Mistakes()
    changed = checked(actions.ProductChange, _sent(posted), mistakes, _TOLD)
    if posted.line("version") != str(rung.version):
        mistakes.add("page", "Somebody changed this product while you were writing. Load the page again to see it.")
    if changed is None or mistakes:
        return _form(desk, rung, Filled.from_posted(posted, mistakes.found), 422)
    try:
        desk.write(posted, lambda unit: actions.change_product(unit, desk.ctx, code, changed))
    except Problem as problem:
        return _refused(desk, rung, posted, problem)
    return desk.go(PATH, "changed")


def _sent(posted: Posted) -> dict[str, object]:
    lines = {name: posted.line(name) for name in ("label", "kind", "least_budget")}
    return {
        **lines,
        "phrase": posted.line("phrase") or lines["label"],
        "typical": _days(posted.line("typical")),
        "long": _days(posted.line("long")),
    }


def _days(text: str) -> int | str | None:
    days = whole_number(text, 8)
    return days if days is not None else text or None


def _rung(desk: Desk, code: str) -> Rung:
    found = desk.read(lambda unit: products.rung(unit, code))
    if found is None:
        raise not_found("product")
    return found


def _refused(desk: Desk, rung: Rung | None, posted: Posted, problem: Problem) -> Response:
    if problem.status not in {409, 422}:
        raise problem
    return _form(desk, rung, Filled.refused(posted, problem, "label"), problem.status)


def _form(desk: Desk, rung: Rung | None, form: Filled, status: int = 200) -> Response:
    told = {"rung": rung, "form": form, "back": PATH, "kinds": vocabulary.PRODUCT_KINDS, "bands": _BANDS}
    return desk.page("manage/settings/product.html", told, room=ROOM, status=status)
