"""What speaks against the same end at the next start."""

import pytest

from bot.model.verdict import Finding, RestartAdvice, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, said, systemd

#: 2026-11-20 11:59:55 UTC, after the last start (11:59:50) and its end (11:59:51).
_AFTER, _BEFORE = 1795175995, 1795175000
_GAVE_UP = {
    "ActiveState": "failed",
    "SubState": "failed",
    "FragmentPath": "/etc/systemd/system/myapp.service",
}
_EXIT = "myapp.service: Main process exited, code=exited, status=1/FAILURE"


def _died(words: str = "RuntimeError: DATABASE_URL is not set", exit_: str = _EXIT) -> str:
    return systemd("Started myapp.service") + said(words) + systemd(exit_)


def _advice(answer: Finding) -> tuple[RestartEffect, bool]:
    return answer.restart.effect, answer.restart.is_sure


_PERHAPS, _FLAT_NO = (RestartEffect.TEMPORARY, False), (RestartEffect.USELESS, True)


@pytest.mark.parametrize(
    ("changes", "is_reloaded", "advice"),
    [
        (f"file\t/etc/myapp/env\t{_AFTER}\n", "no", _PERHAPS),
        (f"file\t/etc/myapp/env\t{_BEFORE}\n", "no", _FLAT_NO),
        (f"file\t/etc/hosts\t{_AFTER}\n", "no", _FLAT_NO),
        (f"link\t/srv/app/current\treleases/1\t{_AFTER}\nrelease\t1\t1\n", "no", _PERHAPS),
        (f"file\t/etc/systemd/system/myapp.service\t{_AFTER}\n", "no", _PERHAPS),
        (f"file\t/etc/systemd/system/myapp.service\t{_AFTER}\n", "yes", _FLAT_NO),
    ],
    ids=["environment", "before the start", "not the app's", "release", "unit", "unit, not reloaded"],
)
def test_what_was_changed_since_the_last_start_was_not_tried(
    changes: str, is_reloaded: str, advice: tuple[RestartEffect, bool]
) -> None:
    unit = crashing(**_GAVE_UP, NeedDaemonReload=is_reloaded)
    journal = _died() + systemd("myapp.service: Start request repeated too quickly.")

    crash = finding(ask("app_crash_startup", unit=unit, app_journal=journal, changes=changes))
    limit = finding(ask("start_limit_hit", unit=unit, app_journal=journal, changes=changes))

    assert (_advice(crash), _advice(limit)) == (advice, advice)
    assert ("changed 2026-11-20T11:59:55Z" in quoted(crash)) is (advice is _PERHAPS)


def test_what_runs_before_the_program_has_met_what_was_changed_before_it() -> None:
    journal = _died(exit_="myapp.service: Control process exited, code=exited, status=1/FAILURE")
    unit = crashing(
        ExecMainStartTimestamp="Fri 2026-11-20 11:00:00 UTC",
        ExecMainExitTimestamp="Fri 2026-11-20 11:00:01 UTC",
    )

    answer = finding(
        ask("app_crash_startup", unit=unit, app_journal=journal, changes="file\t/etc/myapp/env\t1795175900\n")
    )

    assert answer.restart == RestartAdvice(
        effect=RestartEffect.USELESS,
        what="app",
        why="5 starts ended the same way; it meets the same missing piece again",
    )
