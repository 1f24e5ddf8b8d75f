"""Rule app_crash_startup."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, probe, quoted, said, stopped, systemd, unit


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
