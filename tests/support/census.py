"""Counts the tests that ran on each engine, and fails a run in which one engine was tested less than the other.

Works on the controller of a parallel run too: the engine travels with each report. With CI set in the environment, a
skipped or expected-to-fail test fails the run as well.
"""

import os
from collections import Counter

import pytest

from tests.support.engines import ENGINE_NAMES

_ENGINE = "engine"


class Census:
    """One run's counts."""

    def __init__(self) -> None:
        self.engines: Counter[str] = Counter()
        self.left_out: list[str] = []
        self.complaints: list[str] = []

    @pytest.hookimpl
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note the engine a test is parametrised by, where its report will carry it."""
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get(_ENGINE) in ENGINE_NAMES:
            item.user_properties.append((_ENGINE, callspec.params[_ENGINE]))

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped or hasattr(report, "wasxfail"):
            self.left_out.append(report.nodeid)
        if report.when == "setup":
            self.engines.update(str(value) for name, value in report.user_properties if name == _ENGINE)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.left_out.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        if len({self.engines[name] for name in ENGINE_NAMES}) > 1 and _is_whole(session.config):
            self.complaints.append("the engines were not tested alike")
        if self.left_out and os.environ.get("CI"):
            self.complaints.append(f"left out: {', '.join(sorted(set(self.left_out)))}")
        if self.complaints and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        counts = ", ".join(f"engine {name}: {self.engines[name]} tests" for name in ENGINE_NAMES)
        terminalreporter.write_line(f"{counts}, skipped: {len(set(self.left_out))}")
        for complaint in self.complaints:
            terminalreporter.write_line(f"FAILED {complaint}", red=True)


def _is_whole(config: pytest.Config) -> bool:
    """Tell whether this run took whole files: a person who picks single tests is not told to pick their twins."""
    picked = config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)
    return not picked and not any("::" in argument for argument in config.args) and not config.option.maxfail
