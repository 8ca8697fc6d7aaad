"""A real browser for each test process, and a fresh window for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.support.chromium import ARGUMENTS, MISSING, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; a test usually wants `page`, or `context` for a second person with cookies of their own."""
    executable = chromium()
    if executable is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window with no cookies. A test fails where a page asks another machine for anything, or a script fails."""
    with _window(browser) as window:
        yield window


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Windows for more people: call it for each; keyword arguments are Playwright's, such as `viewport`."""
    with ExitStack() as windows:
        yield lambda **options: windows.enter_context(_window(browser, **options))


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab in that window."""
    return context.new_page()


@pytest.fixture
def page_without_javascript(browser: Browser) -> Iterator[Page]:
    """A tab in a window where scripts do not run."""
    with _window(browser, java_script_enabled=False) as window:
        yield window.new_page()


@contextmanager
def _window(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    window = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options})
    problems: list[str] = []

    def require_here(request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in {"http", "https"} and asked.hostname not in {"127.0.0.1", "localhost"}:
            problems.append(f"asked for {request.url}")

    window.on("request", require_here)
    window.on("weberror", lambda error: problems.append(f"script failed: {error.error}"))
    window.on(
        "console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield window
    window.close()
    assert not problems
