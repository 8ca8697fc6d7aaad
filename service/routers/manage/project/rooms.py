"""The pages of a project and its papers, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.project import agreement, costs, deliverables, funding, listing, outcomes, page, reports

ROUTERS: tuple[APIRouter, ...] = (
    page.router,
    costs.router,
    funding.router,
    agreement.router,
    deliverables.router,
    reports.router,
    outcomes.router,
    listing.router,
)
