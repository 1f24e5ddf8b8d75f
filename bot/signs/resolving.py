"""Names that do not resolve: nginx's resolver, libc, Docker's and Kubernetes' DNS, dig and nslookup.

Source: ngx_resolver.c, ngx_inet.c (ngx_inet_resolve_host), ngx_http_upstream.c; getaddrinfo(3) of glibc,
musl and BSD; lua-resty-dns, APISIX and Kong dns clients; BIND's dig, nslookup and host.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "resolver_absent": "nginx is to look a name up and has no resolver; fields: name",
    "resolver_away": "a DNS server does not answer; fields: target",
    "resolves": "asked by hand, a name resolves; fields: name, address",
    "resolves_not": "asked by hand, a name does not resolve; fields: name, reason",
}
_NAME = r"(?P<name>[\w.*-]+(?::\d+)?)"
_NO_RESOLVER = r"no resolver defined(?: to resolve (?:\w+://)?(?P<name>[\w.-]+))?"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "name_at_start",
        rf"host not found in (?:upstream|\"?(?:proxy_pass|fastcgi_pass|uwsgi_pass"
        rf"|grpc_pass)\"?) \"{_NAME}\"?",
        "host not found in",
    ),
    says(
        "name_unresolved",
        r"host not found in resolver \"(?P<name>[\w.-]+)",
        "host not found in resolver",
        reason="the resolver's own name",
    ),
    says("name_at_start", r"host not found in up", "host not found in up"),
    says("name_at_start", r"\[emerg\].{0,40}(?:getaddrinfo|gethostbyname)", "[emerg]"),
    says("resolver_absent", _NO_RESOLVER, "no resolver defined"),
    says(
        "name_unresolved",
        _NO_RESOLVER,
        "no resolver defined",
        reason="no resolver",
    ),
    says(
        "name_unresolved",
        r"(?:(?P<name>[\w.-]+)['\"]? |^\W*)could not be resolved(?: \((?P<reason>[^)]*)\))?"
        r"(?!.{0,80}certificate status)",
        "could not be resolved",
    ),
    says(
        "name_unresolved",
        r"(?P<reason>(?:recv|send|connect"
        r"|upstream timed out)[^,]{0,60}) while resolving(?:, resolver)?",
        "while resolving",
    ),
    says(
        "resolver_away",
        r"(?:recv|send"
        r"|connect)\(\) failed .{0,60}while resolving(?:.*?resolver: (?P<target>[\d.:\[\]a-f]+))?",
        "while resolving",
    ),
    says(
        "resolver_away",
        r"connection timed out; no servers could be reached"
        r"|communications error to (?P<target>\S+): (?:timed out"
        r"|connection refused)",
        "no servers could be reached",
        "communications error",
    ),
    says(
        "name_unresolved",
        r"failed to (?:do DNS lookup|parse domain|resolve|query the DNS"
        r"|query DNS"
        r"|receive reply from UDP)[^:]{0,20}:? ?\"?(?P<name>[\w.-]+\.[\w.-]+)?(?:.*?(?P<reason>name"
        r" error|server failure|refused|no available records|timeout|empty record))?",
        "failed to",
    ),
    says(
        "name_unresolved",
        r"dns (?:client"
        r"|server) error: (?P<reason>\d+ [\w ]+)(?:\. Tried: \[\"\(short\)(?P<name>[\w.-]+):)?",
        "dns client error",
        "dns server error",
    ),
    says(
        "name_unresolved",
        r"(?:name resolution failed|dns lookup failed"
        r"|DNS resolution failed)(?: for \"?(?P<name>[\w.-]+))?",
        "name resolution failed",
        "dns lookup"
        r" failed",
        "dns resolution failed",
    ),
    says("resolves_not", r"Could not resolve host:? (?P<name>[\w.-]+)", "could not resolve host"),
    says("resolves_not", r"\*\* server can't find (?P<name>[\w.-]+): (?P<reason>\w+)", "can't find"),
    says(
        "resolves_not",
        r"nslookup: (?:can't resolve"
        r"|couldn't get address for) '(?P<name>[^']+)'",
        "nslookup:",
    ),
    says("resolves_not", r"Host (?P<name>[\w.-]+) not found: (?P<reason>\d+\(\w+\))", "not found:"),
    says(
        "resolves_not",
        r"ping: (?:(?P<name>[\w.-]+): (?P<reason>Name or service not known"
        r"|Temporary failure in name resolution|No address)|unknown host|bad address '[^']+')",
        "ping:",
    ),
    says(
        "resolves_not",
        r"status: (?P<reason>NXDOMAIN|SERVFAIL"
        r"|REFUSED), id: \d+",
        "status: nxdomain",
        "status: servfail",
        "status: refused",
    ),
    says("resolves", r"^\s*(?P<name>[\w.-]+)\.\s+\d+\s+IN\s+A+\s+(?P<address>[\d.:a-f]+)", "in a", "in\ta"),
    says(
        "resolves",
        r"(?P<name>[\w.-]+) has (?:IPv6 )?address (?P<address>[\d.:a-f]+)",
        "has"
        r" address",
        "has ipv6 address",
    ),
    says("resolves", r"PING (?P<name>(?![\d.]+ )[\w.-]+) \((?P<address>[\d.:a-f]+)\)", "ping "),
    says(
        "resolves",
        r"getent (?:a?hosts\w*) (?P<name>[\w.-]+)\s*(?:->|=>|:|\|)?\s+(?P<address>\d{1,3}(?:\.\d{1,3}){3})\b",
        "getent",
    ),
)


_DUG = re.compile(r"\b(?:dig \+short|getent (?:a?hosts\w*)|host -t A) (?P<name>[A-Za-z][\w.-]*)")
_ADDRESS = re.compile(r"\A(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?:\s|\Z)")


@given(_DUG)
def _dug(piece: Piece) -> Iterator[Sign]:
    """`dig +short NAME` or `getent hosts NAME…`, and the addresses below; a row may have its own name."""
    name, names = "", frozenset[str]()
    for line in piece.text.split("\n"):
        asked, address = _DUG.search(line), _ADDRESS.match(line.strip())
        if asked:
            name, names = asked["name"], frozenset(line[asked.start("name") :].split())
        elif name and address:
            own = line.split()[1:2]
            of = own[0] if own and own[0] in names else name
            fields = {"name": of, "address": address["address"]}
            yield Sign(kind="resolves", line=line.strip(), fields=fields)
        elif line.strip():
            name = ""


READERS: tuple[Reader, ...] = (_dug,)
