"""IPv6 that came to a name, a network or a host; and an address that somebody's check tried first.

Source: docs.docker.com "Enable IPv6 support" (enable_ipv6), kubernetes.io "IPv4/IPv6 dual-stack" (ipFamilies,
ipFamilyPolicy); busybox networking/wget.c ("Connecting to %s (%s)"), GNU wget src/connect.c, curl -v
("Trying …", "Connected to"); proc(5) /proc/net/tcp (address in hex, state 0A is LISTEN); getent(1) ahosts;
docs.oracle.com "Networking Properties" (java.net.preferIPv4Stack); docs.docker.com `docker inspect`
(State.Health.Log).
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "four_works": "somebody writes that an IPv4 address in the name's place works; fields: address",
    "six_added": "a name, network or cluster has IPv6 beside IPv4; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "six_added",
        r"(?<!no )(?<!without )(?<!deleted the )(?<!removed the )"
        r"(?P<what>\bAAAA\b(?! (?:query|lookup|is missing))"
        r"|\benable_ipv6\W{1,3}true|\bipv6\W{1,3}true\b|\bipFamilyPolicy\W{1,3}(?:Prefer|Require)DualStack"
        r"|\bipFamilies\W{1,4}(?:IPv6\W{1,4}IPv4|IPv4\W{1,4}IPv6)|\bdual[- ]?stack\b"
        r"|\bipv6 (?:was |is |got |has been )?(?:now )?(?:enabled|added|activated|turned on|switched on)\b"
        r"|\b(?:enabled?|added|activated|turned on|switched on|got|gets|introduced|rolled out) ipv6\b)",
        "aaaa",
        "ipv6",
        "ipfamil",
        "dual",
    ),
    says(
        "four_works",
        r"\b(?:replac\w+|us(?:e|es|ing)|with|by|through|via|over|instead|put|set|writ\w+|enter\w*)\b.{0,40}"
        r"(?<![\d.])(?P<address>(?!127\.|0\.)\d{1,3}(?:\.\d{1,3}){3})(?::\d{2,5})?\b"
        r"(?:[^.]|\.\d){0,50}?\b(?<!not )(?<!n't )"
        r"(?:works?|comes?|loads?|opens?|fine|ok|answers?|connects?|is (?:there|shown)|appears?)\b",
        "works",
        "comes",
        "loads",
        "opens",
        "fine",
        " ok",
        "answers",
        "is there",
        "is shown",
        "appears",
        "connects",
        "work",
    ),
    says("one_family", r"(?P<what>-Djava\.net\.preferIPv4Stack=true)", "preferipv4stack=true"),
)

_CHECKED = re.compile(
    r"Connecting to (?P<name>[\w.-]{1,100}):\d{1,5} \((?P<target>\[[0-9a-f:.]{2,45}\]:\d{1,5})\)"
    r"(?:\\n|\s){1,40}wget: can't connect to remote host(?: \([^)]{1,60}\))?: (?P<reason>Connection refused)"
)
_GNU = re.compile(
    r"Connecting to (?P<name>[\w.-]{1,100}) \([\w.-]{1,100}\)\|(?P<address>[0-9a-f:]{2,45})\|:"
    r"(?P<port>\d{1,5})\.{3} failed: (?P<reason>Connection refused)"
)
_CURL = re.compile(
    r"connect to (?P<address>(?=[0-9a-f]*:)[0-9a-f:]{2,45}) port (?P<port>\d{1,5}) "
    r"(?:from \S{1,60} port \d{1,5} )?failed: (?P<reason>Connection refused)"
)


@given((_CHECKED, _GNU, _CURL))
def _checks(piece: Piece) -> Iterator[Sign]:
    """wget or curl by hand, or in a container's health check, refused on an IPv6 address."""
    for found in _CHECKED.finditer(piece.text):
        fields = {"target": found["target"], "reason": found["reason"]}
        yield Sign(kind="answers_not", line=_line(found[0]), fields=fields)
    for found in (*_GNU.finditer(piece.text), *_CURL.finditer(piece.text)):
        if ":" in found["address"]:
            fields = {"target": f"[{found['address']}]:{found['port']}", "reason": found["reason"]}
            yield Sign(kind="answers_not", line=_line(found[0]), fields=fields)


def _line(text: str) -> str:
    return " ".join(text.replace("\\n", " ").split())


_EXIT_CODE = re.compile(r"\"[Ee]xitCode\":\s*(?P<code>[1-9]\d*)(?P<check>,?\s{0,60}\"Output\")?")


@given(_EXIT_CODE)
def _exit_codes(piece: Piece) -> Iterator[Sign]:
    """`docker inspect`: a container's end; the code beside an output is a health check's."""
    for found in _EXIT_CODE.finditer(piece.text):
        if not found["check"]:
            line = f'"ExitCode": {found["code"]}'
            yield Sign(kind="exited", line=line, fields={"code": found["code"]})


_HEX = re.compile(
    r"^\s*\d+: (?P<address>[0-9A-F]{8}|[0-9A-F]{32}):(?P<port>[0-9A-F]{4}) [0-9A-F]{8,32}:0000 0A\b",
    re.MULTILINE,
)


@given(_HEX)
def _by_kernel(piece: Piece) -> Iterator[Sign]:
    """/proc/net/tcp and tcp6, where a container has neither ss nor netstat."""
    for found in _HEX.finditer(piece.text):
        fields = {
            "address": _address(found["address"]),
            "port": str(int(found["port"], 16)),
            "inside": "container",
        }
        yield Sign(kind="listening", line=found[0].strip(), fields=fields)


def _address(written: str) -> str:
    """The kernel writes each word of four bytes in the host's order."""
    if len(written) == 8:
        return ".".join(str(int(written[at : at + 2], 16)) for at in (6, 4, 2, 0))
    words = (written[at : at + 8] for at in (0, 8, 16, 24))
    packed = b"".join(bytes.fromhex(word)[::-1] for word in words)
    return str(ipaddress.IPv6Address(packed))


_AHOSTS = re.compile(r"\bgetent ahosts(?:v4|v6)? (?P<name>[\w.-]{1,100})")
_ROW = re.compile(r"\A\s*(?P<address>[0-9a-f:.]{2,45})\s+(?:STREAM|DGRAM|RAW)\b")


@given(_AHOSTS)
def _ahosts(piece: Piece) -> Iterator[Sign]:
    """`getent ahosts NAME`: every address of both families."""
    name = ""
    for line in piece.text.split("\n"):
        if found := _AHOSTS.search(line):
            name = found["name"]
        elif name and (found := _ROW.match(line)):
            yield Sign(kind="resolves", line=line.strip(), fields={"name": name, "address": found["address"]})
        elif line.strip():
            name = ""


READERS: tuple[Reader, ...] = (_checks, _exit_codes, _by_kernel, _ahosts)
