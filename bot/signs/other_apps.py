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
_SAYS_IT = (
    r"\b(?:server|app|application|service|api|backend|http|express|example app|now|is|started"
    r"|server is|up and)\b.{0,30}?\b(?:listening|running|started|live|available|up"
    r"|ready)\b.{0,20}?"
)

PATTERNS: tuple[Pattern, ...] = (
    # anybody
    says(
        "listening",
        _SAYS_IT + r"\b(?:on|at|to|over):? +(?:https?://|\w+://)?" + _LISTEN,
        "listening",
        "running",
        "started",
        "live",
        "available",
        "ready",
        " up ",
        inside="app",
    ),
    says("listening", _SAYS_IT + r"\bport:? *#?(?P<port>\d{2,5})\b", "port", inside="app"),
    says(
        "listening",
        r"\b(?:listening|serving|listens?)\b(?: for)?(?: HTTPS?| requests| connections"
        r"| incoming connections)?"
        r" ?(?:on|at|to|via)\b:? *(?:port:? *|all interfaces:? *|(?:https?"
        r"|tcp)://)?(?:(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):)?(?P<port>\d{2,5})(?![\d:.])",
        "listening",
        "serving",
        "listen",
        inside="app",
    ),
    says(
        "listening",
        r"\b(?:listening|serving|listen)(?: HTTPS?)?: +(?:https?://"
        r"|tcp://)?(?:(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):)?(?P<port>\d{2,5})(?![\d:.])",
        "listening",
        "serving",
        "listen",
        inside="app",
    ),
    says(
        "listening",
        r"\b(?:listening|listen|bound)\b(?: on| at| to)? +(?:unix(?: socket)?:?(?://)? ?)(?P<path>/\S+)",
        "listen",
        "bound",
        inside="app",
    ),
    says(
        "listening",
        r"HTTP Server Listen.*address=(?P<address>\[?[\w.:]*?\]?):(?P<port>\d+)",
        "http server listen",
        inside="app",
        process="grafana",
    ),
    says(
        "starting",
        r"\b(?:warming up|still (?:starting|loading|initiali[sz]ing|booting)|(?:is"
        r"|server) (?:not ready yet|starting up)|(?:starting|booting) up\b|loading (?:model"
        r"|checkpoint|weights)|performing initial|initiali[sz]ing database|building (?:index"
        r"|cache)|(?:service|server|application|app) is starting|come back (?:soon|later)"
        r"|please wait)",
        "warming up",
        "still ",
        "not ready yet",
        "starting up",
        "booting up",
        "loading ",
        "performing initial",
        "initiali",
        "building ",
        "is starting",
        "come back",
        "please wait",
    ),
    says(
        "starting",
        r"[Ww]aiting for (?:the )?(?P<app>[\w.:-]+(?: server| database| service"
        r"| container)?)(?: to (?:be(?:come)?|come|start|accept|respond)| \.\.\.|\.\.\.|…"
        r"| on port)",
        "waiting for",
    ),
    says(
        "exited",
        r"\b(?P<who>process|command|program|app|server|script|child|worker)\b.{0,40}? "
        r"(?:exited|exiting|terminated|quit|stopped|finished|failed) with (?:an? )?(?:exit |error )?"
        r"(?:code|status):? ?(?P<code>[1-9]\d{0,2})\b",
        "code",
        "status",
    ),
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
        r"|HTTP Error 50[02]\.\d+ - ANCM.*|ANCM (?:Out-Of-Process|In-Process) \w+ ?\w* Failure)",
        "hosting failed",
        "unable to start kestrel",
        "startup exception",
        "ancm",
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
    # crashes of anybody
    says(
        "crashed",
        r"\b(?:Segmentation fault|SIGSEGV|signal: segmentation|exit(?:ed)? (?:with )?(?:code"
        r"|status):? ?139|signal 11\b)",
        "segmentation",
        "sigsegv",
        "139",
        "signal 11",
        signal="11",
    ),
    says(
        "crashed",
        r"\bSIGABRT\b|exit(?:ed)? (?:with )?(?:code|status):? ?134\b"
        r"|terminate called after throwing|double free or corruption|malloc\(\): (?:corrupted"
        r"|invalid|memory corruption)|free\(\): invalid|stack smashing detected",
        "sigabrt",
        "134",
        "terminate called",
        "double free",
        "malloc():",
        "free():",
        "stack smashing",
        signal="6",
    ),
    says(
        "crashed",
        r"\b(?:SIGILL|Illegal instruction|exit(?:ed)? (?:with )?(?:code|status):? ?132)\b",
        "sigill",
        "illegal instruction",
        "132",
        signal="4",
    ),
    says(
        "crashed",
        r"\b(?:SIGBUS|Bus error|exit(?:ed)? (?:with )?(?:code|status):? ?135)\b",
        "sigbus",
        "bus error",
        "135",
        signal="7",
    ),
    says(
        "no_memory",
        r"std::bad_alloc|\bMemoryError\b|Cannot allocate memory|\bENOMEM\b|mmap: .*out of memory"
        r"|errno[: ]+12\b|memory allocation of \d+ bytes failed",
        "bad_alloc",
        "memoryerror",
        "cannot allocate memory",
        "enomem",
        "out of memory",
        "errno",
        "memory allocation of",
    ),
    says(
        "deadlock",
        r"all goroutines are asleep - deadlock|\bfatal: (?:No live threads left\. )?[Dd]eadlock",
        "deadlock",
    ),
    # their own words
    says(
        "app_error",
        r"(?P<text>A request from a reverse proxy was received from \S+, but your HTTP "
        r"integration is not set.up.*)",
        "from a reverse proxy",
        app="home assistant",
    ),
    says(
        "app_error",
        r"(?P<text>(?:This Nextcloud instance|Nextcloud) is (?:currently )?in maintenance mode.*)",
        "maintenance mode",
        app="nextcloud",
    ),
    says(
        "app_error",
        r"\b(?:HTTP(?:/[\d.]+)?\W+|status(?:Code)?[=: \"]+)(?P<error>500)\b.{0,20}(?P<text>Intern"
        r"al Server Error)",
        "500",
        app="app",
    ),
    says(
        "app_error",
        r"\[?(?:Unhandled|Uncaught) (?P<error>\w*(?:Error|Exception))\b:? ?(?P<text>.*)",
        "unhandled",
        "uncaught",
        app="app",
    ),
    says(
        "app_failed",
        r"(?P<text>\b(?:failed|unable|could not|cannot) to (?:start|boot|initiali[sz]e"
        r"|launch) (?:the )?(?:server|app|application|service|web|http|database|plugin|module"
        r"|worker|daemon)\b.*)",
        "failed to",
        "unable to",
        "could not",
        app="app",
    ),
    says(
        "app_failed",
        r"(?P<text>\b(?:server|application|app|service|worker|daemon|bootstrap|startup"
        r"|initiali[sz]ation) (?:failed to (?:start|boot|initiali[sz]e)|could not (?:be started"
        r"|start)|crashed (?:on|at|during) start\w*|start(?:up)? failed)\b.*)",
        "failed",
        "could not",
        "crashed",
        app="app",
    ),
    says("app_failed", r"(?P<text>exec format error)", "exec format error", app="app"),
    says(
        "app_failed",
        r"(?P<text>(?:\berror: |\A|: )(?:unrecognized arguments?"
        r"|the following arguments are required|unknown (?:option|flag|command|argument)"
        r"|unrecognized option|flag provided but not defined|no such (?:option|command)"
        r"|invalid choice|unexpected argument).*)",
        "unrecognized",
        "following arguments",
        "unknown ",
        "flag provided",
        "no such",
        "invalid choice",
        "unexpected argument",
        app="app",
    ),
)
READERS: tuple[Reader, ...] = ()
