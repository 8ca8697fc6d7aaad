"""The JSON doors under /api/v1, in the order they are documented."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
