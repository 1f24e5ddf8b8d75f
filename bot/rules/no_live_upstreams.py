"""nginx has taken every upstream server out."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.nginx_config import Directive, NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.rules import _dialling, _front, _marked_down, _other_proxies, _quote, _told


def no_live_upstreams(
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    config: NginxConfig | None,
    behind: HttpProbes | None,
    front: HttpProbes | None,
) -> Finding | None:
    """nginx counts every server of the group as failed (max_fails, fail_timeout) and asks none of them.

    Why: nginx says "no live upstreams", though a server answers when asked directly; or its files mark the
    one that answers `down`.
    Ruled out when: nginx does not say so.
    Mistaken when: the servers really are down - then that is the cause and this only its echo.
    Mended by: nothing where the servers are back, for nginx asks again after fail_timeout; else
    max_fails=0 for a single server, a longer time-out, proxy_next_upstream without what a slow request
    gives.
    Not mended by: a restart of an app that answers.
    Source: ngx_http_upstream_module max_fails, fail_timeout.
    """
    every = error_log.of(Fault.NO_LIVE) if error_log else ()
    logged = [entry for entry in every if config is None or _is_passed_to(entry.address, config)]
    if (kept := _marked_down.kept_out(config, upstreams, front)) is not None:
        return kept
    if not logged:
        return _of_another(behind, front)
    if (marked := _all_marked_down(logged[0].address, config)) is not None:
        return _taken_out(logged[0], marked)
    well = [probe for probe in upstreams.probes if probe.is_well] if upstreams else []
    return Finding(
        cause="no_live_upstreams",
        certainty=Certainty.CONFIRMED
        if well and error_log and not error_log.of(Fault.REFUSED)
        else Certainty.POSSIBLE,
        says="nginx counts all upstream servers as failed"
        + ("; one answers when asked directly" if well else ""),
        because=(_quote.error(logged[0]), *(_quote.probe(probe) for probe in well[:1])),
        restart=_quote.useless("app", "nginx asks it again by itself after fail_timeout"),
        next_check="the error each server gave before nginx took it out",
        weight=30,
    )


def _is_passed_to(group: str, config: NginxConfig) -> bool:
    """Whether the files still pass to the group; one that was taken out fails nobody any more."""
    targets = [d.arguments[0] for d in config.passes if d.arguments]
    return not targets or any("$" in target or group in target for target in targets)


def _all_marked_down(group: str, config: NginxConfig | None) -> Directive | None:
    """A server of the group where the files mark each of them `down`; nginx then asks none, ever."""
    servers = [d for d in config.named("server") if d.within[-1:] == (("upstream", group),)] if config else []
    is_out = bool(servers) and all("down" in d.arguments[1:] for d in servers)
    return servers[0] if is_out else None


def _taken_out(logged: NginxError, marked: Directive) -> Finding:
    return Finding(
        cause="no_live_upstreams",
        certainty=Certainty.CONFIRMED,
        says=f"the configuration marks each server of upstream {logged.address} `down`, so nginx asks none",
        because=(_quote.error(logged), Line(step="config", text=marked.text)),
        restart=_quote.useless("app", "nginx does not ask it, whether it is well or not"),
        mend=f"`down` taken off a server that is well, in {marked.file or 'the upstream block'}; "
        "then a reload of nginx",
        weight=88,
    )


def _of_another(behind: HttpProbes | None, front: HttpProbes | None) -> Finding | None:
    """HAProxy or Apache in the chain answers 503 for want of a server: none behind it answers."""
    gateway = [p for p in front.probes if p.status in (502, 503)] if front else []
    if behind is None or not behind.probes or not gateway:
        return None
    if behind.are_well and gateway[0].status == 503:
        return _left_out(behind.probes[0], gateway[0])
    if any(p.is_well for p in behind.probes):
        return None
    first = behind.probes[0]
    who, servers = _other_proxies.product_of(first), sorted({p.address for p in behind.probes})
    return Finding(
        cause="no_live_upstreams",
        certainty=Certainty.CONFIRMED
        if not any(p.answer is Answer.ANSWERED for p in behind.probes)
        else Certainty.LIKELY,
        says=f"{who} has no server left to pass requests to: {', '.join(servers)} behind it"
        f" {'do' if len(servers) > 1 else 'does'} not answer well",
        because=(_quote.probe(gateway[0], "front"), _quote.probe(first, "behind")),
        restart=_quote.useless(who, f"{who} asks them again by itself; what is broken stands behind it"),
        next_check=f"what should listen on {servers[0]}: its unit and journal",
        mend=f"what should answer on {servers[0]}: {who} takes it back by itself as soon as it does",
        weight=50,
    )


def _left_out(server: Probe, gateway: Probe) -> Finding:
    """The server behind it answers, and the proxy does not ask it."""
    who = _other_proxies.product_of(server)
    return Finding(
        cause="no_live_upstreams",
        certainty=Certainty.LIKELY,
        says=f"{who} answers 503 though {server.address} behind it answers when asked directly: it counts"
        " that server as down, or keeps it out",
        because=(_quote.probe(gateway, "front"), _quote.probe(server, "behind")),
        restart=_quote.useless("app", f"it answers; {who} does not ask it"),
        next_check=f"{who}'s journal and state page: is the server down by its check, or in maintenance?",
        mend="a health check that asks for what the app answers (path, status, port), or the server put back"
        " (`disabled`, MAINT) where somebody took it out",
        weight=61,
    )


def told(signs: Signs) -> Finding | None:
    """A server that answers while nginx asks none settles it; else it is an echo of their errors."""
    said = signs.first("no_live", "server_disabled")
    if said is None:
        return _all_down(signs) or _all_ill(signs)
    asked = signs.first("check_wants_more")
    direct = (s for s in signs.of("answers") if asked is None or s.line != asked.line)
    well = next((s for s in direct if s["status"][:1] in ("", "2", "3") and not _is_beside(signs, s)), None)
    first = signs.first("dial_refused", "dial_timeout", "dial_no_route", "dial_missing", "dial_denied")
    other = signs.first(
        "tls_not_spoken", "tls_alert", "tls_unverified", "answer_not_protocol", "denied_by_policy"
    )
    if well is not None and other is not None:
        says = "the proxy has taken all servers out, for a reason that it names"
        return _told.possible("no_live_upstreams", 46, says, _AGAIN, said, other, next_check=_CHECK)
    if well is not None:
        says = "the proxy counts all servers as failed, yet one answers when asked directly"
        # Somebody writes so, and may mean another host; or the proxy is kept from a server that is well.
        if not well["status"] or signs.has("dial_denied", "denied_by_policy"):
            weight = 70 if well["status"] else 84
            return _told.likely("no_live_upstreams", weight, says, _AGAIN, said, well, next_check=_CHECK)
        return _told.confirmed("no_live_upstreams", 91, says, _AGAIN, said, well)
    if asked is not None and first is None and _front.deeper(signs) is None:
        says = "the server answers, but not what the health check wants, so the proxy asks none"
        return _told.likely("no_live_upstreams", 78, says, _AGAIN, said, asked, next_check=_CHECKED_PAGE)
    slow = _one_slow_path(signs) if first is None and _front.deeper(signs) is None else None
    if slow is not None:
        says = "one slow request has taken all servers out, and others fail for it though the servers answer"
        return _told.likely("no_live_upstreams", 89, says, _AGAIN, said, slow, next_check=_CHECK)
    if first is not None or _front.deeper(signs) is not None:
        says = "the proxy has taken all servers out, after they failed"
        weight = 52 if said.kind == "no_live" and _front.deeper(signs) is None else 34
        return _told.possible("no_live_upstreams", weight, says, _AGAIN, said, first, next_check=_CHECK)
    says = "the proxy counts all servers of the group as failed and asks none"
    if said["proxy"] != "nginx":
        return _told.possible("no_live_upstreams", 42, says, _AGAIN, said, next_check=_CHECK)
    return _told.likely("no_live_upstreams", 66, says, _AGAIN, said, next_check=_CHECK)


def _is_beside(signs: Signs, answer: Sign) -> bool:
    """It answers on another port than any that the proxy dials: the port is wrong, not the count."""
    ports = {one.port for one in (*_dialling.configured(signs), *_dialling.refused(signs))}
    asked = _dialling.place(answer["target"], answer, "http")
    return bool(ports) and asked is not None and asked.port not in (*ports, 80, 443)


_CHECKED_PAGE = "ask the server for the very path, method and Host of the health check: what does it answer?"
_AGAIN = _quote.useless("app", "the proxy asks it again by itself after a while")
_CHECK = "the error each server gave before it was taken out, and whether one answers when asked directly"


#: The path of a request, as nginx quotes it.
_ASKED = re.compile(r"request: \"[A-Z]{3,7} (?P<path>[^ ?\"]{1,300})")


def _one_slow_path(signs: Signs) -> Sign | None:
    """Answers are late for one path alone, and requests of another path find no server."""
    late = [s for s in signs.of("answer_timeout") if s["proxy"] in ("", "nginx")]
    slow = {found["path"] for s in late if (found := _ASKED.search(s.line))}
    lost = {found["path"] for s in signs.of("no_live") if (found := _ASKED.search(s.line))}
    return late[0] if len(slow) == 1 and lost and slow.isdisjoint(lost) else None


def _all_ill(signs: Signs) -> Finding | None:
    """A balancer's error beside a health check that every server answers, and not as the check wants it."""
    asked = signs.first("check_wants_more")
    page = next((s for s in signs.of("page", "status") if s["status"][:3] in ("502", "503")), None)
    if asked is None or page is None or _front.deeper(signs) is not None:
        return None
    says = "the server answers, but not what the health check wants, so the balancer asks none"
    return _told.likely("no_live_upstreams", 72, says, _AGAIN, asked, page, next_check=_CHECKED_PAGE)


def _all_down(signs: Signs) -> Finding | None:
    """A group whose every server is marked down, as generators write it."""
    down = signs.where("conf", directive="server_down")
    if not down or signs.where("dials", directive="server"):
        return None
    says = "every server of the group is marked down, so nginx asks none"
    return _told.likely("no_live_upstreams", 84, says, _WRITTEN, down[0], next_check=_GENERATED)


_WRITTEN = _quote.useless("app", "nginx does not ask it, whatever state it is in")
_GENERATED = "who writes `down`: for a generator, the port or network it takes for that container"
