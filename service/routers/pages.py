"""The pages for people, in the order their routes are tried, and the page that tells a refusal."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import Problem
from service.ids import parse_reference
from service.routers import about, answers, dev_mail, visits
from service.routers.enquire import (
    account,
    colleagues,
    files,
    form,
    form_additions,
    form_answers,
    form_leaving,
    leaving,
    outcomes,
    sign_in,
)
from service.routers.enquire import page as enquirer
from service.routers.figures import page as figures
from service.routers.forms import Posted
from service.routers.manage.rooms import ROUTERS as MANAGE_ROUTERS
from service.routers.partner.rooms import ROUTERS as PARTNER_ROUTERS
from service.routers.rendering import page

ROUTERS: tuple[APIRouter, ...] = (
    about.router,
    answers.router,
    figures.router,
    form_additions.router,
    form_leaving.router,
    form_answers.router,
    form.router,
    account.router,
    sign_in.router,
    enquirer.router,
    files.router,
    colleagues.router,
    leaving.router,
    outcomes.router,
    dev_mail.router,
    *PARTNER_ROUTERS,
    *MANAGE_ROUTERS,
)

_WORTH_KEEPING = (
    "body", "comment", "preference_comment", "reason", "question", "what_changed", "used_for", "explanation", "statement",
)  # fmt: skip
_WORTH_KEEPING_EACH = ("answer-", "waiver-")
"""What the names of fields begin with that a form may have several of."""


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page of a refusal: what happened and what can be done; without a session, the offer of a link."""
    if problem.status == 422 and request.method in {"GET", "HEAD"}:
        # An address that cannot be read is an address at which there is nothing.
        problem = Problem("not-found", 404, "There is nothing at this address.")
    if problem.status >= 500:
        # The page about a database that is away must ask it nothing: not who is reading, nor what is on show here.
        request.state.visitor = None
        request.state.database_is_away = True
    posted = getattr(request.state, "posted", None) or Posted()
    several = [name for name in posted.values if name.startswith(_WORTH_KEEPING_EACH)]
    told = {
        "problem": problem,
        "kept": [text for name in (*_WORTH_KEEPING, *several) if (text := posted.prose(name))],
        "path": request.url.path,
        "again": bool(problem.extra.get("again")),
        "account": account.offer(request, request.url.path),
        "by_link": visits.staff_of(request).by_link or not request.url.path.startswith("/manage"),
        "reference": parse_reference(str(request.path_params.get("reference", ""))) or "",
    }
    template = "sign_in/needed.html" if problem.status == 401 else "problems/problem.html"
    return page(request, template, told, status=problem.status, headers=problem.headers)
