"""The start page, and the pages that say how this service treats people."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service import __version__
from service.actions.retention import periods_of
from service.actions.submit import RESPONSE_DAYS
from service.errors import TITLES, not_found
from service.records import sessions
from service.routers import visits
from service.routers.rendering import page
from service.routers.services import services_of
from service.workflows.retention import ENQUIRIES

router = APIRouter(include_in_schema=False)


_MEANINGS = {
    "authentication-required": "Send a bearer key that is known, not expired and not revoked.",
    "forbidden": "The key or the person has another role than this door is for, or the rules leave this to somebody else.",
    "not-found": "There is none, or it is somebody else's: the answer is the same, so that it tells nothing.",
    "gone": "It was here and is no longer kept, or it goes on somewhere else.",
    "invalid-json": "The body could not be read as JSON in UTF-8.",
    "invalid-content": "The body was read, and one or more fields are not acceptable.",
    "transition-refused": "The state machine does not allow this event now, or a guard is not satisfied.",
    "conflict": "It is well formed, but what is recorded already stands against it.",
    "precondition-required": "This change needs If-Match with the ETag that was read.",
    "precondition-failed": "Somebody changed it since it was read. Read it again, and decide again.",
    "idempotency-key-reused": "A key belongs to one request. Use a fresh one for another body or query.",
    "request-timeout": "The body came too slowly. Send it again over a better line, or in smaller parts.",
    "too-large": "The body is over the limit that the detail names.",
    "too-many-requests": "Wait for as long as Retry-After says.",
    "unsupported-media-type": "Send the media type that the description names for this route.",
    "method-not-allowed": "The address exists, for other methods.",
    "not-acceptable": "The route answers in other media types than the ones asked for.",
    "cursor-malformed": "The cursor was changed or made up. Start again without one.",
    "cursor-gone": "The cursor is another one's, from before a restore, or too old. Read the list, then go on from its cursor.",
    "service-unavailable": "The database is away, its schema is old, or no worker is ticking. Try again shortly.",
    "internal-error": "The fault is ours. It has been logged under the X-Request-Id of the answer.",
}


@router.get("/")
def start(request: Request) -> Response:
    """What this is, and where to begin."""
    return page(request, "about/start.html", {"response_days": RESPONSE_DAYS})


@router.get("/privacy")
def privacy(request: Request) -> Response:
    """What we keep about people, why, and for how long."""
    settings = services_of(request).settings
    kept = periods_of(settings)
    told = {
        "controller": settings.service_controller,
        "privacy_contact": settings.privacy_contact,
        "lawful_basis": settings.lawful_basis,
        "public_records": [
            name for name, url in (("ORCID", settings.orcid_url), ("OpenAlex", settings.openalex_url)) if url
        ],
        "days": sessions.LASTS.days,
        "staff_hours": int(sessions.STAFF_LASTS.total_seconds() // 3600),
        "idle_hours": int(sessions.STAFF_IDLE.total_seconds() // 3600),
        "letter_days": kept.letters_days,
        "periods": {code.value: rule.period(kept) for code, rule in ENQUIRIES.items()},
    }
    return page(request, "about/privacy.html", told)


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    """How these pages can be used, and what to do where they cannot."""
    return page(request, "about/accessibility.html", {"version": __version__})


@router.get("/cookies")
def cookies(request: Request) -> Response:
    """The cookies there are."""
    return page(
        request,
        "about/cookies.html",
        {
            "cookie": visits.cookie_name(request),
            "flow_cookie": visits.flow_cookie_name(request) if services_of(request).provider else "",
        },
    )


@router.get("/problems/{slug}")
def problem(request: Request, slug: str) -> Response:
    """What a problem type means: the page that its `type` names."""
    if slug not in TITLES:
        raise not_found("problem type")
    return page(request, "about/problem.html", {"slug": slug, "name": TITLES[slug], "meaning": _MEANINGS[slug]})
