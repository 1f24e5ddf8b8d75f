"""Versions below which the bot refuses to start, each with the hole that was closed there."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

#: Distribution -> lowest version that may run. Why: docs/decisions/0004-locked-environment.md.
FLOORS: Mapping[str, tuple[int, ...]] = {
    "aiohttp": (3, 14, 3),
    "asyncssh": (2, 24, 1),
    "cryptography": (50,),
    "h11": (0, 16),
    "httpx": (0, 28, 1),
    "idna": (3, 7),
    "jinja2": (3, 1, 6),
    "pyyaml": (6, 0, 2),
    "slack-bolt": (1, 29),
    "slack-sdk": (3, 43),
    "sqlalchemy": (2,),
}

#: SQLite before this can corrupt a file in WAL mode when two connections reset the log at once.
WAL_IS_SAFE_FROM = (3, 51, 3)


def check_floors(installed: Callable[[str], str] = version) -> tuple[str, ...]:
    """One sentence for each library that is too old or missing; empty when the bot may start."""
    problems = []
    for name, floor in FLOORS.items():
        wanted = ".".join(str(part) for part in floor)
        try:
            found = installed(name)
        except PackageNotFoundError:
            problems.append(f"{name} is not installed; {wanted} or newer is needed: run make demo again")
            continue
        if release_of(found) < floor:
            problems.append(
                f"{name} {found} has known holes; {wanted} or newer is needed: run make demo again"
            )
    return tuple(problems)


def release_of(text: str) -> tuple[int, ...]:
    """`3.14.5rc1` -> (3, 14, 5), without zeros at its end; () for what is no version."""
    found = re.match(r"\d+(\.\d+)*", text)
    parts = [int(part) for part in found[0].split(".")] if found else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def sqlite_note(found: str = sqlite3.sqlite_version) -> str:
    """One line on the SQLite library in use and what follows from its version."""
    if release_of(found) >= WAL_IS_SAFE_FROM:
        return f"SQLite {found}"
    safe = ".".join(str(part) for part in WAL_IS_SAFE_FROM)
    return f"SQLite {found}: before {safe} WAL can corrupt a file, so the ledger keeps a rollback journal"
