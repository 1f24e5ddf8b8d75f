"""Limits that an app or its runtime meets: open files, sizes of a request's head, busy threads, time-outs.

Source: errno(3) EMFILE, ENFILE; node's errors.md EMFILE; java.net.SocketException; HAProxy src/haproxy.c
"Cannot raise FD limit"; puma's http11 parser (MAX_HEADER_LENGTH), netty TooLongFrameException, Jetty and
Kestrel limits; HikariCP HikariPool.java; waitress task.py; Vert.x BlockedThreadChecker; rack-timeout
doc/errors.md; gunicorn workers/base.py handle_abort; mod_wsgi and mod_fcgid logs; Passenger's
passenger_max_request_time.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "kill_time": "an app server is set to kill workers that take longer; fields: app, after",
    "proxy_gives_up": "a proxy closes towards an app that is answering, and says 502 itself; fields: proxy",
    "proxy_blamed": "somebody writes that a proxy's software is at fault; fields: proxy, text",
}

_FILES = "too many open files"
PATTERNS: tuple[Pattern, ...] = (
    # Node's watchers of files meet a limit of inotify in the same words.
    says("fd_limit", r"\bE[MN]FILE\b(?!.{0,60}\bwatch)", "emfile", "enfile", who="the app"),
    says(
        "fd_limit", r"(?:Errno 2[34]\]|os error 2[34]\b).{0,20}|Too many open files.{0,20}os error 24", _FILES
    ),
    says(
        "fd_limit", r"(?:Socket|IO|FileSystem)\w*Exception: .{0,120}Too many open files", _FILES, who="java"
    ),
    says("fd_limit", r"Too many open files (?:in system|\(Errno|@ )", _FILES),
    says("fd_limit", r"\bulimit -n\b.{0,60}\b(?:reached|hit|exceeded|too low|exhausted)", "ulimit -n"),
    says("fd_limit", r"\bopen[- ]files? limit\b.{0,40}\b(?:reached|hit|exceeded)", "open"),
    says("fd_limit", r"\b(?:hit|reached|exceeded|ran into) \w+ open[- ]files? limit", "open"),
    says("fd_limit", r"\b(?:ran|run|running) out of (?:file )?(?:descriptors|handles)\b", "out of"),
    says("fd_limit", r"\A\W{0,4}(?:error: )?too many open files\W{0,4}\Z", _FILES, who="somebody"),
    # The head of a request.
    says(
        "request_too_big",
        r"HTTP element \w+ is longer than the (?P<limit>\([\d *+()]+\)|\d+) allowed length"
        r"(?: \(was (?P<size>\d+))?",
        "allowed length",
        app="puma",
    ),
    says(
        "request_too_big",
        r"TooLong(?:Http(?:Header|Line)|Frame)Exception: (?:HTTP (?:header|line)|An HTTP (?:header|line)) is "
        r"larger than (?P<limit>\d+)",
        "is larger than",
        app="netty",
    ),
    says("request_too_big", r"uwsgi .{0,40}max (?:request|vec) size", "max "),
    # Everybody is busy.
    says("connections_awaited", r"Thread starvation or clock leap detected", "thread starvation", app="java"),
    says(
        "deadlock",
        r"Thread\[?\S{0,80} has been blocked for \d{4,} ms",
        "has been blocked for",
    ),
    says(
        "pool_exhausted",
        r"\ball (?:[\w-]+ ){0,3}(?:threads|workers)(?: (?:of|in) \w+(?: \w+)?)?(?: are| were|,)?"
        r"(?: (?:all|now|currently|just))? (?:busy|taken|in use|stuck|blocked|parked|waiting (?:for|on))",
        "all ",
    ),
    says("queue_full", r"\bTcpExtListen(?:Overflows|Drops)\s+(?P<waiting>[1-9]\d*)", "tcpextlisten"),
    says("killed", r"^\s*(?:[\w.-]+\s*\| *)?(?:npm ERR! )?Killed\s*$", "killed", signal="9"),
    says("memory_low", r"[\d.]+[KMG]iB / (?P<total>[\d.]+)[KMG]iB +(?:9[5-9]|100)(?:\.\d+)?%", "ib /"),
    says("out_of_memory", r"[Mm]emory limit of \d+ ?\w+ exceeded", "memory limit of", limit="cgroup"),
    says(
        "proxy_gives_up",
        r"^(?!.*\b(?:time-?outs?|timed out|seconds|idle|keep-?alive|large|big)\b).*?\b"
        r"(?P<proxy>nginx|openresty|traefik|caddy|haproxy|envoy|apache|httpd|ingress)\b.{0,120}"
        r"\b(?:clos(?:es?|ing)|resets?|resetting|abort(?:s|ing)?|sends? (?:a )?(?:FIN"
        r"|RST) to) (?:off )?(?:the )?"
        r"(?:backend|upstream|server)(?:'s|-side)?(?: TCP| HTTP)?(?: connection| socket| side)?\b.{0,160}"
        r"\b(?:receiv\w+|process\w*|answer\w*|respond\w*|return\w*|healthy|fine)\b",
        "clos",
        "reset",
        "abort",
        "send",
    ),
    says(
        "proxy_blamed",
        r"(?P<text>\b(?:known )?(?:bug|regression|defect) (?:in|of|with) (?:the )?"
        r"(?P<proxy>nginx|ingress|openresty|traefik|caddy|haproxy|envoy|istio|kong|apisix|apache|httpd).*)",
        "bug ",
        "regression ",
        "defect ",
    ),
    says(
        "proxy_blamed",
        r"(?P<text>\b(?:fixed|solved|resolved|cured|gone|went away) (?:by|in|with|after|when|since) "
        r"(?:I |we )?(?:upgrad|downgrad|updat)\w+ (?:the |to )?"
        r"(?P<proxy>nginx|ingress|openresty|traefik|caddy|haproxy|envoy|istio|kong|apisix|apache|httpd).*)",
        "fixed",
        "solved",
        "resolved",
        "cured",
        "gone",
        "went away",
    ),
    says(
        "proxy_blamed",
        r"(?P<text>(?P<proxy>nginx): worker process\b.{0,60}\b(?:100 ?% CPU|consum|spin|all CPU).*)",
        "worker process",
    ),
    says(
        "proxy_own_error", r"exceeded the limit of \d+ internal redirects", "internal redirects", what="cycle"
    ),
    says(
        "proxy_own_error",
        r"^(?!.{0,80}\[emerg\]).*?(?:mkdir|open)\(\) \"\S*"
        r"(?:proxy_temp|client_body|/cache/nginx|fastcgi_temp)\S*\" failed \(13:",
        "failed (13:",
        what="temp",
    ),
    says("proxy_own_error", r"\bcrypt_r\(\) failed", "crypt_r()", what="password"),
    says(
        "answer_not_protocol",
        r"received HTTP/1\.\d response.{0,40}frame|http2: frame too large",
        "received http",
        "frame too",
    ),
    says("answer_not_protocol", r"Received HTTP/0\.9 when not allowed", "http/0.9"),
    says("answer_timeout", r"\(70007\)\W*The timeout specified has expired\W*$", "(70007)", proxy="apache"),
    says("answer_timeout", r"\bEndpoint request timed out\b", "endpoint request", proxy="cloud"),
    says(
        "handler_died",
        r"(?P<text>Truncated or oversized response headers received from daemon process.*)",
        "truncated or oversized",
        app="mod_wsgi",
    ),
    # A worker is ended for its slowness.
    says(
        "kill_time", r"\brequest_terminate_timeout\s*=\s*(?P<after>[1-9]\d*)", "request_terminate", app="fpm"
    ),
    says("kill_time", r"\bharakiri\W{1,5}(?P<after>[1-9]\d*)", "harakiri", app="uwsgi"),
    says(
        "kill_time",
        r"\bgunicorn\b.{0,160}(?:--timeout|\s-t)[ =](?P<after>[1-9]\d*)",
        "gunicorn",
        app="gunicorn",
    ),
    # In anybody's words: a worker, and that its time was over.
    says(
        "worker_timeout",
        r"\b(?:time-?out|tim(?:ed|es|ing)[- ]out)\b(?:[ :,]+(?:of|on|in|for|the|a|gunicorn|uwsgi|puma|unicorn"
        r"|waitress|critical"
        r"|error)){0,3}[ :,]+workers?\b(?! (?:pool|queue|setting|option|is set|value))",
        "timeout",
        "time-out",
        "timed out",
        "timed-out",
        "times out",
        "timing out",
    ),
    says(
        "worker_timeout",
        r"\bworkers?\b(?: (?:process|thread)(?:es|s)?)?(?: \(?(?:pid:? ?)?\d+\)?)?(?: (?:is|was|were"
        r"|are|gets?|got|has been|being"
        r"|keeps?)){0,2} (?:tim(?:ed[- ]|es |ing )out|(?:kill|terminat|restart|abort|recycl)\w* (?:due to"
        r"|because of|after|by"
        r"|for|on) .{0,30}\btime-?out)",
        "worker",
    ),
    says("worker_timeout", r"Rack::Timeout::RequestTimeout(?:Exception|Error)", "rack::timeout", app="rack"),
    says(
        "worker_timeout", r"gunicorn/workers/base\.py\D.{0,30}in handle_abort", "handle_abort", app="gunicorn"
    ),
    says(
        "worker_timeout",
        r"\bmax(?:imum)?_request_time\b.{0,60}(?:exceed|terminat|kill)",
        "request_time",
        app="passenger",
    ),
    says(
        "worker_timeout",
        r"\bWorker \(pid:(?P<pid>\d+)\) was sent (?:code 134|SIGABRT)",
        "was sent code 134",
        "was sent sigabrt",
        app="gunicorn",
    ),
    says("worker_timeout", r"\bHARAKIRI (?:\[core \d+\]|triggered by)", "harakiri", app="uwsgi"),
    says("worker_timeout", r"source=rack-timeout .{0,200}state=timed_out", "state=timed_out", app="rack"),
    says(
        "worker_timeout",
        r"mod_fcgid: process (?P<pid>\d+) (?:graceful kill fail, sending SIGKILL"
        r"|exit\(communication error\), get signal 15)",
        "mod_fcgid: process",
        app="fcgid",
    ),
    says(
        "request_too_big",
        r"AH00561: Request header exceeds LimitRequestFieldSize"
        r"|AH00565: request failed: .{0,20}exceeds the configured limit",
        "ah00561",
        "ah00565",
        app="apache",
    ),
    says("other_to_app", r"Invalid HTTP request received\.", "invalid http request", what="not HTTP"),
    says(
        "fd_limit",
        r"Cannot raise FD limit to \d+|FD limit \(\d+\) too low for maxconn",
        "fd limit",
        who="haproxy",
    ),
)
READERS: tuple[Reader, ...] = ()
