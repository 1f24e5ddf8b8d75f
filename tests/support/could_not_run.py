"""A pytest plugin: what could not run is said at the end, one line each; a skip without a reason fails.

The lines stand after pytest's own lists and before its closing line, so that the closing line
stays the very last one for whoever reads only that.
"""

from collections import Counter
from collections.abc import Generator

import pytest

#: What pytest writes when nobody gave a reason.
_NO_REASON = frozenset({"", "unconditional skip", "Skipped", "<Skipped instance>"})


class CouldNotRun:
    """Collects skips and reports them."""

    def __init__(self) -> None:
        #: Test or file that was skipped -> why.
        self.reasons: dict[str, str] = {}

    @property
    def silent(self) -> list[str]:
        """Tests that were skipped without a reason."""
        return sorted(test for test, reason in self.reasons.items() if reason in _NO_REASON)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.reasons[report.nodeid] = _reason(report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.reasons[report.nodeid] = _reason(report.longrepr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.silent and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        yield
        for reason, count in sorted(Counter(self.reasons.values()).items()):
            if reason not in _NO_REASON:
                tests = "1 test" if count == 1 else f"{count} tests"
                terminalreporter.write_line(f"could not run {tests}: {reason}", yellow=True)
        for test in self.silent:
            terminalreporter.write_line(f"skipped without a reason: {test}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Entry point of the plugin."""
    config.pluginmanager.register(CouldNotRun(), "could-not-run")


def _reason(longrepr: object) -> str:
    """The words behind `Skipped: `; pytest gives (file, line, message) for a skip."""
    said = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr or "")
    return " ".join(str(said).removeprefix("Skipped:").split())
