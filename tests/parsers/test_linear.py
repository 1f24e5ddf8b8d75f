"""However a host shapes its output, reading it costs time that grows with its length and no faster."""

import contextlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import catalog
from bot.errors import ParseError
from bot.settings import shipped_runbooks
from tests.redact.adversarial import UNITS
from tests.support.asked import output
from tests.support.spent import cpu_s

SAMPLES = Path(__file__).parents[1] / "samples"
#: Lines as long as `redact` lets through: a cost that is quadratic in a line shows at this size.
SIZE, WIDTH = 32 * 1024, 4000
#: Seconds of CPU; the slowest parser takes a fifth of it, a quadratic one many times as much.
MOST_S = 0.12


def _shapes(parser: str) -> Iterator[str]:
    """Texts of SIZE characters: what is slow to match, and beginnings of what the command really says."""
    for unit in UNITS.values():
        yield _filled(unit * (WIDTH // len(unit)))
    lines = {
        line.strip()
        for path in sorted(SAMPLES.glob(f"{parser}/*"))
        for line in path.read_text(errors="replace").splitlines()[:60]
        if line.strip()
    }
    for line in sorted(lines, key=len)[-25:]:
        for part in (line, line[: len(line) // 2], f"{line[: len(line) // 3]} "):
            yield _filled((part * (WIDTH // max(1, len(part)) + 1))[:WIDTH])
            yield _filled(part)


def _filled(line: str) -> str:
    return f"{line}\n" * (SIZE // (len(line) + 1) + 1)


def _cpu_s(parse: Callable[[object], object], text: str, *, tries: int) -> float:
    asked = output("x", text)

    def read() -> None:
        with contextlib.suppress(ParseError):
            parse(asked)

    return cpu_s(read, tries=tries)


def _used() -> list[str]:
    books = catalog.load(shipped_runbooks()).runbooks.values()
    return sorted({step.parse for book in books for step in book.steps if step.parse})


@pytest.mark.parametrize("parser", _used())
def test_no_shape_of_output_is_slow_to_read(parser: str) -> None:
    parse = getattr(importlib.import_module(f"bot.parsers.{parser}"), parser)

    slow = {
        text[:60]: spent
        for text in _shapes(parser)
        if _cpu_s(parse, text, tries=1) > MOST_S and (spent := _cpu_s(parse, text, tries=3)) > MOST_S
    }

    assert slow == {}


_UNIT = "\t".join(["unit", *"abcdefghij"])
#: Rows that a parser holds against other rows of the same output.
CROSSED = {
    "likely_units": [f"{_UNIT.replace('a', str(n), 1)}\nsaid\t{n}\tx\nnames\t{n}\t1\tx" for n in range(600)],
    "socket_files": [
        *["path\tsocket\t600\ta\tb\t1\t1\t/a"] * 400,
        f"acl\t{'user::---,' * 1600}\t/a",
    ],
    "selinux": ["Enforcing", *[f"denied\t{'{ ' * (WIDTH // 2)}"] * 8],
}


@pytest.mark.parametrize("parser", CROSSED)
def test_rows_of_one_output_are_held_against_each_other_quickly(parser: str) -> None:
    parse = getattr(importlib.import_module(f"bot.parsers.{parser}"), parser)

    def read() -> None:
        for denial in getattr(parse(output("x", "\n".join(CROSSED[parser]))), "denials", ()):
            assert not denial.is_on_way

    assert cpu_s(read) < MOST_S
