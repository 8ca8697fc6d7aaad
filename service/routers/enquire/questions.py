"""The form's optional pages, one question each: how an answer is read and how a saved one is shown (DOMAIN.md section 3).

Adding a question is one function, one entry in QUESTIONS and its template.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from service import vocabulary
from service.actions.drafting import Answers
from service.records.drafts import Saved
from service.routers.forms import LINE_LENGTH, PROSE_LENGTH, Filled, Mistakes, Posted, date_parts

_CHOOSE = "Choose one of the answers shown"
_KNOWN_TIMES = {"date": "date", "none": "none", "not_known": "not_known"}
SHARING = {**vocabulary.ORGANISATION_SHOWN, "talk_first": "Talk to me first"}


@dataclass(frozen=True, slots=True)
class Question:
    """One page. `read` turns a post into columns, noting mistakes; `shown` fills its fields from what was saved."""

    slug: str
    title: str
    read: Callable[[Posted, Mistakes, date], Answers]
    shown: tuple[str, ...]
    """The fields it asks, by the names they carry: what the check page counts as answered here."""

    @property
    def template(self) -> str:
        return f"ask/{self.slug}.html"

    def filled(self, saved: Saved) -> Filled:
        """Return its fields with what was saved in them."""
        values: dict[str, str | list[str]] = {}
        for name in self.shown:
            kept = getattr(saved, name)
            if isinstance(kept, date):
                values |= date_parts(name, kept)
            elif kept is not None:
                values[name] = kept
        if self.slug == "when":
            values["timing"] = timing_of(saved)
        return Filled(values)


def timing_of(saved: Saved) -> str:
    """Return which of the three answers to "when" was given: date, none, not_known, or nothing yet."""
    if saved.needed_by:
        return "date"
    if saved.decision_window == "none":
        return "none"
    return "not_known" if saved.decision_window or saved.decision_date else ""


def read_question(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    """Read the question itself."""
    question = posted.prose("question")
    mistakes.required("question", question, "Enter what you want to know. A rough question is fine.")
    mistakes.fits("question", question, PROSE_LENGTH, "Your question")
    return {"question": question}


def read_contact(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    """Read how somebody can be reached. What is missing is for the button pressed to say."""
    return {
        "form_name": mistakes.fits("name", posted.line("name"), 200, "Your name"),
        "form_email": mistakes.email("email", posted.line("email")),
        "form_phone": mistakes.phone("phone", posted.line("phone")),
        "organisation_name": mistakes.fits("organisation", posted.line("organisation"), 200, "Your organisation"),
    }


def require_reachable(posted: Posted, mistakes: Mistakes) -> None:
    """Note what is missing before a question can be sent."""
    mistakes.required("name", posted.line("name"), "Enter your name")
    if not posted.line("email") and not posted.line("phone"):
        mistakes.add("email", "Enter an email address or a phone number, so that somebody can get back to you")


def _purpose(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    return {
        "purpose": mistakes.fits("purpose", posted.prose("purpose"), PROSE_LENGTH, "Your answer"),
        "who_decides": mistakes.fits("who_decides", posted.line("who_decides"), LINE_LENGTH, "Who decides"),
    }


def _when(posted: Posted, mistakes: Mistakes, today: date) -> Answers:
    timing = mistakes.choice("timing", posted.line("timing"), _KNOWN_TIMES, _CHOOSE)
    window = mistakes.choice("decision_window", posted.line("decision_window"), vocabulary.DECISION_WINDOWS, _CHOOSE)
    needed = mistakes.date("needed_by", posted, "The date you need it by", not_before=today)
    decision = mistakes.date("decision_date", posted, "The date of the decision", not_before=today)
    if timing == "date" and needed is None:
        mistakes.add("needed_by", "Enter the date you need something by, or choose another answer")
    if timing == "none":
        return {"needed_by": None, "decision_date": None, "decision_window": "none"}
    if timing == "not_known":
        return {"needed_by": None, "decision_date": decision, "decision_window": window or "not_known"}
    return {"needed_by": needed, "decision_date": decision, "decision_window": window}


def _sharing(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    chosen = mistakes.choice("organisation_shown", posted.line("organisation_shown"), SHARING, _CHOOSE)
    words = mistakes.fits(
        "organisation_description", posted.line("organisation_description"), LINE_LENGTH, "The description"
    )
    if chosen == "described" and not words:
        mistakes.add(
            "organisation_description", "Enter the words that describe you, such as a council in the North East"
        )
    return {
        "organisation_shown": None if chosen == "talk_first" else chosen,
        "organisation_description": words if chosen == "described" else None,
    }


def _about(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    groups = mistakes.choices("population", posted.chosen("population"), vocabulary.POPULATIONS, _CHOOSE)
    return {
        "population": groups,
        "population_notes": mistakes.fits(
            "population_notes", posted.line("population_notes"), LINE_LENGTH, "Your answer"
        ),
        "place": mistakes.fits("place", posted.line("place"), LINE_LENGTH, "The place"),
    }


def _known(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    return {
        "known_evidence": mistakes.fits("known_evidence", posted.prose("known_evidence"), PROSE_LENGTH, "Your answer"),
        "not_wanted": mistakes.fits("not_wanted", posted.prose("not_wanted"), PROSE_LENGTH, "Your answer"),
    }


def _help(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    wanted = mistakes.choices("evidence_wanted", posted.chosen("evidence_wanted"), vocabulary.EVIDENCE_WANTED, _CHOOSE)
    return {"evidence_wanted": wanted}


def _money(posted: Posted, mistakes: Mistakes, _today: date) -> Answers:
    return {"budget_band": mistakes.choice("budget_band", posted.line("budget_band"), vocabulary.BUDGET_BANDS, _CHOOSE)}


QUESTIONS = (
    Question("purpose", "What will the answer help you do?", _purpose, ("purpose", "who_decides")),
    Question(
        "when", "When do you need something you can use?", _when, ("needed_by", "decision_date", "decision_window")
    ),
    Question(
        "sharing",
        "Can we tell universities who is asking?",
        _sharing,
        ("organisation_shown", "organisation_description"),
    ),
    Question("about", "Who is it about, and where?", _about, ("population", "population_notes", "place")),
    Question("known", "What do you know or have already?", _known, ("known_evidence", "not_wanted")),
    Question("help", "What kind of help would be useful?", _help, ("evidence_wanted",)),
    Question("money", "Is there any money for this?", _money, ("budget_band",)),
)
"""The optional pages with one form each, in order. Colleagues and files follow them, then the check page."""

ORDER = ("question", "contact", *(question.slug for question in QUESTIONS), "colleagues", "files", "check")
BY_SLUG = {question.slug: question for question in QUESTIONS}


def after(slug: str) -> str:
    """Return the page that follows."""
    return ORDER[ORDER.index(slug) + 1]


def before(slug: str) -> str:
    """Return the page that goes before."""
    return ORDER[ORDER.index(slug) - 1]
