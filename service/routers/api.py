"""The JSON doors under /api/v1, in the order they are documented, and the health doors beside them."""

from fastapi import APIRouter

from service.routers import further_metrics, health, metrics, team_metrics
from service.routers.admin import (
    answers,
    assignment,
    audit,
    brief,
    calendar_days,
    case_log,
    conversation,
    duplicates,
    enquiries,
    events,
    files,
    follow_ups,
    keys,
    matches,
    organisations,
    outbox,
    people,
    plan,
    products,
    projects,
    ranking,
    related,
    shortlist,
    synonyms,
    workflow,
)
from service.routers.universities import briefs, feed, feed_readers, figures, offers, researchers, webhooks
from service.routers.universities import projects as own_projects

ROUTERS: tuple[APIRouter, ...] = (
    enquiries.router,
    events.router,
    conversation.router,
    files.router,
    brief.router,
    plan.router,
    related.router,
    matches.router,
    assignment.router,
    shortlist.router,
    answers.router,
    projects.router,
    follow_ups.router,
    workflow.router,
    organisations.router,
    people.router,
    feed.router,
    feed_readers.router,  # before the briefs, whose {brief_id} would take it for one
    briefs.router,
    offers.router,
    own_projects.router,
    webhooks.router,
    duplicates.router,  # before the researchers, whose {researcher_id} would take it for one
    researchers.router,
    calendar_days.router,
    products.router,
    synonyms.router,
    keys.router,
    outbox.router,
    audit.router,
    metrics.router,
    further_metrics.router,
    team_metrics.router,
    figures.router,
    ranking.router,
    case_log.router,
    health.router,
)
