"""A verdict over text names the program that a restart would concern, and why, no more than is shown."""

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import RestartAdvice, Verdict


def judged(*texts: str) -> Verdict:
    return diagnose([Piece(text=text) for text in texts])


def advised(*texts: str) -> RestartAdvice:
    return judged(*texts).restart


TAKEN = {
    "nginx": "nginx: [emerg] bind() to 0.0.0.0:8080 failed (98: Address already in use)",
    "php-fpm": "ERROR: unable to bind listening socket for address '192.0.2.1:9100': Address in use (98)",
    "HAProxy": "[ALERT] 101/120000 (311) : Starting proxy shop: cannot bind socket [0.0.0.0:8443]",
    "Apache": "(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:8080",
    "app": "Error: listen EADDRINUSE: address already in use :::3000",
}


@pytest.mark.parametrize(("program", "line"), TAKEN.items(), ids=TAKEN.keys())
def test_who_cannot_bind_is_whom_a_restart_would_concern(program: str, line: str) -> None:
    verdict = judged(line)

    assert (verdict.cause, verdict.restart.what) == ("port_conflict", program)
    assert (f"so {program} cannot listen" in verdict.says) is (program != "app")


def test_a_socket_that_keeps_nginx_down_is_no_matter_of_the_app() -> None:
    verdict = judged("nginx: [emerg] bind() to unix:/run/front.sock failed (98: Address already in use)")

    assert (verdict.cause, verdict.restart.what) == ("stale_pid_or_socket", "nginx")


LIMITED = """\
● nginx.service - nginx - high performance web server
   Active: failed (Result: start-limit-hit) since Mon 2024-03-04 10:00:00 UTC; 2min ago
 Main PID: 812 (code=exited, status=0/SUCCESS)
Mar 04 10:00:00 systemd[1]: Stopped nginx - high performance web server.
Mar 04 10:00:00 systemd[1]: nginx.service: Start request repeated too quickly."""


def test_a_limited_nginx_says_nothing_of_the_app() -> None:
    verdict = judged(LIMITED)

    assert verdict.restart.what == "nginx"
    assert verdict.restart.answer == "Yes"
    assert not {"app_crash_startup"} & {one.cause for one in verdict.found}


def test_a_service_that_ended_well_needs_its_counter_cleared() -> None:
    block = "× apache2.service - The Apache HTTP Server\n     Active: failed (Result: start-limit-hit)\n"
    advice = advised(block + "   Main PID: 912 (code=exited, status=0/SUCCESS)")

    assert (advice.what, advice.answer) == ("Apache", "Yes")
    assert "reset-failed" in advice.why


def test_a_limit_without_a_failure_before_it_is_no_word_against_a_start() -> None:
    verdict = judged("systemd[1]: php8.1-fpm.service: Start request repeated too quickly.")

    assert verdict.cause == "start_limit_hit"
    assert (verdict.restart.what, verdict.restart.answer) == ("php-fpm", "Not known")


@pytest.mark.parametrize(
    "line",
    [
        "systemd[1]: Stopped A high performance web server and a reverse proxy server.",
        "systemd[1]: Stopped The Apache HTTP Server.",
    ],
)
def test_a_web_server_that_was_stopped_is_no_app_that_was(line: str) -> None:
    assert "app_stopped_by_hand" not in {
        one.cause for one in judged(line).found if one.certainty.value != "possible"
    }


REFUSED = 'nginx: [emerg] unknown directive "brotl" in /etc/nginx/nginx.conf:9'
DOWN = {
    "the start failed": f"{REFUSED}\nsystemd[1]: Failed to start A high performance web server.",
    "the unit failed": f"● nginx.service - nginx\n   Active: failed (Result: exit-code)\n{REFUSED}",
    "process 1 of a container": f'2031/03/02 08:00:01 [emerg] 1#1: unknown directive "brotl"\n{REFUSED}',
    "a supervisor starts it": f"08:00:01 [STARTING] ** [nginx] [35] Starting nginx 1.19.3\n{REFUSED}",
    "an init script": f" * Starting nginx nginx     [fail]\n{REFUSED}",
    "in another language": f"{REFUSED}\n更新 nginx，启动失败",
    "a signal finds no container": f"{REFUSED}\nError sending signal to container: box 1a is not running",
}


@pytest.mark.parametrize("text", DOWN.values(), ids=DOWN.keys())
def test_what_is_down_is_not_stopped_by_a_restart(text: str) -> None:
    verdict = judged(text)

    assert verdict.cause == "nginx_config_invalid"
    assert (verdict.restart.what, verdict.restart.answer) == ("nginx", "No")
    assert "start of nginx" in (verdict.found[0].mend or "")


MAY_RUN = {
    "a test": REFUSED,
    "a reload by the container's first process": "\n".join(
        (
            "2031/03/02 08:00:00 [notice] 1#1: signal 1 (SIGHUP) received from 44, reconfiguring",
            '2031/03/02 08:00:01 [emerg] 1#1: unknown directive "brotl" in /etc/nginx/nginx.conf:9',
        )
    ),
    "an init script that tests first": f" * Restarting nginx nginx     [fail]\n{REFUSED}",
    "it is seen to run": f"root 7 1 0 nginx: master process /usr/sbin/nginx\n{REFUSED}\nit won't restart",
}


@pytest.mark.parametrize("text", MAY_RUN.values(), ids=MAY_RUN.keys())
def test_what_may_still_run_would_be_stopped_by_a_restart(text: str) -> None:
    assert advised(text).answer == "No, it would do harm"


def test_haproxy_s_own_configuration_is_no_matter_of_nginx() -> None:
    verdict = judged(
        "[ALERT] 101/120000 (311) : parsing [/etc/haproxy/haproxy.cfg:12] : unknown keyword 'optn'"
    )

    assert verdict.says.startswith("HAProxy refuses")
    assert verdict.restart.what == "HAProxy"


def test_a_store_that_a_full_disk_keeps_down_is_not_harmed_by_a_restart() -> None:
    advice = advised('FATAL:  could not write lock file "postmaster.pid": No space left on device')

    assert (advice.what, advice.answer) == ("PostgreSQL", "No")


def test_a_store_that_takes_no_writes_is_no_matter_of_the_app_s_start() -> None:
    assert (
        advised("MISCONF Redis is configured to save RDB snapshots, but is unable to persist").answer == "No"
    )


def test_an_app_that_writes_to_a_full_disk_may_not_come_up_again() -> None:
    assert (
        advised("OSError: [Errno 28] No space left on device: '/srv/app/x'").answer == "No, it would do harm"
    )


NAMED = (
    "ModuleNotFoundError: No module named 'shopkit'",
    "[INFO] Worker exiting",
    "Exited (1) 5 seconds ago",
)
UNNAMED = {
    "a page that says no more": "HTTP Error 502.5 - Process Failure\nThe application process failed to start",
    "a unit that ended": "● shop.service - shop\n   Active: failed (Result: exit-code)\n502 Bad Gateway",
    "a lost connection": "ERROR worker: server closed the connection unexpectedly",
    "refused alone": "Cannot connect to host 198.51.100.7:8099 ssl:default [Connect call failed]",
}


@pytest.mark.parametrize("text", UNNAMED.values(), ids=UNNAMED.keys())
def test_no_missing_piece_is_told_of_where_none_is_shown(text: str) -> None:
    own = [one for one in judged(text).found if one.cause == "app_crash_startup"]
    told = [one for one in own if "it would mean: " not in one.says]  # what a cause is claims nothing of it

    assert own
    assert not [one for one in told if "missing" in one.says + one.restart.why]


def test_a_missing_piece_that_is_named_is_met_again() -> None:
    own = next(one for one in judged(*NAMED).found if one.cause == "app_crash_startup")

    assert own.restart.why == "it meets the same missing piece again"


BACK = {
    "php-fpm": "we get a 502 now and then. It gets fixed if I restart the php8.1-fpm service.",
    "Kong": "502 Bad Gateway. All is back to normal after restarting kong.",
    "proxy": "The frontend container keeps answering 502 Bad Gateway until it is manually restarted",
    "app": "502 Bad Gateway once more. Restarting the backend service brings the site back up.",
}


@pytest.mark.parametrize(("program", "text"), BACK.items(), ids=BACK.keys())
def test_the_restart_that_brought_service_back_is_told_as_such(program: str, text: str) -> None:
    advice = advised(text)

    assert (advice.what, advice.answer) == (program, "Only for a while")


def test_a_restart_frees_a_pool_of_which_the_report_says_so() -> None:
    full = "WARNING: [pool www] server reached pm.max_children setting (3), consider raising it"

    assert advised(full).answer == "No"
    assert advised(full, "Restarting just the php daemon brings it back up!").answer == "Only for a while"


DENIED = {
    "it did not help": "502 Bad Gateway. Restarting nginx does not bring it back up.",
    "it would help perhaps": "502 Bad Gateway. I wonder if restarting nginx would help us.",
    "two were restarted": "502. Restarting nginx fixed it. Later: restarting the backend service fixed it.",
}


@pytest.mark.parametrize("text", DENIED.values(), ids=DENIED.keys())
def test_no_restart_is_told_as_one_that_helped(text: str) -> None:
    assert advised(text).answer in ("No", "Not known")


def test_a_rule_that_is_sure_goes_before_what_helped_once() -> None:
    line = "ModuleNotFoundError: No module named 'shopkit'\nExited (1) 5 seconds ago"

    assert advised(line, "Restarting the backend service fixed it").answer == "No"
