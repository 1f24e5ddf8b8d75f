"""A host's own addresses, and its neighbours on the same network, as people list them.

Source: ip-address(8), also with -br; ifconfig(8) of net-tools and BSD, Windows' ipconfig; ip-neighbour(8):
FAILED and INCOMPLETE are addresses that nobody answers for; arp(8) "(incomplete)", "<incomplete>"; arping(8).
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "own_address": "a host's own address; fields: address, net",
    "neighbour": "whether anybody answers for an address on this network; fields: address, state",
}

_FOUR = r"(?P<address>\d{1,3}(?:\.\d{1,3}){3})"
_FAILED = {"state": "failed"}
_KNOWN = {"state": "known"}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "neighbour",
        rf"^{_FOUR} (?:dev \S+ )?.{{0,40}}(?-i:FAILED|INCOMPLETE)$",
        "failed",
        "incomplete",
        **_FAILED,
    ),
    says("neighbour", rf"\(?{_FOUR}\)? .{{0,20}}[(<]incomplete[)>]", "incomplete", **_FAILED),
    says("neighbour", rf"^{_FOUR} (?:dev \S+ )?lladdr [\da-f:]{{17}}", "lladdr", **_KNOWN),
    says("neighbour", rf"\({_FOUR}\) at [\da-f]{{1,2}}:[\da-f:]{{11,14}} ", " at ", **_KNOWN),
    says("neighbour", rf"^{_FOUR}\s+ether\s+[\da-f:]{{17}}", "ether", **_KNOWN),
)

_INET = re.compile(rf"\binet (?:addr:)?{_FOUR}(?:/(?P<prefix>\d\d?))?")
#: Windows, in whatever language.
_IPCONFIG = re.compile(rf"^\s*IPv4[- ]\w{{4,12}}[ .]*: {_FOUR}\b")
_BRIEF = re.compile(r"^\s*\S{1,40}\s+(?:UP|UNKNOWN)\s+(?P<rest>\d{1,3}\.\d.{0,200})$")
_IN_ROW = re.compile(rf"(?<!\S){_FOUR}/(?P<prefix>\d\d?)(?!\S)")
#: `hostname -I` prints the addresses alone, after its own line.
_ASKS_OWN = re.compile(r"\bhostname (?:-I|--all-ip-addresses|-i)\b")
_ALONE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_ARPING = re.compile(rf"\bARPING {_FOUR}\b")
_HEARD = re.compile(r"\bReceived (?P<count>\d+) responses?\b", re.IGNORECASE)


@given((_BRIEF, _INET, _IPCONFIG, _ASKS_OWN))
def _own(piece: Piece) -> Iterator[Sign]:
    """Addresses of `ip addr` and `ifconfig`, without loopback."""
    is_asked = False
    for line in piece.text.split("\n"):
        words = line.split() if is_asked else []
        is_asked = _ASKS_OWN.search(line) is not None
        if brief := _BRIEF.match(line):
            found = [(one["address"], one["prefix"]) for one in _IN_ROW.finditer(brief["rest"])]
        elif words and _ALONE.fullmatch(words[0]):
            found = [(word, None) for word in words if _ALONE.fullmatch(word)]
        else:
            found = [(one["address"], one["prefix"]) for one in _INET.finditer(line)]
            found += [(one["address"], None) for one in _IPCONFIG.finditer(line)]
        for address, prefix in found:
            own = _interface(address, min(int(prefix or 24), 32))
            if own is not None and not own.is_loopback:
                fields = {"address": str(own.ip), "net": str(own.network)}
                yield Sign(kind="own_address", line=line.strip(), fields=fields)


def _interface(address: str, prefix: int) -> ipaddress.IPv4Interface | None:
    try:
        return ipaddress.IPv4Interface(f"{address}/{prefix}")
    except ValueError:
        return None


@given(_ARPING, _HEARD)
def _asked_for(piece: Piece) -> Iterator[Sign]:
    """arping: the address of its first line, the answers of its last."""
    address = ""
    for line in piece.text.split("\n"):
        if found := _ARPING.search(line):
            address = found["address"]
        elif address and (heard := _HEARD.search(line)):
            fields = {"address": address, **(_KNOWN if int(heard["count"]) else _FAILED)}
            yield Sign(kind="neighbour", line=line.strip(), fields=fields)
            address = ""


READERS: tuple[Reader, ...] = (_own, _asked_for)
