"""What the app writes into its own files counts as what it writes into the journal."""

from tests import test_judge
from tests.support import asked

_LOG = "==> /var/log/shop/error.log <== mtime 1795175999 bytes 90\n"  # 11:59:59
_KILLED = "upstream_timeout_worker_kill"
_BAD = asked.probe("answered", status=502, address="127.0.0.1:80")
_EXIT = (
    "2026-11-20T11:59:51+0000 web-01 systemd[1]: myapp.service: Main process exited, code=exited,"
    " status=1/FAILURE\n"
    "2026-11-20T11:59:55+0000 web-01 systemd[1]: Started myapp.service.\n"
)


def test_the_last_words_of_an_app_that_logs_into_a_file_are_quoted_from_there() -> None:
    said = f"{_LOG}Traceback (most recent call last):\nKeyError: 'DATABASE_URL'\n"

    verdict = test_judge.verdict_of(
        front=_BAD, upstreams=asked.probe("refused"), unit=asked.crashing(), app_logs=said, app_journal=_EXIT
    )

    assert (verdict.cause, verdict.certainty.value) == ("app_crash_startup", "confirmed")
    assert (verdict.found[0].because[0].step, verdict.found[0].because[0].text) == (
        "app_logs",
        "KeyError: 'DATABASE_URL'",
    )


def test_a_file_alone_will_do_where_the_journal_cannot_be_read() -> None:
    said = f"{_LOG}[2026-11-20 11:59:57 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:9)\n"
    log = asked.error("upstream prematurely closed connection while reading response header from upstream")

    verdict = test_judge.verdict_of(front=asked.WELL, unit=asked.unit(), app_logs=said, error_log=log)

    assert (verdict.cause, verdict.certainty.value) == (_KILLED, "confirmed")


def test_times_without_a_zone_are_the_hosts_own() -> None:
    said = f"{_LOG}2026-11-20 13:59:57,001 CRITICAL WORKER TIMEOUT (pid:9)\n"
    log = asked.error(
        "upstream prematurely closed connection while reading response header from upstream"
    ).replace("11:59", "13:59")
    seen = {"front": asked.WELL, "unit": asked.unit(), "error_log": log}

    assert (
        test_judge.verdict_of(offset_min=120, app_logs=said, **seen).cause == "upstream_timeout_worker_kill"
    )
    old = said.replace("13:59", "11:59")
    assert test_judge.verdict_of(offset_min=120, app_logs=old, **seen).cause != _KILLED


def test_what_has_no_time_is_no_news_while_all_is_well() -> None:
    said = f"{_LOG}HARAKIRI ON WORKER 1\nRuntimeError: no price\n"

    verdict = test_judge.verdict_of(
        front=asked.WELL, upstreams=asked.WELL, unit=asked.unit(), error_log="", app_logs=said
    )

    assert verdict.is_healthy


def test_what_a_later_start_writes_into_the_file_is_not_taken_for_last_words() -> None:
    said = (
        f"{_LOG}[2026-11-20 11:59:50 +0000] [7] [ERROR] Can't connect to ('127.0.0.1', 80)\n"
        "[2026-11-20 11:59:57 +0000] [8] [ERROR] cannot do so yet\n"
    )

    verdict = test_judge.verdict_of(
        front=_BAD, upstreams=asked.probe("refused"), unit=asked.crashing(), app_logs=said, app_journal=_EXIT
    )

    assert verdict.says.endswith("[ERROR] Can't connect to ('127.0.0.1', 80)")
