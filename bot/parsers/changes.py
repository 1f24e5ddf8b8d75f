"""`changes.sh`: the release link, the releases, and when files and packages around the service changed.

link	/srv/app/current	releases/2	1795216985.642113902
file	/etc/myapp/env	1795216985
absent	/srv/app/current/server.py
package	2026-11-20 22:01:10 upgrade libssl3:amd64 3.0.14 3.0.15
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something and when it was last changed, aware UTC."""

    name: str
    at: datetime
    line: str


@dataclass(frozen=True, kw_only=True)
class ReleaseLink:
    """Where the running release is chosen."""

    path: str
    target: str
    changed_at: datetime
    line: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed lately; the link is None when the service has none."""

    link: ReleaseLink | None
    releases: tuple[Change, ...]
    files: tuple[Change, ...]
    packages: tuple[str, ...]
    #: Programs and scripts that ExecStart= names and that are not there.
    absent: tuple[str, ...] = ()

    @property
    def other_releases(self) -> tuple[str, ...]:
        """Names of releases one could go back to."""
        current = self.link.target.rstrip("/").rsplit("/", 1)[-1] if self.link else ""
        return tuple(release.name for release in self.releases if release.name != current)

    @property
    def release_before(self) -> str | None:
        """Written as the link's target, the release made before the one in place; None when there is none."""
        if self.link is None:
            return None
        folder, slash, current = self.link.target.rstrip("/").rpartition("/")
        made = [release.name for release in sorted(self.releases, key=lambda release: release.at)]
        at = made.index(current) if current in made else 0
        return f"{folder}{slash}{made[at - 1]}" if at else None

    def state(self) -> dict[str, str]:
        """What an approval is bound to: the release that runs, and the one that a rollback leads to."""
        state = {"release": self.link.target} if self.link else {}
        before = self.release_before
        return state | {"release before": before} if before else state


def changes(output: CommandOutput) -> Changes:
    """Source: runbooks/scripts/changes.sh, stat(1), dpkg.log."""
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    links = [row for row in rows if row[0] == "link" and len(row) == 4 and _is_time(row[3])]
    return Changes(
        link=_link(links[0]) if links else None,
        releases=tuple(
            _change(row) for row in rows if row[0] == "release" and len(row) == 3 and _is_time(row[2])
        ),
        files=tuple(_change(row) for row in rows if row[0] == "file" and len(row) == 3 and _is_time(row[2])),
        packages=tuple(row[1] for row in rows if row[0] == "package" and len(row) > 1),
        absent=tuple(row[1] for row in rows if row[0] == "absent" and len(row) == 2),
    )


def _is_time(text: str) -> bool:
    """Seconds since the epoch, perhaps with a fraction, before the year 5138."""
    whole, point, fraction = text.partition(".")
    return is_number(whole) and len(whole) <= 11 and (is_number(fraction) if point else True)


def _link(row: list[str]) -> ReleaseLink:
    at = datetime.fromtimestamp(float(row[3]), UTC)
    line = f"{row[1]} -> {row[2]}, changed {at:%Y-%m-%dT%H:%M:%SZ}"
    return ReleaseLink(path=row[1], target=row[2], changed_at=at, line=line)


def _change(row: list[str]) -> Change:
    at = datetime.fromtimestamp(float(row[2]), UTC)
    return Change(name=row[1], at=at, line=f"{row[1]} changed {at:%Y-%m-%dT%H:%M:%SZ}")
