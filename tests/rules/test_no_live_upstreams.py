"""Rule no_live_upstreams."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "no_live_upstreams",
            error_log=error("no live upstreams while connecting to upstream", upstream="http://backend/"),
            upstreams=WELL,
        )
    )

    assert answer.cause == "no_live_upstreams"
    assert answer.certainty is Certainty.CONFIRMED
    assert "no live upstreams" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nginx does not say so": {"error_log": error(REFUSED)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("no_live_upstreams", **texts)

    assert not isinstance(answer, Finding), answer


def test_says_nothing_of_a_group_that_the_files_no_longer_pass_to() -> None:
    said = error("no live upstreams while connecting to upstream", upstream="http://former/")

    answer = ask(
        "no_live_upstreams", error_log=said, config="server { location / { proxy_pass http://now; } }"
    )

    assert answer is None
