"""Goals are ratios within one run; what was not measured is never called met."""

import pytest

from bench.figures import OURS, PLAY, SSH, Figures, goal_lines, goals, table_lines


def figures(wall_s: float, *, cpu_s: float = 0.1, first_s: float | None = 0.1) -> Figures:
    return Figures(wall_s=wall_s, cpu_s=cpu_s, first_s=first_s, rss_mb=45.0, base_mb=40.0)


GOOD = {
    (OURS, 1): figures(0.3),
    (SSH, 1): figures(0.5, first_s=0.5),
    (OURS, 50): figures(2.0, cpu_s=0.2),
    (SSH, 50): figures(4.2, cpu_s=3.4),
    (PLAY, 50): figures(100.0),
}


def test_every_goal_is_met_by_figures_that_meet_it() -> None:
    assert [goal.verdict for goal in goals(GOOD, 50)] == ["met"] * 7


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({(OURS, 50): figures(2.0, cpu_s=0.205)}, "client CPU a host, 50 hosts cold, ms"),
        ({(SSH, 50): figures(4.2, cpu_s=3.2)}, "client CPU / ssh, 50 hosts cold"),
        ({(SSH, 1): figures(0.39, first_s=0.5)}, "1 host cold / ssh, wall"),
        ({(SSH, 50): figures(3.9, cpu_s=3.4)}, "50 hosts cold / ssh, wall"),
        ({(OURS, 1): figures(0.3, first_s=0.2)}, "first result / ssh, 1 host"),
        ({(PLAY, 50): figures(49.0)}, "Ansible playbook / 50 hosts cold, wall"),
    ],
)
def test_a_goal_that_is_missed_is_named(changed: dict[tuple[str, int], Figures], missed: str) -> None:
    assert [goal.says for goal in goals(GOOD | changed, 50) if goal.verdict == "missed"] == [missed]


def test_what_was_not_measured_is_not_called_met() -> None:
    without = {key: seen for key, seen in GOOD.items() if key != (PLAY, 50)}

    assert [goal.verdict for goal in goals(without, 50)].count("not measured") == 1
    assert {goal.verdict for goal in goals({}, 50)} == {"not measured"}


def test_the_tables_hold_every_way_and_goal() -> None:
    lines = [*table_lines(GOOD, (1, 50)), *goal_lines(goals(GOOD, 50))]

    assert "| runbook-bot, cold | 50 | 2.00 | 4.0 | 0.10 | 45 |" in lines
    assert "| Ansible playbook / 50 hosts cold, wall | ≥ 25 | 50 | met |" in lines
