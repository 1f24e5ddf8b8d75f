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


def test_a_500_may_be_nginx_s_own_where_its_log_was_not_read() -> None:
    words = said("ERROR could not send mail, will try later")
    heard = {"upstreams": _SHUT, "front": probe("answered", status=500), "app_journal": words}

    assert finding(ask("app_500", **heard)).certainty is Certainty.LIKELY
    assert finding(ask("app_500", **heard, error_log="")).certainty is Certainty.CONFIRMED


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
