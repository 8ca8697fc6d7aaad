"""Entries that may be one person: proposed for what identifies people, merged by a manager, and nothing lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from service.actions.importing import import_researchers
from service.actions.merging import merge_researchers, tell_researchers_apart
from service.actions.organisations import OrganisationEntry, add_organisation
from service.actions.people import PersonEntry, add_person
from service.actions.researchers import ResearcherChange, change_researcher
from service.actions.unmerging import unmerge_researcher
from service.context import Context
from service.errors import Problem
from service.principals import Principal, Role
from service.records import duplicates, partner_page, publications, researchers
from service.records.database import Database
from service.records.following import Following
from service.records.publications import FoundWork
from service.records.tables import AuditEntry, Interest, OutboxMessage, Publication, Researcher
from tests.support.clock import MONDAY
from tests.support.journey import Journey

ORCID = "0000-0002-1825-0097"
CTX = Context(now=MONDAY, actor=Principal(role=Role.MANAGER))
LONG = "Warm homes and winter admissions"


class Town:
    """Two universities, each with a contact and researchers by address."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.at = {name: self._university(name) for name in ("Tyne", "Wear")}

    def _university(self, name: str) -> UUID:
        def work(unit: Any) -> UUID:
            made = add_organisation(unit, CTX, OrganisationEntry(name=f"{name} University", partner=True))
            contact = {
                "name": name,
                "email": f"calls@{name.lower()}.example",
                "organisation": made.name,
                "is_contact": True,
            }
            add_person(unit, CTX, PersonEntry.model_validate(contact))
            return made.id

        return self.database.transact(work)

    def add(self, at: str, email: str, name: str = "Dr Lin Zhao", **also: Any) -> UUID:
        row = {"name": name, "email": email, "capacity_days": 3, **also}
        ctx = Context(now=MONDAY, actor=Principal(role=Role.UNIVERSITY, organisation_id=self.at[at]))
        report = self.database.transact(lambda unit: import_researchers(unit, ctx, [row], organisation_id=self.at[at]))
        assert report.rows[0].id is not None
        return report.rows[0].id

    def proposed(self) -> dict[tuple[str, str], list[str]]:
        found, total = self.database.read(lambda unit: duplicates.pairs(unit, 50))
        assert total == len(found)
        return {(each.first.researcher.email, each.second.researcher.email): list(each.reasons) for each in found}

    def one(self, identity: UUID) -> Researcher:
        return self.database.read(lambda unit: unit.get_one(Researcher, identity))


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def paper(title: str, doi: str | None = None) -> dict[str, Any]:
    return {"publications": [{"title": title, "doi": doi}]}


def test_people_are_proposed_for_what_identifies_them_and_never_for_a_name(town: Town) -> None:
    town.add("Tyne", "a@tyne.example", orcid=ORCID)
    town.add("Wear", "b@wear.example", name="Somebody Else", orcid=ORCID)
    town.add("Wear", "a@tyne.example", name="L. Z.")
    town.add("Tyne", "c@tyne.example", name="Prof. Éva  KISS", **paper(LONG))
    town.add("Wear", "d@wear.example", name="Eva Kiss", **paper("WARM HOMES, and winter admissions!"))
    town.add("Wear", "e@wear.example", name="Eva Kiss", **paper("Editorial"))
    town.add("Tyne", "f@tyne.example", name="Eva Kiss", **paper("Editorial", "10.5555/F"))
    town.add("Tyne", "g@tyne.example", name="Dr Eva Kiss", **paper("Another title", "https://doi.org/10.5555/f"))
    town.add("Tyne", "h@tyne.example", name="Not Eva", **paper(LONG))
    assert town.proposed() == {
        ("a@tyne.example", "b@wear.example"): ["the same ORCID iD"],
        ("a@tyne.example", "a@tyne.example"): ["the same email address"],
        ("c@tyne.example", "d@wear.example"): ["the same name, and both wrote “WARM HOMES, and winter admissions!”"],
        ("f@tyne.example", "g@tyne.example"): ["the same name, and both wrote “Another title”"],
    }


def test_two_told_apart_are_not_proposed_again(town: Town) -> None:
    one, other = town.add("Tyne", "a@tyne.example", orcid=ORCID), town.add("Wear", "b@wear.example", orcid=ORCID)
    for _ in range(2):
        town.database.transact(lambda unit: tell_researchers_apart(unit, CTX, other, one))
    assert town.proposed() == {}
    [said] = town.database.read(
        lambda unit: unit.exec(select(AuditEntry).where(AuditEntry.action == "tell_apart")).all()
    )
    assert said.subject == f"researcher:{one}"


def test_one_entry_stands_for_both_and_nothing_is_lost(town: Town) -> None:
    kept = town.add("Tyne", "lin@tyne.example", orcid=ORCID, conflicts=["A Council"], **paper(LONG))
    other = town.add(
        "Wear", "lin@wear.example", orcid=ORCID, conflicts=["B Council"], capacity_days=9, external_id="W-1"
    )
    works = [FoundWork(LONG, "What we found.", 2024, "10.5555/x"), FoundWork("Only at Wear", None, 2020)]
    town.database.transact(lambda unit: publications.complete(unit, other, "openalex", works))
    before = town.one(kept).version, town.one(other).version

    def merge(**said: bool) -> Callable[[Any], Researcher]:
        return lambda unit: merge_researchers(unit, CTX, kept, other, **said)

    with pytest.raises(Problem, match="Tyne University and Wear University each list them"):
        town.database.transact(merge())
    assert town.one(other).merged_into_id is None
    town.database.transact(merge(across=True))

    found, gone = town.one(kept), town.one(other)
    assert (found.version, gone.version) == (before[0] + 1, before[1] + 1)
    assert found.conflicts == ["A Council", "B Council"]
    assert (found.capacity_days, found.hidden, gone.hidden, gone.merged_into_id) == (3, False, True, kept)
    written = town.database.read(lambda unit: researchers.publications_of(unit, [kept])[kept])
    assert [(each.title, each.year, each.source, sorted(each.completed)) for each in written] == [
        (LONG, 2024, "university", ["abstract", "doi", "year"]), ("Only at Wear", 2020, "openalex", []),
    ]  # fmt: skip
    listed = town.database.read(lambda unit: researchers.page(unit, limit=9))
    assert [row.researcher.id for row in listed] == [kept]
    changes = town.database.read(Following().changes)
    assert changes is not None
    assert changes.changed == [kept], "matching knows one of them"
    assert town.database.read(lambda unit: partner_page.profiles_of(unit, "lin@wear.example")) == []
    assert town.proposed() == {}
    history = town.database.read(lambda unit: unit.exec(select(AuditEntry).where(AuditEntry.action == "merge")).all())
    assert {each.subject for each in history} == {f"researcher:{kept}", f"researcher:{other}"}
    assert history[0].detail["differing"] == ["email", "conflicts", "capacity_days", "external_id"]
    told = town.database.read(
        lambda unit: unit.exec(select(OutboxMessage).where(OutboxMessage.kind == "researchers_merged")).all()
    )
    assert {each.to_address for each in told} == {"calls@tyne.example", "calls@wear.example"}
    assert all(each.params["differing"] for each in told)

    assert town.add("Wear", "lin@wear.example", orcid=ORCID, capacity_days=1) == kept, "their file still has the row"
    assert town.one(other).capacity_days == 9
    with pytest.raises(Problem) as refused:
        town.database.transact(merge(across=True))
    assert refused.value.status == 404


def test_what_only_shares_a_name_is_not_merged_and_who_hid_themselves_stays_hidden(town: Town) -> None:
    one, other = (
        town.add("Tyne", "a@tyne.example", **paper("Mine")),
        town.add("Tyne", "b@tyne.example", **paper("Yours")),
    )
    with pytest.raises(Problem, match="a name alone is not enough"):
        town.database.transact(lambda unit: merge_researchers(unit, CTX, one, other))

    def hide(unit: Any) -> None:
        unit.get_one(Researcher, other).hidden = unit.get_one(Researcher, other).hidden_by_self = True
        unit.add(Publication(researcher_id=other, title=LONG, doi="10.5555/x"))
        unit.add(Publication(researcher_id=one, title="Quite another title", doi="10.5555/X"))

    town.database.transact(hide)
    town.database.transact(lambda unit: merge_researchers(unit, CTX, one, other))
    assert (town.one(one).hidden, town.one(one).hidden_by_self) == (True, True)


def state(town: Town, *ids: UUID) -> dict[str, object]:
    """Return all that is said of these entries, without what tells that something happened."""

    def work(unit: Any) -> dict[str, object]:
        quiet = {"version", "updated_at"}
        people = [unit.get_one(Researcher, each).model_dump(exclude=quiet) for each in ids]
        works = [row.model_dump() for each in ids for row in publications.every(unit, each)]
        leads = unit.exec(select(Interest.id, Interest.lead_researcher_id).order_by(col(Interest.id))).all()
        return {"people": people, "works": works, "leads": [tuple(each) for each in leads]}

    return town.database.read(work)


def merged_pair(town: Town) -> tuple[UUID, UUID]:
    """Return an entry that stands for another, both rich in what a merge moves, and the other."""
    kept = town.add("Tyne", "lin@tyne.example", conflicts=["A Council"], **paper(LONG, "10.5555/x"))
    other = town.add(
        "Wear", "lin@wear.example", orcid=ORCID, conflicts=["B Council"], employers=["A trust"],
        publications=[{"title": LONG, "doi": "10.5555/x", "abstract": "What we found."}, {"title": "Only at Wear"}],
    )  # fmt: skip
    first = town.add("Wear", "l.zhao@wear.example", orcid=None, **paper(LONG, "10.5555/x"))
    town.database.transact(lambda unit: merge_researchers(unit, CTX, other, first))
    return kept, other


def test_a_merge_that_is_undone_leaves_everything_as_it_was(town: Town) -> None:
    kept, other = merged_pair(town)
    journey = Journey(town.database, universities=("Tyne University", "Wear University"))
    tyne, wear = journey.universities
    journey.interested(wear, lead_researcher_id=other).interested(tyne, lead_researcher_id=kept)
    before = state(town, kept, other)
    versions = town.one(kept).version, town.one(other).version
    town.database.transact(lambda unit: merge_researchers(unit, CTX, kept, other, across=True))
    assert state(town, kept, other) != before
    undone = town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
    assert state(town, kept, other) == before
    assert (undone.publications, undone.interests, undone.gone, undone.left) == (1, 1, 0, ())
    assert (town.one(kept).version, town.one(other).version) == (versions[0] + 2, versions[1] + 2)
    told = town.database.read(
        lambda unit: unit.exec(select(OutboxMessage).where(OutboxMessage.kind == "researchers_unmerged")).all()
    )
    assert {each.to_address for each in told} == {"calls@tyne.example", "calls@wear.example"}
    with pytest.raises(Problem, match="stands by itself already"):
        town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
    assert len(town.proposed()) == 1, "nobody said that they are two people"
    town.database.transact(lambda unit: merge_researchers(unit, CTX, kept, other, across=True))
    town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
    assert state(town, kept, other) == before


def test_what_was_changed_since_a_merge_stays_and_is_named(town: Town) -> None:
    kept, other = merged_pair(town)
    town.database.transact(lambda unit: merge_researchers(unit, CTX, kept, other, across=True))
    change = ResearcherChange.model_validate({"conflicts": ["A Council", "C Council"], **paper("Newly theirs")})
    town.database.transact(lambda unit: change_researcher(unit, CTX, kept, change))
    town.database.transact(
        lambda unit: publications.complete(unit, kept, "orcid", [FoundWork("Read since under the iD")])
    )
    undone = town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
    assert (undone.publications, undone.gone, undone.left) == (0, 1, ("conflicts",))
    assert (town.one(kept).conflicts, town.one(kept).orcid) == (["A Council", "C Council"], None)
    assert town.one(kept).employers == []
    written = town.database.read(lambda unit: [row.title for row in publications.every(unit, kept)])
    assert written == ["Newly theirs"], "what was read under the other's iD is read again there"


def test_a_merge_that_went_on_or_was_not_written_down_is_not_undone_blindly(town: Town) -> None:
    kept, other = merged_pair(town)
    third = town.add("Tyne", "third@tyne.example", name="Lin Zhao", **paper(LONG, "10.5555/x"))
    town.database.transact(lambda unit: merge_researchers(unit, CTX, kept, other, across=True))
    town.database.transact(lambda unit: merge_researchers(unit, CTX, third, kept))
    with pytest.raises(Problem, match="Undo that merge first"):
        town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
    town.database.transact(lambda unit: unmerge_researcher(unit, CTX, kept))
    assert town.one(other).merged_into_id == kept
    town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
    assert town.one(other).merged_into_id is None

    def as_before_it_was_written_down(unit: Any) -> None:
        unit.get_one(Researcher, other).merged_into_id = kept

    town.database.transact(as_before_it_was_written_down)
    with pytest.raises(Problem, match="nobody could tell what belongs to whom"):
        town.database.transact(lambda unit: unmerge_researcher(unit, CTX, other))
