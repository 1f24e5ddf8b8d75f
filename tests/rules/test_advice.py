"""What one finding means for the restart that another one advises."""

import pytest

from bot.model.verdict import Certainty, Finding, Line, RestartEffect
from bot.rules import _advice, _quote


def _found(cause: str, *, helps: bool, weight: int = 60) -> Finding:
    advice = _quote.helps("app", "a new one answers") if helps else _quote.useless("app", "it stays slow")
    return Finding(
        cause=cause,
        certainty=Certainty.CONFIRMED,
        says=cause,
        because=(Line(step="app_journal", text="a line"),),
        restart=advice,
        next_check=None,
        weight=weight,
    )


@pytest.mark.parametrize("why", ["upstream_timeout_worker_kill", "app_crash_startup"])
def test_no_restart_frees_what_hangs_because_its_workers_are_killed(why: str) -> None:
    found = _advice.heeding([_found("app_hang", helps=True), _found(why, helps=False)])

    assert [one.restart.effect for one in found] == [RestartEffect.USELESS] * 2
    assert found[0].restart.why == "it stays slow"


def test_a_restart_frees_what_hangs_beside_another_trouble_or_an_old_one() -> None:
    found = _advice.heeding(
        [
            _found("app_hang", helps=True),
            _found("header_too_big", helps=False),
            _found("app_crash_startup", helps=False, weight=-5),
        ]
    )

    assert found[0].restart.effect is RestartEffect.HELPS
