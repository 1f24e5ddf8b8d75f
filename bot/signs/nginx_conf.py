"""Excerpts of nginx's configuration: what is dialled, how long is waited, what is buffered.

Source: nginx's reference of ngx_http_proxy_module, ngx_http_fastcgi_module, ngx_http_uwsgi_module,
ngx_http_scgi_module, ngx_http_grpc_module, ngx_http_upstream_module, ngx_stream_proxy_module.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "conf": "a directive that a rule asks for; fields: directive, value",
    "resolver_needed": "a name in a variable is dialled, and no resolver is named; fields: name",
}
PATTERNS: tuple[Pattern, ...] = ()

_PASS = re.compile(
    r"(?<![\w#$-])(?P<directive>(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass)\s+(?P<value>[^;{}\s]+)\s*;?"
)
_UPSTREAM = re.compile(r"(?<![\w-])upstream\s+(?P<name>[\w.$-]+)\s*\{")
_SERVER = re.compile(r"(?<![\w-])server\s+(?P<value>[^;{}\s][^;{}]*);")
_SOCKET = re.compile(r"\A\s*server\s+(?P<value>unix:/[^;{}\s]+)[^;{}]*;\s*\Z")
_SET = re.compile(r"(?<![\w-])set\s+(?P<name>\$\w+)\s+[\"']?(?P<value>[^;\"']+)[\"']?\s*;")
_ASKED = re.compile(
    r"(?<![\w$-])(?P<directive>resolver|proxy_ssl_server_name|proxy_ssl_name|proxy_ssl_verify(?:_depth)?"
    r"|proxy_ssl_trusted_certificate|proxy_ssl_protocols|proxy_http_version|keepalive"
    r"|(?:proxy|fastcgi|uwsgi|grpc|scgi)_(?:read|connect|send)_timeout|(?:proxy|fastcgi|uwsgi)_buffer_size"
    r"|(?:proxy|fastcgi|uwsgi)_buffers|client_max_body_size|worker_connections|worker_rlimit_nofile|limit_req"
    r"|limit_conn|fastcgi_param SCRIPT_FILENAME|uwsgi_modifier1|error_page"
    r"|proxy_next_upstream)\s+(?P<value>[^;{}]+);"
)
_PROTOCOL = {"fastcgi_pass": "fastcgi", "uwsgi_pass": "uwsgi", "scgi_pass": "scgi", "grpc_pass": "grpc"}
_SCHEME = re.compile(r"\A(?P<scheme>[a-z]+)://(?P<rest>.*)\Z")
_SEARCHES = re.compile(r"\b(?:grep|rg|ack|ag|sed|awk)\b")
_DIRECTIVE = re.compile(
    r"server\s+unix:|_pass\s|upstream\s+[\w.$-]+\s*\{|proxy_|fastcgi_|uwsgi_|keepalive|worker_|limit_|resolver|client_max"
)


def _excerpt(piece: Piece) -> Iterator[Sign]:
    """What an excerpt dials and sets; names of groups and simple variables are put in."""
    if _DIRECTIVE.search(piece.text) is None:
        return
    lines = [(line, _bare(line)) for line in piece.text.split("\n")]
    settings = {m["name"]: m["value"].strip() for _, bare in lines for m in _SET.finditer(bare)}
    # The longest first: `$app_port` before `$app`.
    variables = dict(sorted(settings.items(), key=lambda one: -len(one[0])))
    groups = {m["name"] for _, bare in lines for m in _UPSTREAM.finditer(bare)}
    # The directive that sends to a group says in which protocol its servers are spoken to.
    spoken = {
        re.sub(r"\A\w+://|/.*\Z", "", m["value"]): _PROTOCOL[m["directive"]]
        for _, bare in lines
        for m in _PASS.finditer(bare)
        if m["directive"] in _PROTOCOL and m["directive"] != "proxy_pass"
    }
    has_resolver = any(
        re.search(r"(?<![\w-])(?:resolver\s|include\s+\S*resolver)", bare) for _, bare in lines
    )
    group, depth = "", 0
    for line, bare in lines:
        opened = _UPSTREAM.search(bare)
        if opened:
            group, head, depth, is_empty = opened["name"], line.strip(), 0, True
        if group:
            is_empty = is_empty and not (bare[opened.end() :] if opened else line).strip(" \t\r{}")
            for server in _SERVER.finditer(bare):
                yield from _server(server["value"], group, line, spoken.get(group, ""))
            depth += bare.count("{") - bare.count("}")
            if depth <= 0 and is_empty and "}" in bare:
                text = f'no servers are inside upstream "{group}"'
                yield Sign(kind="config_invalid", line=head, fields={"text": text})
            group = group if depth > 0 else ""
        if not group and not opened and (socket := _SOCKET.match(bare)):
            yield from _server(socket["value"], "", line, "")  # the group's head was left out
        for found in _PASS.finditer(bare):
            if ";" not in bare and (found["value"].rstrip(".,:!?)").isalpha() or _SEARCHES.search(bare)):
                continue  # a sentence about the directive, or a command that looks for it
            yield from _passes(found["directive"], found["value"], groups, variables, line)
            if not has_resolver:
                yield from _unresolvable(found["value"], groups, variables, line)
        for found in _ASKED.finditer(bare):
            fields = {"directive": found["directive"], "value": found["value"].strip()}
            yield Sign(kind="conf", line=line.strip(), fields=fields)


def _bare(line: str) -> str:
    """Without a comment; `#` inside a word or quotes stays."""
    return re.sub(r"(?:\A|\s)#.*\Z", "", line)


def _server(value: str, group: str, line: str, protocol: str) -> Iterator[Sign]:
    words = value.split()
    if not words:
        return
    if "down" in words[1:]:
        fields = {"directive": "server_down", "value": words[0]}
        yield Sign(kind="conf", line=line.strip(), fields=fields)
        return
    fields = {"target": _port(words[0], ""), "directive": "server", "name": group}
    if protocol:
        fields["protocol"] = protocol
    yield Sign(kind="dials", line=line.strip(), fields=fields)


def _passes(
    directive: str, value: str, groups: set[str], variables: Mapping[str, str], line: str
) -> Iterator[Sign]:
    value = value.strip("\"'")
    for name, meant in variables.items():
        value = value.replace("${" + name[1:] + "}", name).replace(name, meant)
    value = re.sub(r"\Aunix:/{2,}", "unix:/", value)
    scheme = _SCHEME.match(value)
    protocol = scheme["scheme"] if scheme else _PROTOCOL.get(directive, "tcp")
    rest = scheme["rest"] if scheme else value
    place = rest if rest.startswith("unix:") else rest.split("/", 1)[0]
    if place.startswith("unix:"):
        place = re.sub(r":(?:/.*)?\Z", "", place[5:])
        place = f"unix:{place}"
    if "$" in place:
        fields = {"directive": "variable", "value": value}
        yield Sign(kind="conf", line=line.strip(), fields=fields)
        return
    name = "" if place.startswith("unix:") else place.rpartition(":")[0] or place
    if place in groups:
        fields = {"directive": directive, "value": value}
        yield Sign(kind="conf", line=line.strip(), fields=fields)
        return
    fields = {"target": _port(place, protocol), "protocol": protocol, "directive": directive, "name": name}
    yield Sign(kind="dials", line=line.strip(), fields=fields)


def _unresolvable(value: str, groups: set[str], variables: Mapping[str, str], line: str) -> Iterator[Sign]:
    """A variable makes nginx look the name up with each request; without a resolver it cannot."""
    for name, meant in variables.items():
        host = re.sub(r"\A\w+://", "", meant).split("/", 1)[0].partition(":")[0]
        is_name = re.fullmatch(r"[A-Za-z][\w-]*(?:\.[\w-]+)*", host) is not None
        plain = value.replace("{", "").replace("}", "")
        if plain.startswith(f"{name}://"):
            continue  # it stands for the scheme
        if name in plain and is_name and host not in groups:
            yield Sign(kind="resolver_needed", line=line.strip(), fields={"name": host})
            return


def _port(place: str, protocol: str) -> str:
    """`app` is dialled at its protocol's port when none is said; a group's servers take 80."""
    if place.startswith(("unix:", "/")) or re.search(r":\d+\Z", place):
        return place
    if protocol in ("fastcgi", "uwsgi", "scgi", "tcp"):
        return place
    return f"{place}:{443 if protocol in ('https', 'grpcs') else 80}"


READERS: tuple[Reader, ...] = (_excerpt,)
