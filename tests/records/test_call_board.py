"""What the console's call and choice read is the same on both engines."""

from service.actions import respond
from service.records import calls
from service.records.call_board import board
from service.records.choice_desk import choice, standing_guards
from service.records.database import Database, Unit
from service.records.recipient_choice import partners, soundings
from service.states import OfferState, RecipientStatus
from service.workflows import commands as c
from tests.support.journey import Journey


def test_the_board_the_recipients_and_the_choice(database: Database) -> None:
    journey = Journey(database)
    journey.university("Quiet University")
    journey.agreed()
    journey.say("Rang Durham University.", kind="note", visibility="back_stage", direction="out")
    journey.published()
    first, second, third = journey.universities
    ctx = journey.ctx(journey.university_principal(third))
    database.transact(lambda unit: respond.acknowledge(unit, ctx, journey.enquiry_id, third))
    database.transact(lambda unit: respond.ask_about_brief(unit, ctx, journey.enquiry_id, third, "Which wards?"))
    journey.interested(first, show_enquirer=True).interested(second, conflicts="A partner there.")

    def looked(unit: Unit) -> None:
        found = board(unit, journey.ctx(), journey.enquiry_id)
        assert found.current is not None
        assert [line.university for line in found.current.recipients] == [
            "Durham University", "Newcastle University", "Northumbria University",
        ]  # fmt: skip
        assert [line.status for line in found.current.recipients] == [
            RecipientStatus.ACKNOWLEDGED, RecipientStatus.INTERESTED, RecipientStatus.INTERESTED,
        ]  # fmt: skip
        assert found.current.count("interested") == 2
        assert found.current.recipients[0].next_reminder is not None
        assert [(each.university, each.answer) for each in found.questions] == [("Durham University", None)]
        told = {
            each.name: (each.is_reached, each.was_sent) for each in partners(unit, journey.ctx(), journey.enquiry_id)
        }
        assert told["Quiet University"] == (False, False)
        assert told["Durham University"] == (True, True)
        assert [each.named for each in soundings(unit, journey.enquiry_id)] == [("Durham University",)]

    journey.look(looked)
    journey.offered(journey.interests[1], alternates=[journey.interests[0]])
    journey.act(c.DeclineOffer(offer=journey.offer_id, reason="Busy."), journey.university_principal(second))

    def chosen(unit: Unit) -> None:
        found = choice(unit, journey.ctx(), journey.enquiry_id)
        assert [team.has_turned_down for team in found.teams] == [False, True]
        assert [team.id for team in found.next_alternates] == [journey.interests[0]]
        assert [offer.state for offer in found.offers] == [OfferState.DECLINED]
        assert found.has_met
        assert found.can_offer
        guards = standing_guards(unit, journey.ctx(), journey.enquiry_id, journey.interests[0])
        assert [each.guard for each in guards] == ["preference_recorded"]
        assert calls.open_offer(unit, journey.enquiry_id) is None

    journey.look(chosen)
