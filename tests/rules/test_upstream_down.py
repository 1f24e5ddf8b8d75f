"""Rule upstream_down."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, crashing, error, finding, listens, probe, quoted, stopped


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "upstream_down",
            unit=stopped(InactiveEnterTimestamp=""),
            upstreams=probe("refused"),
            error_log=error(REFUSED),
            listeners=listens("127.0.0.1:9000"),
        )
    )

    assert answer.cause == "upstream_down"
    assert answer.certainty is Certainty.CONFIRMED
    assert "Connection refused" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "the upstream answers": {"upstreams": WELL},
    "the unit crashes, which says more": {"unit": crashing(), "upstreams": probe("refused")},
    "something listens there": {"upstreams": probe("refused"), "listeners": listens()},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("upstream_down", **texts)

    assert not isinstance(answer, Finding), answer
