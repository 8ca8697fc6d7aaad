"""Every figure has a definition, and every definition a figure."""

from dataclasses import fields

from service.throughput.cases import MILESTONES
from service.throughput.cohort import Figures
from service.throughput.definitions import DEFINITION_IDS, DEFINITIONS

FURTHER = {"ageing", "demand", "universities", "transitions"} | {
    "reach", "access", "brokerage", "reminders", "readiness", "products", "own",
}  # fmt: skip


def test_every_figure_is_defined_and_nothing_else_is() -> None:
    figures = {field.name for field in fields(Figures)} - {"time_to", "months", "suppressed"}
    milestones = {f"time_to.{name}" for name in MILESTONES}
    assert set(DEFINITION_IDS) == figures | milestones | {"throughput", "funnel", "suppression", "group_by"} | FURTHER


def test_ids_tell_name_and_version_and_are_unique() -> None:
    assert len({definition.id for definition in DEFINITIONS}) == len(DEFINITIONS)
    assert DEFINITION_IDS["conversion"] == "conversion/1"


def test_definitions_are_sentences() -> None:
    for definition in DEFINITIONS:
        for sentence in (definition.text, *definition.rules):
            assert sentence.endswith("."), sentence
            assert "  " not in sentence
