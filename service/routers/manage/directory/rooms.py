"""The pages of the directory, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.directory import duplicates, home, organisations, people, researchers

ROUTERS: tuple[APIRouter, ...] = (
    home.router,
    organisations.router,
    people.router,
    duplicates.router,
    researchers.router,
)
