"""Rule app_crash_startup."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, error, finding, probe, quoted, said, stopped, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_crash_startup",
            unit=crashing(),
            app_journal=said("Traceback (most recent call last):", "RuntimeError: DATABASE_URL is not set")
            + systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        )
    )

    assert answer.cause == "app_crash_startup"
    assert answer.certainty is Certainty.CONFIRMED
    assert "DATABASE_URL is not set" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it runs and never ended": {"unit": unit()},
    "it was stopped by hand": {"unit": stopped()},
    "a signal from outside ended it": {"unit": crashing(ExecMainCode=2, ExecMainStatus=9)},
    "it had worked for an hour": {"unit": crashing(ExecMainStartTimestamp="Fri 2026-11-20 10:59:51 UTC")},
    "systemd never ran the program": {"unit": crashing(ExecMainStatus=203)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_crash_startup", **texts)

    assert not isinstance(answer, Finding), answer


def test_workers_that_die_while_their_master_listens_start_in_vain() -> None:
    boots = "".join(
        f"2026-11-20T11:59:5{second}+0000 web-01 gunicorn[9]: [INFO] Booting worker with pid: 1{second}\n"
        f"2026-11-20T11:59:5{second}+0000 web-01 gunicorn[9]: could not connect to server\n"
        for second in range(6)
    )
    silent = probe("read_timeout") + probe("read_timeout", path="/livez")

    answer = finding(ask("app_crash_startup", unit=unit(), app_journal=boots, upstreams=silent))

    assert answer.says.startswith(
        "workers of myapp.service die while starting, and their master starts others"
    )
    assert "could not connect to server" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS
    assert not isinstance(ask("app_hang", unit=unit(), app_journal=boots, upstreams=silent), Finding)
    together = "".join(
        line.replace(line[:19], "2026-11-20T11:59:50") for line in boots.splitlines(keepends=True)
    )
    assert not isinstance(
        ask("app_crash_startup", unit=unit(), app_journal=together, upstreams=silent), Finding
    )
    dying = finding(ask("app_crash_startup", unit=crashing(), app_journal=boots, upstreams=silent))
    assert "their master" not in dying.says


_TOLD = "2026-11-20T11:59:5{} web-01 java[4827]: Error: Unable to access jarfile /opt/shop/app.jar\n"
_AT = "2026-11-20T11:59:5{}+0000 web-01 systemd[1]: {}\n"
_BEGUN = _AT.format(5, "Started myapp.service - shop.")
_ENDED = _AT.format(5, "myapp.service: Main process exited, code=exited, status=1/FAILURE")
_RESULT = _AT.format(5, "myapp.service: Failed with result 'exit-code'.")
_AGAIN = _AT.format(4, "myapp.service: Scheduled restart job, restart counter is at 2.")


@pytest.mark.parametrize(
    "journal",
    [
        _AGAIN + _BEGUN + _ENDED + _TOLD.format("5+0000") + _RESULT,
        _AGAIN + _TOLD.format("5+0000") + _BEGUN + _ENDED + _RESULT,
    ],
    ids=["after its end", "before its start"],
)
def test_words_count_wherever_the_journal_put_those_of_a_program_that_died_at_once(journal: str) -> None:
    answer = finding(ask("app_crash_startup", unit=crashing(), app_journal=journal))

    assert answer.certainty is Certainty.CONFIRMED
    assert "Unable to access jarfile /opt/shop/app.jar" in answer.says
    assert answer.mend is not None and "namei -l /opt/shop/app.jar" in answer.mend


def test_words_of_the_start_before_are_not_those_of_a_start_that_said_nothing() -> None:
    former = _TOLD.format("2+0000") + _ENDED.replace("11:59:55", "11:59:52")

    answer = finding(
        ask("app_crash_startup", unit=crashing(), app_journal=former + _AGAIN + _BEGUN + _ENDED + _RESULT)
    )

    assert "jarfile" not in answer.says


def _up(journal: str, **changed: object) -> dict[str, str]:
    running = {"ActiveState": "active", "SubState": "running", "Result": "success", "ExecMainStatus": 0}
    at = {"ExecMainStartTimestamp": "Fri 2026-11-20 11:59:55 UTC", "ExecMainExitTimestamp": "", "MainPID": 7}
    state = crashing(**{**running, **at, "NRestarts": 7, **changed})
    return {"unit": state, "app_journal": journal, "upstreams": probe("answered", status=200)}


def test_an_app_that_was_mended_and_started_by_hand_between_two_starts_dies_no_more() -> None:
    died = _ENDED.replace("11:59:55", "11:59:52") + _RESULT.replace("11:59:55", "11:59:52")
    by_hand = _up(died + _AT.format(5, "Stopped myapp.service - shop.") + _BEGUN)
    by_systemd = _up(died + _AGAIN + _BEGUN)

    assert not isinstance(ask("app_crash_startup", **by_hand), Finding)
    assert isinstance(ask("app_crash_startup", **by_systemd), Finding)


_LEFT = unit(Type="forking", SubState="exited", MainPID=0, ActiveEnterTimestamp="Fri 2026-11-20 11:59:50 UTC")
_SHUT = probe("denied", address="unix:/run/shop/socket", protocol="uwsgi")
_NOBODY = error(
    "connect() to unix:/run/shop/socket failed (111: Connection refused) while connecting to upstream",
    upstream="uwsgi://unix:/run/shop/socket:",
)


def test_what_ended_in_the_background_while_it_loaded_never_came_up() -> None:
    words = said("ModuleNotFoundError: No module named 'shop'", "need-app requested")
    asked = {"unit": _LEFT, "upstreams": _SHUT, "error_log": _NOBODY}

    answer = finding(ask("app_crash_startup", app_journal=words, **asked))

    assert answer.says == (
        "myapp.service counts as active, but what it left in the background ended while it loaded:"
        " ModuleNotFoundError: No module named 'shop'"
    )
    assert answer.restart.effect is RestartEffect.USELESS
    assert ask("app_crash_runtime", app_journal=words, **asked) is None


def test_what_said_more_later_ended_at_work() -> None:
    later = said("ValueError: x").replace("11:59:51", "12:30:00")
    asked = {"unit": _LEFT, "upstreams": _SHUT, "error_log": _NOBODY, "app_journal": later}

    assert ask("app_crash_startup", **asked) is None
    assert finding(ask("app_crash_runtime", **asked)).cause == "app_crash_runtime"
