"""The pages of an enquiry, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.case import answer, facts, files, follow_ups, legal_hold, mail, page, plan, related, talking
from service.routers.manage.moves import form

ROUTERS: tuple[APIRouter, ...] = (
    page.router,
    form.router,
    talking.router,
    files.router,
    follow_ups.router,
    mail.router,
    facts.router,
    plan.router,
    related.router,
    answer.router,
    legal_hold.router,
)
