"""What was measured, held against the goals, as text and as the docs' table. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OURS, WARM, SSH, PSSH, RAW, PLAY = (
    "runbook-bot, cold",
    "runbook-bot, warm",
    "ssh, one exec, as shipped",
    "parallel-ssh, one exec",
    "Ansible raw, ad hoc",
    "Ansible playbook, 15 shell tasks",
)
WAYS = (OURS, WARM, SSH, PSSH, RAW, PLAY)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One way on so many hosts; the median of its runs by wall time."""

    wall_s: float
    cpu_s: float
    first_s: float | None
    rss_mb: float
    #: Resident before the first connection; ours only.
    base_mb: float = 0.0


#: (way, hosts) -> figures.
Table = Mapping[tuple[str, int], Figures]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A promise and what was seen; `seen` None when a part of it was not measured."""

    says: str
    wanted: float
    seen: float | None
    is_at_least: bool = False

    @property
    def verdict(self) -> str:
        """`met`, `missed` or `not measured`."""
        if self.seen is None:
            return "not measured"
        is_met = self.seen >= self.wanted if self.is_at_least else self.seen <= self.wanted
        return "met" if is_met else "missed"


def goals(table: Table, many: int) -> tuple[Goal, ...]:
    """The goals as ratios within one run; `many` is the large number of hosts."""
    ours, one = table.get((OURS, many)), table.get((OURS, 1))
    growth = (ours.rss_mb - ours.base_mb) / many if ours else None
    cpu = ours.cpu_s * 1000 / many if ours else None
    return (
        Goal(says=f"client CPU a host, {many} hosts cold, ms", wanted=4, seen=cpu),
        # The same as a ratio, which a slow or busy machine does not change: 4 ms where ssh takes 64.8.
        Goal(says=f"client CPU / ssh, {many} hosts cold", wanted=0.062, seen=_cpu(table, many)),
        Goal(says="1 host cold / ssh, wall", wanted=0.75, seen=_ratio(one, table.get((SSH, 1)))),
        Goal(says=f"{many} hosts cold / ssh, wall", wanted=0.5, seen=_ratio(ours, table.get((SSH, many)))),
        Goal(says="first result / ssh, 1 host", wanted=0.3, seen=_first(one, table.get((SSH, 1)))),
        Goal(
            says=f"Ansible playbook / {many} hosts cold, wall",
            wanted=25,
            seen=_ratio(table.get((PLAY, many)), ours),
            is_at_least=True,
        ),
        Goal(says=f"memory growth a host, {many} hosts, MB", wanted=0.2, seen=growth),
    )


def table_lines(table: Table, counts: Sequence[int]) -> list[str]:
    """A Markdown table of every way that was measured."""
    lines = [
        "| way | hosts | wall s | client CPU ms a host | first result s | peak RSS MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for way in WAYS:
        for count in counts:
            if seen := table.get((way, count)):
                first = "–" if seen.first_s is None else f"{seen.first_s:.2f}"
                cpu = seen.cpu_s * 1000 / count
                lines.append(
                    f"| {way} | {count} | {seen.wall_s:.2f} | {cpu:.1f} | {first} | {seen.rss_mb:.0f} |"
                )
    return lines


def goal_lines(found: Sequence[Goal]) -> list[str]:
    """A Markdown table of goals and what was seen."""
    lines = ["| goal | wanted | seen | |", "|---|--:|--:|---|"]
    for goal in found:
        sign = "≥" if goal.is_at_least else "≤"
        seen = "–" if goal.seen is None else f"{goal.seen:.3g}"
        lines.append(f"| {goal.says} | {sign} {goal.wanted:g} | {seen} | {goal.verdict} |")
    return lines


def _ratio(one: Figures | None, other: Figures | None) -> float | None:
    return one.wall_s / other.wall_s if one and other else None


def _cpu(table: Table, many: int) -> float | None:
    one, other = table.get((OURS, many)), table.get((SSH, many))
    return one.cpu_s / other.cpu_s if one and other else None


def _first(one: Figures | None, other: Figures | None) -> float | None:
    if one is None or other is None or one.first_s is None or other.first_s is None:
        return None
    return one.first_s / other.first_s
