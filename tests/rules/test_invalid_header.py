"""Rule invalid_header."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "invalid_header",
            error_log=error(
                'upstream sent invalid header: "bad\\x20name..." while reading response header from upstream'
            ),
        )
    )

    assert answer.cause == "invalid_header"
    assert answer.certainty is Certainty.CONFIRMED
    assert "invalid header" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nginx names none": {"error_log": error(REFUSED)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("invalid_header", **texts)

    assert not isinstance(answer, Finding), answer
