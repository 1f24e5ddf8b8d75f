"""Go, .NET, Rust, Erlang and Elixir, Perl, CGI, and applications that word things their own way.

Source: Go runtime/panic.go, net/http server.go, net/dial.go; aspnetcore Hosting, Kestrel.Core
CoreStrings.resx, Microsoft.Hosting.Lifetime, host fxr; actix-server builder.rs, rocket; Rust std
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
        r"fatal error: (?:concurrent map|all goroutines are asleep|unexpected signal"
        r"|stack overflow|out of memory|runtime:)",
        "fatal error: ",
        who="go",
    ),
    says("handler_died", r"http: panic serving \S+: (?P<text>.*)", "panic serving", app="go"),
    says(
        "port_taken",
        r"listen tcp\d? (?P<address>\[?[\w.:*]*?\]?):(?P<port>\d+): bind: (?:address already in "
        r"use|Only one usage)",
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
        protocol="http",
        wants="https",
    ),
    says(
        "answer_not_protocol",
        r"http: TLS handshake error from .*first record does not look like a TLS handshake",
        "does not look like a tls",
        protocol="https",
        wants="http",
    ),
    says(
        "answer_not_protocol",
        r"client sent an HTTP request to an HTTPS server",
        "http request to an https",
        protocol="https",
        wants="http",
    ),
    says(
        "answer_not_protocol",
        r"malformed HTTP response \"\\x(?:15|00)",
        "malformed http response",
        protocol="https",
        wants="http",
    ),
    says(
        "started",
        r"(?:Starting|Started) (?:web |http |API )?server (?:on|at)|Server started\b"
        r"|Server is ready|server is ready to accept",
        "server",
        app="app",
    ),
    # .NET
    says(
        "listening",
        r"Now listening on: https?://" + _LISTEN,
        "now listening on",
        inside="app",
        process="dotnet",
    ),
    says(
        "listening",
        r"Now listening on: http://unix:(?P<path>\S+)",
        "now listening on",
        inside="app",
        process="dotnet",
    ),
    says("started", r"Application started\. Press Ctrl\+C", "application started. press", app="dotnet"),
    says("stopped", r"Application is shutting down\.\.\.", "application is shutting down", who="dotnet"),
    says("crashed", r"Unhandled exception\. \S+", "unhandled exception. ", who="dotnet"),
    says(
        "app_failed",
        r"(?P<text>Hosting failed to start|Unable to start Kestrel|Application startup exception"
        r"|HTTP Error 50[02]\.\d+ - .*|ANCM (?:Out-Of-Process|In-Process) \w+ ?\w* Failure)",
        "hosting failed",
        "unable to start kestrel",
        "startup exception",
        "ancm",
        "http error 50",
        app="dotnet",
    ),
    says(
        "port_taken",
        r"Failed to bind to address (?:https?://)?(?P<address>[\w.\[\]:*]*?):(?P<port>\d+): "
        r"address already in use",
        "failed to bind to address",
        who="dotnet",
    ),
    says(
        "app_failed",
        r"(?P<text>Failed to bind to address (?!.*already in use).*)",
        "failed to bind to address",
        app="dotnet",
    ),
    says(
        "missing_module",
        r"Could not load file or assembly '(?P<name>[^',]+)",
        "could not load file or assembly",
        app="dotnet",
    ),
    says(
        "missing_module",
        r"(?:You must install or update \.NET|It was not possible to find any compatible "
        r"framework|The framework '(?P<name>[^']+)', version '[^']+' .*was not found"
        r"|The command could not be loaded, possibly because)",
        "you must install or update .net",
        "compatible framework",
        "the framework '",
        "command could not be loaded",
        app="dotnet",
    ),
    says(
        "app_error",
        r"(?P<text>An unhandled exception (?:was thrown by the application"
        r"|has occurred while executing the request).*)",
        "an unhandled exception",
        app="dotnet",
    ),
    says("heap_exhausted", r"System\.OutOfMemoryException", "outofmemoryexception", app="dotnet"),
    says(
        "pool_busy",
        r"heartbeat has been running for .* which is longer than",
        "heartbeat has been running",
        app="dotnet",
    ),
    says(
        "connections_awaited",
        r"The timeout period elapsed prior to obtaining a connection from the pool"
        r"|QueuePool limit of size \d+ overflow \d+ reached"
        r"|could not obtain a connection from the pool|ConnectionTimeoutError.*pool"
        r"|Timed out fetching a new connection from the (?:connection )?pool"
        r"|ResourceRequest timed out|Knex: Timeout acquiring a connection"
        r"|remaining connection slots are reserved|too many clients already|Too many connections"
        r"|connection pool exhausted",
        "connection",
        "queuepool",
        "resourcerequest",
        "too many clients",
    ),
    says(
        "request_too_big",
        r"Request headers too long|BadHttpRequestException: Request (?:headers|line) too long",
        "too long",
        app="dotnet",
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
