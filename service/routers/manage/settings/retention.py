"""How long what is kept, and what goes at the next run: for whoever has to answer for it."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.retention import coming, periods_of
from service.routers.manage.desk import ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.services import services_of
from service.workflows.retention import ENQUIRIES, SCHEDULE

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/retention"
MOST_SHOWN = 200


@router.get(PATH)
def show(desk: ManagerDesk) -> Response:
    """The schedule, what is due, what soon will be, and what is held."""
    periods = periods_of(services_of(desk.request).settings)
    listed = desk.read(lambda unit: coming(unit, desk.ctx, periods))
    told = {
        "schedule": [(rule, rule.period(periods)) for rule in SCHEDULE],
        "rules": ENQUIRIES,
        "now": [each for each in listed if each.is_due],
        "soon": [each for each in listed if not each.is_due and not each.is_kept_longer],
        "longer": [each for each in listed if each.is_kept_longer],
        "most": MOST_SHOWN,
    }
    return desk.page("manage/settings/retention.html", told, room=ROOM)
