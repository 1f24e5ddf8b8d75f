"""Apache httpd: mod_proxy and what it says of backends; mod_wsgi, mod_fcgid and mod_jk: apache_apps.py.

For a read time-out Apache answers 502 where nginx answers 504.
Source: modules/proxy/proxy_util.c, mod_proxy_http.c, mod_proxy_fcgi.c, mod_proxy_ajp.c, mod_proxy_balancer.c,
modules/ssl/ssl_engine_io.c; apr_errno.h (70007 time-out, 70014 end of file, 20014 internal error).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says
from bot.signs.tls_sides import NOT_AS_SERVER

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "no_proxy_handler": "Apache has no module for the scheme it is to dial (500); fields: target",
}
_AP = {"proxy": "apache"}
_REFUSED = r"(?:\((?:111|61|146|239|OS 10061)\)|Connection refused)"
_TIMEOUT = r"\((?:110|60|145|238|70007|OS 10060)\)"
_ATTEMPT = r".{0,140}(?:AH00957|proxy): \w+: attempt to connect to (?P<target>\[[^\]]+\]:\d+|[^\s()]+)"
_READ = r".{0,200}(?:AH01102|AH01075|AH00992|AH01030|AH00878|AH02608|error reading status line|AH10292)"
_REMOTE = r"(?:.{0,80}remote server (?P<target>[\w.\[\]:-]+))?"

PATTERNS: tuple[Pattern, ...] = (
    says("tls_failed", r"Error during SSL Handshake with remote server", "handshake with remote server"),
    says(
        "tls_unverified",
        r"AH02039: Certificate Verification: (?P<reason>Error \(\d+\): [^\[\]]{1,80})",
        "certificate verification",
    ),
    says("dial_refused", _REFUSED + _ATTEMPT, "attempt to connect", **_AP),
    says("dial_timeout", _TIMEOUT + _ATTEMPT, "attempt to connect", **_AP),
    says("dial_no_route", r"\((?P<errno>113|101|65|51)\)" + _ATTEMPT, "attempt to connect", **_AP),
    says("dial_denied", r"\((?:13|1)\)" + _ATTEMPT, "attempt to connect", **_AP),
    says("dial_failed", r"\((?:99|22)\)" + _ATTEMPT, "attempt to connect", **_AP),
    says(
        "dials",
        r"^\s*(?P<directive>ProxyPass(?:Match)?|BalancerMember)\s+(?:\S+\s+)?\"?(?P<protocol>https?"
        r"|wss?|fcgi|ajp|uwsgi|h2c?)"
        r"://(?P<target>(?:[\w.-]+|\[[^\]]+\]):\d+)",
        "proxypass",
        "balancermember",
    ),
    says(
        "dials",
        r"(?P<directive>SetHandler)\s+\"?proxy:(?P<protocol>fcgi|https?)://(?P<target>(?:[\w.-]+"
        r"|\[[^\]]+\]):\d+)",
        "sethandler",
    ),
    says(
        "dial_failed",
        r"(?:AH01114|AH01079|AH00896|proxy)\S* ?\w*:? ?failed to make connection to backend: "
        r"(?P<target>\S+?),?(?:\s|$)",
        "failed to make connection",
        **_AP,
    ),
    says(
        "no_live",
        r"(?:AH00940|proxy): \w+: disabled connection for \((?P<target>[^)]*)\)",
        "disabled connection",
        **_AP,
    ),
    says(
        "server_disabled",
        r"ap_proxy_connect_backend disabling worker for \((?P<target>[^)]*)\)",
        "disabling worker",
        **_AP,
    ),
    says(
        "no_live",
        r"balancer://(?P<target>[\w.-]+).{0,20}All workers are in error state",
        "workers are in error",
        **_AP,
    ),
    says(
        "answer_timeout",
        r"(?:\(70007\)|timeout specified has expired)" + _READ + _REMOTE,
        "70007",
        "timeout specified",
        **_AP,
    ),
    says(
        "answer_reset",
        r"(?:\((?:104|54|32|OS 10054)\)|Connection reset by peer)" + _READ + _REMOTE,
        "(104)",
        "(54)",
        "(32)",
        "10054",
        "reset by peer",
        **_AP,
    ),
    says(
        "answer_reset",
        r"\((?:104|32)\).{0,200}AH01084: pass request body failed to (?P<target>[\w.:\[\]-]+)",
        "ah01084",
        **_AP,
    ),
    # Cut off before the system's error.
    says("answer_closed", r"^\W*AH01102: error reading status line" + _REMOTE, "ah01102", **_AP),
    says("answer_closed", r"\((?:20014|70014|103)\)" + _READ + _REMOTE, "20014", "70014", "(103)", **_AP),
    says(
        "answer_closed",
        r"(?:AH01067: )?Failed to read FastCGI header",
        "failed to read fastcgi",
        protocol="fastcgi",
        **_AP,
    ),
    says(
        "answer_closed",
        r"(?:Premature end of script headers|End of script output before headers)",
        "script",
        **_AP,
    ),
    says("answer_not_protocol", r"AH01068: Got bogus version", "got bogus version", protocol="fastcgi"),
    says(
        "answer_invalid",
        # mod_proxy_fcgi and mod_cgi; mod_fastcgi.
        r"AH01070: Error parsing script headers|malformed header from script"
        r"|error parsing headers: (?:malformed|duplicate) header",
        "header",
        **_AP,
    ),
    says(
        "answer_invalid",
        r"AH01106: bad HTTP/\d|AH10009|Corrupt status line returned",
        "ah01106",
        "ah10009",
        "corrupt status line",
        **_AP,
    ),
    says(
        "pool_exhausted", r"server reached Max(?:RequestWorkers|Clients)", "server reached max", app="apache"
    ),
    says("pool_exhausted", r"AH0(?:0485|3490): scoreboard is full", "scoreboard is full", app="apache"),
    says(
        "tls_not_spoken",
        rf"{NOT_AS_SERVER}.*?(?:wrong version number|SSL23_GET_SERVER_HELLO:unknown protocol"
        r"|tls_validate_record_header)",
        "wrong version",
        "unknown protocol",
        "tls_validate_record",
    ),
    says(
        "tls_unverified",
        r"AH02411: SSL Proxy: Peer certificate (?P<reason>does not match)",
        "peer certificate",
    ),
    says(
        "tls_unverified",
        r"ssl:(?:error|info).{0,120}\[remote (?P<target>[^\]]+)\].{0,20}AH02039: Certificate "
        r"Verification: Error \(\d+\): (?P<reason>.{0,80})",
        "certificate verification",
    ),
    says(
        "tls_unverified",
        r"AH02040: Certificate Verification: (?P<reason>.{0,60})",
        "certificate verification",
    ),
    says("dial_failed", r"AH0200[34]: SSL Proxy connect failed", "ssl proxy connect", **_AP),
    says(
        "no_proxy_handler",
        r"AH01144: No protocol handler was valid for the URL (?P<target>\S+)",
        "no protocol handler",
    ),
    says(
        "client_gone",
        r"AH01097: pass request body failed|AH01095: prefetch request body failed",
        "ah01097",
        "ah01095",
        **_AP,
    ),
    says("noise", r"AH01998|AH02018|AH01964", "ah0", what="client side TLS"),
    says(
        "noise", r"AH00094|AH00489|AH00163|AH00558|AH00112|AH00170|AH00171", "ah00", what="a notice of Apache"
    ),
    says(
        "config_invalid",
        r"(?:AH00526: )?Syntax error on line \d+ of (?P<file>[^\s:]+)",
        "syntax error on line",
    ),
    says(
        "config_invalid",
        r"(?<!\.htaccess: )(?P<text>Invalid command '[^']+', perhaps misspelled)",
        "perhaps misspelled",
    ),
    says(
        "port_taken",
        r"\(98\).{0,80}make_sock: could not bind to address (?P<address>\S+):(?P<port>\d+)",
        "make_sock",
    ),
    says(
        "bind_denied",
        r"\(13\).{0,80}make_sock: could not bind to address \S+:(?P<port>\d+)",
        "make_sock",
        who="apache",
    ),
    says(
        "crashed",
        r"AH00052: child pid \d+ exit signal (?P<signal>Segmentation fault|Abort(?:ed)?|Bus error)",
        "exit signal",
        who="apache",
    ),
    says("no_memory", r"\(12\)Cannot allocate memory", "(12)cannot allocate", who="apache"),
)
_READ_ERROR = re.compile(r"Error reading from remote server")
_WHY = re.compile(
    r"AH01102|AH01097|AH01067|AH02608|\(70007\)|\(104\)|\(20014\)|\(70014\)|error reading status line"
)


@given(_READ_ERROR)
def _reading(piece: Piece) -> Iterator[Sign]:
    """AH00898 says that reading failed; how, stands in the line before it when that was pasted."""
    if _WHY.search(piece.text):
        return
    if line := next((one for one in piece.text.split("\n") if _READ_ERROR.search(one)), None):
        yield Sign(kind="answer_closed", line=line.strip(), fields=_AP)


#: By its number, or where that was cut off by its text (strerror(3)).
_SOCKET = re.compile(
    r"(?:\((?P<errno>111|13|2|11)\)|(?P<text>Connection refused|Permission denied|No such file)).{0,140}"
    r"connect to Unix domain socket (?P<path>[^\s:]+)"
)
_OF_ERRNO = {
    "111": "dial_refused",
    "2": "dial_missing",
    "13": "dial_denied",
    "11": "dial_busy",
    "Connection refused": "dial_refused",
    "No such file": "dial_missing",
    "Permission denied": "dial_denied",
}


@given(_SOCKET)
def _sockets(piece: Piece) -> Iterator[Sign]:
    """Unix sockets, written as nginx writes them: `unix:/run/a.sock`."""
    for line in piece.text.split("\n"):
        if found := _SOCKET.search(line):
            fields = {"target": f"unix:{found['path']}", **_AP}
            if "FCGI" in line:
                fields["protocol"] = "fastcgi"
            yield Sign(kind=_OF_ERRNO[found["errno"] or found["text"]], line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_reading, _sockets)
