"""Rule protocol_mismatch."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, error, finding, listens, probe, quoted, said, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "protocol_mismatch",
            error_log=error(
                "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream"
            ),
        )
    )

    assert answer.cause == "protocol_mismatch"
    assert answer.certainty is Certainty.CONFIRMED
    assert "wrong version number" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "HTTP is spoken": {"upstreams": WELL},
    "another TLS failure": {
        "error_log": error(
            "SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure) while SSL handshaking to upstream"
        )
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("protocol_mismatch", **texts)

    assert not isinstance(answer, Finding), answer


@pytest.mark.parametrize(
    ("protocol", "other"), [("http", "uwsgi"), ("uwsgi", "http")], ids=["http to uwsgi", "uwsgi to http"]
)
def test_who_hangs_up_and_answers_in_the_other_protocol_is_spoken_to_wrongly(
    protocol: str, other: str
) -> None:
    closed = probe("closed", protocol=protocol, detail=f"answers when asked by {other}")

    answer = finding(ask("protocol_mismatch", upstreams=closed))

    assert answer.certainty is Certainty.CONFIRMED
    assert (
        answer.says == f"nginx speaks {protocol} where the app speaks {other}: it hangs up without an answer"
    )
    assert not isinstance(ask("premature_close_crash", upstreams=closed), Finding)


def test_uwsgi_reads_the_letters_of_a_plain_request_as_a_size() -> None:
    line = said("invalid request block size: 21573 (max 4096)...skip", program="uwsgi")
    broken = error("upstream prematurely closed connection while reading response header from upstream")

    answer = finding(ask("protocol_mismatch", app_journal=line, error_log=broken))

    assert answer.certainty is Certainty.LIKELY
    assert "21573" in quoted(answer)


def test_plain_http_that_only_our_own_probe_spoke_is_no_mismatch() -> None:
    line = said("invalid request block size: 21573 (max 4096)...skip", program="uwsgi")
    broken = error(
        "upstream prematurely closed connection while reading response header from upstream",
        upstream="uwsgi://127.0.0.1:3000",
    )
    closed = probe("closed", protocol="uwsgi", detail="closed without an answer")

    assert ask("protocol_mismatch", app_journal=line, error_log=broken, upstreams=closed) is None


@pytest.mark.parametrize(
    ("server", "fires"), [("gunicorn", True), ("gunicorn --protocol=uwsgi", False), ("uwsgi", False)]
)
@pytest.mark.parametrize("how", ["read_timeout", "closed"])
def test_uwsgi_is_spoken_to_a_server_that_speaks_http_alone(how: str, server: str, *, fires: bool) -> None:
    asked = "".join(
        probe(how, path=path, address="127.0.0.1:8000", protocol="uwsgi") for path in ("/", "/livez")
    )
    runs = unit(ExecStart=f"{{ path=/srv/venv/bin/{server} ; argv[]=/srv/venv/bin/{server} wsgi:app ; }}")

    answer = ask("protocol_mismatch", upstreams=asked, unit=runs)

    assert isinstance(answer, Finding) is fires
    if isinstance(answer, Finding):
        assert "proxy_pass http://127.0.0.1:8000" in (answer.mend or "")
        assert answer.restart.effect is RestartEffect.USELESS
        assert ask("app_hang", upstreams=asked, unit=runs) is None


@pytest.mark.parametrize(("by", "fires"), [("gunicorn", True), ("uwsgi", False), ("python3", False)])
def test_who_listens_tells_it_where_no_unit_is_named(by: str, *, fires: bool) -> None:
    silent = probe("read_timeout", address="127.0.0.1:8000", protocol="uwsgi")

    answer = ask("protocol_mismatch", upstreams=silent, listeners=listens("127.0.0.1:8000", by=by))

    assert isinstance(answer, Finding) is fires
    if isinstance(answer, Finding):
        assert "there listens gunicorn, which speaks HTTP" in answer.says
    hangs = ask("app_hang", upstreams=silent, listeners=listens("127.0.0.1:8000", by=by))
    assert isinstance(hangs, Finding) is not fires
