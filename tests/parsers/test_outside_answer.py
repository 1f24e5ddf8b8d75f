"""What the public address answered, as the prober writes it."""

import pytest

from bot.model.evidence import CommandOutput
from bot.parsers.outside_answer import OutsideAnswer, outside_answer


def answer(stdout: str, stderr: str = "") -> OutsideAnswer:
    argv = ("GET", "http://www.example.org/")
    return outside_answer(
        CommandOutput(step="outside", argv=argv, exit_status=0, stdout=stdout, stderr=stderr)
    )


@pytest.mark.parametrize(
    ("line", "status", "is_well"),
    [
        ("HTTP/1.1 200 OK", 200, True),
        ("HTTP/2 302", 302, True),
        ("HTTP/1.1 401 Unauthorized", 401, True),
        ("HTTP/1.1 502 Bad Gateway", 502, False),
        ("HTTP/1.1 5020 x", None, False),
        ("", None, False),
    ],
)
def test_only_an_answer_below_500_is_well(line: str, status: int | None, is_well: bool) -> None:
    told = answer(f"{line}\nserver: nginx\ntime_s: 0.012\n\n<html>")

    assert (told.status, told.is_well) == (status, is_well)


def test_the_line_names_the_address_and_the_reason() -> None:
    assert (
        answer("HTTP/1.1 502 Bad Gateway\n").line == "GET http://www.example.org/: HTTP/1.1 502 Bad Gateway"
    )
    assert (
        answer("", "certificate has expired\n").line == "GET http://www.example.org/: certificate has expired"
    )
