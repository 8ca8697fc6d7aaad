"""The console's pages, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage import case_log, figures, new, ranking, today
from service.routers.manage.brief.rooms import ROUTERS as BRIEF
from service.routers.manage.call.rooms import ROUTERS as CALL
from service.routers.manage.case.rooms import ROUTERS as CASE
from service.routers.manage.directory.rooms import ROUTERS as DIRECTORY
from service.routers.manage.project.rooms import ROUTERS as PROJECT
from service.routers.manage.queue import page as queue
from service.routers.manage.settings.rooms import ROUTERS as SETTINGS

ROUTERS: tuple[APIRouter, ...] = (
    *SETTINGS,
    today.router,
    queue.router,
    new.router,
    figures.router,
    ranking.router,
    case_log.router,
    *BRIEF,
    *PROJECT,
    *CASE,
    *CALL,
    *DIRECTORY,
)
