"""Java servers and frameworks while they start: Tomcat, Jetty, Undertow, Spring Boot, Quarkus, Play.

Source: tomcat org/apache/{catalina,coyote}/LocalStrings.properties; spring-boot web/embedded,
diagnostics/FailureAnalyzers, StartupInfoLogger; jetty AbstractConnector; wildfly UndertowLogger; play
NettyServer.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"
_BOOTED = r"(?:Tomcat|Jetty|Undertow|Netty) started on ports?(?:\(s\))?:? (?P<port>\d{2,5})"

PATTERNS: tuple[Pattern, ...] = (
    # up, or on the way
    says("listening", _BOOTED, " started on port", inside="app", process="java"),
    says("started", r"\bStarted \w+ in [\d.]+ seconds", "started ", app="spring"),
    says(
        "started", r"Server startup in \[?[\d,.]+\]? ?(?:ms|milliseconds)", "server startup in", app="tomcat"
    ),
    says(
        "listening",
        r"(?<!paus)Starting ProtocolHandler \[\"[\w-]+?-(?:(?P<address>[\d.]+)-)?(?P<port>\d{2,5})\"",
        "starting protocolhandler",
        inside="app",
        process="java",
    ),
    says(
        "listening",
        r"Started (?:Server|Network|NetworkTraffic)?\w*Connector@\w+\{.*?\}\{" + _LISTEN,
        "connector@",
        inside="app",
        process="java",
    ),
    says(
        "listening",
        r"Undertow HTTPS? listener \S+ listening on " + _LISTEN,
        "undertow http",
        inside="app",
        process="java",
    ),
    says(
        "started",
        r"WFLYSRV0025|JBAS015874|Jenkins is fully up and running|SonarQube is (?:up|operational)"
        r"|Keycloak .* started in|Startup completed in \d+ms|INFO .*started in [\d.]+s\b",
        "wflysrv0025",
        "jbas015874",
        "fully up and running",
        "sonarqube is",
        "started in",
        "startup completed in",
        app="java",
    ),
    says(
        "listening",
        r"(?:started in [\d.]+s\. Listening on:|Server Running:|Listening for HTTP on) (?:https?:/?/?)?/?"
        + _LISTEN,
        "listening on:",
        "server running:",
        "listening for http",
        inside="app",
        process="java",
    ),
    says(
        "starting",
        r"(?:Tomcat|Jetty|Undertow|Netty) initialized with port"
        r"|\bStarting \w+ (?:v\S+ )?using Java|\bStarting \w*Application\b.* with PID \d+"
        r"|Initializing ProtocolHandler|Please wait while (?:Jenkins|Confluence|Jira) is"
        r"|Kibana server is not ready yet|SonarQube is (?:starting|under maintenance)"
        r"|Initializing Spring embedded WebApplicationContext|Bootstrapping Spring Data"
        r"|Waiting for changelog lock|Performing [Uu]pgrade [Tt]ask \w+"
        r"|\b(?:upgrad|migrat|re-?index|initiali[sz])\w*\b.{0,80}\b[1-9]?\d ?% (?:complete|done|finished)",
        "initialized with port",
        "performing upgrade",
        "% complete",
        "% done",
        "% finished",
        "starting ",
        "initializing",
        "please wait while",
        "not ready yet",
        "sonarqube is",
        "bootstrapping spring",
        "waiting for changelog",
        app="java",
    ),
    # fails while starting
    says(
        "app_failed",
        r"(?P<text>APPLICATION FAILED TO START|Application run failed"
        r"|Error starting ApplicationContext|Context initialization failed"
        r"|Context \[[^\]]*\] startup failed due to previous errors"
        r"|One or more listeners failed to start|Failed to start (?:component|connector|end point"
        r"|bean) .*"
        r"|Unable to start (?:embedded|web server|ServletWebServer|ReactiveWebServer).*"
        r"|WFLYCTL0013: Operation .* failed|WFLYSRV0026.*|Failed startup of context.*"
        r"|Exception encountered during context initialization.*"
        r"|Unexpected exception during bean creation.*|Failed to start application.*)",
        "failed to start",
        "application run failed",
        "applicationcontext",
        "initialization",
        "startup failed",
        "unable to start",
        "wflyctl0013",
        "wflysrv0026",
        "failed startup",
        "bean creation",
        app="java",
    ),
    says(
        "app_failed",
        r"(?P<error>BeanCreationException|UnsatisfiedDependencyException"
        r"|NoSuchBeanDefinitionException|UnsupportedClassVersionError|ApplicationContextException"
        r"|BeanDefinitionStoreException)\b:?(?P<text>.*)",
        "exception",
        "unsupportedclassversion",
        app="java",
    ),
    says(
        "app_failed",
        r"(?P<text>Error creating bean with name '[^']+'.*|Unrecognized (?:VM )?option.*"
        r"|Invalid maximum heap size.*|Could not create the Java Virtual Machine"
        r"|no main manifest attribute.*|A JNI error has occurred.*)",
        "error creating bean",
        "unrecognized",
        "invalid maximum heap",
        "could not create the java",
        "main manifest",
        "jni error",
        app="java",
    ),
    says(
        "missing_setting",
        r"Could not resolve placeholder '(?P<name>[^']+)'",
        "could not resolve placeholder",
        app="spring",
    ),
    says(
        "missing_setting",
        r"Failed to configure a DataSource: '(?P<name>\w+)' attribute is not specified",
        "failed to configure a datasource",
        app="spring",
    ),
    says(
        "missing_setting",
        r"(?:SRCFG00014|The config property) .*?(?P<name>[\w.-]+\.[\w.-]+) is required",
        "is required",
        app="quarkus",
    ),
    says(
        "missing_module",
        r"(?:ClassNotFoundException|NoClassDefFoundError):? +(?P<name>[\w./$]+)",
        "classnotfound",
        "noclassdeffound",
        app="java",
    ),
    says(
        "missing_module",
        r"(?:Unable to access jarfile|Could not find or load main class) (?P<name>\S+)",
        "unable to access jarfile",
        "could not find or load main",
        app="java",
    ),
    says(
        "missing_module",
        r"(?P<name>NoSuchMethodError|NoSuchFieldError|AbstractMethodError): ",
        "nosuchmethoderror",
        "nosuchfielderror",
        "abstractmethoderror",
        app="java",
    ),
    says(
        "port_taken",
        r"Port (?P<port>\d{2,5}) (?:was already in use|is already being used by another process)"
        r"|Failed to bind to (?:\S*?:)(?:\d+)",
        "was already in use",
        "is already being used",
        "failed to bind to",
        who="java",
    ),
    says(
        "port_taken",
        r"BindException: Address already in use(?: \(Bind failed\))?(?:.*?:(?P<port>\d{2,5})\b)?",
        "bindexception",
        who="java",
    ),
    says(
        "stale_file",
        r"This application is already running \(Or delete (?P<path>\S+?) file\)",
        "application is already running",
        who="play",
    ),
)
READERS: tuple[Reader, ...] = ()
