"""Rule php_fpm_down."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, probe, quoted, stopped


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "php_fpm_down",
            error_log=error(
                "connect() to unix:/run/php/fpm.sock failed (2: No such file or directory) while connecting to upstream",
                upstream="fastcgi://unix:/run/php/fpm.sock:",
            ),
            unit=stopped(Id="php8.2-fpm.service"),
            upstreams=probe("missing", protocol="fastcgi", path="-", address="unix:/run/php/fpm.sock"),
        )
    )

    assert answer.cause == "php_fpm_down"
    assert answer.certainty is Certainty.CONFIRMED
    assert "fpm.sock" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "the upstream is no FastCGI": {"error_log": error(REFUSED)},
    "the socket takes connections": {
        "upstreams": probe("connected", protocol="fastcgi", path="-", address="unix:/run/php/fpm.sock")
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("php_fpm_down", **texts)

    assert not isinstance(answer, Finding), answer
