"""A line that reads badly while service is well."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _front, _outage, _quote, _told
from bot.rules._once import lines_of
from bot.signs.site_well import HARMLESS


def log_noise_no_outage(signs: Signs) -> Finding | None:
    """Not an outage: a warning or notice of nginx's daily work; requests are answered.

    Why: every line that can be read is of a kind that costs no request: bodies buffered on disk, names
    claimed twice, missing files, clients that went away.
    Ruled out when: any line tells of a failing upstream, an end, a limit or an invalid configuration.
    Mistaken when: the text was cut and the line that counts is missing.
    Mended by: nothing needs to be; the warning ends with a larger buffer, the right name or a lower log
    level.
    Not mended by: a restart of anything.
    Source: ngx_http_upstream.c, ngx_http_request_body.c "buffered to a temporary file"; ngx_http.c
    "conflicting server name".
    """
    again = _started_again(signs)
    if again is not None:
        says = "nginx was started by hand while, most likely, it runs already: what runs goes on serving"
        return _told.likely("log_noise_no_outage", 89, says, _NONE, again, next_check=_RUNS)
    by_user = _tested_by_user(signs)
    if by_user:
        says = "`nginx -t` was run by a user who may not read its files; nginx itself runs and serves"
        return _told.likely("log_noise_no_outage", 90, says, _NONE, *by_user, next_check=_AS_ROOT)
    few, well = signs.first("pool_busy"), signs.first("none_failed")
    if few is not None and well is not None and not _front.troubles(signs, "pool_busy"):
        says = "the pool starts more workers for a burst, and no request fails"
        return _told.likely("log_noise_no_outage", 84, says, _NONE, few, well, next_check=_CHECK)
    said = signs.first("noise")
    well = _well(signs)
    if well is not None:
        says = "the site is well, as the report says, and no line tells of a request that failed"
        is_named = signs.has(*_NAMED) or bool(signs.where("status", status="499"))
        weight = 78 if is_named else 89
        return _told.likely("log_noise_no_outage", weight, says, _NONE, well, said, next_check=_CHECK)
    if said is None:
        return _others_left(signs) or _passed_on(signs)
    passed_on = {s.line for s in signs.of("noise")}
    if any(s.kind != "backend_stderr" or s.line not in passed_on for s in _front.troubles(signs)):
        return None
    warned = next((s for s in signs.of("noise") if s["what"] not in _DAILY), None)
    says = f"no outage: {(warned or said)['what'] or 'a line of daily work'}"
    if warned is not None and not signs.has("client_gone"):
        return _told.likely("log_noise_no_outage", 86, says, _NONE, warned, next_check=_CHECK)
    return _told.likely("log_noise_no_outage", 62, says, _NONE, said, next_check=_CHECK)


#: Kinds of noise that stand beside anything.
_DAILY = ("a message of nginx's working", "a client went away", "a file that is not there (404)", HARMLESS)
_NONE = _quote.useless("app", "nothing is broken that it would mend")
_RUNS = "`pgrep -a nginx` and `ss -ltnp`: does nginx itself hold those ports?"
_CHECK = "are requests answered 5xx at all, and which line stands in the error log at that second?"


#: Lines that are a cause of their own though nothing fails.
_NAMED = ("client_tls", "client_gone")
_AS_ROOT = "`sudo nginx -t`: does it pass?"
_ILL = re.compile(
    r"\b(?:bad gateway|gateway time|refused|timed out|unavailable|502s?|503s?|504s?|(?:is|are|was) down"
    r"|does(?:n't| not) (?:work|load))\b",
    re.IGNORECASE,
)
#: Of probes and scanners: what they ask for was never there.
_PROBED = re.compile(
    r"\b(?:wp-(?:login|admin|content|includes)|xmlrpc|phpmyadmin|\.env|\.git)\b", re.IGNORECASE
)


def _well(signs: Signs) -> Sign | None:
    """Somebody writes that the site is well, or its log shows so, and nothing here says otherwise."""
    well = signs.first("site_well")
    if well is None and any(s["what"] == HARMLESS for s in signs.of("noise")):
        well = next((s for s in signs.of("status", "answers") if s["status"][:1] in ("2", "3")), None)
    if well is None:
        return None
    probed = [s for s in signs.of("script_unknown") if _PROBED.search(s.line)]
    # Of a service that nobody asks for, of a script that was never there.
    empty = {s.line for s in signs.of("no_endpoints", "script_unknown")}
    rest = _front.troubles(signs, "script_unknown", "health", "no_endpoints", "stopped_told", "in_cluster")
    rest = tuple(sign for sign in rest if sign.line not in empty)
    if rest or len(probed) < len(signs.of("script_unknown")):
        return None
    if signs.has("health", "container") and not signs.has("probe_broken"):
        return None if signs.has("health") else well
    if signs.has("released", "went_back", "config_old", "reload_told") and not signs.has(
        "noise", "client_tls"
    ):
        return None
    return None if any(_ILL.search(line) for line in lines_of(signs)) else well


def _tested_by_user(signs: Signs) -> tuple[Sign, ...]:
    """A file is denied to who tests, as is the log file; and nginx is active or the site is well."""
    denied = next((s for s in signs.of("config_invalid") if "ermission denied" in s.line), None)
    own = next((s for s in signs.of("own_file_denied") if "log" in s.line), None)
    runs = next(
        (s for s in signs.of("unit") if s["active"] == "active"), signs.first("nginx_runs", "site_well")
    )
    return (denied, own, runs) if denied and own and runs else ()


def _started_again(signs: Signs) -> Sign | None:
    """A second start by hand, and nothing that tells of requests that fail or of who else has the ports."""
    again = signs.first("second_start")
    if again is None or _outage.any_sign(signs) is not None:
        return None
    told = (
        "page",
        "listening",
        "unit",
        "container",
        "exited",
        "killed",
        "crashed",
        "disk_full",
        "config_invalid",
    )
    return None if signs.has(*told) else again


def _others_left(signs: Signs) -> Finding | None:
    """HAProxy counts servers that are still active, and requests are answered well."""
    left = next(
        (s for s in signs.of("dial_timeout", "dial_refused", "dial_no_route") if _LEFT.search(s.line)), None
    )
    answered = signs.of("status")
    lost = [s for s in signs.of("dial_timeout", "dial_refused", "dial_no_route") if not _LEFT.search(s.line)]
    if left is None or lost or not answered or any(s["status"] >= "500" for s in answered):
        return None
    says = "one server is down, others are active and answer: no request fails"
    return _told.likely("log_noise_no_outage", 74, says, _NONE, left, answered[-1], next_check=_CHECK)


def _passed_on(signs: Signs) -> Finding | None:
    """The site is well but for its log: nginx asks the next server of a group after it."""
    well = next((s for s in signs.of("site_well") if _BUT_LOG.search(s.line)), None)
    refused = signs.first("dial_refused", "dial_missing")
    if well is None or refused is None or _front.troubles(signs, "dial_refused", "dial_missing"):
        return None
    says = (
        "the site is well, as the report says: another server answers what the one in the log does not take"
    )
    return _told.likely("log_noise_no_outage", 78, says, _NONE, well, refused, next_check=_CHECK)


_BUT_LOG = re.compile(r"\b(?:but|except|only|still|yet)\b.{0,30}\b(?:error )?logs?\b", re.IGNORECASE)
#: Servers that HAProxy has left to send to.
_LEFT = re.compile(r"\b[1-9]\d* active and \d+ backup servers left")
