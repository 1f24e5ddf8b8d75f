r"""Which of localhost's two addresses took a connection by hand or by a health check, and which refused it.

Source: GNU wget connect.c ("Connecting to NAME (NAME)|ADDRESS|:PORT... "), busybox wget.c ("Connecting to
NAME ([ADDRESS]:PORT)", "can't connect to remote host"), curl lib/cf-socket.c ("connect to ::1
port N from … failed", "Connected to NAME (ADDRESS) port N"), netcat-openbsd netcat.c; docker inspect, which
writes a check's lines into one with \n.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "loopback_asked": "one of localhost's addresses was asked by hand; fields: address, port, state",
}
_ADDRESS = r"\[?(?P<address>::1|127\.0\.0\.1)\]?"
_PORT = r"(?P<port>\d{2,5})\b"
_ONE_LINE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (state, re.compile(wording, re.IGNORECASE))
    for state, wording in (
        ("refused", rf"\|{_ADDRESS}\|:{_PORT}\.\.\. failed: Connection refused"),
        ("answers", rf"\|{_ADDRESS}\|:{_PORT}\.\.\. connected"),
        ("refused", rf"Connecting to {_ADDRESS}:{_PORT}\.\.\. failed: Connection refused"),
        ("answers", rf"Connecting to {_ADDRESS}:{_PORT}\.\.\. connected"),
        ("refused", rf"connect to {_ADDRESS} port {_PORT}.{{0,60}}failed: Connection refused"),
        ("answers", rf"Connected to \S{{1,60}} \({_ADDRESS}\) port {_PORT}"),
        (
            "refused",
            rf"connect to \S{{1,60}} \({_ADDRESS}\) port {_PORT} .{{0,20}}failed: Connection refused",
        ),
        ("answers", rf"Connection to \S{{1,60}} \(?{_ADDRESS}\)? {_PORT} port \[.{{1,30}}\] succeeded"),
    )
)
_BUSYBOX = re.compile(rf"Connecting to \S{{1,60}} \({_ADDRESS}:{_PORT}\)")
_REFUSED = re.compile(r"wget: can't connect to remote host(?: \([\da-f.:]{3,40}\))?: Connection refused")
_FETCHED = re.compile(r"saving to|saved|remote file exists|100%|HTTP/1\.\d")
#: Lines about a request in which its end stands.
_NEAR = 4


def _asked(piece: Piece) -> Iterator[Sign]:
    """One sign for each address that was asked and said."""
    if "onnect" not in piece.text or ("::1" not in piece.text and "127.0.0.1" not in piece.text):
        return
    lines = piece.text.replace("\\n", "\n").split("\n")
    for at, line in enumerate(lines):
        for state, wording in _ONE_LINE:
            if found := wording.search(line):
                yield _sign(line, found, state)
                break
        else:
            found = _BUSYBOX.search(line)
            # Its error is written to another stream, so it may stand before the line.
            near = "\n".join(lines[max(0, at - 1) : at + _NEAR])
            state = "refused" if _REFUSED.search(near) else "answers" if _FETCHED.search(near) else ""
            if found and state:
                yield _sign(line, found, state)


def _sign(line: str, found: re.Match[str], state: str) -> Sign:
    fields = {"address": found["address"], "port": found["port"], "state": state}
    return Sign(kind="loopback_asked", line=line.strip(), fields=fields)


PATTERNS: tuple[Pattern, ...] = ()
READERS: tuple[Reader, ...] = (_asked,)
