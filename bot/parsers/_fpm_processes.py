"""Masters and children of PHP-FPM, as `php_fpm.sh` counted them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.parsers._numbers import is_number


@dataclass(frozen=True, kw_only=True)
class Master:
    """A running master process."""

    pid: int
    #: Epoch seconds; None when the kernel did not say.
    started_s: int | None
    unit: str
    config: str
    #: Whose process it is; another user's than root's is a master by its own words and its children's.
    uid: int | None = None


def masters_of(rows: Sequence[Sequence[str]]) -> tuple[Master, ...]:
    """In the order they were printed; looks of before do not say whose they are."""
    return tuple(
        Master(
            pid=int(r[1]),
            started_s=_number(r[2]),
            unit=r[3].strip("-"),
            config=r[4],
            uid=_number(r[5]) if len(r) == 6 else None,
        )
        for r in rows
        if r[0] == "master" and len(r) in (5, 6) and is_number(r[1])
    )


@dataclass(frozen=True, kw_only=True)
class Children:
    """Those of one pool of one master."""

    master: str
    pool: str
    count: int
    oldest_s: int | None


def children_of(rows: Sequence[Sequence[str]]) -> tuple[Children, ...]:
    """Counted on the host, or a row for each as looks of before have it."""
    counted = [
        Children(master=r[1], pool=r[2], count=int(r[3]), oldest_s=_number(r[4]))
        for r in rows
        if r[0] == "children" and len(r) == 5 and is_number(r[3])
    ]
    single = [
        Children(master=r[2], pool=r[4], count=1, oldest_s=_number(r[3]))
        for r in rows
        if r[0] == "child" and len(r) == 5
    ]
    return (*counted, *single)


def by_file(masters: tuple[Master, ...], children: Mapping[str, int]) -> dict[str, Master]:
    """Each file's master: root's before a user's, the one that has children before one that has none."""
    found: dict[str, Master] = {}
    for master in sorted(masters, key=lambda m: (m.uid not in (0, None), -children.get(str(m.pid), 0))):
        found.setdefault(master.config, master)
    return found


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None
