"""Go, Rust, Erlang and Elixir, Perl, CGI, and applications that word things their own way.

Source: Go runtime/panic.go, net/http server.go, net/dial.go; actix-server builder.rs, rocket; Rust std
panicking.rs; Phoenix endpoint cowboy2_adapter.ex, Erlang init and application_controller; Starman,
Mojo::Server::Prefork; Apache mod_cgi; Home Assistant http; Grafana, Gitea.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"

PATTERNS: tuple[Pattern, ...] = (
    # Go
    says("crashed", r"^.{0,80}?\bpanic: (?!serving)", "panic: ", who="go"),
    says("crashed", r"\[signal SIG(?P<signal>SEGV|BUS|FPE): ", "[signal sig", who="go"),
    says(
        "crashed",
        # What ends for want of memory has no defect: own_limits.py.
        r"fatal error: (?:concurrent map|all goroutines are asleep|unexpected signal"
        r"|stack overflow|runtime: (?!out of memory|cannot allocate))",
        "fatal error: ",
        who="go",
    ),
    says("handler_died", r"http: panic serving \S+: (?P<text>.*)", "panic serving", app="go"),
    says(
        "port_taken",
        r"(?<!userland proxy: )listen tcp\d? (?P<address>\[?[\w.:*]*?\]?):(?P<port>\d+): "
        r"bind: (?:address already in use|Only one usage)",
        "listen tcp",
        who="go",
    ),
    says("port_taken", r"listen unix (?P<path>\S+?): bind: address already in use", "listen unix", who="go"),
    says(
        "app_failed",
        r"(?P<text>listen (?:tcp\d?|unix) \S+: (?:bind|listen): (?!address already)\w.*)",
        "listen tcp",
        "listen unix",
        app="go",
    ),
    says("fd_limit", r"http: Accept error: .*too many open files", "accept error", who="go"),
    says(
        "answer_not_protocol",
        r"server gave HTTP response to HTTPS client",
        "http response to https client",
        protocol="https",
        wants="http",
    ),
    says(
        "answer_not_protocol",
        r"client sent an HTTP request to an HTTPS server",
        "http request to an https",
        protocol="http",
        wants="https",
    ),
    says(
        "answer_not_protocol",
        r"malformed HTTP response \"\\x(?:15|00)",
        "malformed http response",
        protocol="http",
    ),
    says(
        "started",
        r"(?:Starting|Started) (?:web |http |API )?server (?:on|at)|Server started\b"
        r"|Server is ready|server is ready to accept",
        "server",
        app="app",
    ),
    # Rust
    says("crashed", r"thread '(?:main|<unnamed>)' (?:\(\d+\) )?panicked at", "panicked at", who="rust"),
    says(
        "handler_died",
        r"(?P<text>thread '(?!main'|<unnamed>')[^']+' (?:\(\d+\) )?panicked at.*)",
        "panicked at",
        app="rust",
    ),
    says(
        "listening",
        r"starting service: .*listening on: " + _LISTEN,
        "listening on:",
        inside="app",
        process="actix",
    ),
    says(
        "listening", r"Starting \"[^\"]*\" service on " + _LISTEN, "service on", inside="app", process="actix"
    ),
    says(
        "listening",
        r"Rocket has launched from https?://" + _LISTEN,
        "rocket has launched",
        inside="app",
        process="rocket",
    ),
    # Erlang, Elixir
    says(
        "listening",
        r"Running \S+ with (?:cowboy|Bandit) \S+ at (?:https?://)?" + _LISTEN,
        "running ",
        inside="app",
        process="beam",
    ),
    says(
        "app_failed",
        r"(?P<text>\(Mix\) Could not (?:start|compile) .*|Kernel pid terminated.*"
        r"|init terminating in do_boot.*|Application \w+ exited: .*"
        r"|Runtime terminating during boot.*|BOOT FAILED)",
        "(mix) could not",
        "kernel pid terminated",
        "do_boot",
        "exited: ",
        "terminating during boot",
        "boot failed",
        app="beam",
    ),
    says(
        "handler_died",
        r"(?P<text>Ranch (?:protocol|listener) .*|#PID<\S+> running \S+ (?:\(.*?\) )?terminated)",
        "ranch ",
        "terminated",
        app="beam",
    ),
    says(
        "heap_exhausted",
        r"(?:eheap|binary|ets|ll)_alloc: Cannot (?:re)?allocate \d+ bytes",
        "_alloc: cannot",
        app="beam",
    ),
    # Perl, CGI
    says(
        "listening",
        r"Binding to TCP port (?P<port>\d+) on host (?P<address>\S+)",
        "binding to tcp port",
        inside="app",
        process="perl",
    ),
    says("missing_module", r"Can't locate (?P<name>\S+\.pm) in @INC", "can't locate", app="perl"),
    says(
        "app_failed",
        r"(?P<text>BEGIN failed--compilation aborted.*|Compilation failed in require.*)",
        "compilation",
        app="perl",
    ),
    says(
        "worker_timeout",
        r"Worker (?P<pid>\d+) has no heartbeat \((?P<after>\d+) seconds\)",
        "has no heartbeat",
        app="mojolicious",
    ),
    says(
        "answer_closed",
        r"(?:Premature end of script headers|End of script output before headers)",
        "of script",
        proxy="apache",
    ),
)
READERS: tuple[Reader, ...] = ()
