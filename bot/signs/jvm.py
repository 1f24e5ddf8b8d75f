"""The JVM and Java servers at work (their start: java_start.py).

Source: HotSpot share/utilities/{debug,vmError}.cpp; tomcat util/{net,threads}/LocalStrings.properties; jetty
QueuedThreadPool; HikariPool.java; netty NotSslRecordException.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "deadlock": "threads of an app wait for each other; fields: app",
    "connections_awaited": "an app waits for a free connection to its database; fields: app",
}

PATTERNS: tuple[Pattern, ...] = (
    # memory and crashes
    says(
        "heap_exhausted",
        r"OutOfMemoryError: ?(?:Java heap space|GC overhead|Metaspace|PermGen|Compressed class"
        r"|Direct buffer|Requested array size)|Terminating due to java\.lang\.OutOfMemoryError",
        "outofmemoryerror",
        app="java",
    ),
    says(
        "heap_exhausted",
        r"java\.lang\.OutOfMemoryError(?!: (?:unable to create|Java heap|GC over|Metaspace"
        r"|PermGen|Compressed|Direct|Requested))",
        "outofmemoryerror",
        app="java",
    ),
    says(
        "no_memory",
        r"insufficient memory for the Java Runtime Environment"
        r"|OutOfMemoryError: unable to create (?:new )?native thread"
        r"|Could not reserve enough space|os::commit_memory\(.*failed"
        r"|Native memory allocation \(\w+\) failed",
        "insufficient memory",
        "native thread",
        "reserve enough space",
        "commit_memory",
        "native memory",
        who="java",
    ),
    says(
        "crashed",
        r"A fatal error has been detected by the Java Runtime Environment|hs_err_pid\d+",
        "fatal error has been detected",
        "hs_err_pid",
        who="java",
        signal="11",
    ),
    says(
        "crashed",
        r"Exception in thread \"main\" (?:\S+)",
        'exception in thread "main"',
        who="java",
    ),
    says(
        "deadlock",
        r"Found (?:one|\d+) (?:Java-level )?deadlocks?|WARNING: A thread deadlock"
        r"|Deadlock detected in (?:thread|JVM)",
        "deadlock",
        app="java",
    ),
    # at work
    says(
        "pool_exhausted",
        r"All threads \((?P<limit>\d+)\) (?:of connector .*? )?are currently busy"
        r"|Maximum number of threads \((?:\d+)\) created for connector",
        "are currently busy",
        "maximum number of threads",
        app="tomcat",
    ),
    says(
        "pool_exhausted",
        r"(?:QueuedThreadPool|qtp\d+).*(?:low on threads|Low Resource|RejectedExecution)"
        r"|Insufficient (?:configured )?threads",
        "queuedthreadpool",
        "qtp",
        "insufficient",
        app="jetty",
    ),
    says(
        "pool_exhausted",
        r"XNIO\S* .*(?:task queue is full|rejected)|Thread .* has been been? active for"
        r"|Stuck[Tt]hread\w* .*|\[STUCK\] ExecuteThread",
        "xnio",
        "has been",
        "stuck",
        app="java",
    ),
    says(
        "connections_awaited",
        r"Connection is not available, request timed out after \d+ ?ms"
        r"|Cannot get a connection, pool (?:error|exhausted)|Timeout waiting for (?:idle object"
        r"|connection from pool)|Unable to acquire JDBC Connection",
        "connection is not available",
        "cannot get a connection",
        "timeout waiting for",
        "unable to acquire jdbc",
        app="java",
    ),
    says(
        "app_error",
        r"(?P<text>Servlet\.service\(\) for servlet \[?[\w.]+\]? .*threw exception.*"
        r"|Unhandled exception occurred whilst .*|UT005023: Exception handling request.*"
        r"|HTTP Request to \S+ failed, error id.*)",
        "servlet.service()",
        "unhandled exception occurred",
        "ut005023",
        "failed, error id",
        app="java",
    ),
    says(
        "request_too_big",
        r"Request header is too large|TooLongHttpHeaderException"
        r"|Header is too large|Request Header Too Large|Header is greater than \d+"
        r"|URI is too large >\d+",
        "too large",
        "toolong",
        "is greater than",
        app="java",
    ),
    says(
        "answer_not_protocol",
        r"Invalid character found in (?:the request target|method name) \[(?:\\x16|0x16|\x16)",
        "invalid character found",
        protocol="https",
        wants="http",
    ),
    says(
        "answer_not_protocol",
        r"This combination of host and port requires TLS",
        "requires tls",
        protocol="http",
        wants="https",
    ),
    says(
        "answer_not_protocol",
        r"NotSslRecordException|Unrecognized SSL message, plaintext connection"
        r"|Unsupported or unrecognized SSL message",
        "notsslrecord",
        "ssl message",
        protocol="http",
        wants="https",
    ),
    says("header_too_big", r"\bHeadersTooLargeException\b", "headerstoolarge"),
)
READERS: tuple[Reader, ...] = ()
