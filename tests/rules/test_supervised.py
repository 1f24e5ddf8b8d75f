"""Programs of supervisord: systemd sees only supervisord itself, which runs."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Verdict
from tests import test_judge
from tests.support import asked

_UNIT = asked.unit(Id="supervisor.service")
_SPAWNED = "2026-11-20 11:58:00,100 INFO spawned: 'shop' with pid 10"
_UP = "2026-11-20 11:58:01,100 INFO success: shop entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)"
_EXITED = "2026-11-20 11:59:50,100 WARN exited: shop (exit status 3; not expected)"
_AGAIN = "2026-11-20 11:59:51,100 INFO spawned: 'shop' with pid 11"


def _logged(*messages: str) -> str:
    return "".join(f"2026-11-20T{text[11:19]}+0000 web-01 supervisord[9]: {text}\n" for text in messages)


def _verdict(*messages: str, upstreams: str = asked.probe("refused"), **more: str) -> Verdict:
    return test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=upstreams,
        unit=_UNIT,
        app_journal=_logged(*messages),
        listeners=asked.listens("127.0.0.1:9001", by="supervisord", pid=9),
        **more,
    )


@pytest.mark.parametrize(
    ("messages", "cause", "effect"),
    [
        (
            (_SPAWNED, _UP, "2026-11-20 11:59:00,100 INFO stopped: shop (exit status 0)"),
            "app_stopped_by_hand",
            "helps",
        ),
        ((_SPAWNED, _UP, _EXITED), "app_crash_runtime", "temporary"),
        (
            (_SPAWNED, _UP, _EXITED.replace("exit status 3", "terminated by SIGKILL")),
            "app_crash_runtime",
            "temporary",
        ),
        ((_SPAWNED.replace("11:58:00", "11:59:49"), _EXITED), "app_crash_startup", "useless"),
        ((_SPAWNED.replace("11:58:00", "11:59:49"), _EXITED, _AGAIN), "app_crash_startup", "useless"),
        (
            (
                _SPAWNED.replace("11:58:00", "11:59:49"),
                _EXITED,
                "2026-11-20 11:59:52,100 INFO gave up: shop entered FATAL state, too many start retries too quickly",
            ),
            "app_crash_startup",
            "useless",
        ),
    ],
    ids=["stopped", "exited", "killed", "exited at once", "backoff", "fatal"],
)
def test_a_program_that_is_down_is_judged_by_supervisords_words(
    messages: tuple[str, ...], cause: str, effect: str
) -> None:
    verdict = _verdict(*messages)

    assert (verdict.cause, verdict.restart.effect.value, verdict.restart.what) == (cause, effect, "shop")
    assert verdict.remedies == ()
    assert "INFO" not in verdict.says and "WARN" not in verdict.says
    assert "shop" in verdict.says and "app_crash_startup" not in {one.cause for one in verdict.ruled_out}


def test_a_program_that_runs_long_enough_is_none_of_it() -> None:
    verdict = _verdict(_SPAWNED, _UP)

    assert verdict.cause == "upstream_down"


def test_of_several_programs_the_one_that_is_down_is_only_likely() -> None:
    other = _SPAWNED.replace("shop", "mail")

    verdict = _verdict(other, _SPAWNED, _UP, "2026-11-20 11:59:00,100 INFO stopped: shop (exit status 0)")

    assert (verdict.cause, verdict.certainty.value) == ("app_stopped_by_hand", "likely")


_STOPPED = "2026-11-20 11:59:00,100 INFO stopped: shop (exit status 0)"


def test_with_supervisord_itself_stopped_its_unit_is_what_has_to_be_started() -> None:
    verdict = test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.probe("refused"),
        unit=asked.stopped(Id="supervisor.service"),
        app_journal=_logged(_SPAWNED, _UP, _STOPPED),
        listeners=asked.listens("0.0.0.0:22", by="sshd", pid=9),
    )

    assert (verdict.cause, verdict.restart.what) == ("app_stopped_by_hand", "app")
    assert "supervisor.service was stopped" in verdict.says and "supervisorctl" not in str(
        verdict.found[0].mend
    )


def test_a_program_that_was_started_by_order_after_its_failures_is_not_blamed_for_them() -> None:
    moved = test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.probe("refused"),
        unit=_UNIT,
        app_journal=_logged(
            _SPAWNED,
            _EXITED.replace("11:59:50", "11:58:59"),
            _STOPPED,
            _AGAIN.replace("11:59:51", "11:59:20"),
        ),
        listeners=asked.listens("127.0.0.1:3005", pid=11),
    )

    assert "app_crash_startup" not in {one.cause for one in moved.found}


def test_what_supervisord_gave_up_on_is_started_again_after_the_mend() -> None:
    fatal = _EXITED.replace(
        "WARN exited: shop (exit status 3; not expected)", "INFO gave up: shop entered FATAL state, "
    )

    assert "supervisorctl start shop" in str(_verdict(_SPAWNED, fatal).found[0].mend)


@pytest.mark.parametrize(
    ("pid", "others", "is_healthy"),
    [(11, (), True), (12, (), True), (11, ("mail",), True), (12, ("mail",), False)],
    ids=["it listens", "another listens", "it listens beside another", "which of two is not known"],
)
def test_errors_before_the_last_start_of_the_program_that_serves_are_over(
    pid: int, others: tuple[str, ...], *, is_healthy: bool
) -> None:
    verdict = test_judge.verdict_of(
        front=asked.WELL,
        upstreams=asked.WELL,
        unit=_UNIT,
        error_log=asked.error("upstream sent too big header while reading response header from upstream"),
        app_journal=_logged(
            *(_SPAWNED.replace("shop", other) for other in others),
            _SPAWNED,
            _UP,
            _STOPPED,
            _AGAIN.replace("11:59:51", "11:59:59"),
        ),
        listeners=asked.listens("127.0.0.1:3000", pid=pid),
    )

    assert (verdict.cause == "healthy") is is_healthy


def test_the_programs_own_log_names_what_it_lacks() -> None:
    log = "==> /var/log/shop/err.log <== mtime 1795175990 bytes 9\nModuleNotFoundError: No module named 'flask'\n"

    verdict = _verdict(_SPAWNED.replace("11:58:00", "11:59:49"), _EXITED, app_logs=log)

    assert verdict.says.endswith("ModuleNotFoundError: No module named 'flask'")
    assert (verdict.found[0].because[0].step, verdict.certainty.value) == ("app_logs", "confirmed")


_PM2 = asked.unit(Id="pm2-deploy.service")
_ONLINE = ("11:58:00", "App [shop:0] starting in -fork mode-"), ("11:58:00", "App [shop:0] online")
_ENDED = ("11:59:50", "App [shop:0] exited with code [1] via signal [SIGINT]")
_BEGUN = ("11:59:50", "App [shop:0] starting in -fork mode-"), ("11:59:50", "App [shop:0] online")
_GAVE_UP = ("11:59:50", 'Script /srv/shop/server.js had too many unstable restarts (16). Stopped. "errored"')
_BY_ORDER = (
    ("11:59:00", "Stopping app:shop id:0"),
    ("11:59:00", "App [shop:0] exited with code [0] via signal [SIGINT]"),
)


def _pm2_log(*lines: tuple[str, str]) -> str:
    head = "==> /home/deploy/.pm2/pm2.log <== mtime 1795175990 bytes 9\n"
    return head + "".join(f" 2026-11-20T{at}: PM2 log: {text}\n" for at, text in lines)


def _of_pm2(*lines: tuple[str, str], errors: str = "") -> Verdict:
    return test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.probe("refused"),
        unit=_PM2,
        app_journal=asked.said("[PM2] Process /srv/shop/server.js restored", program="pm2"),
        app_logs=_pm2_log(*lines) + errors,
        listeners=asked.listens("0.0.0.0:22", by="sshd", pid=9),
    )


@pytest.mark.parametrize(
    ("lines", "cause", "effect", "says"),
    [
        (
            (*_ONLINE, *_BY_ORDER),
            "app_stopped_by_hand",
            "helps",
            "pm2's program shop was stopped at 11:59:00 UTC and not started again",
        ),
        ((*_ONLINE, _ENDED), "app_crash_runtime", "temporary", "pm2's program shop ended after it had run"),
        (
            (*_ONLINE, ("11:58:05", "App [shop:0] exited with code [0] via signal [SIGKILL]")),
            "app_crash_runtime",
            "temporary",
            "pm2's program shop ended after it had run",
        ),
        (
            (*_BEGUN, _ENDED, *_BEGUN),
            "app_crash_startup",
            "useless",
            "pm2's program shop fails while starting, its last start ended so",
        ),
        (
            (*_BEGUN, _ENDED, _GAVE_UP),
            "app_crash_startup",
            "useless",
            "pm2's program shop fails while starting, pm2 gave up on it",
        ),
    ],
    ids=["stopped", "ended", "killed", "again and again", "errored"],
)
def test_a_program_of_pm2_is_judged_by_its_words(
    lines: tuple[tuple[str, str], ...], cause: str, effect: str, says: str
) -> None:
    verdict = _of_pm2(*lines)

    assert (verdict.cause, verdict.restart.effect.value, verdict.restart.what) == (cause, effect, "shop")
    assert says in verdict.says
    assert "supervisor" not in f"{verdict.says} {verdict.found[0].mend} {verdict.next_check}"


def test_what_pm2_gave_up_on_is_quoted_with_the_programs_last_words() -> None:
    log = "==> /home/deploy/.pm2/logs/shop-error.log <== mtime 1795175990 bytes 9\n Error: Cannot find module 'express'\n"

    verdict = _of_pm2(*_BEGUN, _ENDED, _GAVE_UP, errors=log)

    assert verdict.says.endswith("Error: Cannot find module 'express'")
    assert "then sudo -iu deploy pm2 restart shop --update-env" in str(verdict.found[0].mend)


@pytest.mark.parametrize(
    "lines",
    [
        (*_ONLINE, *_BY_ORDER, ("11:59:40", "--- New PM2 Daemon started -----")),
        (*_ONLINE, _ENDED, *_BY_ORDER, *_BEGUN),
    ],
    ids=["pm2 begins anew with nothing", "started by order since"],
)
def test_what_pm2_runs_or_knows_no_more_is_not_blamed(lines: tuple[tuple[str, str], ...]) -> None:
    verdict = _of_pm2(*lines)

    assert verdict.cause == "upstream_down"
    assert "`sudo -iu deploy pm2 status`" in str(verdict.next_check)


def test_errors_before_the_last_start_of_pm2s_program_are_over() -> None:
    verdict = test_judge.verdict_of(
        front=asked.WELL,
        upstreams=asked.WELL,
        unit=_PM2,
        error_log=asked.error(asked.REFUSED),
        app_logs=_pm2_log(*_ONLINE, ("11:59:58", "Stopping app:shop id:0"), ("11:59:59", _ONLINE[0][1])),
    )

    assert verdict.cause == "healthy"
