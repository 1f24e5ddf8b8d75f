"""All tables and readers over all pieces of a case."""

import functools
from collections import Counter
from collections.abc import Sequence

from bot.model.sign import Piece, Sign, Signs
from bot.signs import lines
from bot.signs.given import Readers
from bot.signs.pattern import Table
from bot.signs.tables import PATTERNS, READERS
from bot.signs.words import Words, folded

#: A single line longer than this is cut: nobody's log line says more that counts.
LONGEST_LINE = 4000
#: Lines read of one piece; the newest are kept.
MOST_LINES = 20_000
#: Signs of one kind kept from each end of the case.
MOST_OF_A_KIND = 300
#: Kinds of circumstances: a line that tells of one alone may say more, so it counts as unread too.
ASIDE = frozenset(
    {
        "fresh_install",
        "platform",
        "in_cluster",
        "after_reboot",
        "power_lost",
        "under_load",
        "sporadic",
        "system",
        "memory_plenty",
        "small_machine",
        "fails_at_once",
        "many_groups",
        "well_after_load",
        "dies_silently",
        "idle",
        "login_returns",
        "php_extension",
        "local_port",
        "in_terminal",
        "hosts_line",
        "made_by_balancer",
        "https_alone",
        "other_client_well",
        "restart_told",
    }
)
_TABLE = Table(PATTERNS)


@functools.cache
def _wanted() -> tuple[Readers, Words]:
    """The readers, and all words that they and the patterns want: a piece is looked through for them once."""
    readers = Readers(READERS)
    return readers, Words((*_TABLE.places, *readers.words))


def read(pieces: Sequence[Piece]) -> Signs:
    """Signs of the pieces in the order of the text. Never raises for what stands in them."""
    readers, words = _wanted()
    signs: list[Sign] = []
    unread: list[str] = []
    for number, piece in enumerate(pieces):
        read_lines = [line[:LONGEST_LINE] for line in lines.of(piece.text)[-MOST_LINES:]]
        clean = Piece(text="\n".join(read_lines), kind=piece.kind)
        text = folded(clean.text)
        there = words.within(text)
        near = _TABLE.within(text, there)
        told: set[str] = set()
        for at, line in enumerate(read_lines):
            found = near.matches(line)
            if not found:
                continue
            signs += [_sign(kind, fields, line, piece, (number, at)) for kind, fields in found]
            if any(kind not in ASIDE for kind, _ in found):
                told.add(line)
        place_of = _Places(number, read_lines)
        for reader in readers.within(there):
            for sign in reader(clean):
                signs.append(_placed(sign, piece, place_of(sign.line)))
                told.add(sign.line)
        unread += [line for line in read_lines if line.strip() and line not in told]
    signs = _without_proxies_calls(signs)
    signs.sort(key=lambda sign: sign.at)
    return Signs(_ends(signs), tuple(unread), "\n".join(piece.text for piece in pieces))


def _without_proxies_calls(signs: list[Sign]) -> list[Sign]:
    """A line that a proxy wrote of its app does not tell of a store that the app misses."""
    proxies = {sign.line for sign in signs if sign.kind == "dial_refused" and sign["proxy"] == "node"}
    return [sign for sign in signs if sign.kind != "dependency_away" or sign.line not in proxies]


def _ends(signs: Sequence[Sign]) -> tuple[Sign, ...]:
    """Of a kind that fills a log only the first and the last signs; the middle says the same again."""
    total = Counter(sign.kind for sign in signs)
    if not total or max(total.values()) <= 2 * MOST_OF_A_KIND:
        return tuple(signs)
    kept: list[Sign] = []
    seen: Counter[str] = Counter()
    for sign in signs:
        seen[sign.kind] += 1
        if min(seen[sign.kind] - 1, total[sign.kind] - seen[sign.kind]) < MOST_OF_A_KIND:
            kept.append(sign)
    return tuple(kept)


class _Places:
    """Where a reader's line stands in a piece; made from all lines at the first question."""

    def __init__(self, number: int, read_lines: list[str]) -> None:
        self._number = number
        self._lines = read_lines
        self._first: dict[str, int] = {}

    def __call__(self, line: str) -> tuple[int, int]:
        if not self._first:
            for at in range(len(self._lines) - 1, -1, -1):
                self._first[self._lines[at].strip()] = at
        whole = self._first.get(line.strip())
        if whole is not None:
            return self._number, whole
        return self._number, next((i for i, one in enumerate(self._lines) if line in one), len(self._lines))


def _sign(kind: str, fields: dict[str, str], line: str, piece: Piece, at: tuple[int, int]) -> Sign:
    return Sign(kind=kind, line=line.strip(), source=piece.kind, at=at, fields=fields)


def _placed(sign: Sign, piece: Piece, at: tuple[int, int]) -> Sign:
    """A reader's sign with its place in the case."""
    return Sign(kind=sign.kind, line=sign.line, source=piece.kind, at=at, fields=sign.fields)
