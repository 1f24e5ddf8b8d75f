"""Where containers are in networks, where a proxy's form forwards to, and that a proxy runs in a container.

Source: docker network inspect, docker inspect --format (.NetworkSettings.Networks); compose "Networking" (a
project's own default network); Nginx Proxy Manager's form for a proxy host (Forward Hostname / IP, Forward
Port); common English of reports.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "networks_told": "somebody writes that proxy and app share no network, that joining one mends it, or "
    "that one is in several, of which the proxy may take the wrong one; fields: what",
}
_PROXY = (
    r"(?P<proxy>nginx(?:[- ]proxy)?(?:[- ]manager)?|npm|swag|haproxy|traefik|caddy|cloudflared|apache|httpd"
    r"|envoy|openresty|(?:reverse )?proxy)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "networks_told",
        r"(?P<what>\b(?:put|join\w*|add\w*|connect\w*|attach\w*|mov\w*)\b.{0,60}\b(?:to|in|on|into)? ?"
        r"(?:the )?(?:same|shared|common|proxy'?s?|one|external)\b.{0,25}\bnetworks?\b.{0,80}\b(?:work"
        r"|fix|solv"
        r"|went away|gone|goes away|resolv|help)\w*)",
        "network",
    ),
    says(
        "networks_told",
        r"(?P<what>\b(?:(?:are|is|was|were|be|run|runs|running) (?:in|on)|ha(?:s|ve)|on|in|us(?:es?|ing)) "
        r"(?:two |completely |its |their )?(?:different|separate|another|own default"
        r"|distinct) (?:docker |bridge "
        r"|compose |default |container |pods?/)?networks?\b"
        r"|\b(?:only|not) (?:attached|connected|joined) to (?:the )?[\w-]*(?:_default|network|_net)\b"
        r"|\bonly (?:in|on) (?:its|the|their) (?:own |default ){1,2}(?:\w+ )?networks?\b"
        r"|\b(?:not|n't|neither) (?:\w+ ){0,3}(?:in|on|share|part of|joined to|attached to"
        r"|connected to) (?:the |a "
        r"|any )?(?:same|common|shared|proxy|proxy's) (?:docker |bridge |compose |external )?networks?\b)",
        "network",
        "_default",
        "_net",
    ),
    says(
        "networks_told",
        r"(?P<what>\b(?:two|separate|different|another|second|own) (?:docker[- ])?compose (?:projects?"
        r"|files?|stacks?)\b(?![^.;]{0,40}\b(?:joined|connected|linked|shar\w+|same|common)\b[^.;]{0,20}\bnetwork)"
        r"|\b(?:two|separate|different) (?:docker |swarm )?stacks?\b|\bnot (?:listed|shown"
        r"|there) in (?:the )?[\w-]*network"
        r"|\bnetwork inspect \S+ (?:does not|doesn't) (?:list|show|contain)\b)",
        "compose",
        "stack",
        "network",
    ),
    # Which of several networks the proxy is to use is not told.
    says(
        "networks_told",
        r"(?P<what>\btraefik\.docker\.network\b.{0,40}\b(?:not set|missing|unset|wrong|is needed|helps"
        r"|fix\w*|solv\w*)"
        r"|\b(?:add\w*|set\w*)\b.{0,30}\btraefik\.docker\.network\b.{0,60}\b(?:work|fix|solv|help)\w*"
        r"|(?<!manager is )(?<!proxy is )(?<!nginx is )(?<!npm is )"
        r"\b(?:has|in|on|joins?|attached to|connected to|part of) (?:two|several|multiple|both"
        r"|more than one) (?:docker )?networks\b"
        r"|\b(?:traefik|the proxy|nginx-proxy|caddy)\b.{0,40}\b(?:chooses?|picks?|takes?|selects?) "
        r"(?:randomly )?(?:one|either|the wrong) (?:one )?(?:of )?(?:the |its )?"
        r"(?:two |several |docker ){0,2}networks?\b)",
        "traefik.docker.network",
        "networks",
    ),
    # Compose's default networks of two projects.
    says(
        "networks_told",
        r"\bnetworks?\b.{0,80}\b([\w-]{1,60})_default\b.{0,120}\b(?!\1_default)[\w-]{1,60}_default\b",
        "_default",
    ),
    says(
        "address_old",
        r"(?P<what>\b(?:IPs?|address(?:es)?)(?: address)? of (?:the |an? )?(?:deleted|removed"
        r"|terminated|former"
        r"|previous|old|recreated|dead) \w+)",
        " of ",
    ),
    says(
        "address_moved",
        r"(?P<what>\b(?:given|got|gets|has|had|received|assigned|obtained) (?:a |an )?(?:new|different"
        r"|another|other)"
        r" (?:\w+ )?(?:IP|address)\b)",
        " ip",
        "address",
    ),
    says(
        "address_moved",
        r"^(?!.*(?:\[(?:error|notice|warn)\]|connect\(\)|\bclient'?s?\b))(?P<what>.*"
        r"(?:(?<!mail )(?<!listen )(?<!shipping )\b(?:IPs?|IP addresses|IP address|address)\b(?! ranges)"
        r"(?![^.]{0,60}(?:\bnot\b|n't\b|\bnever\b|\bunchanged\b|\?))[^.?]{0,50}\b(?:changes|changed|changing)\b"
        r"(?![^.]{0,20}\?)"
        r"|(?<!not )(?<!n't )(?<!never )\b(?:changes|changed|changing) (?:its |their ){1,2}"
        r"(?:IPs?|IP address|address)\b"
        r"|(?:\bnot |\bnever |n't |\bunable to )(?:able to )?(?:see|notice|pick up|follow)\w* "
        r"(?:the |any )?(?:new )?"
        r"(?:IP|address)(?:es)?(?: (?:address(?:es)?|changes))?\b))",
        "ip",
        "address",
    ),
    says(
        "reload_mended",
        r"^(?!.*(?:\bnot\b|n't\b|\bnothing\b|\bstill\b))(?P<what>.*"
        r"\bdisabl\w+ (?:and |then |and then )?(?:re-?)?enabl\w+ (?:it|the) ?"
        r"(?:proxy|host|record|site)?.{0,60}"
        r"\b(?:resolv\w+|fix\w*|solv\w+|help\w*|works?)\b"
        r"|\b(?:re-?sav(?:e|es|ed|ing)) (?:the )?(?:proxy|host|record|site)\b.{0,60}"
        r"\b(?:resolv|fix|solv|help|work)\w*"
        r")",
        "enabl",
        "sav",
    ),
    # The app was started anew, and then the proxy had to be.
    says(
        "reload_mended",
        r"^(?!.*(?:\bdid not\b|\bdidn't\b|\bnothing\b|\bstill\b|\bno longer\b))"
        r"(?P<what>.*\b(?:also|then) (?:have to |had to |need to |must )?(?:also )?restart(?:ed|ing)? "
        r"(?:the )?[`'\"]?"
        r"(?:web|nginx|proxy|reverse[- ]proxy|frontend|gateway|lb|load ?balancer|npm|traefik)[`'\"]?"
        r"(?: container| service| pod)?.{0,40}\bwork\w*)",
        "restart",
        of="both",
    ),
    says(
        "address_moved",
        r"(?P<what>\b(?:app|server|backend|service|vm|container|site|host|it)\b.{0,20}\b(?:moved"
        r"|migrated|relocated) to"
        r" (?:another|a new|a different|the new) (?:machine|host|server|vm|box|node|ip|address|subnet)\b"
        r"|\b(?:has|got|gets|is) (?:now )?\d{1,3}(?:\.\d{1,3}){3} (?:now|after)\b|\b(?:new|current"
        r"|actual|now has the) (?:ip|address)(?: address)? is\b|\bnew (?:ip|address)(?: address)? of\b"
        r"|\b(?:ip|address)(?: address)? is .{0,40}"
        r"\bnow\b)",
        "moved to",
        "migrated to",
        "relocated to",
        "ip ",
        "address ",
        " now",
        " after",
    ),
    says(
        "proxy_in_container",
        rf"(?<!oauth2-)\b{_PROXY}\b,? (?:(?:is|are|itself) )?(?:runs? |running |deployed )?"
        r"(?:in|inside|as|via|with) (?:an? |its own |the )?(?:separate |own )?"
        r"(?:docker|container|podman|compose)\b",
        "docker",
        "container",
        "podman",
        "compose",
    ),
    says(
        "proxy_in_container",
        r"^\s*(?P<proxy>cloudflared|npm|swag|varnish|envoy|kong|openresty|apisix|tunnel)[-_.]?\d*\s*\|",
        "|",
    ),
)

_OF_NETWORK = re.compile(r"docker network inspect (?P<network>[\w.-]+)")
#: Names alone: `--format '{{range .Containers}}{{.Name}} {{end}}'`.
_NAMES = re.compile(r"\A\s*(?:[a-zA-Z][\w.-]{1,100}(?:\s+|\Z))+\Z")
_MEMBER = re.compile(
    r"\"Name\":\s*\"(?P<name>[\w.-]+)\"(?:(?:(?!\"Name\").){0,200}?\"IPv4Address\":\s*\"(?P<address>[\d.]+))?"
)


@given(_OF_NETWORK)
def _inspected(piece: Piece) -> Iterator[Sign]:
    """`docker network inspect` with its members."""
    network = ""
    for line in piece.text.split("\n"):
        if found := _OF_NETWORK.search(line):
            network = found["network"]
        elif network and '"Name"' in line:
            for one in _MEMBER.finditer(line):
                if one["name"] != network:
                    fields = {"name": one["name"], "network": network, "address": one["address"] or ""}
                    yield Sign(kind="on_network", line=line.strip(), fields=fields)
        elif network and _NAMES.match(line):
            for member in line.split():
                fields = {"name": member, "network": network}
                yield Sign(kind="on_network", line=line.strip(), fields=fields)
            network = ""


_HOST = re.compile(
    r"\b(?:forward(?:ing|s|ed)? (?:host(?:name)?(?: ?/ ?IP)?|IP|to)|hostname ?/ ?IP)\W{1,6}(?:https?://)?"
    r"(?P<host>[\w.-]+)",
    re.IGNORECASE,
)
_PORT = re.compile(r"\b(?:forward(?:ing)? |on |and )?port\W{1,5}(?P<port>\d{2,5})\b", re.IGNORECASE)
_HTTPS = re.compile(r"\bscheme\W{1,6}https\b|\bforward\w*\W.{0,40}https://", re.IGNORECASE)
#: Lines of a form in which its host and port stand.
_FORM = 4


@given(_HOST)
def _forwards(piece: Piece) -> Iterator[Sign]:
    """A proxy host as its form names it: host and port, in one line or a few below each other."""
    lines = piece.text.split("\n") if "forward" in piece.text.lower() else []
    for at, line in enumerate(lines):
        host = _HOST.search(line)
        if host is None or host["host"].lower() in ("port", "to", "the", "host", "hostname"):
            continue
        rest = "\n".join([line[host.end() :], *lines[at + 1 : at + _FORM]])
        port = _PORT.search(rest) or re.match(r":(?P<port>\d{2,5})\b", rest)
        if port is not None:
            near = "\n".join(lines[max(0, at - _FORM) : at + _FORM])
            protocol = "https" if _HTTPS.search(near) else "http"
            fields = {
                "target": f"{host['host']}:{port['port']}",
                "protocol": protocol,
                "directive": "forward",
            }
            yield Sign(kind="dials", line=line.strip(), fields=fields)


_ITEM = re.compile(r"\A\s*[-*•]?\s*(?P<value>localhost|127\.0\.0\.1|\d{2,5})\s*\Z", re.IGNORECASE)


def _listed_form(piece: Piece) -> Iterator[Sign]:
    """A form copied as a list: a host alone in a line, and a port alone in the next."""
    lines = piece.text.split("\n")
    for line, after in pairwise(lines) if "localhost" in piece.text or "127.0.0.1" in piece.text else ():
        host, port = _ITEM.match(line), _ITEM.match(after)
        if host and port and not host["value"].isdigit() and port["value"].isdigit():
            fields = {
                "target": f"{host['value']}:{port['value']}",
                "protocol": "http",
                "directive": "forward",
            }
            yield Sign(kind="dials", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_inspected, _forwards, _listed_form)
