"""nginx itself answers 500."""

from bot.model.host import Host
from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _front, _own_answer, _quote, _told


def proxy_500_not_502(
    front: HttpProbes,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    config: NginxConfig | None,
    host: Host,
) -> Finding | None:
    """nginx makes the error itself, e.g. by a redirection cycle in its configuration; the app is well.

    Why: nginx answers 500 while the app, asked directly, answers the same path well; or its configuration
    has a `return` with the status, or its log names a file that it may not open or a check that failed.
    Ruled out when: the app itself answers 500 (app_500).
    Mistaken when: the app answers differently to nginx's headers than to ours.
    Mended by: the configuration that the error log names: the rewrite, the try_files, the auth_request,
    the script, the temporary directory.
    Not mended by: a restart of the app, which did not see the request.
    Source: ngx_http_core_module.c "rewrite or internal redirection cycle"; mod_proxy.c proxy_handler.
    """
    if (known := _known(front, upstreams, error_log, config, host)) is not None:
        return known
    if (unwritten := _own_answer.unwritten(error_log)) is not None:
        return unwritten
    own = [p for p in front.that(Answer.ANSWERED) if p.status == 500]
    well = {p.path for p in upstreams.probes if p.is_well} if upstreams else set()
    loops = error_log.of(Fault.LOOP) if error_log else ()
    own = [p for p in own if p.path in well]
    if not own and not loops:
        return None
    return Finding(
        cause="proxy_500_not_502",
        certainty=Certainty.CONFIRMED if own and loops else Certainty.LIKELY,
        says="nginx itself answers 500; the app is well",
        because=(
            *(_quote.probe(probe, "front") for probe in own[:1]),
            *(_quote.error(entry) for entry in loops[:1]),
        ),
        restart=_quote.useless("app", "it is not the app that fails"),
        next_check="nginx's error log at the second of the 500",
        weight=35,
    )


def _known(
    front: HttpProbes,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    config: NginxConfig | None,
    host: Host,
) -> Finding | None:
    """Where the log or the configuration itself says why."""
    if error_log is not None:
        first = _own_answer.asked_first(front, error_log, config)
        logged = first or _own_answer.not_allowed(front, error_log)
        if logged is not None:
            return logged
    if config is None:
        return None
    return _own_answer.told_to(front, upstreams, error_log, config, host.service.site)


def told(signs: Signs) -> Finding | None:
    """nginx names what it failed at; a 500 alone may as well be the app's."""
    said = signs.first("proxy_own_error")
    if said is not None:
        says = "the proxy itself fails the request; the upstream has no part in it"
        if said["what"] in ("cycle", "location", "rewritten", "tls"):
            return _told.confirmed("proxy_500_not_502", 91, says, _NOT_APP, said)
        return _told.likely("proxy_500_not_502", 80, says, _NOT_APP, said, next_check=_CHECK)
    if (lacks := signs.first("no_proxy_handler")) is not None:
        says = "Apache itself fails the request: no module of it speaks the scheme that it is to dial"
        return _told.likely("proxy_500_not_502", 88, says, _NOT_APP, lacks, next_check=_MODULES)
    written = _written(signs)
    if written is not None:
        return written
    same = signs.first("same_without_app")
    if same is not None and not signs.has("fd_limit", "disk_full", "app_error", "app_failed"):
        says = "the 500 comes without the app: the proxy makes it itself"
        return _told.likely("proxy_500_not_502", 78, says, _NOT_APP, same, next_check=_CHECK)
    if signs.has("connections_limit", "fd_limit", "app_error", "disk_full", "app_failed", "missing_module"):
        return None
    shown = [s for s in signs.of("status", "page") if s["status"].startswith("500")]
    if not shown or _front.upstream_trouble(signs):
        return None
    own = next((s for s in shown if s["server"] or (s["target"] == "" and "upstream" in s.line)), None)
    says = "a 500 may be nginx's own"
    weight = 46 if own else 32
    return _told.possible("proxy_500_not_502", weight, says, _NOT_APP, own or shown[0], next_check=_CHECK)


_MODULES = "`apachectl -M`: is the module of that scheme loaded (proxy_http, proxy_fcgi, proxy_uwsgi)?"
_NOT_APP = _quote.useless("app", "it is not the app that fails")
_CHECK = "nginx's error log at the second of the 500, and the app's: did it see the request?"


def _written(signs: Signs) -> Finding | None:
    """The configuration itself tells nginx to answer with the error that is seen."""
    seen = {s["status"][:3] for s in signs.of("status", "page")}
    for told in signs.of("answers_itself"):
        says = f"the configuration tells nginx to answer {told['status']} itself"
        if told["status"] in seen and not _front.upstream_trouble(signs):
            return _told.likely("proxy_500_not_502", 88, says, _NOT_APP, told, next_check=_CHECK)
        if told["status"] == "500" and not signs.has("app_error", "app_failed"):
            return _told.likely("proxy_500_not_502", 70, says, _NOT_APP, told, next_check=_CHECK)
    return None
