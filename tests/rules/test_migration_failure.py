"""Rule migration_failure."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, unit

_PRE = crashing(
    ExecMainStartTimestamp="Fri 2026-11-20 09:00:00 UTC", ExecMainExitTimestamp="Fri 2026-11-20 11:58:00 UTC"
)
_HEAD = "2026-11-20T11:59:50+0000 web-01 systemd[1]: Starting myapp.service - shop...\n"
_END = "2026-11-20T11:59:51+0000 web-01 systemd[1]: myapp.service: Control process exited, code=exited, status=1/FAILURE\n"


def _line(text: str, pid: int = 9) -> str:
    return f"2026-11-20T11:59:51+0000 web-01 migrate[{pid}]: {text}\n"


def test_fires_and_quotes_what_decides() -> None:
    said = _line("Running migrations:") + _line("django.db.utils.ProgrammingError: relation exists")

    answer = finding(ask("migration_failure", unit=_PRE, app_journal=_HEAD + said + _END))

    assert answer.certainty is Certainty.CONFIRMED
    assert "relation exists" in answer.says and "Running migrations" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it runs": (unit(), _HEAD + _line("Running migrations:") + _line("KeyError: 'x'")),
    "no migration is told of": (_PRE, _HEAD + _line("KeyError: 'x'") + _END),
    "an earlier start migrated": (_PRE, _line("migration failed") + _HEAD + _line("KeyError: 'x'") + _END),
}


@pytest.mark.parametrize(("state", "journal"), NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(state: str, journal: str) -> None:
    assert not isinstance(ask("migration_failure", unit=state, app_journal=journal), Finding)


def test_what_another_process_says_afterwards_leaves_it_likely() -> None:
    said = _line("Running migrations:") + _line("KeyError: 'SECRET'", pid=10)

    answer = finding(ask("migration_failure", unit=_PRE, app_journal=_HEAD + said + _END))

    assert answer.certainty is Certainty.LIKELY


def test_a_start_that_fails_before_the_program_did_not_live_as_long_as_the_process_before() -> None:
    journal = _HEAD + _line("psycopg.OperationalError: connection refused") + _END

    assert not isinstance(ask("app_crash_runtime", unit=_PRE, app_journal=journal), Finding)
    assert finding(ask("app_crash_startup", unit=_PRE, app_journal=journal)).certainty is Certainty.CONFIRMED
