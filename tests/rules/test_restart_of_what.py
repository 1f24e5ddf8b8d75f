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
    "php-fpm": "ERROR: unable to bind listening socket for address '127.0.0.1:9100': Address already in use (98)",
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
