"""A line that reads badly while service is well."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _front, _outage, _quote, _told


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
    few, well = signs.first("pool_busy"), signs.first("none_failed")
    if few is not None and well is not None and not _front.troubles(signs, "pool_busy"):
        says = "the pool starts more workers for a burst, and no request fails"
        return _told.likely("log_noise_no_outage", 84, says, _NONE, few, well, next_check=_CHECK)
    said = signs.first("noise")
    if said is None:
        return _others_left(signs)
    if _front.troubles(signs):
        return None
    warned = next((s for s in signs.of("noise") if s["what"] not in _DAILY), None)
    says = f"no outage: {(warned or said)['what'] or 'a line of daily work'}"
    if warned is not None and not signs.has("client_gone"):
        return _told.likely("log_noise_no_outage", 86, says, _NONE, warned, next_check=_CHECK)
    return _told.likely("log_noise_no_outage", 62, says, _NONE, said, next_check=_CHECK)


#: Kinds of noise that stand beside anything.
_DAILY = ("a message of nginx's working", "a client went away", "a file that is not there (404)")
_NONE = _quote.useless("app", "nothing is broken that it would mend")
_RUNS = "`pgrep -a nginx` and `ss -ltnp`: does nginx itself hold those ports?"
_CHECK = "are requests answered 5xx at all, and which line stands in the error log at that second?"


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


#: Servers that HAProxy has left to send to.
_LEFT = re.compile(r"\b[1-9]\d* active and \d+ backup servers left")
