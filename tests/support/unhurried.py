"""A local Slack that waits: for tests of what an app does, not of how soon."""

from typing import Any

#: For `Options`. Slack's three seconds pass for everybody while a machine stands still: the app would have
#: acknowledged, and its form have opened, had it run. That they are kept is told by tests on a hand's clock.
UNHURRIED: dict[str, Any] = {"ack_within_s": 60.0, "without": frozenset({"trigger_age"})}
