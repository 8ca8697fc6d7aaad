"""The plots: what happens to an invented enquiry, step by step, with the days between.

A plot is a generator: it acts, yields how many days pass, and goes on. It reads like the enquiry it tells.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from service.actions.prefer import record_preference
from service.actions.publishing_answers import publish_answer
from service.actions.respond import Team, acknowledge, ask_about_brief, decline, offer_interest
from service.actions.shortlist import ShortlistEntry, decide
from service.context import Context
from service.demo.case import Case, Plot
from service.demo.cast import RESEARCHERS, UNIVERSITIES
from service.demo.projects import run_project
from service.demo.questions import ANSWERS
from service.demo.stage import Stage
from service.records import calls, corpus
from service.records.database import Unit
from service.states import Outcome
from service.vocabulary import PASSING_REASONS
from service.workflows import commands as c
from service.working_time import local_date

Days = Iterator[float]


def play(stage: Stage, plot: Plot) -> Days:
    """Tell one enquiry from its first word to its ending. Yields days to wait."""
    case = Case(stage, plot)
    yield stage.chance.uniform(0.1, 1.1)
    if plot.ending == "triage":
        return
    if plot.ending == "spam":
        case.does(c.Close(outcome=Outcome.SPAM, reason="An advertisement."))
        return
    case.does(c.Accept())
    case.says(
        "message", "Thank you for your question. Could we talk this week? It costs nothing and commits you to nothing."
    )
    yield stage.chance.uniform(2, 6)
    case.says(
        "meeting", "Talked it through: what the decision is, who makes it, and what would help by when.", minutes=45
    )
    if plot.ending == "scoping":
        return
    if plot.ending in _EARLY_EXITS:
        yield stage.chance.uniform(2, 15)
        _EARLY_EXITS[plot.ending](case)
        return
    yield from _briefed(case)
    if plot.ending in {"drafting", "sign_off"}:
        return
    yield from _called(case)
    if plot.ending in {"open_call", "selecting"}:
        return
    if plot.ending == "no_capacity":
        case.does(c.Close(outcome=Outcome.NO_CAPACITY, reason="No team could start in time."))
        return
    yield from _chosen(case)
    yield from run_project(case)


def _answered(case: Case) -> None:
    answer = ANSWERS[case.plot.number % len(ANSWERS)]
    case.does(c.Close(outcome=Outcome.ANSWERED, reason="The evidence exists already.", answer=answer))
    if case.plot.number % 2:
        title = case.plot.question.text.replace("{place}", "a council's area")
        case.asks(lambda unit, ctx: publish_answer(unit, ctx, case.id, title, answer))


def _signposted(case: Case) -> None:
    where = "the regional public health intelligence team, who hold these data"
    case.does(c.Close(outcome=Outcome.SIGNPOSTED, reason="Another team does exactly this.", signposted_to=where))


def _declined(case: Case) -> None:
    criteria = {"generalisable": "The question concerns one supplier's contract and would help nobody else."}
    case.does(c.Close(outcome=Outcome.DECLINED, reason="Outside our purpose.", criteria=criteria))


def _withdrawn(case: Case) -> None:
    case.does(c.Close(outcome=Outcome.WITHDRAWN, reason="Our priorities have changed."), case.enquirer)


def _parallel(case: Case) -> None:
    case.does(c.Close(outcome=Outcome.PARALLEL_STUDY, reason="A national evaluation reports next spring."))


def _missed(case: Case) -> None:
    case.does(c.Close(outcome=Outcome.MISSED_WINDOW, reason="The decision was brought forward."))


def _lapsed(case: Case) -> None:
    case.does(
        c.Close(
            outcome=Outcome.LAPSED,
            reason="No word since the first meeting.",
            waivers=(c.Waiver(guard="chasers_spent", reason="The enquirer has left the council; nobody took over."),),
        )
    )


_EARLY_EXITS: dict[str, Callable[[Case], None]] = {
    "answered": _answered,
    "signposted": _signposted,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "parallel_study": _parallel,
    "missed_window": _missed,
    "lapsed": _lapsed,
}


def _briefed(case: Case) -> Days:
    """Ask, write the brief, and let the enquirer agree it; some ask for changes first."""
    chance = case.stage.chance
    if chance.random() < 0.4:
        case.does(c.Ask(body="Which of the two decisions comes first, and who makes it?"))
        yield chance.uniform(1, 7)
        case.does(c.Reply(body="Cabinet decides in two months; the contract follows from that."), case.enquirer)
    case.writes_brief()
    case.says("note", "Budget is softer than it sounds; the director has a small reserve.", visibility="back_stage")
    yield chance.uniform(3, 12)
    if case.plot.ending == "drafting":
        return
    case.does(c.SendForAgreement())
    yield chance.uniform(1, 6)
    if case.plot.ending == "sign_off":
        return
    if chance.random() < 0.25:
        case.does(c.RequestChanges(comment="Please say that we want the costs as well."), case.enquirer)
        yield chance.uniform(1, 4)
        case.writes_brief()
        case.does(c.SendForAgreement())
        yield chance.uniform(1, 4)
    brief = case.brief()
    case.does(c.Agree(version=brief.number, hash=brief.hash), case.enquirer)
    yield chance.uniform(0.5, 2)


def _called(case: Case) -> Days:
    """Publish to every partner university; some are interested, some are not, one asks."""
    stage, chance = case.stage, case.stage.chance
    case.asks(lambda unit, ctx: _sifted(unit, ctx, case))
    case.does(c.Publish(recipients=tuple(stage.universities)))
    yield chance.uniform(0.2, 0.9)
    case.asks(lambda unit, ctx: _fetched(unit, ctx, case.id))
    yield chance.uniform(2, 4)
    if case.plot.ending == "open_call":
        return
    interested = (
        [] if case.plot.ending == "no_capacity" else chance.sample(stage.universities, k=chance.choice((1, 2, 3)))
    )
    for university in stage.universities:
        actor = stage.university(university)
        if university in interested:
            case.asks(lambda unit, ctx, u=university: acknowledge(unit, ctx, case.id, u), actor)  # type: ignore[misc]  # mypy cannot type a default in a lambda
            offer = _team(case, university)
            case.asks(lambda unit, ctx, u=university, t=offer: offer_interest(unit, ctx, case.id, u, t), actor)  # type: ignore[misc]  # as above
        elif chance.random() < 0.6:
            reason = chance.choice(("no_capacity", "outside_expertise", "too_short"))
            case.asks(lambda unit, ctx, u=university, r=reason: decline(unit, ctx, case.id, u, r, None), actor)  # type: ignore[misc]  # as above
    if interested and chance.random() < 0.4:
        asker = interested[0]
        case.asks(
            lambda unit, ctx: ask_about_brief(
                unit, ctx, case.id, asker, "Is there a comparison area with the same data?"
            ),
            stage.university(asker),
        )
        case.says("message", "Yes: a neighbouring council collects the same data.", visibility="universities")
    yield chance.uniform(9, 12)
    case.does(c.CloseCall())
    yield chance.uniform(1, 3)


def _sifted(unit: Unit, ctx: Context, case: Case) -> None:
    """The owner looks through the first of the ranking: two are shortlisted, and in most enquiries one is passed over."""
    brief = corpus.brief_profile(unit, case.id)
    found = case.stage.corpus.ranking(unit, brief, today=local_date(ctx.now), limit=5)
    suggested = [UUID(item.researcher.id) for item in found.items if not item.excluded]
    reason = [*PASSING_REASONS][case.plot.number % (len(PASSING_REASONS) - 1)]
    passing = [ShortlistEntry(decision="passed_over", reason=reason)] if case.plot.number % 3 else []
    entries = [ShortlistEntry(decision="shortlisted"), *passing, ShortlistEntry(decision="shortlisted")]
    for researcher_id, entry in zip(suggested, entries, strict=False):
        decide(unit, ctx, case.id, researcher_id, entry, case.stage.corpus)


def _fetched(unit: Unit, ctx: Context, enquiry_id: UUID) -> None:
    """The universities' systems poll."""
    call = calls.current(unit, enquiry_id)
    if call is not None:
        calls.mark_fetched(unit, [recipient.id for recipient, _ in calls.recipients(unit, call.id)], ctx.now)


def _team(case: Case, university: UUID) -> Team:
    stage = case.stage
    place = stage.universities.index(university)
    local = [profile for profile in RESEARCHERS if profile.university == place]
    asked = set(case.plot.question.topics)
    turn = case.plot.number % len(local)
    # whoever works on it, and among those who do equally, each in turn
    lead = max([*local[turn:], *local[:turn]], key=lambda profile: len(asked.intersection(profile.topics)))
    return Team(
        lead_name=lead.name,
        lead_email=address_of(lead.name, domain_of(UNIVERSITIES[place])),
        statement=lead.statement,
        capacity_days=max(5, lead.capacity_days // 4),
        earliest_start=local_date(stage.now) + timedelta(days=40),
        cost_band="5k_to_20k",
        show_enquirer=True,
    )


def _chosen(case: Case) -> Days:
    """Meet, prefer, offer, accept."""
    chance = case.stage.chance
    case.says(
        "meeting",
        "Joint meeting with the teams: data, access, and what could be ready in time.",
        visibility="universities",
        minutes=60,
    )
    found = case.stage.database.read(lambda unit: calls.live_interests(unit, case.id))
    ranked = [interest.id for interest in found]
    case.asks(lambda unit, ctx: record_preference(unit, ctx, case.id, ranked=ranked), case.enquirer)
    yield chance.uniform(1, 3)
    case.does(c.MakeOffer(interest=ranked[0], alternates=tuple(ranked[1:])))
    yield chance.uniform(1, 5)
    offer = case.stage.database.read(lambda unit: calls.open_offer(unit, case.id))
    if offer is None:
        raise LookupError("no offer is open")
    case.does(c.AcceptOffer(offer=offer.id), case.stage.university(offer.organisation_id))
    yield chance.uniform(2, 5)


def domain_of(university: str) -> str:
    """Return the example domain of a university."""
    return f"{university.lower().replace('university', '').replace(' of ', '').strip()}.example"


def address_of(name: str, domain: str) -> str:
    """Return an invented person's address at an example domain."""
    words = [word for word in name.lower().replace("'", "").split() if word not in {"dr", "professor"}]
    return f"{'.'.join(words)}@{domain}"
