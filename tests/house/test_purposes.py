"""Every column that could hold personal data says why it is kept, and the officer's guide says the same."""

from pathlib import Path

from service.records import purposes
from service.records.purposes import IMPERSONAL, PERSONAL
from service.records.subjects import WORDS_FOR
from service.workflows.retention import SCHEDULE, Periods

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "records-and-requests.md"


def test_every_column_that_could_hold_a_text_is_registered_once_with_its_purpose() -> None:
    assert purposes.unregistered() == []
    assert [
        code for code in PERSONAL if code.partition(".")[2] in IMPERSONAL.get(code.partition(".")[0], "").split()
    ] == []
    assert [code for code, each in PERSONAL.items() if not each.why.endswith(".")] == []
    assert {place.table.__name__ for place in purposes.places()} <= set(WORDS_FOR)


def test_the_guide_holds_the_register_and_the_schedule() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert (
        guide.partition("<!-- register:start -->\n")[2].partition("<!-- register:end -->")[0] == purposes.as_markdown()
    )
    for rule in SCHEDULE[:4]:
        assert f"| {rule.period(Periods())}" in guide
        assert rule.setting is None or f"`{rule.setting}`" in guide
