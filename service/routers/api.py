"""The JSON doors under /api/v1, in the order they are documented, and the health doors beside them."""

from fastapi import APIRouter

from service.routers import health
from service.routers.admin import audit, calendar_days, keys, organisations, outbox, people
from service.routers.universities import researchers

ROUTERS: tuple[APIRouter, ...] = (
    organisations.router,
    people.router,
    researchers.router,
    calendar_days.router,
    keys.router,
    outbox.router,
    audit.router,
    health.router,
)
