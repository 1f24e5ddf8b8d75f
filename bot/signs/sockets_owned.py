"""Unix sockets as people and small tools tell of them: who owns one, who has it open, which ones there
are.

Source: fuser(1) and lsof(8) (nothing is printed for a file that nobody has open), ss(8) -x; ext/fpm
listen.owner; common English of reports, and Chinese ones of an upgraded PHP.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "socket_unheld": "a socket's file is there and no process has it open; fields: path",
    "socket_there": "somebody writes that the socket's file is there and it fails all the same; fields: what",
}
_NO_LOG = r"^(?!.*(?:connect\(\)|\[(?:crit|error)\]|while connecting|\bdocker\.sock\b|mysqld?\.sock))"
_SOCKET = r"[`'\"]?[\w./-]{0,100}\.sock(?:et)?[`'\"]?"
_WORKERS = r"(?:www-data|nginx|http|apache|nobody|_?www|wwwrun)\b"
_SAID_THERE = r"(?:exists?|is (?:there|present|created|in place)|was created|gets created)"
_FAILS = r"(?:50[0234]|bad gateway|fails?|not work\w*|doesn't work|no (?:luck|success))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "socket_owner_told",
        rf"{_NO_LOG}.*?(?P<what>{_SOCKET}(?: file)? (?:is|was|are|gets|being|belongs) "
        rf"(?:still |always |now )?(?:owned by|created (?:as|by)|to) (?:the )?(?:user )?[`'\"]?"
        rf"(?!{_WORKERS}|the\b|my\b|a\b)"
        r"[a-z_][\w-]{0,31}(?::[\w-]{1,32})?)",
        ".sock",
    ),
    says(
        "socket_owner_told",
        rf"{_NO_LOG}.*?(?P<what>\b(?:chown|chmod|setfacl)\b.{{0,60}}{_SOCKET}.{{0,60}}"
        r"\b(?:works?|worked|fix(?:es|ed)|solv(?:es|ed)|helps?|helped|gone)\b)(?!.{0,30}(?:\bnot\b|n't))",
        "chown",
        "chmod",
        "setfacl",
    ),
    says(
        "socket_there",
        rf"{_NO_LOG}.*?(?P<what>\b(?:I|we) (?:can |do )?(?:see|have|find|found) (?:a|the|my) (?:unix )?"
        rf"(?:domain )?(?:socket|\.sock)(?: file)?\b.{{0,60}}\b(?:but|yet|still)\b.{{0,40}}\b{_FAILS}"
        rf"|\b(?:socket|\.sock)(?: file)? {_SAID_THERE}\b.{{0,40}}\b(?:but|yet|still)\b.{{0,40}}\b{_FAILS})",
        "sock",
    ),
    says(
        "php_changed",
        r"(?:php\W{0,3}(?:版本)?.{0,12}[5-9]\.\d.{0,20}(?:升级|更新|变成|换成|改成).{0,12}?(?P<version>[5-9]\.\d)"
        r"|(?:升级|更新|切换)(?:了|到|成)?.{0,6}php\W{0,3}[5-9]\.\d)",
        "php",
    ),
)
_ASKED = re.compile(
    r"(?:\A|[$#>] ?)\s*(?:sudo )?(?:fuser(?: -\w{1,6})?|lsof(?: -\w{1,6})?) "
    r"(?P<path>\S{1,160}\.sock(?:et)?)\s*\Z"
)
_PROMPT = re.compile(r"(?:\A|\s)\S{0,60}[$#>] \S")


@given(_ASKED)
def _unheld(piece: Piece) -> Iterator[Sign]:
    """`fuser` or `lsof` of a socket's file printed nothing: the next line is a prompt."""
    lines = piece.text.rstrip().split("\n")
    for at, line in enumerate(lines):
        found = _ASKED.search(line)
        after = lines[at + 1] if at + 1 < len(lines) else ""
        if found is not None and _PROMPT.match(after):
            yield Sign(kind="socket_unheld", line=line.strip(), fields={"path": found["path"]})


_LISTED = re.compile(r"[$#>] ?(?:sudo )?(?:ss|netstat) -\w{0,8}(?:x\w{0,6}\b.*|l\w{0,6}\b.*\bunix\b.*)")
_BARE = re.compile(r"\A(?P<path>/[\w./-]{1,160}\.sock(?:et)?)\s*\Z")


@given(_LISTED, ".sock")
def _bare(piece: Piece) -> Iterator[Sign]:
    """`ss -x` cut down to its paths."""
    is_list = False
    for line in piece.text.split("\n") if ".sock" in piece.text else ():
        if _LISTED.search(line):
            is_list = True
        elif is_list and (found := _BARE.match(line.strip())):
            yield Sign(kind="listening", line=line.strip(), fields={"path": found["path"], "process": ""})
        else:
            is_list = False


READERS: tuple[Reader, ...] = (_unheld, _bare)
