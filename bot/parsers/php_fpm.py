r"""`php_fpm.sh`: what PHP-FPM runs, what its files say, how busy each pool is, and the end of its logs.

master  708  1796034604  php8.2-fpm.service  /etc/php/8.2/fpm/php-fpm.conf  0
children  708  www  2  1796034604
set     /etc/php/8.2/fpm/php-fpm.conf  www  listen  /run/php/php8.2-fpm.sock
taken   /run/php/php8.2-fpm.sock  2  14
says    fpm  [30-Nov-2026 10:30:05] WARNING: [pool www] server reached pm.max_children setting (2), …
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.model.evidence import CommandOutput
from bot.parsers._fpm_log import FpmLine, SlowCall, lines_of, slow_calls_of
from bot.parsers._fpm_processes import Master, by_file, children_of, masters_of
from bot.parsers._numbers import is_epoch, is_number


@dataclass(frozen=True, kw_only=True)
class FpmPool:
    """A pool as the files describe it, and what of it runs."""

    name: str
    config: str
    #: As in the file: `/run/php/a.sock`, `9000`, `127.0.0.1:9000`, `[::]:9000`.
    listen: str
    #: Only keys that can hold no secret.
    settings: Mapping[str, str]
    master: Master | None
    #: Children that live now; 0 where they may not be seen.
    children: int
    #: False where /proc hides the processes of others, and this pool's are not among those that are seen.
    is_seen: bool = True
    #: Two looks, a second apart: connections that children have, and that wait for one.
    taken: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    #: Epoch seconds of the youngest of the files it is described in.
    changed_s: int = 0
    #: `process.max` of the file is for the children of all pools together; None when it sets no limit.
    process_max: int | None = None
    all_children: int = 0
    #: Epoch seconds; of all pools of its master, for a reload is of all. None when no child lives.
    oldest_child_s: int | None = None

    @property
    def is_stale(self) -> bool:
        """Its files changed after FPM last read them: a reload replaces every child, and one is older."""
        return self.oldest_child_s is not None and self.changed_s > self.oldest_child_s + 1

    @property
    def max_children(self) -> int | None:
        """`pm.max_children` of the file; None when not set."""
        value = self.settings.get("pm.max_children", "")
        return int(value) if is_number(value) else None

    @property
    def may_grow(self) -> bool:
        """By its file it may start one more child; not known, so not said, where children may not be seen."""
        if not self.is_seen:
            return False
        if self.process_max is not None and self.all_children >= self.process_max:
            return False
        return self.max_children is not None and self.children < self.max_children

    @property
    def line(self) -> str:
        """What was counted, on one line."""
        busy = ", then ".join(
            f"{has} taken and {waits} waiting" for has, waits in zip(self.taken, self.waiting, strict=True)
        )
        limit = f"pm = {self.settings.get('pm', '?')}, pm.max_children = {self.max_children or '?'}"
        if self.process_max is not None:
            limit += f"; process.max = {self.process_max}, {self.all_children} children of all pools"
        by = f", run by uid {self.master.uid}" if self.master and self.master.uid else ""
        children = f"{self.children} children" if self.is_seen else "children that /proc hides"
        counted = f"{children}, {busy or 'not counted'}"
        return f"pool {self.name} on {self.listen}{by}: {counted} ({limit})"


@dataclass(frozen=True, kw_only=True)
class FpmUnit:
    """A service that may be PHP-FPM's, by its name."""

    name: str
    #: `masked` refuses every start, `not-found` has no file any more.
    load: str
    active: str
    sub: str
    #: Why it failed, by systemd: `exit-code`, `signal`, `oom-kill`; empty in looks of before.
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class PhpFpm:
    """All masters, pools and log lines of the host; empty where there is no PHP-FPM."""

    masters: tuple[Master, ...] = ()
    pools: tuple[FpmPool, ...] = ()
    units: tuple[FpmUnit, ...] = ()
    #: Lines of FPM's and PHP's own logs, oldest first within each log.
    said: tuple[FpmLine, ...] = ()
    slow: tuple[SlowCall, ...] = ()
    #: What was said before the present state; filled by focus.
    earlier: tuple[FpmLine, ...] = ()
    #: False where /proc hides the processes of others (hidepid=): without a master one may run all the same.
    sees_all: bool = True
    #: Logs and files that are there and may not be read.
    unread: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    #: Addresses of this host, apart from loopback.
    own: frozenset[str] = frozenset()

    def pools_at(self, address: str) -> tuple[FpmPool, ...]:
        """Pools that listen, or are set to listen, where nginx dials: `unix:/path` or `host:port`."""
        if address.startswith("unix:"):
            wanted = self._path(address.removeprefix("unix:"))
            return tuple(pool for pool in self.pools if self._path(pool.listen) == wanted)
        host, _, port = address.rpartition(":")
        return tuple(pool for pool in self.pools if self._takes(pool.listen, host.strip("[]"), port))

    def _takes(self, listen: str, host: str, port: str) -> bool:
        """Whether a pool on that `listen` is meant by a dialled host and port; another host's never is."""
        at, _, its_port = listen.rpartition(":")
        at = at.strip("[]")
        if "/" in listen or not port or its_port != port:
            return False
        is_loopback = host in ("localhost", "::1") or host.startswith("127.")
        if at in ("", "*", "0.0.0.0", "::"):  # noqa: S104  # compared, not bound
            return is_loopback or host in self.own
        return at == host or (is_loopback and (at in ("localhost", "::1") or at.startswith("127.")))

    def _path(self, path: str) -> str:
        """The same for two names of one socket."""
        path = f"/run/{path.removeprefix('/var/run/')}" if path.startswith("/var/run/") else path
        return self.links.get(path, path)


def php_fpm(output: CommandOutput) -> PhpFpm:
    """Pools in the order of their files; numbers as counted at that moment.

    Source: runbooks/scripts/php_fpm.sh; fpm_env.c (titles), fpm_conf.c (keys), proc(5).
    """
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    masters = masters_of(rows)
    sees_all = not any(row[0] == "hidden" for row in rows)
    pools = _pools(rows, masters)
    return PhpFpm(
        masters=masters,
        pools=tuple(replace(pool, is_seen=sees_all or pool.master is not None) for pool in pools),
        sees_all=sees_all,
        units=tuple(
            FpmUnit(name=r[1], load=r[2], active=r[3], sub=r[4], result="".join(r[5:]))
            for r in rows
            if r[0] == "unit" and len(r) in (5, 6)
        ),
        said=lines_of(rows),
        slow=slow_calls_of(rows),
        unread=tuple(dict.fromkeys(r[2] for r in rows if r[0] == "unread" and len(r) == 3)),
        own=frozenset(word for r in rows if r[0] == "own" for word in r[1:]),
        links={r[1]: r[2] for r in rows if r[0] == "link" and len(r) == 3},
    )


def _pools(rows: list[list[str]], masters: tuple[Master, ...]) -> tuple[FpmPool, ...]:
    settings: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row[0] == "set" and len(row) == 5 and row[2] != "global":
            settings.setdefault((row[1], row[2]), {})[row[3]] = row[4]
    limits = {row[1]: row[4] for row in rows if row[0] == "set" and row[2:4] == ["global", "process.max"]}
    changed: dict[str, int] = {}
    for row in rows:
        if row[0] == "file" and len(row) == 4 and is_epoch(row[2]):
            changed[row[3]] = max(changed.get(row[3], 0), int(row[2]))
    children: Counter[tuple[str, str]] = Counter()
    of_master: Counter[str] = Counter()
    born: dict[str, int] = {}
    for some in children_of(rows):
        children[some.master, some.pool] += some.count
        of_master[some.master] += some.count
        if some.oldest_s is not None:
            born[some.master] = min(born.get(some.master, some.oldest_s), some.oldest_s)
    of_files = by_file(masters, of_master)
    counted: dict[str, list[list[str]]] = {}
    for row in rows:
        if row[0] == "taken" and len(row) == 4 and is_number(row[2]) and is_number(row[3]):
            counted.setdefault(row[1], []).append(row)
    pools = []
    for (config, name), keys in settings.items():
        master, listen = of_files.get(config), keys.get("listen", "")
        looks = counted.get(listen, [])
        pools.append(
            FpmPool(
                name=name,
                config=config,
                listen=listen,
                settings=keys,
                master=master,
                children=children[str(master.pid), name] if master else 0,
                taken=tuple(int(row[2]) for row in looks),
                waiting=tuple(int(row[3]) for row in looks),
                changed_s=changed.get(config, 0),
                process_max=_number(limits.get(config, "")) or None,
                all_children=of_master[str(master.pid)] if master else 0,
                oldest_child_s=born.get(str(master.pid)) if master else None,
            )
        )
    return tuple(pools)


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None
