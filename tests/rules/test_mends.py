"""What mends this very host, where the rule's general account would lead astray."""

import pytest

from tests.support.asked import (
    REFUSED,
    ask,
    crashing,
    error,
    finding,
    listens,
    nginx,
    probe,
    said,
    unit,
)

_REFUSED = {"upstreams": probe("refused"), "error_log": error(REFUSED)}


@pytest.mark.parametrize(
    ("cause", "texts", "mend"),
    [
        ("ipv6_mismatch", {**_REFUSED, "listeners": listens("[::1]:3000")}, "dial [::1]:3000"),
        ("wrong_port", {**_REFUSED, "listeners": listens("127.0.0.1:3001"), "unit": unit()}, ":3001"),
        ("systemd_unit_error", {"unit": unit(LoadState="masked")}, "systemctl unmask myapp.service"),
        (
            "app_crash_startup",
            {"unit": crashing(), "app_journal": said("RuntimeError: DATABASE_URL is not set")},
            "DATABASE_URL set in the environment of myapp.service",
        ),
        (
            "app_crash_startup",
            {"unit": crashing(), "app_journal": said("can't open file '/srv/app/app.py': Permission denied")},
            "owner and mode of /srv/app/app.py",
        ),
        (
            "app_crash_startup",
            {
                "unit": crashing(User="myapp"),
                "app_journal": said("PermissionError: [Errno 13] Permission denied: '/etc/app.key'"),
            },
            "/etc/app.key, which the unit's user myapp may not open",
        ),
    ],
    ids=["ipv6", "port", "masked", "unset", "script denied", "file denied"],
)
def test_what_mends_it_names_what_is_on_this_host(cause: str, texts: dict[str, str], mend: str) -> None:
    assert mend in (finding(ask(cause, **texts)).mend or "")


def test_nginx_that_does_not_run_is_to_be_started_not_reloaded() -> None:
    failed = 'nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:1\n'
    answer = finding(
        ask(
            "nginx_config_invalid",
            config_test=failed,
            nginx_unit=nginx(ActiveState="failed", SubState="failed"),
        )
    )

    assert "then a start of nginx" in (answer.mend or "") and "reload" not in (answer.mend or "")
