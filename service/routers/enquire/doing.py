"""What an enquirer can do on their page: each button's event, how its form is read, and what they are told then.

Adding one is one entry here; whether its button is shown, the machine says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.actions.prefer import record_preference
from service.actions.progress import progress, progress_project
from service.actions.reopening import request_reopening
from service.context import Context
from service.records import enquiries
from service.records.database import Unit
from service.records.enquirer_page import EnquirerPage, said_just_now
from service.routers.form_values import whole_number
from service.routers.forms import PROSE_LENGTH, Mistakes, Posted
from service.routers.team_form import read_places
from service.states import Outcome, ProjectState
from service.workflows import commands as c

Do = Callable[[Unit, Context, UUID], object]
"""Carries out what was asked, in the caller's transaction."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One button. `read` notes mistakes and returns what to do; `told` is shown once it is done."""

    read: Callable[[Posted, Mistakes], Do]
    told: str
    is_done: Callable[[EnquirerPage, Posted], bool] = lambda _shown, _posted: False
    """Tells, when it is refused, that it was done already: the button was pressed twice."""


def _reply(posted: Posted, mistakes: Mistakes) -> Do:
    body = _prose(posted, mistakes, "body", "Write your message")
    return _said_once(body, lambda unit, ctx, enquiry_id: progress(unit, ctx, enquiry_id, c.Reply(body=body)))


def _request_changes(posted: Posted, mistakes: Mistakes) -> Do:
    comment = _prose(posted, mistakes, "comment", "Say what should change")
    return lambda unit, ctx, enquiry_id: progress(unit, ctx, enquiry_id, c.RequestChanges(comment=comment))


def _agree(posted: Posted, mistakes: Mistakes) -> Do:
    version = _version(posted, mistakes)
    digest = mistakes.required("hash", posted.line("hash")[:200], "This page is out of date. Load it again.")
    return lambda unit, ctx, enquiry_id: progress(unit, ctx, enquiry_id, c.Agree(version=version, hash=digest))


def _agree_costs(posted: Posted, mistakes: Mistakes) -> Do:
    version = _version(posted, mistakes)
    return lambda unit, ctx, enquiry_id: progress(unit, ctx, enquiry_id, c.AgreeCosts(version=version))


def _accept_delivery(_posted: Posted, _mistakes: Mistakes) -> Do:
    return lambda unit, ctx, enquiry_id: progress_project(unit, ctx, enquiry_id, c.AcceptDelivery())


def _withdraw(posted: Posted, mistakes: Mistakes) -> Do:
    reason = mistakes.fits("reason", posted.prose("reason"), PROSE_LENGTH, "The reason")
    command = (
        c.Close(outcome=Outcome.WITHDRAWN, reason=reason or "Withdrawn on the enquirer's page.")
        if not mistakes
        else None
    )
    return lambda unit, ctx, enquiry_id: progress(unit, ctx, enquiry_id, command) if command else None


def _prefer(posted: Posted, mistakes: Mistakes) -> Do:
    comment = mistakes.fits("preference_comment", posted.prose("preference_comment"), PROSE_LENGTH, "Your comment")
    ranked = read_places(posted, mistakes)
    return lambda unit, ctx, enquiry_id: record_preference(unit, ctx, enquiry_id, ranked=ranked, comment=comment)


def _ask_to_reopen(posted: Posted, mistakes: Mistakes) -> Do:
    body = _prose(posted, mistakes, "body", "Say why it should be taken up again")
    return _said_once(body, lambda unit, ctx, enquiry_id: request_reopening(unit, ctx, enquiry_id, body))


def _said_once(body: str, say: Do) -> Do:
    """Return `say`, unless the same person said the same within a minute."""

    def careful(unit: Unit, ctx: Context, enquiry_id: UUID) -> object:
        enquiries.lock(unit, enquiry_id)
        repeated = said_just_now(unit, enquiry_id, ctx.actor.person_id, body, ctx.now - timedelta(minutes=1))
        return None if repeated else say(unit, ctx, enquiry_id)

    return careful


def _is_brief_agreed(shown: EnquirerPage, posted: Posted) -> bool:
    agreed = shown.brief is not None and shown.brief.agreed_at is not None
    return agreed and shown.brief is not None and shown.brief.hash == posted.line("hash")


def _are_changes_asked(shown: EnquirerPage, posted: Posted) -> bool:
    return shown.is_brief_reworked and any(each.body == posted.prose("comment") for each in shown.messages)


def _are_costs_agreed(shown: EnquirerPage, posted: Posted) -> bool:
    agreed = shown.costs is not None and shown.costs.agreed_at is not None
    return agreed and shown.costs is not None and str(shown.costs.version) == posted.line("version")


DOINGS: dict[str, Doing] = {
    "reply": Doing(_reply, "Your message has been sent."),
    "request_changes": Doing(
        _request_changes, "We have your comments and will write a new version of the brief.", _are_changes_asked
    ),
    "agree": Doing(
        _agree, "You have agreed the brief. We send exactly this version to the universities.", _is_brief_agreed
    ),
    "agree_costs": Doing(_agree_costs, "You have agreed the costs. Next, the money is confirmed.", _are_costs_agreed),
    "accept_delivery": Doing(
        _accept_delivery,
        "Thank you. You have accepted what was handed over.",
        lambda shown, _: shown.work is not None and shown.work.state == ProjectState.COMPLETED,
    ),
    "prefer": Doing(_prefer, "We have your preference. You can change it until the work is offered to a team."),
    "close": Doing(
        _withdraw,
        "You have withdrawn your question. Thank you for telling us.",
        lambda shown, _: shown.outcome == Outcome.WITHDRAWN,
    ),
    "ask_to_reopen": Doing(_ask_to_reopen, "We have your message, and will tell you whether we can take it up again."),
}


def _prose(posted: Posted, mistakes: Mistakes, name: str, sentence: str) -> str:
    text = mistakes.required(name, posted.prose(name), sentence)
    mistakes.fits(name, text, PROSE_LENGTH, "Your text")
    # The command refuses what the form does; by then the form has been shown again.
    return text if text and len(text) <= PROSE_LENGTH else "-"


def _version(posted: Posted, mistakes: Mistakes) -> int:
    version = whole_number(posted.line("version"))
    if version:
        return version
    mistakes.add("version", "This page is out of date. Load it again.")
    return 1
