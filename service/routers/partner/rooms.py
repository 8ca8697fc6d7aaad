"""The rooms for universities, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.partner import briefs, figures, people, profile, projects, teams, work

ROUTERS: tuple[APIRouter, ...] = (
    briefs.router,
    teams.router,
    projects.router,
    people.router,
    figures.router,
    work.router,
    profile.router,
)
