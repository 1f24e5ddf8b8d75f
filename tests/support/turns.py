"""A pytest plugin: which tests one process runs, and in which order, when several share them out.

A file stays with one process, for its module's servers are started once. All files that break real hosts
stay with one together, as they would only wait for each other and hold a process each; and what waits
longest begins first, so that no process is left alone with it at the end.
"""

from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

_LIVE = "tests/live/"
#: Markers of tests that wait for something outside; the longest wait first.
_WAITING = ("live", "browser", "postgres", "sshd")


class LiveTogether(LoadFileScheduling):
    """Files as `--dist loadfile` shares them out, but real hosts are one process's."""

    def _split_scope(self, nodeid: str) -> str:
        return _LIVE if nodeid.startswith(_LIVE) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LiveTogether:
    """In place of the one that `--dist` names."""
    return LiveTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turn: dict[Path, int] = {}
    for item in items:
        turn[item.path] = min(_turn(item), turn.get(item.path, len(_WAITING)))
    items.sort(key=lambda item: turn[item.path])


def _turn(item: pytest.Item) -> int:
    return next((n for n, mark in enumerate(_WAITING) if item.get_closest_marker(mark)), len(_WAITING))
