"""Access logs and answers as people paste them."""

import pytest

from bot.model.sign import Piece, Sign
from bot.signs import access


def _signs(text: str) -> list[Sign]:
    return [sign for reader in access.READERS for sign in reader(Piece(text=text))]


@pytest.mark.parametrize(
    "line",
    [
        '192.0.2.8 - - [02/Apr/2026:08:00:01 +0000] "GET /cart?x=1 HTTP/1.1" 502 157 "-" "curl/8"',
        '192.0.2.8 - - [02/Apr/2026:08:00:01 +0000] "GET /cart HTTP/1.1" 502 157',
        'web-1  | 192.0.2.8 - bob [02/Apr/2026:08:00:01 +0000] "GET /cart HTTP/2.0" 502 - "-" "-" "-"',
        '{"time":"x","status":"502","request_uri":"/cart","upstream_status":"502"}',
        'status=502 path="/cart" upstream_addr=10.0.0.4:80',
    ],
)
def test_a_failed_request_gives_status_and_path_in_each_form(line: str) -> None:
    (found,) = [sign for sign in _signs(line) if sign.kind == "status"]

    assert (found["status"], found["path"]) == ("502", "/cart")
    assert found.line == line


def test_an_ingress_line_gives_the_backend_its_status_and_its_time() -> None:
    line = (
        '10.1.1.1 - - [x] "GET /t HTTP/2.0" 504 160 "-" "x" 61 60.001 [shop-web-80] [] '
        "10.0.0.5:80 0 60.000 504 0123456789abcdef0123456789abcdef"
    )

    status, took = _signs(line)

    assert (status["target"], status["upstream_status"]) == ("10.0.0.5:80", "504")
    assert (took.kind, took["seconds"]) == ("took", "60.000")


def test_of_good_requests_only_the_last_is_kept() -> None:
    good = '10.0.0.1 - - [02/Apr/2026:09:10:0{} +0000] "GET /a HTTP/1.1" 200 1 "-" "x"'

    assert [sign.line for sign in _signs("\n".join(good.format(n) for n in range(5)))] == [good.format(4)]


def test_text_without_requests_gives_nothing() -> None:
    assert _signs("status of the project: 502 issues\nActive: active (running)") == []


def test_a_field_that_stands_twice_in_an_answer_is_a_breach_and_in_two_answers_is_not() -> None:
    head = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n"

    assert [sign["header"] for sign in _signs(f"{head}Server: x\nTransfer-Encoding: chunked")] == [
        "transfer-encoding"
    ]
    assert [sign["header"] for sign in _signs(f"{head}Content-Length: 5")] == ["content-length"]
    assert _signs(head + head) == []
    assert _signs(head + "\nTransfer-Encoding: chunked") == []
