"""Traefik: its log, its access log, and what its providers refuse; dial errors are Go's (go_net.py).

Source: traefik's pkg/proxy/httputil/proxy.go, pkg/provider/docker/config.go, pkg/provider/kubernetes/*,
pkg/server/service/loadbalancer (no available server), docs "Access logs".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "network_unknown": "the proxy finds no network or address it shares with a container; fields: "
    "name, network",
    "port_unknown": "the proxy was not told, and cannot tell, a container's port; fields: name",
}
_TR = {"proxy": "traefik"}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "status",
        r"(?P<status>50[0234]) \w+(?: \w+){1,2}'? (?:caused by:|error=)",
        "caused by",
        "error=",
        **_TR,
    ),
    says(
        "dials",
        r"^\s*-?\s*\"?(?P<directive>url)\"?\s*[:=]\s*\"?(?P<protocol>https?|h2c)://(?P<target>"
        r"(?:[\w.-]+|\[[^\]]+\]):\d+)",
        "url",
    ),
    says(
        "dials",
        r"\btraefik\b.{0,60}\b(?P<directive>url)\"?\s*[:=]\s*\"?(?P<protocol>https?|h2c)://(?P<target>"
        r"(?:[\w.-]+|\[[^\]]+\]):\d+)",
        "traefik",
    ),
    says(
        "dials",
        r"\bForwardURL=\W{0,3}(?P<protocol>https?|h2c)://(?P<target>[\w.-]+:\d+)",
        "forwardurl",
        directive="traefik",
    ),
    says(
        "dials",
        r"\\*\"url\\*\":\s?\\*\"\W{0,3}(?P<protocol>https?|h2c)://(?P<target>[\w.-]+:\d+)",
        "url",
        directive="traefik",
    ),
    says("no_live", r"\bno available server\b", "no available server", **_TR),
    says(
        "no_live",
        r"(?:Health check failed)[.,]?.{0,60}(?:removing from server list|targetURL)",
        "health check failed",
        **_TR,
    ),
    says(
        "network_unknown",
        r"Could not find network named \\?[\"']?(?P<network>[^\"'\\\s]+)\\?[\"']? for container \\?[\"']?"
        r"(?P<name>[^\"'\\\s!]+)",
        "could not find network named",
    ),
    says(
        "network_unknown",
        r"unable to find the IP address for the container \\*[\"'](?P<name>[^\"'\\]+)",
        "unable to find the ip address",
    ),
    says("port_unknown", r"service \\*\"(?P<name>[^\"\\]+)\\*\" error: port is missing", "port is missing"),
    says("port_unknown", r"\bport is missing\b", "port is missing"),
    says("no_endpoints", r"[Ee]ndpoints? not found for \\?\"?(?P<service>[\w./-]+)", "not found for"),
    says("no_endpoints", r"subset not found for (?P<service>[\w./-]+)", "subset not found"),
    says("no_endpoints", r"(?:Skipping service: no endpoints|no endpoints found)", "no endpoints"),
    says(
        "service_missing", r"(?:kubernetes )?service not found:? (?P<service>[\w./-]+)", "service not found"
    ),
    says("service_missing", r"error=\"(?:kubernetes )?service not found\"", "service not found"),
    says("service_missing", r"[Ss]ervice port not found:? (?P<port>[\w-]+)", "service port not found"),
    says(
        "status",
        r"\"DownstreamStatus\":\s?(?P<status>[45]\d\d)(?:.{0,400}\"OriginStatus\":\s?"
        r"(?P<upstream_status>\d+))?",
        "downstreamstatus",
        **_TR,
    ),
    says(
        "status",
        r"\" (?P<status>[1-5]\d\d) \d+ \"[^\"]*\" \"[^\"]*\" \d+ \"[^\"]*\" \"https?://(?P<target>[^\"/]+)",
        "ms",
        **_TR,
    ),
    # The kernel gives a neighbour up after three seconds; Traefik a connection after thirty.
    says("dial_no_route", r" 502 \d+ .*\"https?://(?P<target>[^\"/]+)/?\" 3[01]\d\dms", "ms", **_TR),
    says("dial_timeout", r" 504 \d+ .*\"https?://(?P<target>[^\"/]+)/?\" 30\d{3}ms", "ms", **_TR),
    says("dial_failed", r" 502 \d+ .*\"https?://(?P<target>[^\"/]+)/?\" \d{1,2}ms", "ms", **_TR),
    says(
        "noise", r"Unable to obtain ACME certificate", "acme certificate", what="certificates are asked for"
    ),
)
READERS: tuple[Reader, ...] = ()
