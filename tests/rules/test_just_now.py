"""A unit in motion: no start is called the remedy while one is under way, or a moment after a stop."""

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, nginx, probe, stopped, systemd, unit

_HELPS, _USELESS = RestartEffect.HELPS, RestartEffect.USELESS
_AGO_6_S, _AGO_60_S = "Fri 2026-11-20 11:59:54 UTC", "Fri 2026-11-20 11:59:00 UTC"
_STOP = systemd("Stopping myapp.service - My web app...", "Stopped myapp.service - My web app.")
_NO_FPM = probe("missing", protocol="fastcgi", path="-", address="unix:/run/php/fpm.sock")


def _advice(answer: Finding) -> tuple[RestartEffect, bool]:
    return answer.restart.effect, answer.restart.is_sure


@pytest.mark.parametrize(("at", "is_sure"), [(_AGO_6_S, False), (_AGO_60_S, True)])
def test_a_start_is_not_sure_to_be_missing_a_moment_after_the_stop(at: str, is_sure: bool) -> None:
    app = finding(ask("app_stopped_by_hand", unit=stopped(InactiveEnterTimestamp=at), app_journal=_STOP))
    proxy = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(ActiveState="inactive", SubState="dead", InactiveEnterTimestamp=at),
            front=probe("refused", address="127.0.0.1:80"),
            config_test="nginx: configuration file test is successful",
        )
    )
    fpm = finding(
        ask(
            "php_fpm_down",
            unit=stopped(Id="php8.2-fpm.service", InactiveEnterTimestamp=at),
            upstreams=_NO_FPM,
        )
    )

    for answer in (app, proxy, fpm):
        assert (answer.certainty, _advice(answer)) == (Certainty.CONFIRMED, (_HELPS, is_sure))
        assert ("only 6 s ago" in answer.restart.why) is not is_sure
    for answer in (app, proxy):
        assert answer.next_check == (None if is_sure else "ask again in a minute")


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"ActiveState": "activating", "SubState": "start"}, "is being started at this moment"),
        ({"ActiveState": "deactivating", "SubState": "stop-sigterm"}, "is being stopped at this moment"),
    ],
)
def test_no_start_is_advised_beside_one_that_is_under_way(state: dict[str, object], says: str) -> None:
    proxy = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(**state),
            front=probe("refused", address="127.0.0.1:80"),
            config_test="nginx: configuration file test is successful",
        )
    )
    fpm = finding(ask("php_fpm_down", unit=unit(Id="php8.2-fpm.service", **state), upstreams=_NO_FPM))

    for answer in (proxy, fpm):
        assert (answer.certainty, _advice(answer)) == (Certainty.LIKELY, (_USELESS, False))
        assert says in answer.says and answer.next_check == "ask again in a minute"


@pytest.mark.parametrize("load", ["not-found", "masked"])
def test_what_is_not_there_or_masked_does_not_only_have_to_be_started(load: str) -> None:
    answer = finding(
        ask("php_fpm_down", unit=stopped(Id="php8.2-fpm.service", LoadState=load), upstreams=_NO_FPM)
    )

    assert _advice(answer) == (_USELESS, True)


def test_an_app_that_is_being_stopped_is_not_started_meanwhile() -> None:
    state = unit(ActiveState="deactivating", SubState="stop-sigterm")
    stopping = systemd("Stopping myapp.service - My web app...")

    answer = finding(ask("app_stopped_by_hand", unit=state, app_journal=stopping, upstreams=probe("refused")))

    assert (answer.certainty, _advice(answer)) == (Certainty.LIKELY, (_USELESS, False))
    assert answer.next_check == "ask again in a minute"
    serving = ask(
        "app_stopped_by_hand", unit=state, app_journal=stopping, upstreams=probe("answered", status=200)
    )
    assert not isinstance(serving, Finding)
