"""Which release a running process belongs to, and which releases are still there.

Deploy tools name a release by its time, Erlang's are named by their versions. A process of a release whose
folder is gone was started before the last deploys, and nobody ends it.

Source: capistrano and mina "releases/<timestamp>"; puma launcher.rb set_process_title ("[tag]", its folder's
name); systools releases/<vsn>, beam.smp -root; OTP's net_kernel.erl "seems to be in use by another Erlang
node"; proc(5) "(deleted)".
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "node_name_taken": "another Erlang node has the name that only one may have; fields: name",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "node_name_taken",
        r"\bthe name (?P<name>[\w.-]+@[\w.-]+) seems to be in use by another Erlang node",
        "another erlang node",
    ),
    says(
        "release_used",
        r"\bpuma(?: [\d.]+ \(|: cluster worker \d+: ).{0,200}\[(?P<path>20\d{12})\]",
        "puma",
    ),
    says(
        "release_link",
        r"\b(?:deploy(?:ed|ing)?|released|activated|switched to|rolled out) (?:the )?(?:release |version )?"
        r"(?P<path>20\d{12})\b",
        "deploy",
        "released",
        "activated",
        "switched to",
        "rolled out",
    ),
    says("old_release", r"-> (?P<path>/\S{0,160}/releases/\S{1,80}) \(deleted\)", "(deleted)"),
)

_LISTS = re.compile(r"\bls\b.{0,40}/releases/?\s*\Z")
_USED = re.compile(r"(?P<path>/\S{0,160}?/releases/(?P<name>\d[\w.-]{1,40}))(?=/|\s|\Z)")
_ROW = re.compile(r"\A\s*(?:[\w.+-]+\s+)?\d{2,7}\s")
_NAME = re.compile(r"\A\d[\w.-]{1,40}\Z")
_PROMPT = re.compile(r"[$#] ")


@given(_LISTS, _USED)
def _gone(piece: Piece) -> Iterator[Sign]:
    """A process's release that a list of the releases no longer has."""
    there: set[str] = set()
    used: dict[str, str] = {}
    is_list = False
    for line in piece.text.split("\n"):
        if _LISTS.search(line):
            is_list = True
        elif is_list and line.strip() and not _PROMPT.search(line):
            there |= {word for word in line.split() if _NAME.match(word)}
        else:
            is_list = False
        if _ROW.match(line) and (found := _USED.search(line)):
            used.setdefault(found["name"], line.strip())
    for name, line in used.items():
        if there and name not in there:
            yield Sign(kind="old_release", line=line, fields={"path": name})


_READLINK = re.compile(r"\b(?:readlink|realpath)\b.*?(?P<of>/proc/\d+/(?:cwd|exe)|/current)/?\s*\Z")
_TARGET = re.compile(r"\A\s*(?P<path>/\S{1,200}?)(?P<gone> \(deleted\))?\s*\Z")


@given(_READLINK, "/releases/")
def _links(piece: Piece) -> Iterator[Sign]:
    """`readlink` of a process's folder or program, or of the link to the current release: a bare path."""
    of = ""
    for line in piece.text.split("\n"):
        if found := _READLINK.search(line):
            of = found["of"]
            continue
        target = _TARGET.match(line) if of else None
        if target and of.startswith("/proc/") and target["gone"] and "/releases/" in target["path"]:
            yield Sign(kind="old_release", line=line.strip(), fields={"path": target["path"]})
        elif target and of == "/current" and "/releases/" in target["path"]:
            yield Sign(kind="release_link", line=line.strip(), fields={"path": target["path"]})
        of = ""


READERS: tuple[Reader, ...] = (_gone, _links)
