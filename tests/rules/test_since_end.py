"""What speaks against the same end at the next start."""

import pytest

from bot.model.verdict import Finding, RestartAdvice, RestartEffect
from tests.support.asked import ask, crashing, finding, listens, probe, quoted, said, systemd, unit

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


_FULL, _FREE = "1000 1000 0 100% /srv/app/data", "1000 400 600 40% /srv/app/data"


def _disks(row: str) -> str:
    return (
        f"# blocks\n/dev/sda1 9000 4000 5000 45% /\n/dev/loop0 {row}\n# places\nplace\twork\t/srv/app/data\n"
    )


@pytest.mark.parametrize(
    ("words", "seen", "why"),
    [
        (
            "Error: connect ECONNREFUSED 127.0.0.1:5432",
            {"listeners": listens("127.0.0.1:5432", by="postgres", pid=7)},
            "it did not reach 127.0.0.1:5432, where somebody listens now",
        ),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", {"listeners": listens("127.0.0.1:80")}, None),
        (
            "Error: connect ECONNREFUSED 10.0.0.9:5432",
            {"listeners": listens("127.0.0.1:5432", by="postgres", pid=7)},
            None,
        ),
        (
            "OSError: [Errno 28] No space left on device: '/srv/app/data/x'",
            {"disks": _disks(_FREE)},
            "it had no space left to write, and every file system that it needs has some now",
        ),
        ("OSError: [Errno 28] No space left on device: '/srv/app/data/x'", {"disks": _disks(_FULL)}, None),
        (
            "OSError: [Errno 98] Address already in use",
            {"upstreams": probe("refused"), "listeners": listens("127.0.0.1:80")},
            "nobody listens on port 3000 any more",
        ),
        (
            "listen tcp :9100: bind: address already in use",
            {"upstreams": probe("refused"), "listeners": listens("127.0.0.1:9100")},
            None,
        ),
        (
            "cannot bind unix:/run/app.sock: address already in use",
            {"upstreams": probe("refused"), "listeners": listens("127.0.0.1:80")},
            None,
        ),
    ],
)
def test_what_it_lacked_and_is_there_now_speaks_for_a_start(
    words: str, seen: dict[str, str], why: str | None
) -> None:
    texts = {"unit": crashing(**_GAVE_UP), "app_journal": _died(words), **seen}

    answer = finding(ask("app_crash_startup", **texts))

    assert _advice(answer) == (_PERHAPS if why else _FLAT_NO)
    assert why is None or answer.restart.why == why


def test_what_a_start_before_the_last_lacked_does_not_count() -> None:
    journal = _died("Error: connect ECONNREFUSED 127.0.0.1:5432") + _died()
    there = listens("127.0.0.1:5432", by="postgres", pid=7)

    answer = finding(
        ask("app_crash_startup", unit=crashing(**_GAVE_UP), app_journal=journal, listeners=there)
    )

    assert _advice(answer) == _FLAT_NO


@pytest.mark.parametrize(
    ("listeners", "advice", "says"),
    [
        (listens("0.0.0.0:80", by="nginx", pid=5), _PERHAPS, "which another process had"),
        (listens(by="java", pid=55), _FLAT_NO, "java (pid 55) has it"),
    ],
)
def test_a_port_that_is_free_by_now_is_not_said_to_be_taken(
    listeners: str, advice: tuple[RestartEffect, bool], says: str
) -> None:
    answer = finding(
        ask(
            "port_conflict",
            unit=crashing(**_GAVE_UP),
            app_journal=_died("OSError: [Errno 98] Address already in use: ('127.0.0.1', 3000)"),
            listeners=listeners,
            upstreams=probe("refused"),
        )
    )

    assert _advice(answer) == advice and says in answer.says


_GONE = "myapp.service: Failed to execute /srv/app/run: No such file or directory"
_EXIT_203 = "myapp.service: Main process exited, code=exited, status=203/EXEC"


@pytest.mark.parametrize(
    ("changes", "state", "advice"),
    [
        ("absent\t/srv/app/run\n", _GAVE_UP, _FLAT_NO),
        ("file\t/etc/myapp/env\t1795000000\n", _GAVE_UP, (RestartEffect.USELESS, False)),
        ("file\t/etc/myapp/env\t1795000000\n", {}, _FLAT_NO),
        (f"file\t/etc/systemd/system/myapp.service\t{_AFTER}\n", _GAVE_UP, _PERHAPS),
    ],
    ids=["seen to be gone", "not seen to be gone", "tried at this moment", "the unit was changed"],
)
def test_a_program_is_still_gone_only_where_that_was_seen(
    changes: str, state: dict[str, object], advice: tuple[RestartEffect, bool]
) -> None:
    journal = _died(_GONE, _EXIT_203)
    down = crashing(**{**state, "ExecMainStatus": 203})

    answer = finding(ask("exec_missing", unit=down, app_journal=journal, changes=changes))

    assert _advice(answer) == advice
    assert (answer.next_check is None) is answer.restart.is_sure or advice is _PERHAPS


def test_a_program_that_is_back_is_started_by_its_socket_unit() -> None:
    lost = "myapp.service: Failed to locate executable /srv/app/run: No such file or directory"
    state = {**_GAVE_UP, "ExecMainStatus": 203, "TriggeredBy": "myapp.socket"}
    there = "file\t/etc/myapp/env\t1795000000\n"

    answer = finding(
        ask("exec_missing", unit=crashing(**state), app_journal=_died(lost, _EXIT_203), changes=there)
    )

    assert _advice(answer) == _PERHAPS
    assert "systemctl start myapp.socket" in str(answer.mend)


@pytest.mark.parametrize(("at", "advice"), [(_AFTER, _PERHAPS), (_BEFORE, _FLAT_NO)])
def test_a_unit_changed_since_may_name_another_user(at: int, advice: tuple[RestartEffect, bool]) -> None:
    changes = f"file\t/etc/systemd/system/myapp.service\t{at}\n"

    answer = finding(
        ask("permission_user", unit=crashing(**{**_GAVE_UP, "ExecMainStatus": 217}), changes=changes)
    )

    assert _advice(answer) == advice


@pytest.mark.parametrize(("at", "advice"), [(_AFTER, _PERHAPS), (1795170000, _FLAT_NO)])
def test_an_app_that_answers_500_may_lack_what_its_environment_says_by_now(
    at: int, advice: tuple[RestartEffect, bool]
) -> None:
    changes = f"file\t/etc/myapp/env\t{at}\n"
    bad = probe("answered", status=500) + probe("answered", status=500, path="/livez")

    answer = finding(ask("app_500", upstreams=bad, unit=unit(), changes=changes))

    assert _advice(answer) == advice
