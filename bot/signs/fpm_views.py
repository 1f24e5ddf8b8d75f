"""PHP-FPM from outside its log: its status page, its slow log, pools that are to listen in one place.

Source: php-src sapi/fpm/fpm/fpm_status.c (text and JSON), fpm_php_trace.c, fpm_conf.c ("unable to set
listen address as it's already used in another pool"); main/streams/plain_wrapper.c and ext/standard/file.c
("Only %zd of %zd bytes written, possibly out of free disk space").
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "listen_twice": "two pools or servers are to listen in one place; fields: address",
    "pool_chroot": "a pool of PHP-FPM is shut into a folder; fields: path",
    "slow_call": "a slow log shows in which call a request waited; fields: call",
}
PATTERNS: tuple[Pattern, ...] = (
    says("pool_chroot", r"^\s*chroot\s*=\s*(?P<path>/[\w./$-]{1,160}?)/?\s*$", "chroot"),
    says(
        "script_unknown",
        r"\b(?:shows?|says?|reports?|prints?|see|get|gets|displays?|answers?|returns?|only|just"
        r"|with) (?:only |just |me )?(?:the text )?[`'\"]File not found\.[`'\"]",
        "file not found.",
    ),
    says(
        "disk_suspected",
        r"\bOnly -?\d{1,12} of \d{1,12} bytes written, possibly out of free disk space",
        "possibly out of free disk space",
        who="php",
    ),
    says(
        "listen_twice",
        r"unable to set listen address as it's already used in another pool '(?P<address>[^']{1,80})'",
        "already used in another pool",
    ),
)
_COUNT = re.compile(
    r"(?:\A|[{,])\s*\"?(?P<name>listen queue|idle processes|active processes)\"?:\s*(?P<count>\d{1,9})\b"
)


@given("idle processes", _COUNT)
def _status(piece: Piece) -> Iterator[Sign]:
    """The status page: no child is idle and requests wait."""
    seen: dict[str, tuple[int, str]] = {}
    for line in piece.text.split("\n"):
        for found in _COUNT.finditer(line):
            seen[found["name"]] = (int(found["count"]), line.strip()[:200])
    waiting, idle, active = (
        seen.get(n, (-1, "")) for n in ("listen queue", "idle processes", "active processes")
    )
    if idle[0] == 0 and waiting[0] > 0 and active[0] != 0:
        fields = {"app": "php-fpm", "limit": str(active[0]) if active[0] > 0 else ""}
        yield Sign(kind="pool_exhausted", line=waiting[1], fields=fields)


_SLOW_HEAD = re.compile(r"\[pool [^\]]{1,80}\] pid \d{1,10}\s*\Z")
_FRAME = re.compile(r"\A\s*\[0x[0-9a-f]{6,16}\] (?P<call>[\w:>\\-]{1,120})\(\)")


@given(_SLOW_HEAD, _FRAME)
def _slow(piece: Piece) -> Iterator[Sign]:
    """The innermost call of each request in the slow log."""
    is_head = False
    for line in piece.text.split("\n"):
        if _SLOW_HEAD.search(line):
            is_head = True
        elif is_head and (frame := _FRAME.match(line)):
            yield Sign(kind="slow_call", line=line.strip(), fields={"call": frame["call"]})
            is_head = False


_POOL_FILE = re.compile(
    r"\A(?P<file>[\w./-]{0,160}(?:pool\.d|php-fpm\.d|fpm)/[\w.-]{1,80}\.conf):(?:\d{1,5}:)?\s*listen\s*=\s*(?P<at>\S{1,160})"
)


@given(_POOL_FILE)
def _same_place(piece: Piece) -> Iterator[Sign]:
    """`grep listen` over the pools' files: two of them have one address or socket."""
    first: dict[str, str] = {}
    for line in piece.text.split("\n"):
        found = _POOL_FILE.match(line.strip())
        if found is None:
            continue
        if first.setdefault(found["at"], found["file"]) != found["file"]:
            yield Sign(kind="listen_twice", line=line.strip(), fields={"address": found["at"]})


READERS: tuple[Reader, ...] = (_status, _slow, _same_place)
