"""Rule http_404_script_unknown over facts; its text cases stand in tests/cases/told."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, probe, quoted

SOCKET = "fastcgi://unix:/run/php/php8.2-fpm.sock:"
UNKNOWN = error(
    'FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream',
    upstream=SOCKET,
)
REFUSED = error(
    "FastCGI sent in stderr: \"Access to the script '/srv/shop' has been denied (see security.limit_extensions)\" while reading response header from upstream",
    upstream=SOCKET,
)


def front(status: int) -> str:
    return probe("answered", status=status, address="127.0.0.1:80")


def test_fires_and_quotes_what_decides() -> None:
    config = (
        "server { root /srv/shop; location ~ \\.php$ { fastcgi_param SCRIPT_FILENAME $document_root/x; } }"
    )

    answer = finding(ask("http_404_script_unknown", error_log=UNKNOWN, front=front(404), config=config))

    assert answer.certainty is Certainty.CONFIRMED
    assert "Primary script unknown" in quoted(answer)
    assert "/srv/shop/x" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS


def test_a_page_that_alone_is_missing_may_never_have_been_there() -> None:
    health = probe("answered", status=200, address="127.0.0.1:80", path="/livez")

    answer = finding(ask("http_404_script_unknown", error_log=UNKNOWN, front=front(404) + health))

    assert answer.certainty is Certainty.POSSIBLE
    assert "whether / is meant to be there" in (answer.next_check or "")


def test_names_the_endings_that_fpm_runs() -> None:
    answer = finding(ask("http_404_script_unknown", error_log=REFUSED, front=front(403)))

    assert ".php .phar" in answer.says


NOT_SO = {
    "a scanner asks while the site is well": {"error_log": UNKNOWN, "front": front(200)},
    "the app itself answers 404": {"error_log": "", "front": front(404)},
    "nobody was asked": {"error_log": UNKNOWN},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    assert not isinstance(ask("http_404_script_unknown", **texts), Finding)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "Failed to open stream: Permission denied in Unknown on line 0; Unable to open primary script: /srv/shop/index.php (Permission denied)",
            "the pool's user may not open /srv/shop/index.php",
        ),
        (
            "open_basedir restriction in effect. File(/srv/shop/index.php) is not within the allowed path(s): (/srv/other) in Unknown on line 0; Unable to open primary script: /srv/shop/index.php (Operation not permitted)",
            "open_basedir, of the pool's file or php.ini, keeps it from /srv/shop/index.php",
        ),
    ],
    ids=["rights", "open_basedir"],
)
def test_a_script_that_is_there_and_shut_is_not_called_missing(words: str, says: str) -> None:
    log = error(
        f'FastCGI sent in stderr: "PHP message: PHP Warning:  PHP Request Startup: {words}" while reading response header from upstream',
        upstream=SOCKET,
    )

    answer = finding(ask("http_404_script_unknown", error_log=log, front=front(403)))

    assert says in answer.says


def test_a_script_that_nginx_does_not_name_is_told_with_the_line_that_names_it() -> None:
    config = "server { root /srv/shop; location ~ \\.php$ { fastcgi_param REQUEST_METHOD $request_method; } }"

    answer = finding(ask("http_404_script_unknown", error_log=UNKNOWN, front=front(404), config=config))

    assert "no SCRIPT_FILENAME" in answer.says
    assert answer.next_check is None
    assert answer.mend is not None and "SCRIPT_FILENAME $document_root" in answer.mend
