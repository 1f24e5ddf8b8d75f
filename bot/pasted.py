"""What people and programs hand in to be judged without a host: plain text, files, or JSON lines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.errors import BadRequest
from bot.model.sign import Piece

#: Of one case; more is cut from its beginning, for logs end with what counts.
MOST_CHARACTERS = 2_000_000
MOST_PIECES = 200
_FORM = '{"id": "…", "evidence": [{"kind": "nginx_error_log", "text": "…"}]}'


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to judge."""

    #: As it was given; the number of its line when none was.
    id: str | int
    pieces: tuple[Piece, ...]


def is_json_lines(text: str) -> bool:
    """Whether the first line that is not empty is a case as a JSON object; log lines in JSON are not."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not first.lstrip().startswith("{"):
        return False
    try:
        found = json.loads(first)
    except ValueError:
        return '"evidence"' in first  # a case that was cut: its mistake is to be named
    return isinstance(found, dict) and "evidence" in found


def cases(lines: Iterable[str]) -> Iterator[Case | BadRequest]:
    """A case, or what is wrong with the line, for every line that is not empty; one bad line ends nothing."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _case(line, number)
            except BadRequest as error:
                yield error


def text_case(name: str, text: str) -> Case:
    """Plain text as one case. Raises BadRequest when there is none."""
    if not text.strip():
        raise BadRequest(f"{name} is empty; paste the proxy's error log of the moment it failed")
    return Case(id=name, pieces=(Piece(text=text[-MOST_CHARACTERS:]),))


def _case(line: str, number: int) -> Case:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"line {number} is not JSON ({error}); each line is one case: {_FORM}") from error
    if not isinstance(found, dict) or not isinstance(found.get("evidence"), list):
        raise BadRequest(f"line {number} has no list `evidence`; each line is one case: {_FORM}")
    pieces = tuple(_piece(one, number) for one in found["evidence"][:MOST_PIECES])
    name = found.get("id")
    return Case(id=name if isinstance(name, str | int) else number, pieces=pieces)


def _piece(found: object, number: int) -> Piece:
    if isinstance(found, str):
        return Piece(text=found[-MOST_CHARACTERS:])
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise BadRequest(f"line {number} has a piece of evidence without `text`; the form is {_FORM}")
    kind = found.get("kind")
    return Piece(text=found["text"][-MOST_CHARACTERS:], kind=kind if isinstance(kind, str) else "")
