"""Rule stale_process_after_deploy."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, finding, quoted, unit

_RAN = {"WorkingDirectory": "/srv/app/current", "ExecMainStartTimestamp": "Fri 2026-11-20 11:00:00 UTC"}
_BAD = WELL.replace("\tanswered\t200\t", "\tanswered\t500\t")


def changes(at: int, *releases: str, target: str = "releases/1") -> str:
    names = releases or ("1", "2")
    made = "".join(f"release\t{name}\t1795200000\n" for name in names)
    return f"link\t/srv/app/current\t{target}\t{at}\n{made}"


#: 11:30 and 10:30 of the day on which the app was started at 11:00.
AFTER, BEFORE = 1795174200, 1795170600


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask("stale_process_after_deploy", unit=unit(**_RAN), changes=changes(AFTER), upstreams=_BAD)
    )

    assert answer.certainty is Certainty.LIKELY
    assert "/srv/app/current -> releases/1" in quoted(answer)
    assert "started at 11:00:00 UTC" in answer.says
    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.TEMPORARY, "app")


def test_advises_no_restart_into_a_release_that_is_not_there() -> None:
    answer = finding(
        ask(
            "stale_process_after_deploy",
            unit=unit(**_RAN),
            changes=changes(AFTER, target="releases/9"),
            upstreams=_BAD,
        )
    )

    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it was started after the switch": {"unit": unit(**_RAN), "changes": changes(BEFORE), "upstreams": _BAD},
    "it answers well": {"unit": unit(**_RAN), "changes": changes(AFTER), "upstreams": WELL},
    "it does not start from the link": {
        "unit": unit(**{**_RAN, "WorkingDirectory": "/var/www"}),
        "changes": changes(AFTER),
        "upstreams": _BAD,
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    assert not isinstance(ask("stale_process_after_deploy", **texts), Finding)
