"""The story is told in a real browser."""

from tests.browser.conftest import browser, context, page

__all__ = ["browser", "context", "page"]
