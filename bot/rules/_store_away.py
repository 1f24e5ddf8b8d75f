"""Another service that the app itself says it does not reach: a database, a cache, a queue, an API."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.rules import _address, _life

#: How clients say that they get no connection.
#: Source: connect(2), getaddrinfo(3), libpq, Node's and Go's net.
_FAILS = re.compile(
    r"\bconnect(?:ion|ing|ed)?\b.{0,160}?(?:refused|timed? ?out|failed|no route to host|unreachable)|"
    r"(?:could not|can(?:no|')t|unable to|failed to) (?:connect|reach|translate host name)|"
    r"\b(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)\b|"
    r"\b(?:dial|read) (?:tcp|unix)\b.{0,160}?(?:refused|i/o timeout|no such host|no route to host)|"
    r"time(?:d )?out connecting|Max retries exceeded|"
    r"Name or service not known|Temporary failure in name resolution|"
    r"ServerSelectionTimeoutError|Communications link failure|the database system is (?:starting|shutting)",
    re.IGNORECASE,
)
#: Enough where no address is named.
_STORE = re.compile(
    r"psycopg|postgres|\bpq:|mysql|mariadb|redis|mongo|amqp|rabbitmq|elasticsearch|kafka|memcached?|cassandra|"
    r"sqlalchemy|OperationalError|SQLSTATE|PDOException|jdbc|\bdatabase\b|\bldap",
    re.IGNORECASE,
)
#: It is there: it refuses who asks, or the app has used up its own connections to it.
_REACHED = re.compile(
    r"authentication failed|access denied|(?:role|user|database) \"[^\"]{1,64}\" does not exist|certificate|"
    r"QueuePool|HikariPool|(?:from|in) (?:the|its) (?:connection )?pool|pool (?:size|limit|exhausted)|"
    r"pool is full|too many (?:connections|clients)|connection slots",
    re.IGNORECASE,
)
#: Who takes an app's traces, metrics and logs; it serves as well without.
_WATCHERS = re.compile(
    r"open-?telemetry|\botlp?\b|otel|jaeger|zipkin|statsd|sentry|datadog|newrelic|new relic|prometheus|"
    r"graphite|logstash|fluent|graylog|gelf|telemetry|tracing|metrics|"
    r":(?:4317|4318|6831|8125|8126|14268)\b",
    re.IGNORECASE,
)
_HOST = r"(?P<host>\[[0-9a-fA-F:.]{2,45}\]|::1|[\w-][\w.-]{0,99})"
#: `db:5432`, `"127.0.0.1", port 5432`, `host='es', port=9200`; neither `12:34` nor `app.py:1204`.
_PLACES = (
    re.compile(rf"(?<![\w.:-]){_HOST}(?<!\.(?:py|js|ts|rb|go))(?<!\.php):(?P<port>\d{{4,5}})\b(?!->|:\d)"),
    re.compile(rf"[\"'=`]{_HOST}[\"'`]?(?: \([^)]{{1,45}}\))?,? port[ =]?(?P<port>\d{{2,5}})\b"),
    re.compile(rf"\('{_HOST}', (?P<port>\d{{2,5}})\)"),
    re.compile(rf"\b(?:to|at|on) {_HOST} port (?P<port>\d{{2,5}})\b"),
)
_SOUGHT = re.compile(rf"(?:ENOTFOUND|EAI_AGAIN|lookup|translate host name) [\"'`]?{_HOST}[\"'`]?")
_SERVER = re.compile(rf"\b(?:server (?:on|at)|host) [\"'`]{_HOST}[\"'`]")
#: From here on the kernel takes ports for those who dial. Source: ip(7) ip_local_port_range.
_OF_CLIENTS = 32768


@dataclass(frozen=True, kw_only=True)
class Away:
    """A service that was not reached, and the app's line that says so."""

    entry: JournalEntry
    #: Empty where the line does not say.
    host: str
    #: 0 where the line does not say.
    port: int

    @property
    def name(self) -> str:
        """For a sentence: `127.0.0.1:5432`, else what little is known."""
        if not self.host:
            return "a service that it needs"
        return f"{self.host}:{self.port}" if self.port else self.host


def last(entries: Sequence[JournalEntry], upstreams: HttpProbes | None) -> Away | None:
    """What the app missed last. Neither its own place nor the proxy's: it may ask itself how it does."""
    own = {80, 443} | {
        p[1] for q in (upstreams.probes if upstreams else ()) if (p := _address.split(q.address))
    }
    for entry in reversed(entries):
        if not entry.is_from_systemd and (away := _missed(entry, own)) is not None:
            return away
    return None


def at_exit(journal: Journal | None, upstreams: HttpProbes | None) -> Away | None:
    """The same of the process that ended last; what one before it missed may be back."""
    return last(_life.since_last_start(journal), upstreams) if journal else None


def _missed(entry: JournalEntry, own: set[int]) -> Away | None:
    said = entry.message
    if not _FAILS.search(said) or _REACHED.search(said) or _WATCHERS.search(said):
        return None
    for pattern in _PLACES:
        place = pattern.search(said)
        if place and (port := int(place["port"])) < _OF_CLIENTS:
            host = place["host"].strip("[]")
            is_own = port in own and _address.is_local(host)
            return None if is_own else Away(entry=entry, host=host, port=port)
    if sought := _SOUGHT.search(said):
        return Away(entry=entry, host=sought["host"], port=0)
    if not _STORE.search(said):
        return None
    server = _SERVER.search(said)
    return Away(entry=entry, host=server["host"] if server else "", port=0)
