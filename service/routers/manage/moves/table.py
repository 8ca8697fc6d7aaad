"""What a manager may put to an enquiry or its project: each event's form, and what is said before and after it.

The members are those of the event's command (`workflows.commands`). Adding an event's form is one entry
here; a test fails when a command has a member that no field gives, or one that has to be given and may be left empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service import vocabulary
from service.states import Outcome
from service.vocabulary import Vocabulary
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine, Transition


@dataclass(frozen=True, slots=True)
class MoveField:
    """One field. `kind` says how it is filled in and read; `missing` is said when it is empty, and makes it required."""

    kind: str
    label: str
    missing: str = ""
    hint: str = ""
    codes: Vocabulary | None = None
    under: Outcome | None = None
    """The one outcome of closing that it belongs to."""
    members: tuple[str, ...] = ()
    """The command's members it gives, where that is not the one it is named after."""
    whose: str = ""
    """Whose word it quotes."""
    start: str = ""
    """What stands in it until something else is chosen."""


@dataclass(frozen=True, slots=True)
class Move:
    """One event's form. `told` says who hears of it, `done` what is said once it is done."""

    event: str
    past: str
    """The event as the timeline tells it."""
    done: str
    told: str
    fields: Mapping[str, MoveField] = field(default_factory=dict)
    lead: str = ""
    machine: Machine = ENQUIRY
    room: str = ""
    """The enquiry's page on which it is done with more around it to judge by; its own form serves all the same."""
    then: str = ""
    """The enquiry's page on which the work goes on once it is done; its main page when empty."""
    is_one_press: bool = False
    """Nothing has to be filled in, so its button stands on the enquiry's page."""
    is_final: bool = False
    """It cannot be undone: its button warns."""
    leads_back: bool = False
    """It undoes, ends or gives up something: never the main thing to do."""
    mended: tuple[str, str] | None = None
    """Where what keeps it from being possible is put right: what a link says, and the enquiry's page it leads to."""
    is_aside: bool = False
    """Possible nearly always, and seldom the next step."""
    is_rare: bool = False
    """One of those that is hardly ever wanted: it stays folded away until somebody looks for it."""

    @property
    def row(self) -> Transition:
        return self.machine.transitions[self.event]

    @property
    def slug(self) -> str:
        """Return its word in the address: the event's code, told apart where both machines have one."""
        is_twin = self.machine is PROJECT and self.event in ENQUIRY.transitions
        return f"{self.event}_project" if is_twin else self.event

    @property
    def tells(self) -> bool:
        """Tell whether it may mail anybody."""
        return self.told != _NOBODY

    @property
    def label(self) -> str:
        """Return what its button says: of what others decide, that their word is written down."""
        if self.machine is PROJECT and self.event in _BARE:
            return f"{self.row.label} the project"
        return _WRITTEN_DOWN.get(self.event, self.row.label)


_BARE = frozenset({"pause", "resume", "deliver"})
_WRITTEN_DOWN = {
    "agree": "Record their yes to the brief",
    "request_changes": "Record the changes they ask for",
    "accept_offer": "Record the lead's yes",
    "decline_offer": "Record the lead's no",
    "agree_costs": "Record their yes to the costs",
    "accept_delivery": "Record their yes to the delivery",
}
_TEAM_ONLY = "Only the team reads it."
_NOBODY = "Nobody outside the team is told."


def _reason(hint: str = _TEAM_ONLY) -> MoveField:
    return MoveField("prose", "Reason", "Give the reason", hint)


def _quote(whose: str = "the enquirer") -> MoveField:
    return MoveField(
        "quoted",
        f"Where did {whose} say so?",
        f"Choose the entry in which {whose} said so",
        "Only entries that came in after they were asked can be quoted.",
        whose=whose,
    )


_RECIPIENTS = MoveField(
    "partners", "Universities", "Choose at least one university", "Each one receives the same brief."
)
_REPLY_BY = MoveField("day", "Reply by", "Give the date to reply by")

_MOVES = (
    Move(
        "accept", "Taken on", "It is taken on. Next, talk to the enquirer.",
        "A new owner other than you is told by mail. The enquirer hears from us with your first message.",
        {"owner": MoveField("staff", "Who takes it on?", hint="You, unless you choose somebody else.")},
        is_one_press=True,
    ),
    Move("begin_brief", "Brief begun", "The brief is begun.", _NOBODY, then="/brief", is_one_press=True),
    Move(
        "send_for_agreement", "Brief sent for agreement", "The enquirer has been asked to agree the brief.",
        "The enquirer is asked by mail to agree exactly this version, which is fixed from then on.",
        room="/brief/send",
    ),
    Move(
        "publish", "Published to universities", "The brief is published, and the universities have it.",
        "Each university chosen receives the brief at once and its contacts a mail. The enquirer is told how many have it and until when.",
        {
            "recipients": _RECIPIENTS,
            "reply_by": MoveField("day", "Reply by", hint="Ten working days ahead when left empty; five for rapid products."),
            "route": MoveField("choice", "Route", codes=vocabulary.CALL_ROUTES, start="open"),
            "reason": MoveField("prose", "Reason", hint="Needed when it does not go to an open call. Only the team reads it."),
        },
        is_final=True,
        room="/call",
    ),
    Move(
        "agree", "Brief agreed", "The brief is agreed.",
        "The enquirer is told by mail that you recorded their yes, with the words you quote.",
        {
            "version": MoveField("brief_version", "The version they agree to", "There is no version to agree"),
            "hash": MoveField("brief_hash", "Its fingerprint", "There is no version to agree"),
            "entry": _quote(),
        },
        lead="Record the enquirer's yes, when they gave it outside their page.",
    ),
    Move(
        "request_changes", "Changes asked for", "A new version of the brief is open for the changes.",
        "The owner is told by mail, unless that is you.",
        {"comment": MoveField("prose", "What should change", "Say what should change"), "entry": _quote()},
        lead="Record that the enquirer asked for changes, in words they gave you outside their page.", leads_back=True,
    ),
    Move(
        "revise", "Revised brief published", "The revised brief is published.",
        "Every recipient gets the new version and is told the reason.", {"reason": _reason("The universities read it.")},
        room="/brief/revise",
    ),
    Move(
        "close_call", "Call closed", "The call is closed. Next, choose researchers.",
        "The enquirer is told how many teams came forward, and asked to look at those they may see. Universities get no mail: their systems and pages show the call as closed, and a team that comes forward after it is still taken, marked late, until an offer is accepted.", is_one_press=True,
    ),
    Move(
        "extend", "Call extended", "The call is extended.", "Every recipient is told the new date and the reason.",
        {"reply_by": _REPLY_BY, "reason": _reason("The universities read it.")},
    ),
    Move(
        "pull", "Call pulled", "The call is pulled, and a new draft of the brief is open.",
        "Every recipient is told that the brief is withdrawn, with the reason.",
        {"reason": _reason("The universities read it.")}, is_final=True, leads_back=True,
    ),
    Move(
        "offer", "Work offered", "The offer is made.",
        "The lead researcher and the university's contacts are told. The enquirer is told only when they preferred another team.",
        {
            "interest": MoveField("interest", "Which team?", "Choose a team"),
            "respond_by": MoveField("day", "Answer by", hint="Ten working days ahead when left empty."),
            "alternates": MoveField("alternates", "Whom to turn to next, in order", hint="They are not told that they wait."),
            "explanation": MoveField("prose", "Why this team and not the one the enquirer preferred", hint="Only when they preferred another. They are told this."),
        },
        room="/choice",
    ),
    Move(
        "accept_offer", "Offer accepted", "The offer is accepted, and the project is planned.",
        "The enquirer is told. The university and the lead are asked for costs. The other teams, alternates apart, are told kindly.",
        {"offer": MoveField("offer", "The open offer", "No offer is open"), "entry": _quote("the researchers")},
        lead="Record the researchers' yes, when they gave it outside their own page.", is_final=True,
    ),
    Move(
        "decline_offer", "Offer declined", "The offer is recorded as declined.", "The owner is told, unless that is you.",
        {
            "offer": MoveField("offer", "The open offer", "No offer is open"),
            "reason": _reason(),
            "entry": MoveField("quoted", "Where did the researchers say so?", hint="Not needed once the date to answer has passed.", whose="the researchers"),
        },
        leads_back=True,
    ),
    Move(
        "relaunch", "Call opened again", "The call is open again.",
        "Each university chosen receives the brief and its contacts a mail. Teams that came forward stay.",
        {"reply_by": _REPLY_BY, "recipients": _RECIPIENTS, "reason": _reason()},
    ),
    Move(
        "submit_costing", "Costs submitted", "The costs are with the enquirer to agree.",
        "The enquirer is asked by mail to agree the costs as they are recorded now.",
        lead="Submit the costs on the university's behalf.", mended=("Enter the costs and dates", "/project/costs"),
    ),
    Move(
        "agree_costs", "Costs agreed", "The costs are agreed. Next, the money.", "The university's contacts are told.",
        {"version": MoveField("costs_version", "The costs they agree to", "There are no costs to agree"), "entry": _quote()},
        lead="Record the enquirer's yes to the costs, when they gave it outside their page.",
    ),
    Move(
        "confirm_funding", "Funding confirmed", "The funding is confirmed. Next, the contract.",
        "When the terms are written already, the enquirer, the university's contacts and the lead are told that they can be signed. Nobody otherwise.",
        {
            "route": MoveField("choice", "How is it paid for?", "Say how it is paid for", codes=vocabulary.FUNDING_ROUTES),
            "approval": MoveField("prose", "Where is the approval recorded?", hint="For example a decision notice or minute."),
        },
        mended=("Open the funding", "/project#funding"),
    ),
    Move(
        "descope", "Sent back to costing", "The costs are open again.", "The university's contacts are asked for new costs.",
        {"reason": _reason()}, leads_back=True,
    ),
    Move(
        "commission", "Commissioned", "The project is commissioned and under way.",
        "The enquirer, the university's contacts and the lead are told. Alternates are told that the work went to another team.",
        {"start_at_risk": MoveField("risk", "Start before everybody has signed", hint="Only when a signature is missing. Leave both empty otherwise.")},
        is_final=True, mended=("Open the project", "/project"),
    ),
    Move(
        "lead_withdraws", "Lead withdrew", "The lead has withdrawn. Choose another team.",
        "The enquirer and the lead are told, with the reason.", {"reason": _reason("The enquirer and the lead read it.")},
        is_final=True, leads_back=True,
    ),
    Move(
        "complete", "Completed", "The enquiry is completed.", "The enquirer is told, with the plain summary.",
        {
            "plain_summary": MoveField("prose", "Plain summary", "Write a plain summary", "What was found, in words anybody can read. The enquirer reads it."),
            "output": MoveField("prose", "Output", "Say what came out of it", "What was produced and where it is."),
            "publication": MoveField("prose", "Publication", "Say what was decided about publishing it"),
        },
    ),
    Move(
        "resume", "Resumed", "It is under way again.", "The enquirer is told that we work on it again.",
        {"reason": MoveField("prose", "Reason", hint=_TEAM_ONLY)}, is_one_press=True,
    ),
    Move(
        "deliver", "Project delivered", "The project is recorded as delivered.",
        "The enquirer is asked to accept what was handed over. The owner is told, unless that is you.",
        {"note": MoveField("prose", "What was delivered, and where it is", hint="The enquirer reads it on their page.")}, machine=PROJECT,
    ),
    Move(
        "accept_delivery", "Delivery accepted", "The delivery is accepted.", "The lead is told, and the owner unless that is you.",
        {"entry": _quote()}, machine=PROJECT,
        lead="Record the enquirer's yes to what was handed over, when they gave it outside their page.",
    ),
    Move(
        "resume", "Project resumed", "The project is under way again.", _NOBODY,
        {"reason": MoveField("prose", "Reason", hint=_TEAM_ONLY)}, machine=PROJECT, is_one_press=True,
    ),
    Move("pause", "Project paused", "The project is paused.", _NOBODY, {"reason": _reason()}, machine=PROJECT, leads_back=True),
    Move("reopen", "Reopened", "It is open again.", "The enquirer is told.", {"reason": _reason()}),
    Move(
        "ask", "Asked the enquirer", "Your question is on its way. We wait for the enquirer now.",
        "The enquirer gets your question by mail and on their page. The ball is with them until they answer.",
        {"body": MoveField("prose", "Your question", "Write your question")}, is_aside=True,
    ),
    Move(
        "hold", "Put on hold", "It is on hold, and its clocks stand still.", "The enquirer is told the date and the reason.",
        {"until": MoveField("day", "Until", "Give the date to take it up again"), "reason": _reason("The enquirer reads it.")},
        is_aside=True,
    ),
    Move(
        "reassign", "Owner changed", "The owner has changed.",
        "The new owner is told, with the reason. The enquirer is told who looks after it now.",
        {"owner": MoveField("staff", "New owner", "Choose the new owner"), "reason": _reason("The new owner reads it.")},
        is_aside=True,
    ),
    Move(
        "retype", "Type changed", "Its type has changed.", _NOBODY,
        {
            "enquiry_type": MoveField("choice", "What kind of enquiry is it?", "Choose the kind", codes=vocabulary.ENQUIRY_TYPES),
            "reason": _reason(),
        },
        is_aside=True, is_rare=True,
    ),
    Move(
        "split", "Question split off", "The question goes on as an enquiry of its own, linked with this one.",
        "The enquirer is told, with the new question, its reference and the reason.",
        {
            "question": MoveField("prose", "The question that goes on by itself", "Write the question that goes on by itself", "The enquirer reads it."),
            "enquiry_type": MoveField("choice", "What kind of enquiry is the new one? (optional)", hint="The same as this one's, unless you choose.", codes=vocabulary.ENQUIRY_TYPES),
            "reason": _reason("The enquirer reads it."),
        },
        is_aside=True, is_rare=True,
    ),
    Move(
        "reframe", "Question reframed", "The question is reframed. Every earlier wording is kept.",
        "The enquirer is told the new wording and the reason.",
        {
            "question": MoveField("prose", "The question as it is now", "Write the question as it is now", "The enquirer reads it. Their own words are kept beside it."),
            "prompted_by": MoveField("line", "Who or what prompted it?", hint=_TEAM_ONLY),
            "heard": MoveField("prose", "Who was heard about it, and what did they say?", hint=_TEAM_ONLY),
            "reason": _reason("The enquirer reads it."),
        },
        is_aside=True, is_rare=True,
    ),
    Move(
        "close", "Closed", "The enquiry is closed.",
        "The enquirer is told in plain words, except when it is not a real enquiry. An open call is withdrawn, and teams that came forward are told that it ended.",
        {
            "outcome": MoveField("outcome", "How does it end?", "Choose how it ends"),
            "answer": MoveField("prose", "The answer", hint="Not needed when a file that the enquirer can see answers it.", under=Outcome.ANSWERED),
            "signposted_to": MoveField("line", "To whom?", under=Outcome.SIGNPOSTED),
            "consent": MoveField("tick", "The enquirer agreed that their details are shared with them", under=Outcome.SIGNPOSTED),
            "criteria": MoveField("lines", "Which criteria are not met?", hint="A sentence each, one to a line. The enquirer reads them.", under=Outcome.DECLINED),
            "target": MoveField("target", "Which enquiry goes on?", under=Outcome.DUPLICATE),
            "reason": _reason("Only the team reads it, and when a project ends with it, its lead."),
            "wording": MoveField("prose", "What to tell the enquirer", hint="When left empty they get our usual words for this outcome."),
        },
        is_final=True, is_aside=True,
    ),
    Move(
        "redact", "Redacted", "It is destroyed. A note that something stood there is kept.",
        "Nobody is mailed. Systems of universities that received a text are told to delete it; they never receive files.",
        {
            "what": MoveField("redactable", "What is to be destroyed?", "Choose what is to be destroyed", members=("entry", "section", "question", "file")),
            "reason": _reason("It stays on the timeline. Do not repeat what you are destroying."),
        },
        lead="A text is destroyed everywhere it stands, a file with its name. Nobody can bring it back.", is_final=True, is_aside=True, is_rare=True,
    ),
)  # fmt: skip

MOVES: Mapping[str, Move] = {move.slug: move for move in _MOVES}
"""By word in the address: what leads on stands before what leads back, in the order of the work."""


def move_of(machine: Machine, event: str) -> Move | None:
    """Return the form of a machine's event, or None where a manager has none."""
    return next((move for move in _MOVES if move.machine is machine and move.event == event), None)
