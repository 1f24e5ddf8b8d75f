"""Hosts and their addresses, as tools list them and people name them, for holding a dialled one against them.

Source: tailscale.com "Tailscale CLI" (status); cloud.google.com `gcloud compute instances list`; AWS
DescribeInstances (state names); docs.openstack.org `openstack server list`; documentation.ubuntu.com LXD and
Incus `list`; learn.microsoft.com Get-VM (NetworkAdapters.IPAddresses), "Accessing network applications with
WSL" (the host is the default gateway, and changes).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "host_listed": "a host with its address; fields: name, address, state (up, down)",
}
_IP = r"(?<![\d.])(?!127\.|0\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "answers",
        rf"\b(?:from|in|with) (?:a |the |my |any )?browser\b.{{0,40}}https?://"
        rf"(?P<target>{_IP}(?::\d{{2,5}})?)\S{{0,80}}.{{0,40}}"
        r"\b(?<!not )(?<!n't )"
        r"(?:login|page|works?|ok|opens?|fine|comes|shown|shows|loads?)\b",
        "browser",
    ),
    says(
        "answers",
        rf"\bhas (?:the (?:ip|address) )?(?P<target>{_IP}) and (?:answers|works|responds|is (?:up|ok))\b",
        "answers",
        "works",
        "responds",
        "and is",
    ),
)

_UP = r"RUNNING|ACTIVE|running|active|Active|online|Online"
_DOWN = r"STOPPED|SHUTOFF|TERMINATED|stopped|terminated|offline|Offline|STOPPING|PAUSED|shut ?off"
_ROW = re.compile(
    rf"^[ \t|]*(?P<name>[a-zA-Z][\w.-]{{1,60}})[ \t|]+"
    rf"(?:[^\n]{{0,80}}?[\s|(=])?(?P<address>{_IP})[^\n]{{0,60}}?"
    rf"\b(?P<state>{_UP}|{_DOWN})\b",
    re.MULTILINE,
)
_STATE_FIRST = re.compile(
    rf"^[ \t|]*(?P<name>[a-zA-Z][\w.-]{{1,60}})[ \t|]+(?:[^\n]{{0,40}}?[\s|])?(?P<state>{_UP}|{_DOWN})[ \t|]+"
    rf"[^\n]{{0,40}}?(?P<address>{_IP})",
    re.MULTILINE,
)
_TAILNET = re.compile(
    rf"^\s*(?P<address>{_IP})\s+(?P<name>[\w.-]{{1,60}})\s+\S+@\S*\s+\w+\s+(?P<state>offline|active|idle|-)",
    re.MULTILINE,
)
_NAMED = re.compile(
    rf"\bname=(?P<name>[\w.-]{{1,60}}),? (?P<address>{_IP}),? state=(?P<state>{_UP}|{_DOWN})\b"
)
_MACHINE = re.compile(rf"^\s*\{{(?P<address>{_IP})(?:, [^}}\n]{{0,200}})?\}}\s*$", re.MULTILINE)
_GATEWAY = re.compile(rf"\bdefault via (?P<address>{_IP})")
_IS_DOWN = re.compile(rf"(?:{_DOWN})")
_MOST = 40


@given((_TAILNET, _NAMED, _ROW, _STATE_FIRST))
def _listed(piece: Piece) -> Iterator[Sign]:
    """Rows of hosts; a container's of LXD or Incus is in its network as well."""
    forms = (_TAILNET, _NAMED, *((_ROW, _STATE_FIRST) if _IS_A_LIST.search(piece.text) else ()))
    for form in forms:
        for found in [*form.finditer(piece.text)][:_MOST]:
            state = "down" if _IS_DOWN.fullmatch(found["state"]) else "up"
            fields = {"name": found["name"], "address": found["address"], "state": state}
            yield Sign(kind="host_listed", line=found[0].strip(), fields=fields)
            if _SYSTEMS.search(piece.text):
                fields = {"name": found["name"], "network": "", "address": found["address"]}
                yield Sign(kind="on_network", line=found[0].strip(), fields=fields)


_IS_A_LIST = re.compile(
    r"\b(?:instances list|server list|describe-instances|virsh|multipass list|(?:lxc|incus|pct|qm) list)\b"
    r"|\bINTERNAL_IP\b|\bIPV4\b"
)
_SYSTEMS = re.compile(r"\b(?:lxc|incus) list\b")


def _beside(piece: Piece) -> Iterator[Sign]:
    """The address of a virtual machine, or of Windows as WSL sees it."""
    if "Get-VM" in piece.text:
        for found in [*_MACHINE.finditer(piece.text)][:_MOST]:
            fields = {"name": "", "address": found["address"], "state": "up"}
            yield Sign(kind="host_listed", line=found[0].strip(), fields=fields)
    if "Windows" in piece.text or "WSL" in piece.text:
        for found in [*_GATEWAY.finditer(piece.text)][:1]:
            fields = {"name": "Windows", "address": found["address"], "state": "up"}
            yield Sign(kind="host_listed", line=found[0].strip(), fields=fields)


READERS: tuple[Reader, ...] = (_listed, _beside)
