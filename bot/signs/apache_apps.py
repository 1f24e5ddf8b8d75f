"""Apache httpd's modules that run or reach apps on their own: mod_wsgi, mod_fcgid, mod_jk, mod_proxy_ajp,
and unix sockets that mod_proxy dials.

Source: mod_wsgi.c; mod_fcgid's fcgid_bridge.c, fcgid_spawn_ctl.c; mod_jk's jk_connect.c, jk_ajp_common.c;
mod_proxy "ProxyPass unix:/path|http://host" (2.4.7), mod_proxy_fcgi's SetHandler;
mod_ssl's ssl_engine_io.c (HTTP_BAD_GATEWAY as a filter's status).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_AP = {"proxy": "apache"}
PATTERNS: tuple[Pattern, ...] = (
    # util_script.c: one line of the head is longer than Apache reads.
    says("header_too_big", r"Response header line too long", "header line too long"),
    says(
        "dials",
        r"^\s*(?P<directive>ProxyPass(?:Match)?|BalancerMember)\s+(?:\S+\s+)?\"?(?P<target>unix:/[^|\s\"]{1,120})"
        r"\|(?P<protocol>https?|wss?|fcgi|ajp|uwsgi|h2c?):",
        "unix:/",
    ),
    says(
        "dials",
        r"(?P<directive>SetHandler)\s+\"?proxy:(?P<target>unix:/[^|\s\"]{1,120})\|(?P<protocol>fcgi|https?):",
        "unix:/",
    ),
    says(
        "answer_closed",
        r"^(?!.*(?:\(\d{2,6}\)|timeout)).*error reading status line from remote server (?P<target>[\w.:-]+)",
        "error reading status line",
        proxy="apache",
    ),
    says(
        "answer_invalid",
        r"AH02429: Response header name '(?P<header>[^']{0,80})' contains invalid",
        "ah02429",
        proxy="apache",
    ),
    # Cut before the errno.
    says(
        "dial_failed",
        r"^(?!.*\(\d{1,5}\)).*FCGI: attempt to connect to (?P<target>[\w.\[\]:-]+:\d+) ",
        "fcgi: attempt to connect",
        proxy="apache",
    ),
    says(
        "no_live",
        r"all tomcat instances (?:failed|are busy)|no more workers left",
        "tomcat instances",
        "no more workers",
        **_AP,
    ),
    says(
        "answer_timeout", r"Timeout when reading response headers from daemon", "timeout when reading", **_AP
    ),
    says("answer_timeout", r"mod_fcgid: (?:read data|read) timeout (?:in|from)", "mod_fcgid", **_AP),
    says(
        "answer_closed",
        r"Truncated or oversized response headers received from daemon",
        "response headers received",
        **_AP,
    ),
    says("answer_reset", r"\(104\).{0,160}mod_fcgid: error reading data", "mod_fcgid", **_AP),
    says(
        "dial_busy",
        r"\(11\).{0,160}mod_wsgi.{0,60}(?:Unable to connect to WSGI daemon|connect)",
        "mod_wsgi",
        **_AP,
    ),
    says(
        "dial_denied",
        r"\(13\).{0,160}mod_wsgi.{0,60}Unable to connect to WSGI daemon process.{0,60}on '(?P<target>[^']+)'",
        "mod_wsgi",
        **_AP,
    ),
    says(
        "dial_missing",
        r"\(2\).{0,160}mod_wsgi.{0,60}Unable to connect to WSGI daemon process.{0,60}on '(?P<target>[^']+)'",
        "mod_wsgi",
        **_AP,
    ),
    says(
        "dial_denied",
        r"\(13\).{0,160}FastCGI: failed to connect to server \"(?P<target>[^\"]+)\"",
        "fastcgi: failed to connect",
        protocol="fastcgi",
        **_AP,
    ),
    says(
        "dial_missing",
        r"\(2\).{0,160}FastCGI: failed to connect to server \"(?P<target>[^\"]+)\"",
        "fastcgi: failed to connect",
        protocol="fastcgi",
        **_AP,
    ),
    says(
        "dial_refused",
        r"\(111\).{0,160}FastCGI: failed to connect to server \"(?P<target>[^\"]+)\"",
        "fastcgi: failed to connect",
        protocol="fastcgi",
        **_AP,
    ),
    says("pool_exhausted", r"mod_fcgid: can't apply process slot", "process slot", app="mod_fcgid"),
    says(
        "dial_refused",
        r"(?:connect to|Failed opening socket to|connecting to backend).{0,40}?\(?"
        r"(?P<target>[\d.]+:\d+)\)?.{0,80}errno=(?:111|61)",
        "errno=",
        protocol="ajp",
        **_AP,
    ),
    says(
        "dial_refused",
        r"Tomcat is probably not started or is listening on the wrong port \(errno=(?:111|61)\)",
        "tomcat is probably",
        **_AP,
    ),
    says(
        "answer_closed",
        r"(?:ajp_connection_tcp_get_message|ajp_ilink_receive\(\)).{0,60}(?:can't receive|Tomcat has forced)"
        r"|AH00992: ajp_read_header|AH00877: read zero bytes",
        "ajp_",
        "ah00877",
        **_AP,
    ),
    says(
        "no_live",
        r"AH0117[01]: .{0,120}All workers are in error state",
        "workers are in error state",
        proxy="apache",
    ),
    says(
        "dial_failed",
        r"AH01079: failed to make connection to backend: (?P<target>\S+?),?(?:\s|$)",
        "ah01079",
        proxy="apache",
        protocol="fastcgi",
    ),
    # Sent to the backend, not read from the client (AH01095, AH01097), when no time was up. mod_ssl's filter
    # gives 502 to whoever writes to a backend whose handshake failed.
    says("tls_failed", r"\(502\).{0,200}AH01084: pass request body failed", "ah01084"),
    says(
        "answer_reset",
        r"^(?!.*\((?:104|32|502|110|60|70007)\)).*AH01084: pass request body failed "
        r"to (?P<target>[\w.:\[\]-]+)",
        "ah01084",
        proxy="apache",
    ),
)
READERS: tuple[Reader, ...] = ()
