"""The pages of a call and of the choice that follows it, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.call import assignment, board, choice, interest, matches, preference

ROUTERS: tuple[APIRouter, ...] = (
    assignment.router,
    matches.router,
    board.router,
    choice.router,
    interest.router,
    preference.router,
)
