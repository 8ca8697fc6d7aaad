"""What every test may ask for: an engine, a database on it, and the count of both at the end of the run."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from service.records.database import Database
from tests.support.census import Census
from tests.support.engines import ENGINE_NAMES, EngineName, Engines, database_at

MEASURED = "COVERAGE_PROCESS_CONFIG"
"""Set by coverage for the processes that a test starts."""

LONG = (
    "test_hostile_desks",
    "test_contract",
    "test_hostile_api",
    "test_access",
    "test_histories",
    "test_concurrency",
    "test_case_log",
    "test_generated_client",
    "test_forged_forms",
    "test_hostile_pages",
    "test_history_figures",
    "test_command_line",
)
"""Files with tests that take a quarter of a minute or more each, the longest first; those in groups come before them."""

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Census(), "census")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: those in groups of their own, then those of LONG. Nobody waits for one of them at the end.

    Above the records a test's further runs, with other values or on the other engine, take lines that its first one took:
    only that one is measured for coverage.
    """
    items.sort(key=_turn)
    begun: set[tuple[Path, str]] = set()
    for item in items:
        name = (item.path, item.nodeid.partition("[")[0])
        if name in begun and item.path.parent.name in {"web", "actions", "worker"}:
            item.add_marker(pytest.mark.no_cover)
        begun.add(name)


def _turn(item: pytest.Item) -> tuple[bool, int]:
    rank = LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG)
    return not _is_grouped(item), rank


def _is_grouped(item: pytest.Item) -> bool:
    return item.get_closest_marker("xdist_group") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage in what the longest tests do, the hundreds of processes they start included, nor in what is said
    to need none: in neither case while it is set up and taken down. Other tests run the same lines.
    """
    is_long = _is_grouped(item)
    is_quiet = is_long or item.get_closest_marker("no_cover") is not None
    controller = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    paused = controller if is_quiet and controller is not None and controller.started else None
    measured = os.environ.pop(MEASURED, None) if is_long else None
    if paused:
        paused.pause()
    try:
        return (yield)
    finally:
        if paused:
            paused.resume()
        if measured is not None:
            os.environ[MEASURED] = measured


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """Both engines; ask one for `empty()` or `migrated()` databases when a test needs several."""
    engines = Engines()
    yield engines
    engines.close()


@pytest.fixture(params=ENGINE_NAMES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    """The engine this run of the test uses; every test that asks for it, or for what stands on it, runs on both."""
    name: EngineName = request.param
    return name


@pytest.fixture
def empty_url(engine: EngineName, engines: Engines) -> Iterator[str]:
    """The DATABASE_URL of a database without a schema, on both engines."""
    url = engines[engine].empty()
    yield url
    engines[engine].drop(url)


@pytest.fixture
def engine_url(engine: EngineName, engines: Engines) -> Iterator[str]:
    """The DATABASE_URL of a migrated database without rows, on both engines."""
    url = engines[engine].migrated()
    yield url
    engines[engine].drop(url)


@pytest.fixture
def sqlite_url(engines: Engines) -> Iterator[str]:
    """The DATABASE_URL of a migrated SQLite database, for tests of what lies above the engines."""
    url = engines["sqlite"].migrated()
    yield url
    engines["sqlite"].drop(url)


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """A migrated database without rows, on both engines."""
    database = database_at(engine_url)
    yield database
    database.dispose()
