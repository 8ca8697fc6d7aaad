"""The timeline walked backwards: the same moments as forwards, a stretch at a time, narrowed to one kind where wished."""

from functools import partial

from service.records import timeline
from service.records.database import Database, Unit
from service.records.manage_case import KINDS, story
from tests.support.journey import Journey


def test_backwards_is_forwards_turned_round(database: Database) -> None:
    journey = Journey(database)
    journey.published()
    for number in range(5):
        journey.say(f"Word {number}.")
    forwards = database.read(lambda unit: timeline.page(unit, journey.enquiry_id, limit=500))
    backwards: list[timeline.Moment] = []

    def stretch(unit: Unit) -> list[timeline.Moment]:
        after = backwards[-1].place if backwards else None
        return timeline.page(unit, journey.enquiry_id, after=after, limit=3, newest_first=True)

    while found := database.read(stretch):
        backwards += found
    assert [moment.place for moment in backwards] == [moment.place for moment in reversed(forwards)]


def test_every_kind_is_a_part_of_the_whole(database: Database) -> None:
    journey = Journey(database).published()
    journey.say("To the team only.", kind="note", visibility="back_stage", direction="out")
    whole = {moment.place for moment in database.read(lambda unit: timeline.page(unit, journey.enquiry_id, limit=500))}
    for kind in KINDS:
        part = database.read(partial(story, enquiry_id=journey.enquiry_id, kind=kind, limit=500))
        assert {moment.place for moment in part} <= whole
    notes = database.read(lambda unit: story(unit, journey.enquiry_id, "notes", limit=500))
    assert [moment.audience for moment in notes] == ["back_stage"]
