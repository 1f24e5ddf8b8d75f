"""Rule host_not_found_at_start."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, nginx, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "host_not_found_at_start",
            config_test='nginx: [emerg] host not found in upstream "app:3000" in /etc/nginx/conf.d/a.conf:2\nnginx: configuration file /etc/nginx/nginx.conf test failed\n',
            nginx_unit=nginx(ActiveState="failed", SubState="failed"),
        )
    )

    assert answer.cause == "host_not_found_at_start"
    assert answer.certainty is Certainty.CONFIRMED
    assert "host not found in upstream" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nginx runs and its test passes": {
        "config_test": "nginx: configuration file test is successful",
        "nginx_unit": nginx(),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("host_not_found_at_start", **texts)

    assert not isinstance(answer, Finding), answer
