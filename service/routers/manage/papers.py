"""The pages of a project and its papers, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage import agreement, costs, deliverables, funding, outcomes, project, projects, reports

router = APIRouter(include_in_schema=False)
for _room in (project, costs, funding, agreement, deliverables, reports, outcomes, projects):
    router.include_router(_room.router)
