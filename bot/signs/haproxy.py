"""HAProxy: its log with termination states, and its warnings.

Source: configuration.txt "8.5. Session state at disconnection", "8.2.3. HTTP log format", "5.3. resolvers";
src/check.c, src/server.c, src/proxy.c, src/cfgparse*.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "incomplete_answer": "HAProxy's page for an answer it cannot pass on; fields: proxy",
    "bind_denied": "a proxy may not bind its own port or socket (13); fields: who, port, path",
}

#: Backend/server, timers, status, bytes, (cookies), then the four letters of the state.
_TIMERS = r"[-+\d]+(?:/[-+\d]+){2,4}"
_LOG = rf"\s(?P<target>[\w.~:-]+/(?!<NOSRV>)\S+) {_TIMERS} (?:-?\d+ )?\+?\d+ (?:\S+ \S+ )?"
_NOSRV = rf"\s(?P<target>[\w.~:-]+)/<NOSRV> {_TIMERS} (?:-?\d+ )?\+?\d+ (?:\S+ \S+ )?"
_END = r"[\w-]{0,2} \d+/\d+/"
#: `option httplog clf`: the same in other order, parted by blanks.
_CLF = r" \"[^\"]*\" \"(?P<target>[^\"]*)\" (?:[-+]?\d+ ){5}"
_CLF_END = r"[\w-]{2} \d+ \d+ \d+"
_HA = {"proxy": "haproxy"}


#: TLS is spoken where a certificate is not accepted (tls_unverified).
_NO_CHECK = r"(?!.{0,90}(?:certificate|issuer|hostname mismatch))"


def _state(kind: str, letters: str, *words: str, log: str = _LOG, **fields: str) -> Pattern:
    return says(kind, rf"{log}{letters}{_END}", *words, **fields)


def _down(kind: str, reason: str, *words: str, **fields: str) -> Pattern:
    return says(
        kind,
        rf"(?:Server|Health check for server) (?P<target>\S+) (?:is DOWN|failed).{{0,40}}{reason}",
        *words,
        **fields,
    )


PATTERNS: tuple[Pattern, ...] = (
    says(
        "incomplete_answer",
        r"server returned an invalid or incomplete response",
        "incomplete response",
        proxy="haproxy",
    ),
    _state("dial_refused", "(?-i:SC)", " sc-", " scv", " scn", " sci", " scd", " scu", **_HA),
    _state("dial_timeout", "(?-i:sC)", " sc-", " scv", " scn", " sci", " scd", " scu", **_HA),
    _state("answer_closed", "(?-i:SH)", " sh-", " shv", " shn", " shi", " shd", " shu", **_HA),
    _state("answer_timeout", "(?-i:sH)", " sh-", " shv", " shn", " shi", " shd", " shu", **_HA),
    _state("answer_cut", "(?-i:SD)", " sd-", " sdv", " sdn", " sdi", " sdd", " sdu", **_HA),
    _state("answer_timeout", "(?-i:sD)", " sd-", " sdv", " sdn", " sdi", " sdd", " sdu", **_HA),
    _state("answer_invalid", "(?-i:PH)", " ph-", " phv", " phn", " phi", " phd", " phu", **_HA),
    # `show errors` of its control socket.
    says("answer_invalid", r"\bbackend \S{1,80} \(#\d+\) ?: invalid response", "invalid response", **_HA),
    _state("pool_exhausted", "(?-i:sQ)", " sq-", " sqv", " sqn", log=_LOG.replace("target", "app")),
    _state("pool_exhausted", "(?-i:sQ)", " sq-", " sqv", " sqn", log=_NOSRV.replace("target", "app")),
    _state("no_live", "(?-i:SC|S[QH]|PC)", "<nosrv>", log=_NOSRV, **_HA),
    says(
        "proxy_own_error",
        rf"/<NOSRV> {_TIMERS} (?:-?\d+ )?5\d\d \+?\d+ (?:\S+ \S+ )?(?P<what>(?-i:P)R){_END}",
        "<nosrv>",
    ),
    says("no_live", r"<NOSRV>.{0,60} 503 .{0,40}(?-i:SC)", "<nosrv>", **_HA),
    *(
        says(kind, rf"{_CLF}(?-i:{letters}){_CLF_END}", '" ', **_HA)
        for kind, letters in (
            ("dial_refused", "SC"),
            ("dial_timeout", "sC"),
            ("answer_closed", "SH"),
            ("answer_timeout", "sH"),
            ("answer_cut", "SD"),
            ("answer_invalid", "PH"),
            ("client_gone", "[Cc][RQCHD]"),
        )
    ),
    says(
        "client_gone",
        rf"\s[\w.~:-]+/\S+ {_TIMERS} (?:-?\d+ )?\+?\d+ (?:\S+ \S+ )?(?-i:[Cc][RQCHD]){_END}",
        "/",
        **_HA,
    ),
    says(
        "status",
        rf"\s(?P<target>[\w.~:-]+/\S+) {_TIMERS} (?P<status>[1-5]\d\d) \+?\d+ \S+ \S+ [\w-]{{4}} "
        rf"\d+/\d+/.{{0,200}}",
        "/",
        **_HA,
    ),
    _down("dial_refused", "Layer4 connection problem.{0,40}Connection refused", "layer4 connection", **_HA),
    _down("dial_denied", "Layer4 connection problem.{0,40}Permission denied", "layer4 connection", **_HA),
    _down(
        "dial_no_route",
        "Layer4 connection problem.{0,40}(?:No route|unreachable)",
        "layer4 connection",
        **_HA,
    ),
    _down("dial_refused", "Layer4 connection problem(?!.{0,20}info)", "layer4 connection", **_HA),
    says(
        "dial_refused",
        r"^(?!.*(?:is DOWN|failed|denied)).*Layer4 connection problem",
        "layer4 connection",
        **_HA,
    ),
    says("dial_timeout", r"^(?!.*(?:is DOWN|failed)).*Layer4 timeout", "layer4 timeout", **_HA),
    says("answer_timeout", r"^(?!.*(?:is DOWN|failed)).*Layer7 timeout", "layer7 timeout", **_HA),
    says(
        "tls_not_spoken",
        rf"^(?!.*(?:is DOWN|failed)).*Layer6 invalid response{_NO_CHECK}",
        "layer6 invalid",
    ),
    says("dial_refused", r"\bL4CON\b(?!.{0,40}(?i:denied))", "l4con", **_HA),
    says("dial_denied", r"\bL4CON\b.{0,40}Permission denied", "l4con", **_HA),
    says("dial_timeout", r"\bL4TOUT\b", "l4tout", **_HA),
    says("answer_timeout", r"\bL7TOUT\b", "l7tout", **_HA),
    says("answers", r"\bL7STS/(?P<status>\d{3})", "l7sts"),
    says("tls_not_spoken", r"\bL6RSP\b", "l6rsp"),
    says(
        "dials",
        r"^\s*(?P<directive>server)\s+(?P<name>[\w.-]+)\s+(?!unix)(?P<target>(?:[\w.-]+"
        r"|\[[^\]]+\]):\d+)(?=\s|$)(?!.*[;{])",
        "server",
        protocol="http",
    ),
    # In a sentence, or behind the file's name: `check` is HAProxy's own word.
    says(
        "dials",
        r"(?<![\w-])(?P<directive>server)\s+(?P<name>[\w.-]+)\s+(?P<target>(?:[\w.-]+|\[[^\]]+\]):\d+)"
        r"\s+check\b",
        " check",
        protocol="http",
    ),
    _down("dial_failed", "Health analyze.{0,90}L4 unsuccessful connection", "health analyze", **_HA),
    _down("answer_closed", "Health analyze.{0,90}(?:L7|HTTP) ", "health analyze", **_HA),
    _down("dial_timeout", "Layer4 timeout", "layer4 timeout", **_HA),
    _down("tls_not_spoken", rf"Layer6 invalid response{_NO_CHECK}", "layer6 invalid"),
    _down("dial_timeout", "Layer6 timeout", "layer6 timeout", **_HA),
    _down("answer_timeout", "Layer7 timeout", "layer7 timeout", **_HA),
    _down("answer_invalid", "Layer7 invalid response", "layer7 invalid", **_HA),
    _down("answers", "Layer7 wrong status, code: (?P<status>\\d{3})", "layer7 wrong status"),
    _down("answer_reset", "Socket error", "socket error", **_HA),
    says(
        "no_live",
        r"(?:backend|proxy) '?(?P<target>[\w.-]+)'? has no server available",
        "no server available",
        **_HA,
    ),
    says("no_live", r"0 active and 0 backup servers left", "0 active and 0 backup", **_HA),
    says("no_live", r"^\W*No server is available to handle this request", "no server is available", **_HA),
    says(
        "name_at_start",
        r"could not resolve address '(?P<name>[^']+)'",
        "could not resolve address",
        **_HA,
    ),
    says("name_at_start", r"Failed to initialize server\(s\) addr", "failed to initialize server", **_HA),
    says(
        "name_unresolved",
        r"Server (?P<name>\S+) (?:is going DOWN|was DOWN|is DOWN|administratively).{0,60}"
        r"(?P<reason>DNS (?:NX|timeout|refused|unspecified|invalid|failure)[^)]{0,20}|No IP for server)",
        "dns ",
        "no ip for server",
    ),
    says("fd_limit", r"Proxy (?P<who>\S+) reached (?:process|system) FD limit", "fd limit"),
    says(
        "connections_limit", r"reached (?:the configured maxconn|maxconn limit) ?\(?(?P<limit>\d*)", "maxconn"
    ),
    says(
        "port_taken",
        r"cannot bind socket(?!.{0,20}denied).{0,40}\[?(?P<address>[\d.*:a-f]*):(?P<port>\d+)\]?",
        "cannot bind socket",
    ),
    says(
        "bind_denied",
        r"(?:cannot bind|error when trying to preserve previous) (?:UNIX )?socket \(Permission denied\)"
        r"(?: (?:\[|for ')(?:[\d.*:a-f]*:(?P<port>\d+)|(?P<path>/[^\]']+)))?",
        "permission denied)",
        who="haproxy",
    ),
    says("port_taken", r"cannot bind (?:UNIX )?socket \(Address already in use\)", "cannot bind"),
    says(
        "config_invalid",
        r"\[ALERT\].{0,60}(?:parsing|config) \[?(?P<file>[^\]\s:]+):?\d*\]? ?:(?!.{0,60}(?:could not "
        r"resolve|invalid address))(?P<text>.{0,200})",
        "[alert]",
    ),
    says("config_invalid", r"(?P<text>Fatal errors found in configuration)", "fatal errors found"),
    says(
        "config_invalid", r"(?P<text>Error\(s\) found in configuration file)", "found in configuration file"
    ),
    says(
        "noise",
        r"missing timeouts for (?:frontend|backend)",
        "missing timeouts",
        what="a hint about the configuration",
    ),
    says("noise", r"Server \S+ is UP, reason:", "is up, reason", what="a server came back"),
)
READERS: tuple[Reader, ...] = ()
