""".NET: hosting, Kestrel, the runtime and its host.

Source: aspnetcore Hosting, Kestrel.Core CoreStrings.resx, Microsoft.Hosting.Lifetime, host fxr.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"

PATTERNS: tuple[Pattern, ...] = (
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
    says(
        "crashed", r"Unhandled exception(?:\. |: (?=[A-Z]\w*\.[A-Z]))\S+", "unhandled exception", who="dotnet"
    ),
    says(
        "app_failed",
        r"(?P<text>Hosting failed to start|Unable to start Kestrel|Application startup exception"
        r"|HTTP Error 50(?:0|2(?!\.[34]\b))\.\d+ - .*|ANCM (?:Out-Of-Process|In-Process) \w+ ?\w* Failure)",
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
    says(
        "missing_setting",
        r"(?:No connection string named|The ConnectionString property has not been initialized"
        r"|connection string) '?(?P<name>[\w:]+)?'?(?: was not found| not found)?",
        "no connection string",
        "connectionstring property",
        app="dotnet",
    ),
)
READERS: tuple[Reader, ...] = ()
