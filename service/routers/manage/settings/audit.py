"""Who changed or exported what, beside the enquiries' own stories."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import audit, audited
from service.records.database import Unit
from service.routers.forms import AskedForm, Filled
from service.routers.manage.desk import ManagerDesk
from service.routers.manage.settings.deeds import deed
from service.routers.manage.settings.home import ROOM
from service.routers.paging import encode_cursor, place_at

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/audit"
AT_ONCE = 100
KINDS = {
    "organisation": "Organisations",
    "person": "People",
    "researcher": "Researchers",
    "calendar_day": "Days off",
    "product": "Products",
    "glossary_term": "Glossary",
    "synonym_group": "Words of the same meaning",
    "api_key": "Keys",
    "reminder_rule": "Reminder rules",
    "outbox": "Letters",
    "webhook": "Webhooks",
    "enquiry": "Enquiries: holds, retention, exports",
    "subject": "People's own data: exports, erasures",
    "disclosure": "Disclosure searches",
}


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """Entries, the newest first."""
    kind = view.line("kind") if view.line("kind") in KINDS else None
    before = place_at(view.line("cursor"), UUID)

    def work(unit: Unit) -> dict[str, object]:
        rows = audit.page(unit, subject=kind, before=before, limit=AT_ONCE + 1)
        shown = rows[:AT_ONCE]
        names = audited.named(unit, [row.subject for row, _ in shown])
        deeds = [deed(row, names) for row in shown]
        return {"deeds": deeds, "following": encode_cursor(shown[-1][0].id) if len(rows) > AT_ONCE else None}

    told = {**desk.read(work), "kinds": KINDS, "kind": kind, "sought": Filled({"kind": kind or ""})}
    return desk.page("manage/settings/audit.html", told, room=ROOM)
