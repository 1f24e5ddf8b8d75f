"""Rule nginx_down."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, finding, nginx, probe, quoted, systemd


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(ActiveState="inactive", SubState="dead"),
            front=probe("refused", address="127.0.0.1:80"),
            config_test="nginx: configuration file test is successful",
        )
    )

    assert answer.cause == "nginx_down"
    assert answer.certainty is Certainty.CONFIRMED
    assert "ActiveState=inactive" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (
            {"ActiveState": "inactive", "InactiveEnterTimestamp": "Fri 2026-11-20 11:58:00 UTC"},
            "nginx.service was stopped at 11:58:00 UTC and not started again",
        ),
        (
            {
                "ActiveState": "failed",
                "Result": "exit-code",
                "InactiveEnterTimestamp": "Fri 2026-11-20 11:58:00 UTC",
            },
            "nginx.service failed at 11:58:00 UTC (exit-code) and does not run",
        ),
        ({"ActiveState": "inactive"}, "nginx.service does not run (inactive, success)"),
    ],
)
def test_says_when_it_stopped_as_far_as_systemd_knows(state: dict[str, object], says: str) -> None:
    assert finding(ask("nginx_down", nginx_unit=nginx(**state))).says == says


def test_quotes_the_stop_rather_than_what_came_after_it() -> None:
    stopped = systemd("Stopping nginx.service - A web server...", "nginx.service: Deactivated successfully.")

    answer = finding(ask("nginx_down", nginx_unit=nginx(ActiveState="inactive"), nginx_journal=stopped))

    assert "Stopping nginx.service" in quoted(answer)


NOT_SO = {
    "nginx runs": {"nginx_unit": nginx()},
    "something answers there all the same": {
        "nginx_unit": nginx(ActiveState="inactive", SubState="dead"),
        "front": WELL,
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("nginx_down", **texts)

    assert not isinstance(answer, Finding), answer


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"LoadState": "masked", "UnitFileState": "masked"}, "its unit is masked"),
        ({"LoadState": "not-found"}, "not installed"),
    ],
    ids=["masked", "no such unit"],
)
def test_advises_no_start_of_a_unit_that_refuses_every_start(state: dict[str, object], says: str) -> None:
    answer = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(ActiveState="inactive", SubState="dead", **state),
            front=probe("refused", address="127.0.0.1:80"),
            config_test="nginx: configuration file test is successful",
        )
    )

    assert says in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
    assert answer.mend


def test_nginx_that_is_not_installed_is_not_called_stopped() -> None:
    gone = nginx(LoadState="not-found", ActiveState="inactive", SubState="dead")

    answer = finding(ask("nginx_down", nginx_unit=gone, front=probe("refused", address="127.0.0.1:80")))

    assert "not installed" in answer.says
    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.USELESS, "nginx")


def test_an_nginx_of_ones_own_build_that_no_unit_keeps_is_not_called_absent() -> None:
    answer = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(LoadState="not-found", ActiveState="inactive", SubState="dead"),
            front=probe("refused", address="127.0.0.1:80"),
            config="# configuration file /usr/local/nginx/conf/nginx.conf:\nuser www-data;\n",
        )
    )

    assert answer.says.startswith("no nginx runs: its files are at /usr/local/nginx/conf/nginx.conf")
    assert "`/usr/local/nginx/sbin/nginx -t` passes" in (answer.mend or "")


def _start(*emerg: str) -> str:
    lines = (
        "nginx[77]: nginx: configuration file /etc/nginx/nginx.conf test is successful",
        *(f"nginx[78]: nginx: [emerg] {text}" for text in emerg),
        "systemd[1]: nginx.service: Control process exited, code=exited, status=1/FAILURE",
        "systemd[1]: Failed to start The nginx HTTP and reverse proxy server.",
    )
    return "".join(f"2026-11-20T11:59:50+0000 web-01 {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("emerg", "mend"),
    [
        (
            "bind() to 0.0.0.0:8081 failed (13: Permission denied)",
            "semanage port -a -t http_port_t -p tcp 8081",
        ),
        ("bind() to 0.0.0.0:80 failed (13: Permission denied)", "CAP_NET_BIND_SERVICE"),
        ('open() "/srv/log/error.log" failed (13: Permission denied)', "restorecon"),
    ],
)
def test_a_start_that_a_policy_denied_is_not_advised_again(emerg: str, mend: str) -> None:
    answer = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(ActiveState="failed", SubState="failed", Result="exit-code"),
            front=probe("refused"),
            config_test="nginx: configuration file /etc/nginx/nginx.conf test is successful\n",
            nginx_journal=_start(emerg),
        )
    )

    assert answer.restart.effect is RestartEffect.USELESS
    assert emerg in quoted(answer)
    assert mend in (answer.mend or "")


def test_a_start_that_failed_otherwise_is_advised_once_the_files_are_right() -> None:
    answer = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(ActiveState="failed", SubState="failed", Result="exit-code"),
            front=probe("refused"),
            config_test="nginx: configuration file /etc/nginx/nginx.conf test is successful\n",
            nginx_journal=_start('unknown directive "foo" in /etc/nginx/conf.d/x.conf:1'),
        )
    )

    assert answer.restart.effect is RestartEffect.HELPS
