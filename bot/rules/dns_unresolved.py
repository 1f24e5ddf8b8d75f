"""nginx cannot resolve an upstream's name while it runs."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _outage, _quote, _restart_told, _told


def dns_unresolved(
    error_log: NginxErrorLog,
    upstreams: HttpProbes | None,
    config: NginxConfig | None,
    front: HttpProbes | None,
) -> Finding | None:
    """A name that nginx looks up at run time does not resolve: no resolver, a wrong one, or none that
    answers.

    Why: nginx says which name could not be resolved, and why.
    Ruled out when: nginx does not say so; or users are served, and no file has it look up a name any more.
    Mistaken when: the resolver was away for a moment only.
    Mended by: a `resolver` that knows the name (127.0.0.11 in Docker, the cluster's DNS in Kubernetes) and is
    reachable, the whole name with its domain, or the name in an upstream group.
    Not mended by: a restart of the app, which has no part in the look-up.
    Source: ngx_resolver.c; ngx_http_core_module resolver.
    """
    logged = error_log.of(Fault.NAME)
    if not logged or (front is not None and front.are_well and config is not None and _asks_nobody(config)):
        return None
    also = upstreams.that(Answer.NOT_RESOLVED) if upstreams else ()
    asks = [d for d in config.named("resolver") if d.arguments] if config else []
    server = asks[0].arguments[0] if len({d.arguments for d in asks}) == 1 else ""
    # "(110: Operation timed out)" is the resolver's silence, "(3: Host not found)" its answer.
    is_silent = bool(server) and "timed out" in logged[0].message
    return Finding(
        cause="dns_unresolved",
        certainty=Certainty.CONFIRMED,
        says=f"nginx cannot resolve an upstream's name: {logged[0].message}"
        + (f"; its resolver {server} does not answer" if is_silent else ""),
        because=(
            _quote.error(logged[0]),
            *(Line(step="config", text=d.text) for d in asks[:1]),
            *(_quote.probe(probe) for probe in also[:1]),
        ),
        restart=_quote.useless("app", "the name is looked up by nginx"),
        mend=f"{server} answering again, or another `resolver` that knows the name; then a reload"
        if is_silent
        else None,
        weight=68,
    )


def _asks_nobody(config: NginxConfig) -> bool:
    """No pass has a variable and no server `resolve`: names are looked up as files are read, never later."""
    passes, servers = config.passes, config.named("server")
    return bool(passes) and not any(
        "$" in "".join(d.arguments[:1]) or (d in servers and "resolve" in d.arguments)
        for d in (*passes, *servers)
    )


def told(signs: Signs) -> Finding | None:
    """The proxy says at run time which name does not resolve; an app's own look-ups are another matter."""
    if signs.has("name_at_start"):
        return None
    own = [s for s in signs.of("name_unresolved", "resolver_absent") if any(w in s.line for w in _OWN)]
    names = [s for s in own if s["name"]]
    if own and all("host not found in resolver" in s.line for s in own):
        says = "nginx does not start: the name or address of its resolver is not usable"
        return _told.likely("dns_unresolved", 78, says, _NGINX, own[0], next_check=_CHECK)
    if own:
        return _by_proxy(signs, own, names)
    other = signs.first("name_unresolved")
    if other is not None:
        says = "a name does not resolve"
        weight = 80 if other["proxy"] or signs.has("status") or len(signs.all) < 4 else 64
        return _told.likely("dns_unresolved", weight, says, _NGINX, other, next_check=_CHECK)
    by_app = next((s for s in signs.of("dependency_away") if _NAMELESS.search(s["reason"])), None)
    if by_app is not None and not signs.has("name_at_start", "started"):
        says = "an app does not find the address of a name that it needs"
        if _STORE.search(by_app.line) or signs.has("exited", "app_failed", "unit"):
            return _told.possible("dns_unresolved", 50, says, _NGINX, by_app, next_check=_CHECK)
        return _told.likely("dns_unresolved", 61, says, _NGINX, by_app, next_check=_CHECK)
    needed = signs.first("resolver_needed")
    if needed is not None and not signs.has(*_outage.DEAF, *_outage.BROKEN, "answer_timeout", "dial_timeout"):
        says = f"{needed['name']} stands in a variable, so nginx looks it up at run time and has no resolver"
        return _told.likely("dns_unresolved", 66, says, _NGINX, needed, next_check=_CHECK)
    asked = signs.first("resolves_not", "resolver_away")
    if asked is not None:
        says = "asked by hand, the name does not resolve"
        return _told.likely("dns_unresolved", 62, says, _NGINX, asked, next_check=_CHECK)
    return None


def _by_proxy(signs: Signs, own: list[Sign], names: list[Sign]) -> Finding:
    """nginx's own line; it excludes the rivals where it says more than that nobody has the name."""
    name = f" {names[0]['name']}" if names else ""
    says = f"nginx cannot resolve the upstream's name{name} at run time"
    advice = _restart_told.of_proxy(signs) or _NGINX
    if names and all(_NOBODYS.search(s.line) and "." not in s["name"] for s in names):
        # Nobody has that name: a container that is away or in another network leaves the same line.
        return _told.likely("dns_unresolved", 84, says, advice, names[0], next_check=_CHECK)
    now = next((s for s in signs.of("resolves") if s["address"] and s["name"] in _asked(names)), None)
    if now is not None:
        # It has an address by now: the resolver was away for a moment, or what has the name was.
        says = f"{says}, and it resolves when asked by hand"
        return _told.likely("dns_unresolved", 72, says, advice, names[0], now, next_check=_CHECK)
    return _told.confirmed("dns_unresolved", 94, says, advice, (names or own)[0], *own[-1:])


def _asked(names: list[Sign]) -> set[str]:
    return {sign["name"].partition(":")[0] for sign in names}


#: NXDOMAIN; Docker's own server answers SERVFAIL where it passes a name on that nobody knows.
_NOBODYS = re.compile(r"\((?:3: Host not found|2: Server failure)\)|\b3 name error\b")
_OWN = (
    "host not found in resolver",
    "could not be resolved",
    "no resolver defined",
    "while resolving",
    "dns client error",
    "dns server error",
    "do DNS lookup",
    "balancer resolve",
)
_NAMELESS = re.compile(
    r"getaddrinfo|ENOTFOUND|EAI_AGAIN|name resolution|Name (?:or service|does) not|UnknownHost|gaierror"
    r"|no such host",
    re.IGNORECASE,
)
#: What a start waits for; without it the app may not come up at all.
_STORE = re.compile(
    r"mysql|maria|postgres|pgsql|redis|mongo|rabbit|amqp|kafka|elastic|\bdb\b|database", re.IGNORECASE
)
_NGINX = _quote.useless("app", "the name is looked up by the proxy")
_CHECK = "the proxy's `resolver` and whether it answers for that name"
