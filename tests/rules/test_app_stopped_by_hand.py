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
