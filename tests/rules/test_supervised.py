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
