"""The pages of a call and of the choice that follows it, in the order their routes are tried."""

from fastapi import APIRouter

from service.routers.manage.call import assignment, board, choice, interest, matches, preference, shortlist

ROUTERS: tuple[APIRouter, ...] = (
    assignment.router,
    matches.router,
    shortlist.router,
    board.router,
    choice.router,
    interest.router,
    preference.router,
)
