"""Who runs which tests: real hosts are one process's, and what waits longest begins first."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.turns import LiveTogether, pytest_collection_modifyitems


@pytest.mark.parametrize(
    ("one", "other", "is_together"),
    [
        ("tests/live/test_faults.py::test_a[x]", "tests/live/test_field.py::test_b", True),
        ("tests/test_work.py::test_a", "tests/test_work.py::test_b[x::y]", True),
        ("tests/test_work.py::test_a", "tests/test_log.py::test_a", False),
        ("tests/live/test_faults.py::test_a", "tests/test_log.py::test_a", False),
    ],
)
def test_a_file_and_all_that_breaks_hosts_stay_with_one_process(
    one: str, other: str, *, is_together: bool
) -> None:
    scheduler = object.__new__(LiveTogether)

    assert (scheduler._split_scope(one) == scheduler._split_scope(other)) is is_together


def test_files_that_wait_begin_first_and_stay_whole() -> None:
    def item(file: str, *marks: str) -> SimpleNamespace:
        return SimpleNamespace(path=Path(file), get_closest_marker=lambda mark: mark in marks)

    quick, mixed, ssh, live = item("a"), item("b"), item("b", "sshd"), item("c", "live", "sshd")
    items = [quick, mixed, ssh, live]

    pytest_collection_modifyitems(items)  # type: ignore[arg-type]

    assert items == [live, mixed, ssh, quick]
