"""The app over a fresh database on each engine, with a clock moved by hand."""

from collections.abc import Iterator

import pytest

from tests.support.doors import House, house


@pytest.fixture
def opened(engine_url: str) -> Iterator[House]:
    """An installation without a row in it, on both engines."""
    with house(engine_url) as found:
        yield found
