"""Rule reload_not_applied."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "reload_not_applied",
            error_log=error(
                "connect() failed (111: Connection refused) while connecting to upstream",
                upstream="http://127.0.0.1:3999/",
            ),
            config="server { location / { proxy_pass http://127.0.0.1:3000; } }",
        )
    )

    assert answer.cause == "reload_not_applied"
    assert answer.certainty is Certainty.LIKELY
    assert "127.0.0.1:3999" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "the address stands in the files": {
        "error_log": error(REFUSED),
        "config": "server { location / { proxy_pass http://127.0.0.1:3000; } }",
    },
    "the files name a host, not an address": {
        "error_log": error(REFUSED),
        "config": "server { location / { proxy_pass http://app.internal:3000; } }",
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("reload_not_applied", **texts)

    assert not isinstance(answer, Finding), answer
