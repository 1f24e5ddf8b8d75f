"""Why nginx itself answers an error: it is told to, may not open a file, or what it asks first fails."""

import re

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import Directive, NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote
from bot.rules._site import blocks_of

_CAUSE = "proxy_500_not_502"
_NOT_APP = _quote.useless("app", "it is not the app that fails")
#: Names that nginx gives the bodies and answers it keeps for a moment (ngx_file.c ngx_create_temp_file).
_TEMPORARY = re.compile(r"/\d{10}\"|mkdir\(\)")
_NAMED = re.compile(r"\"(/[^\"]{1,200})\"")


def told_to(
    front: HttpProbes,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    config: NginxConfig,
    site: str,
) -> Finding | None:
    """A `return` of the site names the very status, and all that nginx dials is well.

    Source: ngx_http_rewrite_module "return", "if".
    """
    if upstreams and upstreams.probes:
        dials_fail = any(not probe.is_well for probe in upstreams.probes)
    else:
        dials_fail = error_log is not None and any(entry.address for entry in error_log.errors)
    if dials_fail:
        return None
    ours = blocks_of(config, site)
    returns = {d.arguments[0]: d for d in config.named("return") if d.arguments and d.server in ours}
    for probe in front.that(Answer.ANSWERED):
        told = returns.get(str(probe.status)) if probe.status and probe.status >= 500 else None
        if told is not None:
            return Finding(
                cause=_CAUSE,
                certainty=Certainty.CONFIRMED if upstreams and upstreams.probes else Certainty.LIKELY,
                says=f"the configuration tells nginx to answer {probe.status} itself{_condition(told)}",
                because=(_quote.probe(probe, "front"), Line(step="config", text=told.text)),
                restart=_NOT_APP,
                mend=f"`{told.text}` taken out of {told.file or 'the configuration'} and nginx reloaded"
                + (", or what its `if` asks for ended" if _condition(told) else ""),
                weight=85,
            )
    return None


def _condition(told: Directive) -> str:
    block = told.within[-1] if told.within else ()
    return f" as long as {' '.join(block[1:])[:120]} holds" if block[:1] == ("if",) else ""


def not_allowed(front: HttpProbes, error_log: NginxErrorLog) -> Finding | None:
    """nginx's workers may not open a page, or the folder where they keep bodies and answers for a moment.

    A page that scanners ask for and nobody is to have is refused in the same way: only what our own requests
    met counts of those.
    Source: ngx_http_static_module.c, ngx_http_index_module.c (403); ngx_file.c ngx_create_temp_file (500).
    """
    met = {p.path for p in front.that(Answer.ANSWERED) if p.status in (403, 500)}
    for entry in error_log.of(Fault.FILE_DENIED):
        is_temporary = _TEMPORARY.search(entry.message) is not None
        if not is_temporary and entry.path not in met:
            continue
        probe = next((p for p in front.that(Answer.ANSWERED) if p.path == entry.path and p.path in met), None)
        named = _NAMED.search(entry.message)
        where = named[1] if named else "a file of its own"
        folder = where.rpartition("/")[0] or where
        return Finding(
            cause=_CAUSE,
            certainty=Certainty.CONFIRMED,
            says=f"nginx itself answers {probe.status}: its workers may not open {where}"
            if probe
            else f"nginx cannot keep request bodies or answers: its workers may not write in {folder}",
            because=(_quote.error(entry), *((_quote.probe(probe, "front"),) if probe else ())),
            restart=_NOT_APP,
            next_check=f"`namei -l {where}` against the user of nginx's workers",
            mend=f"giving the user of nginx's workers the right to {'write in' if is_temporary else 'read'} "
            f"{folder if is_temporary else where} and to enter each folder above it",
            weight=84,
        )
    return None


def asked_first(front: HttpProbes, error_log: NginxErrorLog, config: NginxConfig | None) -> Finding | None:
    """The request that auth_request makes before the real one fails, which gives 500 whatever the app does.

    Source: ngx_http_auth_request_module: other than 2xx, 401 and 403 is an error.
    """
    probe = next((p for p in front.that(Answer.ANSWERED) if p.status == 500), None)
    if probe is None or (config is not None and not config.named("auth_request")):
        return None
    failed = next((e for e in reversed(error_log.errors) if 'subrequest: "' in e.line and e.address), None)
    seen = failed or next(iter(error_log.of(Fault.AUTH)), None)
    if seen is None:
        return None
    why = (
        f"{failed.address}: {failed.message.split(' while ')[0]}"
        if failed
        else seen.message.split(" while ")[0]
    )
    return Finding(
        cause=_CAUSE,
        certainty=Certainty.CONFIRMED,
        says=f"nginx itself answers 500: the check it makes before each request (auth_request) fails: {why}",
        because=(_quote.error(seen), _quote.probe(probe, "front")),
        restart=_NOT_APP,
        next_check="the service that auth_request asks: does it run, where does it listen, what does it say?",
        mend="mending the service that auth_request asks, or the address that nginx asks it at",
        weight=85,
    )


#: Folders that nginx keeps long request bodies and answers in, by default or as Debian and Red Hat build it.
_FOLDER = re.compile(
    r"(?:open|mkdir|pwritev?|write)\(\) \"(?P<path>/\S{0,200}/"
    r"(?:client_body_temp|body|(?:proxy|fastcgi|uwsgi|scgi)(?:_temp)?))/[\d/]{1,40}\""
    r" failed \((?P<code>\d{1,3}): (?P<why>[^)]{1,60})\)"
)


def unwritten(error_log: NginxErrorLog | None) -> Finding | None:
    """nginx cannot keep a long body in its temporary folder and answers 500; short requests do not notice."""
    for entry in reversed(error_log.errors if error_log else ()):
        if found := _FOLDER.search(entry.message):
            return Finding(
                cause="proxy_500_not_502",
                certainty=Certainty.CONFIRMED,
                says=f"nginx cannot write to its temporary folder {found['path']} ({found['why']}), so"
                " long requests or answers get 500",
                because=(_quote.error(entry),),
                restart=_quote.useless("nginx", f"{found['path']} stays as it is"),
                mend=f"{found['path']} writable for nginx's workers: ls -ld and df {found['path']}",
                weight=40,
            )
    return None
