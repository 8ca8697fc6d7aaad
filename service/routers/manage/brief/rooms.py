"""The pages of the brief, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.brief import preview, sending, versions, writing

ROUTERS: tuple[APIRouter, ...] = (writing.router, versions.router, preview.router, sending.router)
