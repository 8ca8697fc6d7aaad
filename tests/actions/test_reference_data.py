"""Reference data when several people keep it at once, on both engines."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import select

from service.actions import calendars, people
from service.actions.importing import import_organisations, import_researchers
from service.actions.keys import KeyEntry, Rotation, create_key, rotate_key
from service.actions.organisations import OrganisationChange, OrganisationEntry, add_organisation, change_organisation
from service.context import Context
from service.errors import Problem
from service.records.database import Database, Unit
from service.records.tables import ApiKey, AuditEntry, CalendarDay, Organisation, Person, Publication, Researcher
from tests.support.clock import MONDAY

CTX = Context(now=MONDAY)


def at_once(database: Database, works: Sequence[Callable[[Unit], object]]) -> list[int]:
    """Run these in transactions of their own at the same moment; return each one's status, 200 when it was carried out."""
    gate = Barrier(len(works))

    def run(work: Callable[[Unit], object]) -> int:
        gate.wait()
        try:
            database.transact(work)
        except Problem as problem:
            return problem.status
        return 200

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_two_who_add_the_same_organisation_one_is_told(database: Database) -> None:
    def add(name: str) -> Callable[[Unit], object]:
        return lambda unit: add_organisation(unit, CTX, OrganisationEntry(name=name))

    answers = at_once(
        database, [add(name) for name in ("Gateshead Council", "GATESHEAD council", " Gateshead  Council")]
    )

    assert sorted(answers) == [200, 409, 409]
    assert len(database.read(lambda unit: unit.exec(select(Organisation)).all())) == 1
    assert len(database.read(lambda unit: unit.exec(select(AuditEntry)).all())) == 1


def test_successions_set_at_once_never_close_a_circle(database: Database) -> None:
    def make(unit: Unit) -> list[Organisation]:
        return [add_organisation(unit, CTX, OrganisationEntry(name=f"Council {n}")) for n in range(4)]

    for _ in range(5):
        bodies = database.transact(make) if not _bodies(database) else _bodies(database)

        def follow(before: Organisation, after: Organisation) -> Callable[[Unit], object]:
            change = OrganisationChange(succeeded_by=str(after.id))
            return lambda unit: change_organisation(unit, CTX, before.id, change)

        answers = at_once(database, [follow(bodies[n], bodies[(n + 1) % 4]) for n in range(4)])

        assert sorted(answers) == [200, 200, 200, 409]
        following = {body.id: body.succeeded_by_id for body in _bodies(database)}
        for successor in following.values():
            step, steps = successor, 0
            while step is not None:
                step, steps = following[step], steps + 1
                assert steps < 4
        for body in bodies:
            database.transact(
                lambda unit, body=body: change_organisation(unit, CTX, body.id, OrganisationChange(succeeded_by=None))  # type: ignore[misc]  # mypy cannot type a default in a lambda
            )


def _bodies(database: Database) -> list[Organisation]:
    return database.read(lambda unit: list(unit.exec(select(Organisation).order_by(Organisation.name))))


def test_one_address_is_one_person(database: Database) -> None:
    def add(unit: Unit) -> object:
        return people.add_person(unit, CTX, people.PersonEntry(name="Pat", email="pat@council.example"))

    assert sorted(at_once(database, [add] * 4)) == [200, 409, 409, 409]
    assert len(database.read(lambda unit: unit.exec(select(Person)).all())) == 1


def test_servers_that_start_together_ensure_the_staff_once(database: Database) -> None:
    def furnish(unit: Unit) -> None:
        people.ensure_staff(unit, CTX, ("mo@s.example", "sal@s.example"), ("sal@s.example",))

    assert at_once(database, [furnish] * 4) == [200] * 4
    roles = database.read(lambda unit: {person.email: person.staff_role for person in unit.exec(select(Person))})
    assert roles == {"mo@s.example": "manager", "sal@s.example": "service_lead"}
    named = database.read(lambda unit: {person.email: person.named_as for person in unit.exec(select(Person))})
    assert named == roles


def test_settings_raise_nobody_down(database: Database) -> None:
    database.transact(lambda unit: people.ensure_staff(unit, CTX, (), ("sal@s.example",)))
    database.transact(lambda unit: people.ensure_staff(unit, CTX, ("sal@s.example",), ()))
    [sal] = database.read(lambda unit: list(unit.exec(select(Person))))
    assert sal.staff_role == "service_lead"


def test_of_two_who_replace_a_key_one_is_told(database: Database) -> None:
    made = database.transact(lambda unit: create_key(unit, CTX, KeyEntry(name="x", role="operator")))

    answers = at_once(database, [lambda unit: rotate_key(unit, CTX, made.row.id, Rotation())] * 3)

    assert sorted(answers) == [200, 409, 409]
    assert len(database.read(lambda unit: unit.exec(select(ApiKey)).all())) == 2


def test_of_two_who_proclaim_a_day_one_is_told(database: Database) -> None:
    def add(unit: Unit) -> object:
        return calendars.add_day(unit, CTX, "scotland", MONDAY.date(), "Proclaimed")

    assert sorted(at_once(database, [add] * 3)) == [200, 409, 409]
    assert len(database.read(lambda unit: unit.exec(select(CalendarDay)).all())) == 1


def test_two_imports_of_one_file_make_everybody_once(database: Database) -> None:
    university = database.transact(
        lambda unit: add_organisation(unit, CTX, OrganisationEntry(name="Durham University", partner=True))
    )
    rows: list[dict[str, Any]] = [
        {"name": f"R{n}", "email": f"r{n}@d.example", "capacity_days": n, "publications": [{"title": f"P{n}"}]}
        for n in range(20)
    ]

    answers = at_once(database, [lambda unit: import_researchers(unit, CTX, rows, organisation_id=university.id)] * 3)

    assert answers == [200, 200, 200]
    assert len(database.read(lambda unit: unit.exec(select(Researcher)).all())) == 20
    assert len(database.read(lambda unit: unit.exec(select(Publication)).all())) == 20


@pytest.mark.parametrize("organisation", ["Durham\x00", "D" * 201, 7, None])
def test_a_row_names_its_university_in_words(database: Database, organisation: object) -> None:
    row = {"name": "Lin", "email": "lin@d.example", "capacity_days": 1, "organisation": organisation}

    report = database.transact(lambda unit: import_researchers(unit, CTX, [row], dry_run=True))

    assert [error["field"] for error in report.rows[0].errors] == ["organisation"]


def test_a_refused_import_leaves_nothing_behind(database: Database) -> None:
    rows = [{"name": "A", "code": "E1"}, {"name": "B", "succeeded_by": "A"}, {"name": "C", "succeeded_by": "Nobody"}]

    with pytest.raises(Problem) as refused:
        database.transact(lambda unit: import_organisations(unit, CTX, rows))

    assert [error["field"] for error in refused.value.errors] == ["3.succeeded_by"]
    rehearsed = database.transact(lambda unit: import_organisations(unit, CTX, rows, dry_run=True))
    assert [row.action for row in rehearsed.rows] == ["created", "created", "refused"]
    assert _bodies(database) == []
    assert database.read(lambda unit: unit.exec(select(AuditEntry)).all()) == []


def test_an_organisation_is_known_by_its_code_before_its_name(database: Database) -> None:
    database.transact(lambda unit: import_organisations(unit, CTX, [{"name": "Old Name", "code": "E1"}, {"name": "B"}]))

    report = database.transact(
        lambda unit: import_organisations(
            unit,
            CTX,
            [{"name": "New Name", "code": "E1", "area": "london"}, {"name": "b", "kind": "nhs"}, {"name": "B"}],
            dry_run=True,
        )
    )
    assert [row.action for row in report.rows] == ["updated", "updated", "refused"]

    database.transact(lambda unit: import_organisations(unit, CTX, [{"name": "New Name", "code": "E1"}]))
    assert [(body.name, body.code) for body in _bodies(database)] == [("B", None), ("New Name", "E1")]
