"""Closing winds everything up and explains itself; reopening goes on from where the work stands."""

import pytest
from sqlmodel import select

from service.delivery.render import render
from service.errors import Problem
from service.records import briefs, calls, enquiries
from service.records.database import Database, Unit
from service.records.tables import FeedEntry, OutboxMessage, Participation
from service.states import BriefState, Outcome, ProjectState
from service.workflows import commands as c
from tests.support.clock import HandClock
from tests.support.journey import Journey
from tests.support.letters import LETTERHEAD


@pytest.fixture
def journey(database: Database) -> Journey:
    return Journey(database, HandClock())


def close(journey: Journey, outcome: Outcome, **members: object) -> None:
    journey.act(c.Close(outcome=outcome, reason="So it came.", **members))  # type: ignore[arg-type]  # as the door checks them


def mails(journey: Journey, kind: str) -> list[OutboxMessage]:
    return journey.look(lambda unit: list(unit.exec(select(OutboxMessage).where(OutboxMessage.kind == kind))))


def feed_types(journey: Journey, university: int) -> list[str]:
    def read(unit: Unit) -> list[str]:
        wanted = FeedEntry.organisation_id == journey.universities[university]
        return [entry.type for entry in unit.exec(select(FeedEntry).where(wanted).order_by(FeedEntry.seq))]  # type: ignore[arg-type]

    return journey.look(read)


def test_without_money_it_ends_and_with_money_it_goes_on_from_there(journey: Journey) -> None:
    journey.funding()
    close(journey, Outcome.NO_FUNDING)
    assert journey.enquiry().outcome == "no_funding"
    assert journey.project().state == ProjectState.PLANNED
    assert [mail.to_address for mail in mails(journey, "brief_ended")] != []
    assert mails(journey, "stood_down") == []
    journey.act(c.Reopen(reason="The grant came through."))
    again = journey.enquiry()
    assert (again.state, again.outcome, again.epoch) == ("funding", None, 2)
    assert journey.project().state == ProjectState.PLANNED


def test_a_choice_that_was_closed_can_be_opened_again_and_relaunched(journey: Journey) -> None:
    journey.interested().interested(journey.universities[1]).selecting()
    close(journey, Outcome.NO_CAPACITY)
    assert feed_types(journey, 0)[-2:] == ["delisted", "stood_down"]
    assert feed_types(journey, 2)[-1] == "delisted"
    journey.act(c.Reopen(reason="A team has time after all."))
    assert journey.enquiry().state == "selecting"
    journey.act(
        c.Relaunch(
            recipients=(journey.universities[2],), reply_by=journey.today().replace(year=2027), reason="Ask one more."
        )
    )
    assert journey.enquiry().state == "open_call"
    assert feed_types(journey, 2)[-1] == "published"


def test_an_open_call_is_pulled_and_reopening_goes_no_further_than_drafting(journey: Journey) -> None:
    journey.published()
    close(journey, Outcome.MISSED_WINDOW)
    assert feed_types(journey, 0)[-1] == "withdrawn"
    call = journey.look(lambda unit: calls.current(unit, journey.enquiry_id))
    assert call is not None
    assert call.pulled_at is not None
    journey.act(c.Reopen(reason="There is time after all."))
    assert journey.enquiry().state == "drafting"
    assert journey.newest_brief().state == BriefState.DRAFT
    assert journey.look(lambda unit: briefs.published(unit, journey.enquiry_id)) is None


def test_merging_joins_people_who_see_what_is_said_from_then_on(database: Database) -> None:
    clock = HandClock()
    kept = Journey(database, clock).submitted()
    repeated = Journey(
        database, clock, enquirer_email="bea@council.example", organisation="Sunderland City Council"
    ).submitted()
    close(repeated, Outcome.DUPLICATE, target=kept.reference.lower())
    found = repeated.enquiry()
    assert (found.state, found.duplicate_of_id) == ("closed", kept.enquiry_id)
    letter = render(mails(repeated, "closed_duplicate")[-1], LETTERHEAD).text
    assert (
        f"From now on the reference is {kept.reference}. The earlier one, {repeated.reference}, leads there." in letter
    )
    assert f"The reference is {kept.reference}." in letter
    assert "It goes on as" not in letter, "what somebody else asked is theirs"
    theirs = Journey(database, clock, question="And once more?").submitted()
    close(theirs, Outcome.DUPLICATE, target=kept.reference)
    [letter] = [
        render(mail, LETTERHEAD).text
        for mail in mails(theirs, "closed_duplicate")
        if mail.enquiry_id == theirs.enquiry_id
    ]
    assert f'It goes on as "{kept.enquiry().question}".' in letter, "their own is named"

    def joined(unit: Unit) -> Participation | None:
        person = repeated.enquirer.person_id
        assert person is not None
        return enquiries.participation_of(unit, kept.enquiry_id, person)

    place = database.read(joined)
    assert place is not None
    assert (place.role, place.sees_from) == ("merged", clock.now())
    with pytest.raises(Problem) as refused:
        close(kept, Outcome.DUPLICATE, target=repeated.reference)
    assert refused.value.status == 409
    assert "leads back" in refused.value.detail


def test_a_project_under_way_ends_with_its_enquiry_and_its_lead_is_told(journey: Journey) -> None:
    journey.commissioned()
    with pytest.raises(Problem) as refused:
        close(journey, Outcome.TERMINATED)
    assert "service lead" in refused.value.detail
    journey.act(c.Close(outcome=Outcome.TERMINATED, reason="The scheme was stopped."), journey.service_lead())
    assert journey.project().state == ProjectState.TERMINATED
    assert len(mails(journey, "project_ended")) == 1


@pytest.mark.parametrize(
    ("teams", "subject"),
    [
        ((), "No university has offered yet"),
        ((False,), "We have replies from universities"),
        ((True, False), "Who would you like to work with?"),
    ],
)
def test_the_enquirer_gets_one_mail_when_a_call_closes(journey: Journey, teams: tuple[bool, ...], subject: str) -> None:
    journey.published()
    for place, shown in enumerate(teams):
        journey.interested(journey.universities[place], show_enquirer=shown)
    before = journey.look(lambda unit: {message.id for message in unit.exec(select(OutboxMessage))})
    journey.act(c.CloseCall())
    said = journey.look(lambda unit: list(unit.exec(select(OutboxMessage).where(OutboxMessage.to_name == "Ann Asker"))))
    [mail] = [message for message in said if message.id not in before]
    assert (mail.params["interests"], mail.params["shown"]) == (len(teams), sum(teams))
    written = render(mail, LETTERHEAD)
    assert written.subject.startswith(subject)
    assert ("tell us which you prefer" in written.text) == any(teams)
