"""The head of the request is larger than the app server takes."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _head_limits, _outage, _quote, _told
from bot.rules._uwsgi_and_http import LETTERS

#: Sizes that are letters of a plain HTTP request are protocol_mismatch's.
_SAID = re.compile(r"invalid request block size: (?P<size>\d{1,5}) \(max (?P<limit>\d+)\)")


def request_too_big_for_app(app_journal: Journal, error_log: NginxErrorLog | None) -> Finding | None:
    """The app server refuses requests whose head (address, cookies, other headers) is larger than its buffer.

    Why: it says so itself and names both sizes: uWSGI "invalid request block size", gunicorn's limits,
    Tomcat's and Node's "header too large".
    Ruled out when: it does not say so; or the size it names is text: 21573 is "ET" of "GET", 21327 "OS" of
    "POST": then plain HTTP is spoken on a uwsgi socket (protocol_mismatch).
    Mistaken when: the proxy refuses the request itself (400, 414), or a scanner sends rubbish.
    Mended by: a larger buffer in the app server (uWSGI buffer-size, gunicorn limit_request_field_size, Tomcat
    maxHttpHeaderSize, node --max-http-header-size), or fewer and shorter cookies and addresses.
    Not mended by: a restart; proxy_buffer_size and its kin, which are for answers.
    Source: uWSGI core/protocol.c uwsgi_proto_uwsgi_parser; gunicorn settings limit_request_*; tomcat
    Http11Processor; node http.maxHeaderSize.
    """
    said = [entry for entry in app_journal.matching(_SAID) if not LETTERS.search(entry.message)]
    if not said:
        return None
    logged = error_log.of(Fault.RESET, Fault.CLOSED_EARLY) if error_log else ()
    found = _SAID.search(said[0].message)
    size = f" ({found['size']} bytes, {found['limit']} allowed)" if found and found["size"] else ""
    return Finding(
        cause="request_too_big_for_app",
        certainty=Certainty.CONFIRMED if logged else Certainty.LIKELY,
        says=f"the head of a request{size} is larger than the app server takes",
        because=(_quote.logged(said[0]), *(_quote.error(entry) for entry in logged[:1])),
        restart=_SAME_SIZE,
        next_check="whose cookies or addresses are so long",
        weight=68,
    )


def told(signs: Signs) -> Finding | None:
    """The app server's own words, or what only fits."""
    said = signs.first("request_too_big")
    if said is None:
        return _cut_off(signs) or _unread(signs) or _guessed(signs)
    if signs.where("header_too_big", side="client"):
        return None  # the same words, and the trace is of who asked
    size = f" ({said['size']} bytes, {said['limit'] or 'less'} allowed)" if said["size"] else ""
    says = f"the head of the request{size} is larger than the app server takes"
    if _UNSIZED.search(said.line):  # maybe the very number that is text of a plain HTTP request
        return _told.likely("request_too_big_for_app", 80, says, _SAME_SIZE, said, next_check=_NUMBER)
    if _head_limits.outgrown(signs) is not None:
        says = f"{says}; a file or command allows more, and what runs has not taken it over"
        return _told.likely("request_too_big_for_app", 80, says, _SAME_SIZE, said, next_check=_CHECK)
    if said["size"] or _outage.any_sign(signs):
        return _told.confirmed("request_too_big_for_app", 93, says, _SAME_SIZE, said, _outage.any_sign(signs))
    return _told.likely("request_too_big_for_app", 84, says, _SAME_SIZE, said, next_check=_CHECK)


_SAME_SIZE = _quote.useless("app", "the client sends the same head again")
_CHECK = "the same request without cookies: does it get through?"
_NUMBER = "the number behind it: 21573, 21327 and their like are plain HTTP, others a size"
_UNSIZED = re.compile(r"request block size(?!(?:: |\. requested )\d)")


def _cut_off(signs: Signs) -> Finding | None:
    """The app server ends the connection for the body's size, so the proxy has no 413 to pass on."""
    cut = signs.first("body_cut_off")
    if cut is None:
        return None
    says = f"the app server cuts off requests whose body is larger than {cut['limit'] or 'its limit'}"
    broken = _outage.any_sign(signs) or signs.first("page")
    is_broken = broken is not None or any(_BROKEN.search(line) for line in signs.unread)
    return _told.likely(_CAUSE, 80 if is_broken else 60, says, _SAME_SIZE, cut, broken, next_check=_CHECK)


def _unread(signs: Signs) -> Finding | None:
    """h11 calls a head that is longer than it takes invalid, as it calls what is no HTTP."""
    odd = next(iter(signs.where("other_to_app", what="not HTTP")), None)
    long = signs.first("long_request_head")
    if odd is None or long is None:
        return None
    says = "with a long head alone the app calls the request invalid: it takes none of that size"
    return _told.likely(_CAUSE, 82, says, _SAME_SIZE, long, odd, next_check=_CHECK)


def _guessed(signs: Signs) -> Finding | None:
    """uWSGI resets a connection whose head is above its 4 KB, and the proxy sees only that."""
    reset = signs.first("answer_reset")
    if reset is None or signs.has("worker_timeout", "crashed", "killed", "out_of_memory"):
        return None
    speaks = next((s for s in (reset, *signs.of("dials")) if s["protocol"] == "uwsgi"), None)
    if speaks is None:
        return None
    says = "uWSGI resets connections whose head (cookies, address) is above its buffer of 4 KB"
    return _told.possible(_CAUSE, 42, says, _SAME_SIZE, reset, speaks, next_check=_CHECK)


_CAUSE = "request_too_big_for_app"
#: Somebody writes that the proxy passes on no 413.
_BROKEN = re.compile(r"\b502\b|\bProxy Error\b|\breset\b", re.IGNORECASE)
