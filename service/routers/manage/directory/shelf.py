"""What the pages of the directory share: reading an address, saving a form, and the enquiries that somebody has to do with."""

from collections.abc import Callable
from uuid import UUID

from fastapi.responses import Response

from service.errors import Problem
from service.records.database import Unit
from service.routers.forms import TOLD_ON_THE_FORM, Again, Filled, Posted
from service.routers.manage.desk import Desk
from service.states import ENQUIRY_STATES

ROOM = "/manage/directory"
AT_ONCE = 50
ENQUIRIES_SHOWN = 15
CHANGES_SHOWN = 5
STATES = {str(code): told.label for code, told in ENQUIRY_STATES.items()}
WAYS = {
    "asked": "asked",
    "sent": "was sent the brief",
    "interested": "offered a team",
    "project": "has the project",
    "enquirer": "asked",
    "colleague": "takes part",
    "owner": "looks after it",
    "lead": "put forward as lead",
}
"""How somebody comes to have to do with an enquiry."""

_LONGEST_WORDS = 200


def put(desk: Desk, posted: Posted, work: Callable[[Unit], UUID], again: Again, path: str, done: str) -> Response:
    """Run `work`, which returns an id, in one transaction, and lead to the page of that id under `path`.

    A refusal shows the form again, every answer kept; where it is about somebody known already, `existing` is their id.
    """
    try:
        identity = desk.write(posted, work)
    except Problem as problem:
        if problem.status not in TOLD_ON_THE_FORM:
            raise
        form = Filled.refused(posted, problem)
        form.values["existing"] = str(problem.extra.get("existing", ""))
        return again(form, problem.status)
    return desk.go(f"{path}/{identity}", done)


def require_seen(posted: Posted, version: int) -> None:
    """Raise Problem 412 when somebody changed this since the form was shown: its field `seen` holds the version."""
    if posted.line("seen") != str(version):
        raise Problem(
            "precondition-failed",
            412,
            "Somebody changed this while you were writing. What stands now is shown above the form; your words are still "
            "in it. Save again to put yours in its place.",
        )


def words(view: Posted) -> str:
    """Return what an address looks for, cut to what a search takes."""
    return view.line("q")[:_LONGEST_WORDS].strip()


def id_asked(view: Posted, name: str) -> UUID | None:
    """Return the id that an address asks for, or None where it names none."""
    try:
        return UUID(view.line(name))
    except ValueError:
        return None


def yes_or_no(view: Posted, name: str) -> bool | None:
    """Return what an address asks of a yes or no, or None where it does not ask."""
    return {"yes": True, "no": False}.get(view.line(name))
