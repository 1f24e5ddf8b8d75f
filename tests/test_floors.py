"""Libraries with known holes keep the bot from starting."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError

import pytest

from bot.floors import FLOORS, check_floors, release_of, sqlite_note


class Installed:
    """Pretends what is installed: the floors themselves, with changes."""

    def __init__(self, changed: Mapping[str, str | None]) -> None:
        self.changed = changed

    def __call__(self, name: str) -> str:
        found = self.changed.get(name, ".".join(map(str, FLOORS[name])))
        if found is None:
            raise PackageNotFoundError(name)
        return found


def test_this_environment_may_start() -> None:
    assert check_floors() == ()


def test_the_floors_themselves_may_start() -> None:
    assert check_floors(Installed({})) == ()


@pytest.mark.parametrize("name", FLOORS)
def test_one_below_its_floor_is_named_with_the_way_out(name: str) -> None:
    (problem,) = check_floors(Installed({name: "0.0.9"}))

    assert problem.startswith(f"{name} 0.0.9 has known holes; ")
    assert "run make demo again" in problem


def test_a_missing_one_is_named() -> None:
    (problem,) = check_floors(Installed({"asyncssh": None}))

    assert problem.startswith("asyncssh is not installed; 2.24.1 or newer")


@pytest.mark.parametrize(
    ("found", "is_enough"),
    [
        ("2.24.0", False),
        ("2.24.1", True),
        ("2.24.1.post1", True),
        ("2.3.99", False),
        ("3", True),
        ("what", False),
    ],
)
def test_versions_are_compared_by_number(found: str, is_enough: bool) -> None:
    assert (check_floors(Installed({"asyncssh": found})) == ()) is is_enough


def test_zeros_at_the_end_do_not_count() -> None:
    assert release_of("50.0.0") == release_of("50") == (50,)
    assert check_floors(Installed({"cryptography": "50"})) == ()


def test_an_old_sqlite_says_what_follows_from_it() -> None:
    assert "rollback journal" in sqlite_note("3.40.1")
    assert sqlite_note("3.51.3") == "SQLite 3.51.3"
