"""nginx started by hand at a prompt, though it has its ports already: the start fails, and what runs goes on.

nginx names every address that it cannot bind, five times over, and ends. A stranger may well hold one port,
or 80 and 443 together (another web server); a set with an unusual port in it is most often nginx's own.

Source: ngx_connection.c ngx_open_listening_sockets ("bind() to ... failed", "still could not bind()").
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "second_start": "nginx started by hand finds several ports taken; fields: ports",
}
PATTERNS: tuple[Pattern, ...] = ()

_BY_HAND = re.compile(
    r"^(?:[\w.@~/:\[\] -]{0,80}[$#%]|[$#%]) ?(?:sudo )?(?:/[\w./-]{1,80}/)?nginx(?: -c \S{1,120})?\s*$"
)
_TAKEN = re.compile(r"\[emerg\] .{0,30}\bbind\(\) to \S{1,60}:(?P<port>\d{1,5}) failed \((?:98|48|10048): ")
_OF_WEB = frozenset({"80", "443"})


@given(_TAKEN, _BY_HAND)
def _second_starts(piece: Piece) -> Iterator[Sign]:
    """A prompt's line that only starts nginx, and the addresses it names below."""
    command, ports = "", dict[str, None]()
    for line in piece.text.split("\n"):
        taken = _TAKEN.search(line)
        if taken and command:
            ports[taken["port"]] = None
        elif _BY_HAND.match(line.strip()):
            command = line.strip()
    if len(ports) > 1 and ports.keys() - _OF_WEB:
        yield Sign(kind="second_start", line=command, fields={"ports": " ".join(ports)})


READERS: tuple[Reader, ...] = (_second_starts,)
