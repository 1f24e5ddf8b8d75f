"""All tables and readers over all pieces of a case."""

from collections.abc import Sequence

from bot.model.sign import Piece, Reader, Sign, Signs
from bot.signs import lines
from bot.signs.pattern import Pattern, Table
from bot.signs.tables import PATTERNS, READERS

#: A single line longer than this is cut: nobody's log line says more that counts.
LONGEST_LINE = 4000
#: Lines read of one piece; the newest are kept.
MOST_LINES = 20_000
_TABLE = Table(PATTERNS)


def read(
    pieces: Sequence[Piece],
    *,
    patterns: Sequence[Pattern] = PATTERNS,
    readers: Sequence[Reader] = READERS,
) -> Signs:
    """Signs of the pieces in the order of the text. Never raises for what stands in them."""
    table = _TABLE if patterns is PATTERNS else Table(tuple(patterns))
    signs: list[Sign] = []
    unread: list[str] = []
    for number, piece in enumerate(pieces):
        read_lines = lines.of(piece.text)[-MOST_LINES:]
        told: set[str] = set()
        for at, line in enumerate(read_lines):
            found = table.matches(line[:LONGEST_LINE])
            signs += [_sign(kind, fields, line, piece, (number, at)) for kind, fields in found]
            told |= {line} if found else set()
        clean = Piece(text="\n".join(read_lines), kind=piece.kind)
        for reader in readers:
            more = [_placed(sign, piece, number, read_lines) for sign in reader(clean)]
            signs += more
            told |= {sign.line for sign in more}
        unread += [line for line in read_lines if line.strip() and line not in told]
    signs.sort(key=lambda sign: sign.at)
    return Signs(tuple(signs), tuple(unread))


def _sign(kind: str, fields: dict[str, str], line: str, piece: Piece, at: tuple[int, int]) -> Sign:
    return Sign(kind=kind, line=line.strip()[:LONGEST_LINE], source=piece.kind, at=at, fields=fields)


def _placed(sign: Sign, piece: Piece, number: int, read_lines: list[str]) -> Sign:
    """A reader's sign with its place in the case."""
    at = next((i for i, line in enumerate(read_lines) if sign.line in line), len(read_lines))
    return Sign(kind=sign.kind, line=sign.line, source=piece.kind, at=(number, at), fields=sign.fields)
