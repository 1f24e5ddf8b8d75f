"""Every writer's table in one place: each module of this package that has PATTERNS, READERS and KINDS."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from bot.model.sign import Reader
from bot.signs.kinds import SHARED
from bot.signs.pattern import Pattern

#: What the tables are made of, and what reads with them.
_NO_TABLES = frozenset(
    {"given", "kinds", "lines", "manifests", "needed", "pattern", "reading", "tables", "units", "words"}
)


class Table(Protocol):
    """What a module of this package gives."""

    __name__: str
    PATTERNS: tuple[Pattern, ...]
    READERS: tuple[Reader, ...]
    #: Kind of sign -> what it says and which fields it may have; shared ones stand in kinds.py.
    KINDS: Mapping[str, str]


def _found() -> Sequence[Table]:
    """The modules, by name: a line's signs stand in this order."""
    names = sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (importlib.import_module(f"bot.signs.{name}") for name in names if name not in _NO_TABLES)
    return tuple(cast("Table", module) for module in modules)


TABLES = _found()
PATTERNS: tuple[Pattern, ...] = tuple(pattern for table in TABLES for pattern in table.PATTERNS)
READERS: tuple[Reader, ...] = tuple(reader for table in TABLES for reader in table.READERS)
#: Every kind of sign -> what it says and which fields it may have.
KINDS: Mapping[str, str] = {**SHARED} | {kind: says for table in TABLES for kind, says in table.KINDS.items()}
