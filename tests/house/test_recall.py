"""What tests recall is what they would have played: on both engines, and only from where it was played."""

from sqlmodel import select

from service.records.database import Database, Unit
from service.records.tables import Enquiry, Event, FeedEntry, Organisation
from tests.support.clock import MONDAY
from tests.support.engines import EngineName, Engines, database_at
from tests.support.journey import Journey
from tests.support.recall import recalled


def rows(database: Database) -> list[str]:
    """Return what stands in some tables, as far as it can be compared."""

    def work(unit: Unit) -> list[str]:
        return [
            repr(sorted(repr(row.model_dump()) for row in unit.exec(select(table))))
            for table in (Enquiry, Event, FeedEntry, Organisation)
        ]

    return database.read(work)


def organisation(name: str) -> Organisation:
    return Organisation(
        name=name, name_key=name.casefold(), kind="council", partner=False, nation="england_and_wales",
        area="north_east", created_at=MONDAY,
    )  # fmt: skip


def test_a_doing_is_played_until_it_is_kept_and_copied_from_then_on(engine: EngineName, engines: Engines) -> None:
    played: list[str] = []
    found = []
    for _ in range(5):
        url = engines[engine].migrated()
        database = database_at(url)

        def play(database: Database = database) -> str:
            played.append("")
            return Journey(database, question=f"Played {len(played)} times?").sent().reference

        reference = recalled(database, ("a doing of this test",), play)
        journey = Journey(database, question="Another?").briefed()
        assert journey.reference != reference
        found.append((reference, rows(database)[0].count(reference)))
        database.dispose()
        engines[engine].drop(url)
    most = 2 if engine == "postgresql" else 1
    assert len(played) == most
    assert len(set(found)) == most, "the same thing comes back, once"
    assert all(count == 1 for _, count in found)


def test_who_wrote_something_else_plays_on_for_himself(engine: EngineName, engines: Engines) -> None:
    played: list[bool] = []
    for is_written in (False, False, True, False, True):
        url = engines[engine].migrated()
        database, other = database_at(url), Database(url)
        if is_written:
            other.transact(lambda unit: unit.add(organisation("Written beside it")))
            other.dispose()

        def play(database: Database = database, *, is_written: bool = is_written) -> None:
            played.append(is_written)
            database.transact(lambda unit: unit.add(organisation("Played")))

        recalled(database, ("another doing of this test",), play)
        names = database.read(lambda unit: set(unit.exec(select(Organisation.name))))
        assert names == {"Played", "Written beside it"} if is_written else names == {"Played"}
        database.dispose()
        engines[engine].drop(url)
    assert played.count(True) == 2
    assert played.count(False) == (2 if engine == "postgresql" else 1)
