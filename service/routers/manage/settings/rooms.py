"""The settings' rooms, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.settings import (
    audit,
    calendar,
    glossary,
    home,
    keys,
    letters,
    products,
    reminders,
    retention,
    synonyms,
    webhooks,
)

ROUTERS: tuple[APIRouter, ...] = (
    home.router,
    calendar.router,
    products.router,
    glossary.router,
    synonyms.router,
    reminders.router,
    letters.router,
    keys.router,
    webhooks.router,
    retention.router,
    audit.router,
)
