"""What every test may ask for: an engine, a database on it, and the count of both at the end of the run."""

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from service.records.database import Database
from tests.support.census import Census
from tests.support.engines import ENGINE_NAMES, EngineName, Engines, database_at

MEASURED = "COVERAGE_PROCESS_CONFIG"
"""Set by coverage for the processes that a test starts."""

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Census(), "census")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, which are the ones in groups of their own: nobody waits for one of them at the end.

    Above the records both engines run the same lines: a test's second run is not measured for coverage again.
    """
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
    for item in items:
        callspec = getattr(item, "callspec", None)
        if (
            item.path.parent.name in {"web", "actions"}
            and callspec is not None
            and callspec.params.get("engine") == "postgresql"
        ):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage in the hundreds of processes that the longest tests start: other tests run the same lines."""
    is_long = item.get_closest_marker("xdist_group") is not None
    measured = os.environ.pop(MEASURED, None) if is_long else None
    try:
        return (yield)
    finally:
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
