"""Server time of every page at 100,000 enquiries, beside the same page at 1,000 in the same run.

Both databases are the invented year multiplied (`bench/support/multiply.py`) with as many open enquiries each, and
the scene of the tests with an enquiry at each stage. The pages are those of the app's own routes, each at the first
address that answers, asked through the app in this process: warm, one size after the other in turn.
From the environment: ENQUIRIES (100,000), BESIDE (1,000), OPEN (200), REPEATS (15), ENGINE (both), and PAGES
for some alone, by what their names contain. KEEP names a file to
write the figures to as JSON; BEFORE one that was kept before a change, to be compared with.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

from fastapi.testclient import TestClient

from bench.support.multiply import Size
from bench.support.stock import stocked
from service.records import links, people, sessions
from service.records.database import Unit
from service.routers.manage.queue.page import READY
from tests.support.doors import MANAGER, House, house
from tests.support.engines import ENGINE_NAMES, EngineName, Engines
from tests.support.routes import routes_of
from tests.support.scene import ENQUIRER, PARTNER
from tests.support.stages import EXTRA, MAIN, ROOMS, Stages, set_stages
from tests.support.visiting import Page, Visitor, ask

ENQUIRIES, BESIDE, OPEN, REPEATS = (
    int(os.environ.get(name, usual))
    for name, usual in {"ENQUIRIES": "100000", "BESIDE": "1000", "OPEN": "200", "REPEATS": "15"}.items()
)
ASKED = tuple(name for name in ENGINE_NAMES if name == os.environ.get("ENGINE", name))
SOME = os.environ.get("PAGES", "")
SLOW_MS, SLOW_RATIO = 250, 1.5

SAM, ROBIN = "sam.okafor@service.example", "robin.ashworth@service.example"
"""A manager and a lead of the invented year: half of the work each."""
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
MOVE = f"{MAIN}/do/{{event}}"
LEAD_ELSEWHERE = {
    "/ask/{token}": "goes on to the question's first page",
    "/ask/{token}/sent": "thanks only for what was sent",
    "/dev/mail/{name}": "shows a file of the rehearsal, which no database holds",
    "/enquiries/{reference}/outcome": "opens when the project is over and it is time to ask",
    "/manage/enquiries/{reference}/project/earlier/{project_id}": "shows a project that another took the place of",
    "/sign-out": "goes home",
}
"""Routes without a page of their own in the scene, and why."""
VIEWS: tuple[tuple[str, str], ...] = (
    ("/manage?whose=me", SAM),
    ("/manage?whose=none", SAM),
    ("/manage?whose=team", ROBIN),
    *((f"/manage/queue?{address}", SAM) for _, address in READY),
    *((f"/manage/queue?sort={sort}", SAM) for sort in ("submitted_at", "decision_date", "age")),
    ("/manage/queue?q=housing", SAM),
    ("/manage/queue?state=open&q=housing", SAM),
    ("/manage/queue?organisation=Gateshead+Council", SAM),
    ("/manage/queue?owner=me", SAM),
    ("/manage/queue?outcome=answered", SAM),
    ("/manage/queue?topic=homes", SAM),
    ("/manage/settings/letters?status=sent", SAM),
    ("/manage/settings/letters?status=failed", SAM),
    ("/manage/directory/people?q=ann", SAM),
)
"""The same pages narrowed and ordered: who looks, and at what."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page to ask for: whose browser, and the address."""

    client: TestClient
    path: str


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one page in one database."""

    median: float
    p95: float

    @staticmethod
    def of(taken: Sequence[float]) -> "Times":
        ordered = sorted(taken)
        return Times(median(ordered) * 1000, ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))] * 1000)


Found = dict[str, tuple[Times, Times]]
"""A page's times at the small and the large size."""


def measure() -> list[str]:
    """Return tables: an engine a table, a page a row."""
    small, large = Size(BESIDE, OPEN), Size(ENQUIRIES, OPEN)
    before = json.loads(Path(os.environ["BEFORE"]).read_text()) if "BEFORE" in os.environ else {}
    lines = [
        (
            f"Every page through the app in one process, warm, {OPEN} enquiries open of {BESIDE:,} and of {ENQUIRIES:,}, over "
            f"{large.years} years. Milliseconds, median and 95th percentile of {REPEATS}, the two sizes in turn."
        ),
    ]
    kept: dict[str, dict[str, float]] = {}
    engines = Engines()
    try:
        for engine in ASKED:
            found = _measured(engines, engine, small, large)
            kept[engine] = {label: times[1].median for label, times in found.items()}
            lines += ["", f"## {engine}", "", *_summary(found), "", *_table(found, before.get(engine, {}))]
    finally:
        engines.close()
    if "KEEP" in os.environ:
        Path(os.environ["KEEP"]).write_text(json.dumps(kept))
    return lines


def _measured(engines: Engines, engine: EngineName, small: Size, large: Size) -> Found:
    with ExitStack() as stack:
        pages = []
        for size in (small, large):
            url = stack.enter_context(stocked(engines, engine, size))
            opened = stack.enter_context(house(url, staff_emails=f"{MANAGER},{SAM}", lead_emails=ROBIN))
            pages.append(_pages(opened))
        first, second = pages
        assert first.keys() == second.keys(), first.keys() ^ second.keys()
        return {label: _timed(first[label], second[label]) for label in first if SOME in label}


def _timed(*several: Asked) -> tuple[Times, Times]:
    taken: list[list[float]] = [[] for _ in several]
    for asked in several:
        _seconds(asked)
    for _ in range(REPEATS):
        for asked, times in zip(several, taken, strict=True):
            times.append(_seconds(asked))
    return Times.of(taken[0]), Times.of(taken[1])


def _seconds(asked: Asked) -> float:
    before = time.perf_counter()
    answer = asked.client.get(asked.path)
    spent = time.perf_counter() - before
    assert answer.status_code == 200, (asked.path, answer.status_code)
    return spent


def _pages(opened: House) -> dict[str, Asked]:
    """Set the scene and return every page in it, by its route."""
    stages = set_stages(opened)
    # A link by mail would do, but the tests read the whole outbox to find it.
    clients = {email: _session(opened, email) for email in (SAM, ROBIN, PARTNER, ENQUIRER)}
    stages.clients |= {MANAGER: clients[SAM], PARTNER: clients[PARTNER]}
    clients[""] = opened.visitor()
    writer = Visitor(opened)
    token = ask(writer).path.split("/")[2]
    link = opened.database.transact(
        lambda unit: _link(unit, stages.scene.own["person_id"], opened),
    )
    own = {
        **EXTRA,
        "slug": "purpose",
        "token": token,
        "name": "none.eml",
        "follow_up": stages.scene.own["follow_up_id"],
    }
    found: dict[str, Asked] = {}
    for method, template in routes_of(opened.app):
        if method != "GET" or template.startswith(MACHINES) or template == MOVE or template.endswith("{file_id}"):
            continue
        if template.startswith(ROOMS):
            several = [Asked(stages.client(template), path) for path in dict.fromkeys(stages.addresses(template))]
        else:
            who = ENQUIRER if template.startswith("/enquiries") else ""
            given = {**own, "token": link} if template.startswith("/sign-in") else own
            given = {**given, "slug": "not-found"} if template.startswith("/problems") else given
            several = [Asked(clients[who], stages.scene.path(template, **given))]
        answering = next((asked for asked in several if asked.client.get(asked.path).status_code == 200), None)
        assert (answering is None) == (template in LEAD_ELSEWHERE), template
        if answering is not None:
            found[template] = answering
    found |= {f"{MAIN}/do/{event}": Asked(clients[SAM], path) for event, path in _moves(stages)}
    found |= {path: Asked(clients[email], path) for path, email in VIEWS}
    return found


def _moves(stages: Stages) -> Iterator[tuple[str, str]]:
    """Yield the pages of moves, each at the first enquiry that leads to it."""
    seen = set()
    for address in stages.addresses(MAIN):
        page = stages.page(address)
        assert isinstance(page, Page)
        for path in page.links:
            event = path.partition("?")[0].rpartition("/")[2]
            if "/do/" in path and event not in seen and stages.client(path).get(path).status_code == 200:
                seen.add(event)
                yield event, path


def _session(opened: House, email: str) -> TestClient:
    client, secret = opened.visitor(), f"the session of {email}"
    digest = opened.app.state.services.tokens.digest(secret)

    def begin(unit: Unit) -> None:
        person = people.by_email(unit, email)
        assert person is not None, email
        sessions.begin(unit, person, digest, opened.clock.now())

    opened.database.transact(begin)
    client.cookies.set("session", secret)
    return client


def _link(unit: Unit, person_id: str, opened: House) -> str:
    made = links.make(unit, UUID(person_id), "/", opened.clock.now())
    unit.flush()
    token: str = opened.app.state.services.tokens.sign_in_token(made.id)
    return token


def _is_slow(times: tuple[Times, Times]) -> bool:
    return times[1].median > SLOW_MS or times[1].median > SLOW_RATIO * times[0].median


def _summary(found: Found) -> list[str]:
    slow = [label for label, times in found.items() if _is_slow(times)]
    ratios = sorted(large.median / small.median for small, large in found.values())
    return [
        (
            f"{len(found)} pages: ratio {median(ratios):.2f} in the middle, {ratios[-1]:.2f} at most; "
            f"{len(slow)} above {SLOW_RATIO} times or {SLOW_MS} ms."
        )
    ]


def _table(found: Found, before: dict[str, float]) -> list[str]:
    """Return the rows, the slowest first; `before` holds earlier medians at the large size."""
    more = (" Before ÷ now |", "---:|") if before else ("", "")
    lines = [
        f"| Page | {BESIDE:,} | p95 | {ENQUIRIES:,} | p95 | Ratio |{more[0]}",
        f"|---|---:|---:|---:|---:|---:|{more[1]}",
    ]
    for label, (small, large) in sorted(found.items(), key=lambda item: -item[1][1].median):
        row = f"| `{label}` | {small.median:.0f} | {small.p95:.0f} | {large.median:.0f} | {large.p95:.0f} | {large.median / small.median:.2f} |"
        if before:
            row += f" {before[label] / large.median:.2f} |" if label in before else " |"
        lines.append(row)
    return lines
