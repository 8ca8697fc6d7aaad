"""Pages: templates with the design system's components, and what every page is told."""

import gzip
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from service import vocabulary
from service.routers import visits
from service.routers.forms import Filled
from service.routers.services import context_of, services_of
from service.shortening import cut_short
from service.working_time import LONDON
from service.working_time.wording import full_date, listed, short_date

TEMPLATES = Path(__file__).parents[1] / "templates"
_COMPONENTS = (
    "back-link button checkboxes date-input details error-message error-summary file-upload generic-header input "
    "inset-text notification-banner panel radios select service-navigation skip-link summary-list table tag textarea "
    "warning-text"
).split()


def page(
    request: Request,
    template: str,
    told: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a page, never cached: it may hold what only this person may see."""
    services = services_of(request)
    visitor = visits.visitor_of(request)
    context: dict[str, object] = {
        "service_name": services.settings.service_name,
        "service_phone": services.settings.service_phone,
        "nonce": request.state.nonce,
        "visitor": visitor,
        "is_staff": visits.is_staff(request, visitor),
        "csrf_token": visits.csrf_token(request),
        "invented": visits.is_invented(request),
        "development": services.settings.environment == "development",
        "now": context_of(request).now,
        "next_year": context_of(request).now.year + 1,
        "form": Filled(),
        "back": None,
    }
    text = environment().get_template(template).render(context | dict(told or {}))
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store", **(headers or {})})


def compressed(request: Request, response: HTMLResponse) -> HTMLResponse:
    """Return a page as few bytes, where the browser takes that.

    Only for a page without a form's token: of one that repeats what a visitor sent beside a secret, how well it
    compresses would let the secret be guessed.
    """
    response.headers.add_vary_header("Accept-Encoding")
    offered = [each.strip().lower() for each in request.headers.get("accept-encoding", "").split(",")]
    if "gzip" in offered:
        response.body = gzip.compress(bytes(response.body), compresslevel=6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


@cache
def environment() -> Environment:
    """Return the templates' environment: everything escaped, nothing silently empty."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_components())
    made.globals["vocabulary"] = vocabulary
    made.globals["fields"] = made.get_template("forms.html").module
    made.filters |= {
        "full_date": full_date,
        "short_date": short_date,
        "day": day,
        "moment": moment,
        "listed": listed,
        "pounds": pounds,
        "file_size": file_size,
        "one_line": one_line,
        "linked": linked,
        "figure_name": figure_name,
    }
    return made


def _components() -> dict[str, Any]:
    """Return the design system's macros by name. Theirs read absent options as empty, which ours may not."""
    theirs = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    macros = {}
    for component in _COMPONENTS:
        name = "govuk" + component.title().replace("-", "")
        template = theirs.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
        macros[name] = getattr(template.module, name)
    return macros


def moment(instant: datetime) -> str:
    """Return an instant as London reads it: "22 November 2026 at 9:30am"."""
    local = instant.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{short_date(local.date())} at {hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day(instant: datetime) -> date:
    """Return the London day of an instant."""
    return instant.astimezone(LONDON).date()


def pounds(amount: Decimal) -> str:
    """Return an amount as "£12,000" or "£12,000.50"."""
    return f"£{amount:,.2f}".removesuffix(".00")


def figure_name(figure: str) -> str:
    """Return what a figure is called, given the name its answers have: "time to first response"."""
    return figure.replace(".", " ").replace("_", " ")


def file_size(size: int) -> str:
    """Return a size as people read it: "340KB", "2.1MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}KB"
    return f"{size / 1_000_000:.1f}MB"


def linked(text: str) -> Markup:
    """Return a text, escaped, with the addresses in it as links."""
    parts = re.split(r"(https?://[^\s<>\"]+)", text)
    shown = [
        Markup('<a class="govuk-link" href="{0}">{0}</a>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    ]
    return Markup("").join(shown)


def one_line(text: str, longest: int = 80) -> str:
    """Return a text as one line of at most `longest` characters."""
    return cut_short(" ".join(text.split()), longest)
