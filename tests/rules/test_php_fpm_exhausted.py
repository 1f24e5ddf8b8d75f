"""Rule php_fpm_exhausted."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "php_fpm_exhausted",
            app_journal=said(
                "WARNING: [pool www] server reached pm.max_children setting (8), consider raising it",
                program="php-fpm",
            ),
            error_log=error(
                "upstream timed out (110: Connection timed out) while reading response header from upstream"
            ),
        )
    )

    assert answer.cause == "php_fpm_exhausted"
    assert answer.certainty is Certainty.CONFIRMED
    assert "max_children" in quoted(answer)
    assert answer.restart.effect is RestartEffect.TEMPORARY


NOT_SO = {
    "the pool has room": {
        "app_journal": said("NOTICE: ready to handle connections", program="php-fpm"),
        "error_log": error(
            "upstream timed out (110: Connection timed out) while reading response header from upstream"
        ),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("php_fpm_exhausted", **texts)

    assert not isinstance(answer, Finding), answer
