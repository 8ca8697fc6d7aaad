"""Logs written by hand: one enquiry's events at London times, in the shape the figures read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from service.states import ENQUIRY_STATES, EnquiryState
from service.throughput.calendars import Calendars
from service.throughput.log import LoggedEvent
from service.working_time import LONDON, Calendar, Nation

YEARS = range(2024, 2029)
CALENDARS = Calendars({nation: Calendar.from_library(nation, YEARS) for nation in Nation}, Nation.ENGLAND_AND_WALES)


def london(text: str) -> datetime:
    """Return the UTC instant at which London clocks show `2026-03-02 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


class Log:
    """One enquiry's rows. What a step does not say stays as it was; a new state brings its own holder of the ball."""

    def __init__(
        self,
        submitted: str,
        *,
        sector: str | None = None,
        area: str | None = None,
        enquiry_type: str | None = None,
        topics: Sequence[str] = (),
        organisation: UUID | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        self.rows: list[LoggedEvent] = []
        self._enquiry_id: UUID = uuid4()
        self.sector, self.area, self.enquiry_type, self.topics = sector, area, enquiry_type, topics
        self.organisation = organisation
        self._state, self._on_hold = EnquiryState.DRAFT, False
        self._waiting_on = "enquirer"
        self.then(submitted, "submit", EnquiryState.TRIAGE, data=data)

    def then(
        self,
        when: str,
        event: str,
        state: str | None = None,
        *,
        waiting_on: str | None = None,
        outcome: str | None = None,
        on_hold: bool | None = None,
        project: UUID | None = None,
        data: Mapping[str, object] | None = None,
    ) -> "Log":
        """Add a row, and return the log for the next."""
        before, after = self._state, EnquiryState(state or self._state)
        if waiting_on is None:
            waiting_on = self._waiting_on if after == before else ENQUIRY_STATES[after].waiting_on
        self._on_hold = self._on_hold if on_hold is None else on_hold
        self._state, self._waiting_on = after, waiting_on
        self.rows.append(
            LoggedEvent(
                seq=len(self.rows) + 1,
                recorded_at=london(when),
                enquiry_id=self._enquiry_id,
                project_id=project,
                machine="enquiry",
                event=event,
                to_state=after.value,
                waiting_on=str(waiting_on),
                outcome=outcome,
                on_hold=self._on_hold,
                sector=self.sector,
                area=self.area,
                enquiry_type=self.enquiry_type,
                topics=self.topics,
                organisation_id=self.organisation,
                data=data or {},
            )
        )
        return self

    def project(self, when: str, event: str, state: str, project: UUID) -> "Log":
        """Move its project, where the enquiry stays."""
        self.then(when, event, project=project)
        self.rows[-1] = self.rows[-1]._replace(machine="project", to_state=state)
        return self

    def close(self, when: str, outcome: str) -> "Log":
        """Close it."""
        return self.then(when, "close", EnquiryState.CLOSED, outcome=outcome, on_hold=False)

    def commission(self, when: str) -> "Log":
        """Take it to a commissioned project in one step, as an imported log may."""
        return self.then(when, "commission", EnquiryState.COMMISSIONED)


def histories_of(*logs: Log) -> list[Sequence[LoggedEvent]]:
    """Return the logs' rows, enquiry by enquiry."""
    return [log.rows for log in logs]
