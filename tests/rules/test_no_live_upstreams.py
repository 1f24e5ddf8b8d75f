"""Rule no_live_upstreams."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, probe, quoted


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


_MARKED = "upstream shop { server 127.0.0.1:3000 down; server 127.0.0.1:3001 backup; }"
_BAD_GATEWAY = probe("answered", status=502, address="127.0.0.1:80")
_ONE_WELL = WELL + probe("refused", address="127.0.0.1:3001")


def test_names_a_server_that_answers_and_is_marked_down_while_the_others_do_not() -> None:
    answer = finding(ask("no_live_upstreams", config=_MARKED, upstreams=_ONE_WELL, front=_BAD_GATEWAY))

    assert answer.certainty is Certainty.CONFIRMED
    assert "127.0.0.1:3000 answers, but the configuration marks it `down`" in answer.says
    assert "server 127.0.0.1:3000 down;" in quoted(answer)


@pytest.mark.parametrize(
    "texts",
    [
        {"config": _MARKED.replace(" down", ""), "upstreams": _ONE_WELL, "front": _BAD_GATEWAY},
        {"config": _MARKED, "upstreams": _ONE_WELL.replace("refused", "answered"), "front": WELL},
        {"config": _MARKED, "upstreams": WELL, "front": _BAD_GATEWAY},
        {"config": _MARKED, "upstreams": probe("refused"), "front": _BAD_GATEWAY},
    ],
    ids=["not marked", "users are served", "the other was not asked", "it does not answer"],
)
def test_says_nothing_of_a_mark_that_keeps_nobody_from_an_answer(texts: dict[str, str]) -> None:
    assert ask("no_live_upstreams", **texts) is None
