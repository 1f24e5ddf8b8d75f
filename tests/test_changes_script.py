"""changes.sh: which release is in place, and which one was made before it."""

import os
from pathlib import Path

import pytest

from bot.parsers.changes import Changes, changes
from bot.rules import _release
from tests.support.asked import output
from tests.test_runbook_scripts import SHELLS, run


def made(folder: Path, *names: str) -> Path:
    """The folder with a release of each name, made in that order."""
    for number, name in enumerate(names):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (1_795_000_000 + number, 1_795_000_000 + number))
    return folder


def released(folder: Path, to: str, shell: tuple[str, ...] = ("sh",)) -> Changes:
    """What changes.sh tells of the releases in the folder, with the link put to one of them."""
    link = folder.parent / "current"
    link.symlink_to(to)
    asked = ("unit=", f"link={link}", f"directory={folder}", "/nowhere/nginx.conf")
    return changes(output("changes", run("changes.sh", *asked, shell=shell)))


#: Names in the order they were made, which is not the order of the alphabet.
NUMBERED = [str(number) for number in range(80, 105)]
HASHES = [f"{number * 7919 % 65536:04x}" for number in range(1, 30)]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("names", [NUMBERED, HASHES], ids=["99 to 100", "commits"])
@pytest.mark.parametrize("at", [-1, 0, 1, 3, -20, -21], ids=str)
def test_the_release_in_place_and_the_one_before_it_are_seen_whatever_they_are_called(
    tmp_path: Path, shell: tuple[str, ...], names: list[str], at: int
) -> None:
    folder = made(tmp_path / "releases", *names)
    (folder / "notes.txt").write_text("no release")

    seen = released(folder, f"releases/{names[at]}", shell)

    assert not _release.is_dangling(seen)
    assert seen.release_before == (f"releases/{names[at - 1]}" if at else None)
    newest = set(names[-20:]) | {names[at]} | ({names[at - 1]} if at else set())
    assert {one.name for one in seen.releases} == newest


def test_a_link_to_a_release_that_is_not_there_still_dangles(tmp_path: Path) -> None:
    seen = released(made(tmp_path / "releases", *NUMBERED), "releases/105")

    assert _release.is_dangling(seen) and len(seen.releases) == 20


def test_a_release_kept_elsewhere_is_there_and_has_none_beside_it(tmp_path: Path) -> None:
    made(tmp_path / "hotfixes", "a")

    seen = released(made(tmp_path / "releases", *NUMBERED), "hotfixes/a")

    assert not _release.is_dangling(seen)
    assert (seen.other_releases, seen.release_before) == ((), None)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two thousand releases."""
    return made(tmp_path_factory.mktemp("many") / "releases", *(str(number) for number in range(2000)))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("at", ["1999", "0", "none"])
def test_thousands_of_releases_cost_a_moment(many: Path, shell: tuple[str, ...], at: str) -> None:
    tries = [spent(many, at, shell) for _ in range(3)]

    assert {len(seen.releases) for seen, _ in tries} <= {20, 21}
    assert min(spent_s for _, spent_s in tries) < 1


def spent(many: Path, at: str, shell: tuple[str, ...]) -> tuple[Changes, float]:
    """What is told, and the seconds of CPU that it cost."""
    (many.parent / "current").unlink(missing_ok=True)
    before = os.times()
    seen = released(many, f"releases/{at}", shell)
    return seen, sum(os.times()[2:4]) - sum(before[2:4])
