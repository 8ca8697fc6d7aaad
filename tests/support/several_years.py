"""Two invented years of rows as figures read them, and what came later: made from a seed, written straight to the tables."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from service.ids import new_id
from service.records.database import Unit
from service.records.people import name_key
from service.records.tables import Enquiry, Entry, Event, EventCounter, Organisation, RegisterEntry, ReminderFate
from service.throughput.internal import FATES
from service.throughput.periods import month_number
from service.vocabulary import BRIEF_SECTIONS, DECLINE_REASONS
from service.working_time import local_date

Later = Callable[[float, float], datetime]
AREAS = ("north_east", "london", "wales", None)
SECTORS = ("council_public_health", "council_other", "nhs", None)
STATES = ("triage", "scoping", "drafting", "sign_off", "open_call", "selecting")
RULES = ("first_response", "sign_off", "costing")


@dataclass
class Years:
    """Everything recorded from January 2024 to the end of March 2026 (`before`), and in the months after that."""

    seed: int
    enquiries: int = 60
    councils: int = 40
    partners: int = 8
    start: datetime = datetime(2024, 1, 8, 10, tzinfo=UTC)
    closes: datetime = datetime(2026, 3, 31, 23, tzinfo=UTC)
    universities: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - it makes a scene, not a secret
        self._seq = 0
        self._bodies: list[UUID] = []
        self._known: list[tuple[UUID, dict[str, object]]] = []

    def before(self, unit: Unit) -> None:
        """Write what happened up to the as_of."""
        made = [
            *(f"Council {place}" for place in range(self.councils)),
            *(f"University {n}" for n in range(self.partners)),
        ]
        for name in made:
            is_university = name.startswith("University")
            body = Organisation(
                name=name, name_key=name_key(name), kind="university" if is_university else "council",
                partner=is_university, area=self._random.choice(AREAS), created_at=self.start,
            )  # fmt: skip
            unit.add(body)
            unit.flush()
            (self.universities if is_university else self._bodies).append(body.id)
            self._register(unit, body, self.start, None)
        for place, successor in ((0, 1), (1, 2), (5, 6)):
            gone = unit.get(Organisation, self._bodies[place])
            assert gone is not None
            self._register(unit, gone, self.start + timedelta(days=200), self._bodies[successor])
        days = (self.closes - self.start) / timedelta(days=1)
        askers = self._bodies[: self.councils // 2]
        for _ in range(self.enquiries):
            at = self.start + timedelta(days=self._random.uniform(0, days - 100))
            self._enquiry(unit, at, self._random.choice([*askers, None]))
        self._notes(unit, self.start, days)
        counter = unit.get(EventCounter, 1) or EventCounter(recorded_at=self.start)
        counter.seq, counter.recorded_at = self._seq + 10_000, self.closes - timedelta(seconds=1)
        unit.add(counter)
        unit.flush()

    def after(self, unit: Unit) -> None:
        """Write more about the same enquiries and bodies, and new ones, none of it before the as_of is over."""
        self._seq += 20_000
        for enquiry_id, facts in self._known:
            at = self.closes + timedelta(days=self._random.uniform(0, 30))
            facts |= {"sector": "nhs", "area": "scotland", "organisation_id": self._bodies[-1]}
            university = str(self._random.choice(self.universities))
            self._log(
                unit,
                enquiry_id,
                at,
                "interest",
                facts,
                {"organisation": university, "interest": str(new_id()), "late": True},
            )
            self._log(unit, enquiry_id, at, "commission", facts, {"organisation": university})
            self._log(unit, enquiry_id, at, "close", facts, to_state="closed", outcome="spam")
        for body_id in self._bodies:
            body = unit.get(Organisation, body_id)
            assert body is not None
            body.area = "elsewhere"
            self._register(unit, body, self.closes + timedelta(days=2), self._bodies[0])
        for _ in range(10):
            self._enquiry(unit, self.closes + timedelta(days=self._random.uniform(0, 5)), self._bodies[-1])
        self._notes(unit, self.closes, 20)
        unit.flush()

    def _register(self, unit: Unit, body: Organisation, at: datetime, successor: UUID | None) -> None:
        unit.add(
            RegisterEntry(
                organisation_id=body.id, recorded_at=at, name=body.name, kind=body.kind, area=body.area,
                succeeded_by_id=successor,
            )
        )  # fmt: skip

    def _enquiry(self, unit: Unit, at: datetime, asker: UUID | None) -> None:
        pick = self._random.choice
        enquiry = Enquiry(
            state="triage", waiting_on="team", waiting_since=at, state_since=at, created_at=at, updated_at=at,
            submitted_at=at, question="?",
        )  # fmt: skip
        unit.add(enquiry)
        unit.flush()
        facts: dict[str, object] = {"sector": pick(SECTORS), "area": pick(AREAS), "organisation_id": asker}
        self._known.append((enquiry.id, facts))
        self._log(unit, enquiry.id, at, "submit", facts, from_state="draft")

        def later(low: float, high: float) -> datetime:
            nonlocal at
            at += timedelta(days=self._random.uniform(low, high))
            return at

        if self._random.random() < 0.3:
            facts["sector"] = pick(SECTORS)
            self._log(unit, enquiry.id, later(0, 2), "amend", facts)
        if self._random.random() < 0.1:
            self._log(unit, enquiry.id, later(0, 2), "close", facts, to_state="closed", outcome="spam")
            return
        for event in self._random.choices(("publish", "relaunch"), k=pick((0, 1, 1, 1, 2))):
            self._call(unit, enquiry.id, later, event, facts)
        if self._random.random() < 0.6:
            outcome = pick(("answered", "withdrawn"))
            self._log(unit, enquiry.id, later(0, 20), "close", facts, to_state="closed", outcome=outcome)
            facts["sector"] = pick(SECTORS)
            self._log(unit, enquiry.id, later(0, 20), "reopen", facts, from_state="closed")

    def _call(self, unit: Unit, enquiry_id: UUID, later: Later, event: str, facts: dict[str, object]) -> None:
        told = self._random.sample(self.universities, k=self._random.randint(5, len(self.universities)))
        data: dict[str, object] = {"recipients": [str(one) for one in told]}
        if event == "publish" and self._random.random() < 0.8:
            advised = self._random.sample(list(BRIEF_SECTIONS), k=self._random.choice((0, 0, 1, 3)))
            data["readiness"] = {"advised": advised, "wording": self._random.choice((0, 2))}
        self._log(unit, enquiry_id, later(0, 9), event, facts, data, to_state="open_call")
        interests: list[tuple[str, str]] = []
        for university in map(str, self._random.sample(told, k=self._random.randint(0, len(told)))):
            if self._random.random() < 0.5:
                interest = str(new_id())
                interests.append((university, interest))
                answer: dict[str, object] = {"interest": interest, "late": self._random.random() < 0.3}
                self._log(unit, enquiry_id, later(0, 3), "interest", facts, {"organisation": university, **answer})
            else:
                reason = {"decline_reason": self._random.choice(list(DECLINE_REASONS))}
                self._log(
                    unit, enquiry_id, later(0, 3), "recipient_declined", facts, {"organisation": university, **reason}
                )
        self._log(unit, enquiry_id, later(0, 5), "close_call", facts, to_state="selecting")
        if interests and self._random.random() < 0.7:
            self._offer(unit, enquiry_id, later, *self._random.choice(interests), facts)

    def _offer(
        self, unit: Unit, enquiry_id: UUID, later: Later, university: str, interest: str, facts: dict[str, object]
    ) -> None:
        offer, project = str(new_id()), new_id()
        self._log(unit, enquiry_id, later(0, 3), "offer", facts, {"offer": offer, "interest": interest})
        if self._random.random() < 0.3:
            self._log(unit, enquiry_id, later(0, 3), "decline_offer", facts, {"offer": offer})
            return
        self._log(unit, enquiry_id, later(0, 3), "accept_offer", facts, {"offer": offer})
        at = later(0, 3)
        end_on = self._random.choice((None, local_date(at) + timedelta(days=40)))
        told: dict[str, object] = {"organisation": university}
        if end_on:
            told["end_on"] = end_on.isoformat()
        self._log(unit, enquiry_id, at, "commission", facts, told, to_state="commissioned")
        made = self._random.choice(("rapid_review", "evidence_map", "our_own", None))
        self._move(unit, enquiry_id, project, at, "start", "active", facts, {"product": made} if made else {})
        fate = self._random.choice(("deliver", "deliver", "deliver", "terminate", None))
        if fate is not None:
            state = "delivered" if fate == "deliver" else "terminated"
            self._move(unit, enquiry_id, project, later(5, 80), fate, state, facts, {})

    def _notes(self, unit: Unit, start: datetime, days: float) -> None:
        for _ in range(80):
            at = start + timedelta(days=self._random.uniform(0, days))
            unit.add(
                Entry(
                    enquiry_id=self._random.choice(self._known)[0], kind="call", visibility="back_stage",
                    direction="out", body="We talked.", occurred_at=at, recorded_at=at, author_role="manager",
                    minutes=self._random.choice((None, 5, 20, 45)), state=self._random.choice((*STATES, None)),
                )
            )  # fmt: skip
            unit.add(
                ReminderFate(
                    follow_up_id=new_id(), recorded_at=at, month=month_number(local_date(at)),
                    rule=self._random.choice(RULES), fate=self._random.choice(FATES),
                )
            )  # fmt: skip

    def _move(
        self, unit: Unit, enquiry_id: UUID, project_id: UUID, at: datetime, event: str, state: str,
        facts: dict[str, object], data: dict[str, object],
    ) -> None:  # fmt: skip
        self._log(unit, enquiry_id, at, event, facts, data, to_state=state, machine="project", project_id=project_id)

    def _log(
        self, unit: Unit, enquiry_id: UUID, at: datetime, event: str, facts: dict[str, object],
        data: dict[str, object] | None = None, *, from_state: str = "triage", to_state: str = "triage",
        **more: object,
    ) -> None:  # fmt: skip
        self._seq += 1
        unit.add(
            Event.model_validate(
                {
                    "seq": self._seq, "recorded_at": at, "enquiry_id": enquiry_id, "event": event,
                    "from_state": from_state, "to_state": to_state, "waiting_on": "team", "actor_role": "manager",
                    "data": data or {}, **facts, **more,
                }
            )
        )  # fmt: skip
