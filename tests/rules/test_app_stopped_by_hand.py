"""Rule app_stopped_by_hand."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, stopped, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_stopped_by_hand",
            unit=stopped(),
            app_journal=systemd(
                "Stopping myapp.service - My web app...", "Stopped myapp.service - My web app."
            ),
        )
    )

    assert answer.cause == "app_stopped_by_hand"
    assert answer.certainty is Certainty.CONFIRMED
    assert "Stopping myapp.service" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


@pytest.mark.parametrize(("enabled", "is_told"), [("disabled", True), ("enabled", False), ("static", False)])
def test_a_unit_that_no_boot_starts_is_to_be_enabled(enabled: str, *, is_told: bool) -> None:
    answer = finding(
        ask(
            "app_stopped_by_hand",
            unit=stopped(UnitFileState=enabled),
            app_journal=systemd(
                "Stopping myapp.service - My web app...", "Stopped myapp.service - My web app."
            ),
        )
    )

    assert ("systemctl enable --now myapp.service" in (answer.mend or "")) is is_told
    assert answer.restart.effect is RestartEffect.HELPS


_DIED = "myapp.service: Main process exited, code=exited, status=1/FAILURE"
_AGAIN = (
    "myapp.service: Scheduled restart job, restart counter is at 1.",
    "Stopped myapp.service - My web app.",
    "Started myapp.service - My web app.",
)
_STOPPED = "Stopped myapp.service - My web app."


@pytest.mark.parametrize(
    ("state", "journal"),
    [
        ({"Result": "exit-code", "ExecMainStatus": 1}, ("Started myapp.service", _DIED, _STOPPED)),
        ({"InactiveEnterTimestamp": ""}, ("Started myapp.service", _DIED, _STOPPED)),
        (
            {},
            ("Started myapp.service", _DIED, *_AGAIN, "Stopping myapp.service...", _STOPPED),
        ),
    ],
    ids=[
        "stopped between two starts",
        "disabled, so that systemd forgot it",
        "stopped in a start after others failed",
    ],
)
def test_a_start_mends_nothing_when_it_was_stopped_because_it_kept_dying(
    state: dict[str, object], journal: tuple[str, ...]
) -> None:
    answer = finding(ask("app_stopped_by_hand", unit=stopped(**state), app_journal=systemd(*journal)))

    assert "kept dying" in answer.says
    assert _DIED in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


@pytest.mark.parametrize(
    ("again", "stopped_at"),
    [
        (_AGAIN, "11:59:58"),
        (("Started myapp.service",), "11:59:51"),
        (
            (*_AGAIN[:2], "myapp.service: Start request repeated too quickly.", "Started myapp.service"),
            "11:59:51",
        ),
    ],
    ids=[
        "it outlived its earlier starts",
        "somebody had mended and started it",
        "the same after systemd had given up",
    ],
)
def test_a_start_mends_it_when_it_was_well_before_it_was_stopped(
    again: tuple[str, ...], stopped_at: str
) -> None:
    earlier = systemd("Started myapp.service", _DIED, *again)
    later = systemd("Stopping myapp.service...", _STOPPED).replace("11:59:51", stopped_at)

    answer = finding(ask("app_stopped_by_hand", unit=stopped(), app_journal=earlier + later))

    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "it runs": {"unit": unit()},
    "it failed": {"unit": crashing(ActiveState="failed")},
    "it was never started": {"unit": stopped(InactiveEnterTimestamp="")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_stopped_by_hand", **texts)

    assert not isinstance(answer, Finding), answer


_RAN = {"ExecMainStartTimestamp": "Fri 2026-11-20 11:00:00 UTC"}
_STOP = systemd("Stopping myapp.service - My web app...", _STOPPED)


def _changes(*rows: str) -> str:
    return "".join(row.replace(" ", "\t") + "\n" for row in rows)


@pytest.mark.parametrize(
    ("state", "changes", "said"),
    [
        ({}, "file /etc/myapp/env 1795176000", "/etc/myapp/env was changed at 12:00:00 UTC"),
        ({}, "link /srv/app/current releases/2 1795172700", "/srv/app/current was changed at 11:05:00 UTC"),
        ({"NeedDaemonReload": "yes"}, "file /etc/myapp/env 1795172000", "changed on disk"),
    ],
    ids=["environment file", "release", "unit"],
)
def test_a_start_is_no_sure_thing_with_what_it_was_not_started_with(
    state: dict[str, object], changes: str, said: str
) -> None:
    answer = finding(
        ask(
            "app_stopped_by_hand",
            unit=stopped(**_RAN, **state),
            app_journal=_STOP,
            changes=_changes(changes),
        )
    )

    assert (answer.restart.effect, answer.restart.answer) == (RestartEffect.TEMPORARY, "Perhaps")
    assert said in answer.restart.why
    assert answer.next_check is not None


def test_a_start_of_a_program_that_is_gone_mends_nothing() -> None:
    answer = finding(
        ask(
            "app_stopped_by_hand",
            unit=stopped(**_RAN),
            app_journal=_STOP,
            changes=_changes("absent /srv/app/current/server.py"),
        )
    )

    assert answer.restart.effect is RestartEffect.USELESS
    assert "/srv/app/current/server.py" in answer.restart.why
    assert "/srv/app/current/server.py" in (answer.mend or "")


@pytest.mark.parametrize(
    "row",
    [
        "file /etc/myapp/env 1795172400.9",
        "file /etc/nginx/nginx.conf 1795175999",
        "file /etc/hosts 1795175999",
    ],
    ids=["in the second of its start", "nginx's own", "the machine's"],
)
def test_a_change_that_its_start_met_or_that_is_not_its_own_stands_against_no_start(row: str) -> None:
    answer = finding(
        ask("app_stopped_by_hand", unit=stopped(**_RAN), app_journal=_STOP, changes=_changes(row))
    )

    assert answer.restart.effect is RestartEffect.HELPS
