"""Which networks a container is in, as a command of its engine was asked for them.

Commands are read by their template: the place of `.Networks` in `ps --format`, several names of `inspect`
with a row for each. That a network takes no single containers, and that somebody gave the proxy the host's
network, stand here too.

Source: docs.docker.com `docker ps` --format (.Names, .Networks), `docker inspect` (NetworkSettings.Networks),
"Format command and log output", "Host network driver", "Macvlan network driver"; podman-ps(1),
podman-inspect(1); moby/swarmkit manager/controlapi ("not manually attachable").
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "network_closed": "a network takes no container of its own accord; fields: network",
    "host_network_told": "somebody gave a container the host's network; fields: name",
    "network_unjoined": "a compose file declares others' network that no service of it joins; fields: name",
    "network_apart": "a container has an address of its own in the LAN; fields: what",
}
_BOX = r"(?!it\b|that\b|the\b|my\b|this\b)(?P<name>[a-z][\w.-]{1,60})"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "network_closed",
        r"\bnetwork (?P<network>[\w.-]{1,80}) not manually attachable\b",
        "not manually attachable",
    ),
    says(
        "host_network_told",
        r"\b(?:network_mode\W{1,4}host\b|--net(?:work)?[= ]host\b|host network(?:ing)?(?: mode)?\b).{0,20}?\b"
        rf"(?:on|for|to|in) (?:the |my )?{_BOX}",
        "host",
    ),
    says(
        "host_network_told",
        rf"\b(?:moved|switched|changed|put|set|run|running|runs?) (?:the |my )?{_BOX}"
        r"(?: (?:container|service))?(?: is| runs| was)? (?:on|to|in|into|with|onto|as) (?:the )?"
        r"(?:`?network_mode\W{1,4}host\b|`?--net(?:work)?[= ]host\b|host network)",
        "host",
    ),
    says(
        "network_apart",
        r"(?P<what>\bmacvlan\b|\bipvlan\b|\bhost access to custom networks?\b.{0,20}\b(?:disabled|off|not)\b"
        r"|\b(?:own|its own|dedicated|separate) (?:LAN )?IP(?: address)? (?:on|in) (?:the )?"
        r"(?:br\d|LAN|custom:?)\b)",
        "macvlan",
        "ipvlan",
        "host access",
        " ip",
    ),
    # Which networks one side has, and that it has no other.
    says(
        "networks_told",
        r"(?P<what>\bnetwork inspect \S{1,80} (?:only )?(?:lists?|shows?|has|contains?|prints?|gives?)"
        r"(?: only| just| nothing but)\b"
        r"|\binspect \S{1,80} (?:only )?(?:lists?|shows?|has|says?) (?:only|just) (?:the )?(?:one )?network\b"
        r"|\b(?:only|just) (?:in|on|a member of) (?:the )?[`'\"]?(?!(?:my|our|local|home|internal"
        r"|private|corporate|company|same|lan|public|one|this|that|a|an|host|wifi|its|their|default)\b)"
        r"[\w.-]{2,60}[`'\"]? network\b)",
        "inspect",
        "only",
        "just",
    ),
    # A project's name is part of its default network's.
    says(
        "networks_told",
        r"(?P<what>\b(?:different|another|other|new) (?:compose )?project[- ]names?\b"
        r"|\bCOMPOSE_PROJECT_NAME\b.{0,60}\b(?:chang|differ|renam|unset)\w*"
        r"|\bcompose (?:-\S{1,40} ){0,3}(?:-p|--project-name)[ =]\S{1,60} .{0,60}\b(?:while|but|and) "
        r"(?:the )?(?:nginx|proxy|traefik|caddy|haproxy)\b.{0,60}\b(?:old|other|first|original|own)\b)",
        "project",
        "compose",
    ),
)

_PROMPT = re.compile(
    r"\A\s*(?:[\w.@~/:\[\]-]{0,60}[$#%>]\s+\S|\S+@\S+[$#]|(?:sudo )?(?:docker|podman|nerdctl)\s)"
)
_INSPECT = re.compile(r"\b(?:docker|podman|nerdctl)(?: container)? inspect\s(?P<rest>.{1,400})")
_FORMAT = re.compile(r"(?:\A|\s)(?:-f|--format)(?:[ =]?'[^']{0,300}'|[ =]?\"[^\"]{0,300}\"|[ =]\S{1,300})")
_WORD = re.compile(r"\A/?[a-zA-Z0-9][\w.-]{0,100}\Z")
_ROW_NAME = re.compile(r"\A\s*/(?P<name>[a-zA-Z0-9][\w.-]{0,100})(?=[\s:,|=])[\s:,|=]*")
_NET = re.compile(
    r"(?P<network>[a-zA-Z][\w.-]{0,100})(?:\s?[=:|]\s?|\s)(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?![\d.])"
)
_MAP = re.compile(r"(?:\A\s*\{|map\[|\},)\s*\"?(?P<network>[a-zA-Z][\w.-]{0,100})\"?:(?=\{|null|0x)")
#: Keys alone: by `{{$name}}` of a range, or `| jq keys`.
_KEYS = re.compile(r"\A\s*\[?\s*(?:\"?[a-zA-Z][\w.-]{0,100}\"?(?:[,\s]+|\Z|(?=\])|(?=;))){1,20}\]?\s*\Z")
_MOST = 20


@given(_INSPECT)
def _inspected(piece: Piece) -> Iterator[Sign]:
    """`docker inspect -f …Networks… web app`, and below it a row for each, with or without its name."""
    names: list[str] = []
    format_ = ""
    row = 0
    for line in piece.text.split("\n"):
        if command := _INSPECT.search(line):
            given = _format(command["rest"])
            format_ = format_ if given.strip(" '\"") in ("...", "…") else given
            names, row = (_names(command["rest"]) if "Networks" in format_ else []), 0
        elif not line.strip() or _PROMPT.match(line):
            names = []
        elif names:
            named = _ROW_NAME.match(line)
            name = named["name"] if named else names[min(row, len(names) - 1)]
            rest = line[named.end() :] if named else line
            row += 1
            for fields in _networks(rest, is_keys="$" in format_ or "keys" in format_):
                yield Sign(kind="on_network", line=line.strip(), fields={"name": name, **fields})


def _format(rest: str) -> str:
    """What was asked for: the template, and what a pipe makes of it."""
    found = _FORMAT.search(rest)
    given = found[0].strip().removeprefix("--format").removeprefix("-f").lstrip("= ") if found else ""
    return given if given.strip(" '\"") in ("...", "…") else given + rest.partition("|")[2]


def _names(rest: str) -> list[str]:
    words = _FORMAT.sub(" ", rest).partition("|")[0].split()
    return [word.strip("/") for word in words if _WORD.match(word)][:_MOST]


def _networks(rest: str, *, is_keys: bool) -> Iterator[dict[str, str]]:
    if found := [*_NET.finditer(rest)][:_MOST]:
        yield from ({"network": one["network"], "address": one["address"]} for one in found)
    elif found := [*_MAP.finditer(rest)][:_MOST]:
        yield from ({"network": one["network"]} for one in found)
    elif is_keys and _KEYS.match(rest):
        yield from ({"network": net} for net in re.findall(r"[a-zA-Z][\w.-]*", rest)[:_MOST])


_LISTED = re.compile(r"\b(?:docker|podman|nerdctl)\b.{0,40}\b(?:ps|container ls)\b.{0,40}--format")
_FIELD = re.compile(r"\{\{\s?\.(?P<field>\w{1,30})\s?\}\}")
#: Fields that are one word in every row.
_OF_ONE_WORD = {"ID", "Names", "Name", "Image", "Networks", "State"}
_NETS = re.compile(r"\A[a-zA-Z][\w.-]{0,100}(?:,[\w.-]{1,100}){0,9}\Z")


@given(_LISTED)
def _listed(piece: Piece) -> Iterator[Sign]:
    """`docker ps --format '{{.Names}} {{.Networks}} {{.Status}}'` and its rows."""
    fields: list[str] = []
    for line in piece.text.split("\n") if ".Networks" in piece.text else ():
        if _LISTED.search(line):
            fields = [one["field"] for one in _FIELD.finditer(line)]
        elif not line.strip() or _PROMPT.match(line):
            fields = []
        elif fields:
            words = [word for word in re.split(r"[\s|;]+", line.strip()) if word]
            name, networks = _word(fields, words, "Names", "Name"), _word(fields, words, "Networks")
            if not _WORD.match(name) or not _NETS.match(networks) or name == "NAMES":
                continue
            for network in networks.split(","):
                yield Sign(kind="on_network", line=line.strip(), fields={"name": name, "network": network})


def _word(fields: list[str], words: list[str], *wanted: str) -> str:
    """A row's word for a field: counted from the side on which every field is one word."""
    at = next((at for at, one in enumerate(fields) if one in wanted), -1)
    if at < 0 or len(words) < len(fields):
        return ""
    if _OF_ONE_WORD.issuperset(fields[:at]):
        return words[at]
    return words[at - len(fields)] if _OF_ONE_WORD.issuperset(fields[at + 1 :]) else ""


_BLOCK = re.compile(r"^networks:[ \t]*\n(?P<block>(?:[ \t]+\S.*\n?|[ \t]*\n){1,40})", re.MULTILINE)
_DECLARED = re.compile(r"^[ \t]{1,8}(?P<name>[\w.-]{1,80}):", re.MULTILINE)


def _unjoined(piece: Piece) -> Iterator[Sign]:
    """`networks: web: external: true` at the top, and no `networks:` under any service."""
    block = _BLOCK.search(piece.text) if "external" in piece.text and "image:" in piece.text else None
    if block is None or "external" not in block["block"]:
        return
    rest = piece.text[: block.start()] + piece.text[block.end() :]
    name = _DECLARED.search(block["block"])
    if name is None or name["name"] == "default" or "networks:" in rest or "network_mode:" in rest:
        return
    yield Sign(kind="network_unjoined", line=f"networks: {name[0].strip()}", fields={"name": name["name"]})


READERS: tuple[Reader, ...] = (_inspected, _listed, _unjoined)
