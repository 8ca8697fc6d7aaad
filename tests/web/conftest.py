"""The app over a fresh database with a clock moved by hand: on each engine, or on one with a manager at the console."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.desk import Desk
from tests.support.doors import MANAGER, House, house
from tests.support.journey import UNIVERSITIES, Journey
from tests.support.visiting import Visitor


@pytest.fixture
def opened(engine_url: str) -> Iterator[House]:
    """An installation without a row in it, on both engines."""
    with house(engine_url) as found:
        yield found


@pytest.fixture
def desk(opened: House) -> Desk:
    """A manager's own program, at the JSON doors."""
    return Desk(opened.client("manager"))


@pytest.fixture
def northumbria(opened: House) -> TestClient:
    """A university's own program, at the JSON doors."""
    return opened.client("university", organisation=UNIVERSITIES[0])


@pytest.fixture
def newcastle(opened: House) -> TestClient:
    """Another university's."""
    return opened.client("university", organisation=UNIVERSITIES[1])


@pytest.fixture
def visitor(opened: House) -> Visitor:
    """Somebody at the pages."""
    return Visitor(opened)


@pytest.fixture
def reader(sqlite_url: str) -> Iterator[Visitor]:
    """Somebody at pages that read and refuse; what they keep is tried on both engines elsewhere."""
    with house(sqlite_url) as found:
        yield Visitor(found)


@pytest.fixture
def console(sqlite_url: str) -> Iterator[House]:
    """An installation on SQLite whose team is one manager, for pages of the console."""
    with house(sqlite_url, staff_emails=MANAGER) as found:
        yield found


@pytest.fixture
def journey(console: House) -> Journey:
    """An enquiry of the console's, not yet asked."""
    return Journey(console.database, console.clock)


@pytest.fixture
def manager(console: House) -> Visitor:
    """The manager, signed in at the console."""
    visitor = Visitor(console)
    visitor.sign_in(MANAGER)
    return visitor
