"""The product ladder and the glossary as an installation changes them, on both engines."""

from functools import partial

import pytest

from service.actions.glossary import TermEntry, remove_term, set_term
from service.actions.products import ProductChange, ProductEntry, add_product, change_product, retire_product
from service.context import Context
from service.errors import Problem
from service.records import glossary, products
from service.records.database import Database
from service.workflows.jargon import EVERYBODY, TERMS, find_jargon
from service.workflows.products import LADDER, offered, wanted_product
from tests.actions.test_reference_data import at_once
from tests.support.clock import MONDAY

CTX = Context(now=MONDAY)


def test_the_ladder_is_the_default_one_until_somebody_changes_it(database: Database) -> None:
    assert database.read(products.ladder) == LADDER
    assert {(each.version, each.is_default, each.is_own) for each in database.read(products.rungs)} == {
        (0, True, False)
    }

    change = ProductChange(label="Quick review", typical=25, long=45)
    changed = database.transact(lambda unit: change_product(unit, CTX, "rapid_review", change))

    assert (changed.version, changed.is_default, changed.is_own) == (1, False, False)
    assert (changed.product.label, changed.product.phrase, changed.product.kind) == (
        "Quick review",
        "a rapid review",
        "review",
    )
    ladder = database.read(products.ladder)
    assert [rung.typical for rung in ladder] == sorted(rung.typical for rung in ladder)
    assert len(ladder) == len(LADDER)
    again = database.transact(lambda unit: change_product(unit, CTX, "rapid_review", change))
    assert again.version == 1
    back = ProductChange(label="Rapid review", typical=60, long=90)
    assert database.transact(lambda unit: change_product(unit, CTX, "rapid_review", back)).is_default


def test_a_rung_is_added_retired_and_offered_again(database: Database) -> None:
    entry = ProductEntry(label="Citizens’ jury", kind="evaluation", typical=40)
    made = database.transact(lambda unit: add_product(unit, CTX, entry))
    assert (made.product.code, made.product.phrase, made.is_own) == ("citizens_jury", "Citizens’ jury", True)

    database.transact(lambda unit: retire_product(unit, CTX, "citizens_jury"))
    database.transact(lambda unit: retire_product(unit, CTX, "process_evaluation"))

    ladder = database.read(products.ladder)
    assert {"citizens_jury", "process_evaluation"}.isdisjoint({rung.code for rung in offered(ladder)})
    assert "process_evaluation" not in database.read(products.labels)
    named = wanted_product("process_evaluation", (), None, ladder)
    assert named is not None
    assert named.label == "Process evaluation"
    assert wanted_product(None, ["process_evaluation"], None, ladder) is None
    offered_again = ProductChange(retired=False)
    database.transact(lambda unit: change_product(unit, CTX, "process_evaluation", offered_again))
    assert "process_evaluation" in database.read(products.labels)


def test_a_rung_that_makes_no_sense_is_refused(database: Database) -> None:
    def refused(change: ProductChange, code: str = "rapid_review") -> int:
        with pytest.raises(Problem) as found:
            database.transact(lambda unit: change_product(unit, CTX, code, change))
        return found.value.status

    assert refused(ProductChange(long=10)) == 422
    assert refused(ProductChange(label="evidence MAP")) == 409
    assert refused(ProductChange(label="Anything"), code="nothing") == 404
    twice = ProductEntry(code="rapid_review", label="Another", kind="review", typical=1)
    nameless = ProductEntry(label="质", kind="review", typical=1)
    assert [at_once(database, [partial(add_product, ctx=CTX, entry=entry)]) for entry in (twice, nameless)] == [
        [409],
        [422],
    ]
    assert database.read(products.ladder) == LADDER


def test_of_two_who_add_the_same_rung_one_is_told(database: Database) -> None:
    entry = ProductEntry(label="Citizens’ jury", kind="evaluation", typical=40)
    assert sorted(at_once(database, [lambda unit: add_product(unit, CTX, entry)] * 2)) == [200, 409]


def test_words_are_added_changed_and_left_out(database: Database) -> None:
    assert database.read(glossary.terms) == TERMS
    entry = TermEntry(word="Cold spot", plain="a place with few services.")
    added = database.transact(lambda unit: set_term(unit, CTX, entry))
    assert (added.term.plain, added.term.misread_by, added.is_default) == (
        "a place with few services",
        EVERYBODY,
        False,
    )
    found = [term.word for term in find_jargon("Two cold  spots near us, with a PCN.", database.read(glossary.terms))]
    assert found == ["PCN", "Cold spot"]

    changed = TermEntry(word="pcn", misread_by="researchers", plain="a group of surgeries")
    database.transact(lambda unit: set_term(unit, CTX, changed))
    database.transact(lambda unit: remove_term(unit, CTX, "cold SPOT"))

    words = {each.term.word: each for each in database.read(glossary.words)}
    assert words["pcn"].term.plain == "a group of surgeries"
    assert words["Cold spot"].is_removed
    assert "Cold spot" not in {term.word for term in database.read(glossary.terms)}
    back = database.transact(lambda unit: set_term(unit, CTX, entry))
    assert (back.is_removed, back.version) == (False, 3)
    with pytest.raises(Problem) as problem:
        database.transact(lambda unit: remove_term(unit, CTX, "never heard of it"))
    assert problem.value.status == 404
