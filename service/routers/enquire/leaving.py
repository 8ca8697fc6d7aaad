"""Withdrawing a question, at any time and without a reason."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.records.enquirer_page import enquirer_page
from service.routers.enquire.here import AtEnquiry
from service.routers.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/enquiries/{reference}/withdraw")
def ask(found: AtEnquiry) -> Response:
    """Are you sure? The button posts to the main page, as every event does."""
    found.require_whole()
    shown = found.read(lambda unit: enquirer_page(unit, found.ctx, found.place))
    if "close" not in shown.available:
        return found.back()
    return page(found.request, "enquiry/withdraw.html", {"here": found, "enquiry": shown, "back": found.path})
