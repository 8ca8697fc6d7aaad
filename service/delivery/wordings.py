"""The wording files: one a kind of message, each saying on its first line whom it is for and what it must be told, and
on its second what the team calls it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.delivery import phrases
from service.delivery.failures import FinalFailure

FOLDER = Path(__file__).parent / "wording"

COMMON = frozenset({"reference", "title", "path", "owner_name", "owner_email"})
"""What every message about an enquiry is told (`actions.telling`), used without being listed."""
ANYWHERE = frozenset({"later_path", "arithmetic", "due_on", "step", "brief_title", "entry_id", "link_id", "draft_id"})
"""What any message may be told besides: its frame or its links use it."""
SUPPLIED = frozenset({"url", "about", "answer_where", "service_name", "attaches"})
"""What the renderer adds. `url` is None for a message that names no page to open."""

_FRAMES = {"enquirer": "letter", "partner": "letter", "staff": "note"}
_FORM = re.compile(
    r"\{# to (?P<audience>enquirer|partner|staff)(?P<personal>, in a person's words)?(?:: (?P<params>[a-z_?, ]+))? #\}\n"
    r"Title: (?P<title>[^\n{}]+)\n"
    r"Subject: (?P<subject>[^\n]+)\n\n(?P<body>.+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Wording:
    """One kind of message: for whom, what it needs and may be told, and its words."""

    kind: str
    title: str
    """What the team calls it, where letters are listed. Its reader sees the subject instead."""
    audience: str
    """enquirer, partner (universities and lead researchers) or staff."""
    is_personal: bool
    """A person's own words make the body: an answer by machine would be of use, as to any letter."""
    required: frozenset[str]
    optional: frozenset[str]
    subject: Template
    body: Template
    frame: Template

    def told(self, params: Mapping[str, object]) -> dict[str, object]:
        """Return `params` with None for what was left out and may be. Raises KeyError naming what may not be."""
        lacking = sorted(self.required - params.keys())
        if lacking:
            raise KeyError(f"it is not told {', '.join(lacking)}")
        return dict.fromkeys((self.optional | ANYWHERE) - self.required) | dict(params)


def kinds() -> list[str]:
    """Return every kind of message there is, by name."""
    return sorted(file.stem for file in FOLDER.glob("*.txt"))


def title(kind: str) -> str:
    """Return what the team calls a kind of message; the kind itself, where a letter outlived its wording."""
    return wording(kind).title if kind in kinds() else kind


@cache
def wording(kind: str) -> Wording:
    """Return the wording of `kind`. Raises FinalFailure when there is none, ValueError when its file is malformed."""
    if kind not in kinds():
        raise FinalFailure(f"there is no wording for {kind!r}")
    found = _FORM.fullmatch((FOLDER / f"{kind}.txt").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(
            f"{kind}.txt has no first line naming its reader, Title line, Subject line, blank line and body"
        )
    params = [name.strip() for name in (found["params"] or "").split(",") if name.strip()]
    environment = _environment()
    return Wording(
        kind=kind,
        title=found["title"].strip(),
        audience=found["audience"],
        is_personal=found["personal"] is not None,
        required=frozenset(name for name in params if not name.endswith("?")),
        optional=frozenset(name.removesuffix("?") for name in params if name.endswith("?")),
        subject=environment.from_string(found["subject"]),
        body=environment.from_string(found["body"]),
        frame=environment.get_template(f"frames/{_FRAMES[found['audience']]}.txt"),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=False,  # noqa: S701 - plain text: an escaped apostrophe would be read as written
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for phrase in (
        phrases.day,
        phrases.moment,
        phrases.ending,
        phrases.pounds,
        phrases.counted,
        phrases.listed,
        phrases.capitalised,
        phrases.quoted,
        phrases.decline_reason,
        phrases.one_line,
    ):
        environment.filters[phrase.__name__] = phrase
    return environment
