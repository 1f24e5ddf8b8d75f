"""What is installed: locked with hashes, above the floors, under licences that allow it."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot.floors import FLOORS, release_of

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"

#: Licences that ask for no more than a notice.
PERMISSIVE = re.compile(
    r"MIT|Apache|BSD|ISC|PSF|Python Software Foundation|0BSD|Unlicense|Zlib|CC0|HPND|BSL-1\.0",
    re.I,
)
#: Copyleft that binds the library itself only; all are used unmodified, none is copied into ours.
FILE_LEVEL = {
    "asyncssh": r"EPL-2\.0",
    "certifi": r"MPL-2\.0",
    "hypothesis": r"MPL-2\.0",
    "pathspec": r"MPL[- ]2\.0",
    # Loaded at run time, replaceable by any other build of it.
    "psycopg": r"LGPL-3\.0",
    "psycopg-binary": r"LGPL-3\.0",
}


def locked(lock: Path) -> dict[str, Requirement]:
    """Requirement of each package in a lock, by its canonical name."""
    joined = lock.read_text().replace("\\\n", " ")
    lines = [line.split("--hash")[0].strip() for line in joined.splitlines() if line.strip()]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in found}


def version_in(lock: Path, name: str) -> Version:
    return Version(str(locked(lock)[name].specifier).removeprefix("=="))


@pytest.mark.parametrize("lock", [RUNTIME, DEV], ids=lambda lock: lock.name)
def test_every_locked_package_is_one_version_with_hashes(lock: Path) -> None:
    for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


@pytest.mark.parametrize("lock", [RUNTIME, DEV], ids=lambda lock: lock.name)
def test_a_lock_names_no_index(lock: Path) -> None:
    assert not re.search(r"://|--index|--find-links|--trusted", lock.read_text())


@pytest.mark.parametrize("lock", [RUNTIME, DEV], ids=lambda lock: lock.name)
def test_a_lock_gives_what_the_project_asks_for(lock: Path) -> None:
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
    if lock is DEV:
        asked += PROJECT["project"]["optional-dependencies"]["dev"]

    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(version_in(lock, canonicalize_name(requirement.name))), (
            requirement
        )


def test_tests_run_the_very_versions_that_users_get() -> None:
    runtime, dev = locked(RUNTIME), locked(DEV)

    assert {name: str(dev[name]) for name in runtime} == {name: str(each) for name, each in runtime.items()}


@pytest.mark.parametrize("name", FLOORS)
def test_the_lock_is_not_below_the_floors(name: str) -> None:
    assert release_of(str(version_in(RUNTIME, name))) >= FLOORS[name]


def for_this_machine() -> list[str]:
    """Names of the dev lock without those for other systems and Pythons."""
    return sorted(name for name, each in locked(DEV).items() if not each.marker or each.marker.evaluate())


@pytest.mark.parametrize("name", for_this_machine())
def test_licence_allows_what_we_do(name: str) -> None:
    try:
        said = licences_of(name)
    except PackageNotFoundError:
        pytest.skip("licences of locked packages that are not installed here: make test installs them all")
    words = [word for one in said for word in re.split(r"\s+(?:AND|OR)\s+|[()]", one) if word.strip()]

    assert words, f"{name} states no licence"
    if name in FILE_LEVEL:
        assert any(re.search(FILE_LEVEL[name], one) for one in said), said
    elif not any(" OR " in one and PERMISSIVE.search(one) for one in said):
        assert [word for word in words if not PERMISSIVE.search(word)] == []


def licences_of(name: str) -> list[str]:
    """The SPDX expression; else the `License` line; else the classifiers."""
    about = metadata(name)
    expression, words = about.get("License-Expression"), about.get("License")
    if expression or (words and "\n" not in words and len(words) < 60):
        return [str(expression or words)]
    classifiers = about.get_all("Classifier") or []
    return [line.split(" :: ")[-1] for line in classifiers if line.startswith("License ::")]


def test_a_wheel_holds_all_that_the_bot_reads(tmp_path: Path) -> None:
    if Version(version("setuptools")) < Version("77"):
        pytest.skip("no wheel was built: setuptools here is older than 77; make test installs it")
    # A copy: a build writes beside its sources.
    for name in ("bot", "runbooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)

    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", "out", "."],
        cwd=tmp_path, check=True, timeout=220,
    )  # fmt: skip

    (wheel,) = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        held = {
            re.sub(r"^runbook_bot-[^/]*\.data/data/share/runbook-bot/", "", name)
            for name in opened.namelist()
        }
    wanted = {
        str(path.relative_to(tmp_path))
        for name in ("bot", "runbooks")
        for path in (tmp_path / name).rglob("*")
        if path.is_file() and path.suffix != ".md"
    }
    assert wanted - held == set()


def test_the_project_is_under_the_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text()

    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_changelog_speaks_of_this_version() -> None:
    assert f"## {PROJECT['project']['version']}" in (ROOT / "CHANGELOG.md").read_text()
