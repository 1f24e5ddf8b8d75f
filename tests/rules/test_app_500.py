"""Rule app_500."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, finding, probe, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_500",
            upstreams=probe("answered", status=500) + probe("answered", status=200, path="/livez"),
            app_journal=said("ERROR unhandled exception: division by zero"),
        )
    )

    assert answer.cause == "app_500"
    assert answer.certainty is Certainty.CONFIRMED
    assert "answered 500" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it answers well": {"upstreams": WELL},
    "not found is no server error": {"upstreams": probe("answered", status=404)},
    "nobody answers": {"upstreams": probe("refused")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_500", **texts)

    assert not isinstance(answer, Finding), answer


def test_a_path_that_was_not_answered_rules_nothing_out() -> None:
    asked = probe("answered", status=200, path="/livez") + probe("read_timeout")

    assert ask("app_500", upstreams=asked) is None


_SHUT = probe("denied", address="unix:/run/uwsgi/app/shop/socket", protocol="uwsgi")


def test_a_socket_that_is_nginx_s_alone_is_judged_by_what_nginx_passes_on() -> None:
    answer = finding(
        ask(
            "app_500",
            upstreams=_SHUT,
            front=probe("answered", status=500),
            app_journal=said("ModuleNotFoundError: No module named 'payments'")
            + said("--- no python application found, check your startup logs for errors ---"),
        )
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert answer.says == (
        "the app server runs without its app and answers 500 on /:"
        " ModuleNotFoundError: No module named 'payments'"
    )
    assert "no python application found" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


@pytest.mark.parametrize(
    ("words", "log", "certainty", "asks"),
    [
        ("KeyError: 'SHOP'", {"error_log": ""}, Certainty.CONFIRMED, ""),
        ("KeyError: 'SHOP'", {}, Certainty.LIKELY, "nginx's error log"),
        (
            "ERROR could not send mail, will try later",
            {"error_log": ""},
            Certainty.LIKELY,
            "the app's own log",
        ),
    ],
    ids=["an error", "nginx's log was not read", "a complaint, maybe of another request"],
)
def test_whose_a_500_behind_a_shut_socket_is_is_sure_by_nginx_s_log_and_an_error(
    words: str, log: dict[str, str], certainty: Certainty, asks: str
) -> None:
    heard = {"upstreams": _SHUT, "front": probe("answered", status=500), "app_journal": said(words), **log}

    answer = finding(ask("app_500", **heard))

    assert answer.certainty is certainty
    assert asks in (answer.next_check or "")


@pytest.mark.parametrize(
    "texts",
    [
        {"upstreams": _SHUT, "front": probe("answered", status=502)},
        {"upstreams": _SHUT, "front": WELL},
        {"upstreams": _SHUT},
        {"upstreams": probe("refused"), "front": probe("answered", status=500)},
    ],
    ids=["nginx reached nobody", "it is well", "nobody asked nginx", "nobody listens"],
)
def test_a_shut_socket_tells_nothing_when(texts: dict[str, str]) -> None:
    assert not isinstance(ask("app_500", **texts), Finding)
