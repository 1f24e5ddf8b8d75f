"""A local Slack, and a look at ways in, that wait: for tests of what is done, not of how soon."""

from typing import Any

import pytest

#: For `Options`. Slack's three seconds pass for everybody while a machine stands still: the app would have
#: acknowledged, and its form have opened, had it run. That they are kept is told by tests on a hand's clock.
UNHURRIED: dict[str, Any] = {"ack_within_s": 60.0, "without": frozenset({"trigger_age"})}


def wait_long_for_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks at the ways in waits longer for what a busy machine refuses: it would be called silent."""
    monkeypatch.setattr("bot.ssh.session.PATIENCE_S", 60.0)
    monkeypatch.setattr("bot.ssh.trespass.PATIENCE_S", 60.0)
