"""docker ps, inspect, logs and events; compose and swarm; podman.

Source: docs.docker.com `docker ps` (--format, STATUS), `docker inspect`, "exit status" of `docker run`;
moby's libnetwork errors; compose's "exited with code".
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "published": "a container's port is open on the host; fields: name, alias, address, host_port, port",
    "serves_port": "an image or manifest says on which port a container serves; fields: "
    "name, alias, port, label",
    "on_network": "a container or service is in a network; fields: name, network, address",
    "health": "a container's health check; fields: name, state",
    "proxy_in_container": "the proxy itself runs in a container; fields: proxy",
}

_EXIT = (
    r"(?<![\w./-])(?P<who>[\w./-]{1,128}+) exited "
    r"(?:unexpectedly |abnormally |itself )?with (?:exit )?(?:code|status) "
)
#: Tools of health checks and of people: what they are asked for in a container that runs (site_well.py).
_PROBE = r".{0,120}exec: \\*\"(?:curl|wget|nc|ncat|pgrep|ps|ss|netstat|bash|sh)\b"
PATTERNS: tuple[Pattern, ...] = (
    says("killed", _EXIT + r"137\b", "exited ", signal="9"),
    says("crashed", _EXIT + r"139\b", "exited ", signal="SIGSEGV"),
    says("crashed", _EXIT + r"134\b", "exited ", signal="SIGABRT"),
    says("stopped", _EXIT + r"143\b", "exited "),
    says("exited", _EXIT + r"(?P<code>(?!13[479]\b|143\b)\d+)", "exited "),
    says("out_of_memory", r"\"OOMKilled\":\s*true", "oomkilled", limit="cgroup"),
    says("out_of_memory", r"container oom .*?(?:name=(?P<who>[\w.-]+))", "container oom", limit="cgroup"),
    says(
        "container", r"\"Status\":\s*\"(?P<state>exited|restarting|created|dead|paused|running)\"", '"status"'
    ),
    says(
        "container",
        r"container (?P<state>die|stop|kill) [0-9a-f]{12,64} \(.{0,300}?(?:exitCode=(?P<code>\d+))",
        "container",
    ),
    says(
        "published",
        r"docker.* run .*(?:-p|--publish)[ =](?:(?P<address>[\d.]+):)?(?P<host_port>\d+):(?P<port>\d+)",
        "docker",
        "podman",
    ),
    says("health", r"\"Status\":\s*\"(?P<state>unhealthy|healthy|starting)\"", '"status"'),
    says("health", r"container for service \"(?P<name>[^\"]+)\" is (?P<state>unhealthy)", "unhealthy"),
    says(
        "health", r"dependency failed to start: container (?P<name>\S+) is (?P<state>unhealthy)", "unhealthy"
    ),
    says("health", r"container (?P<name>\S+) (?:is|was) (?P<state>unhealthy)", "unhealthy"),
    says(
        "exited",
        r"dependency failed to start: container (?P<who>\S+) exited \((?P<code>\d+)\)",
        "dependency failed",
    ),
    says(
        "port_taken",
        r"Bind for (?P<address>[\d.:\[\]]+?):(?P<port>\d+) failed: port is already allocated",
        "already allocated",
    ),
    says(
        "port_taken",
        r"exposing port \w+ (?P<address>[\d.]*):(?P<port>\d+).{0,80}address already in use",
        "exposing port",
    ),
    says(
        "unit_exec",
        rf"^(?!.*OCI runtime exec failed{_PROBE}).*exec: \\?\"(?P<path>[^\"\\]+)\\?\": (?:stat .{{0,80}}: no"
        r" such file|executable file not found|permission denied)",
        "exec: ",
    ),
    says(
        "unit_exec",
        r"exec (?:user process caused|format error|(?P<path>[\w./-]+): (?:exec format error|no such file))",
        "exec ",
    ),
    says(
        "app_failed",
        rf"OCI runtime (?:create|exec) failed: (?!{_PROBE})(?P<text>.{{0,200}})",
        "oci runtime",
    ),
    says(
        "network_unknown",
        r"network (?P<network>[\w.-]+) (?:not found|declared as external, but could not be found)",
        "network ",
    ),
    says(
        "network_unknown",
        r"#+ Cannot connect to network of this container|# Cannot connect to network '(?P<network>[^']+)'",
        "cannot connect to network",
    ),
    says(
        "network_unknown",
        r"# Container not reachable|# no network found|networks not reachable|\(unreachable\)",
        "reachable",
        "no network found",
    ),
    says(
        "network_unknown",
        r"NOT REACHABLE.{0,20}network|network '?(?P<network>(?!is\b)[\w.-]+)'? unreachable",
        "reachable",
    ),
    says("on_network", r"#\s+Can be connect(?:ed)? with \"(?P<network>[^\"]+)\" network", "can be connect"),
    says(
        "proxy_in_container",
        # Behind a service's name it is that service: many an app's image is nginx's with files.
        r"^[^|]*/docker-entrypoint\.(?:d/|sh: (?:Configuration|Launching|Looking|/docker))",
        "docker-entrypoint",
        proxy="nginx",
    ),
    says(
        "proxy_in_container",
        # `web` is as often the app: there the line has to be the proxy's own.
        r"^\s*(?:(?P<proxy>nginx|proxy|reverse[_-]?proxy|haproxy|traefik|caddy|gateway"
        r"|ingress|httpd|apache2?|[\w-]*(?:nginx|proxy)[\w-]*)[-_.]?\d*\s*\|"
        r"|web(?:server)?[-_.]?\d*\s*\|.{0,60}(?:nginx: \[|\bAH\d{5}: |\[(?:proxy|core|mpm)\w*:\w+\] ))",
        "|",
    ),
    says(
        "proxy_in_container",
        r"\[(?:emerg|error|warn|notice|crit|alert)\] (?:\d{1,2}|1\d\d)#(?:\d{1,2}|1\d\d):",
        "#",
        proxy="nginx",
    ),
    says(
        "proxy_in_container",
        r"traefik\.http\.services\.|(?:jwilder|nginxproxy)/nginx-proxy|nginx[- ]proxy[- ]manager"
        r"|(?:docker|podman)(?: container)? run .{1,200} (?:[\w.-]{1,60}/){0,3}(?:nginx|caddy|traefik|haproxy"
        r"|httpd)(?::[\w.-]{1,40})?$"
        r"|(?:kubectl|docker) logs .{0,40}(?:nginx|proxy|caddy|traefik)",
        "traefik.http",
        "nginx-proxy",
        "nginx proxy manager",
        "nginx-proxy-manager",
        "docker run",
        "docker container run",
        "podman run",
        "podman container run",
        " logs ",
    ),
    says(
        "container",
        r"^\W{0,4}(?:status:? )?Exited \((?P<code>\d+)\) .{1,30} ago\W*$",
        "exited (",
        state="exited",
    ),
    says("serves_port", r"(?-i:\bEXPOSE) (?P<port>\d+)", "expose"),
    says("serves_port", r"Exposed ports: \[(?:\{| )?(?P<port>\d+)", "exposed ports"),
)

#: Words of a heading, and no settings of a log line.
_HEADING = re.compile(r"(?=.*\bNAMES?\b(?!\W?[=:])).*\bSTAT(?:US|E)\b(?!\W?[=:])")
_CONTAINER_ID = re.compile(r"\A\s*[0-9a-f]{12}\s")
#: A row that was copied without its heading.
_UP = re.compile(r"\sUp (?:\d+|About|Less)\b.*->\d+/(?:tcp|udp)")
_STATE = re.compile(
    r"\s(?P<state>Up|Exited|Exit|Restarting|Created|Dead|Paused|Stopped|running|exited|restarting)\b"
    r"(?: ?\((?P<code>\d+|unhealthy|healthy|starting)\)| (?P<old>\d+)(?=\s|\Z))?"
)
_HEALTH = re.compile(r"\((?P<health>unhealthy|healthy|health: starting)\)")
_PORT = re.compile(
    r"(?:(?P<address>\[[^\]]*\]|[\d.:]*?):)?(?:(?P<host>\d+)(?:-\d+)?->)?(?P<port>\d+)(?:-\d+)?/(?:tcp|udp)"
)


@given(_STATE)
def _tables(piece: Piece) -> Iterator[Sign]:
    """Rows of `docker ps`, `docker compose ps`, `docker-compose ps` and podman's."""
    named_first = False
    is_table = False
    for line in piece.text.split("\n"):
        upper = line.upper()
        if "CONTAINER ID" in upper or ("STAT" in upper and "NAME" in upper and _HEADING.search(upper)):
            is_table = "READY" not in upper
            named_first = "CONTAINER ID" not in upper
            continue
        state = _STATE.search(line)
        if state is None or not (is_table or _CONTAINER_ID.match(line) or _UP.search(line)):
            continue
        yield from _row(line, state, named_first=named_first and not _CONTAINER_ID.match(line))


def _row(line: str, state: re.Match[str], *, named_first: bool) -> Iterator[Sign]:
    words = line.split()
    name = words[0] if named_first else words[-1]
    ports = [found for found in _PORT.finditer(line) if found["port"]]
    if not named_first and _PORT.search(name):
        name = ""
    code = state["code"] or state["old"] or ""
    fields = {
        "name": name,
        "state": {"exit": "exited", "running": "up"}.get(state["state"].lower(), state["state"].lower()),
        "code": code if code.isdigit() and state["state"] != "Up" else "",
        "ports": " ".join(found[0] for found in ports),
        "image": _image(words, named_first=named_first),
    }
    yield Sign(kind="container", line=line.strip(), fields=fields)
    for found in ports:
        given = {"name": name, "port": found["port"]}
        if found["host"]:
            place = {"address": found["address"] or "", "host_port": found["host"]}
            yield Sign(kind="published", line=line.strip(), fields=given | place)
        else:
            yield Sign(kind="serves_port", line=line.strip(), fields=given)
    health = _HEALTH.search(line)
    if health:
        state_of = {"name": name, "state": health["health"].removeprefix("health: ")}
        yield Sign(kind="health", line=line.strip(), fields=state_of)


_IMAGE = re.compile(r"\A[a-z0-9][a-z0-9._/-]{1,100}(?::[\w.-]{1,80})?\Z")


def _image(words: list[str], *, named_first: bool) -> str:
    """The column after the container's ID, or the first one where the ID was left out."""
    at = 1 if _CONTAINER_ID.match(words[0] + " ") or named_first else 0
    word = words[at] if len(words) > at + 1 else ""
    return word if ("/" in word or ":" in word) and _IMAGE.match(word) else ""


_NETWORK = re.compile(r"\A\s*\"(?P<name>[\w.-]+)\":\s*\{\s*\Z")
_ADDRESS = re.compile(r"\A\s*\"IPAddress\":\s*\"(?P<address>[\d.]+)\"")
_NAME = re.compile(r"\A\s*\"Name\":\s*\"/(?P<name>[\w.-]+)\"")


@given('"Networks"', _NETWORK)
def _inspected(piece: Piece) -> Iterator[Sign]:
    """Networks and addresses in the JSON of `docker inspect`, whole or cut."""
    name, inside, network = "", False, ""
    for line in piece.text.split("\n"):
        if found := _NAME.match(line):
            name = found["name"]
        if '"Networks"' in line:
            inside = True
        elif inside and (found := _NETWORK.match(line)):
            network = found["name"]
            yield Sign(kind="on_network", line=line.strip(), fields={"name": name, "network": network})
        elif inside and network and (found := _ADDRESS.match(line)):
            given = {"name": name, "network": network, "address": found["address"]}
            yield Sign(kind="on_network", line=line.strip(), fields=given)


READERS: tuple[Reader, ...] = (_tables, _inspected)
