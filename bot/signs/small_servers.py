"""Where the small servers of languages and products say that they listen, and Vite's word that it is
alone.

Source: php_cli_server.c "Development Server (http://…) started", since 7.4 with PHP's version; CPython
http/server.py "Serving HTTP on … port …"; Daphne's runserver "Starting ASGI/Daphne … development server
at"; Gitea modules/graceful/server.go "Starting new Web server: tcp:…", cmd/web.go "Listen: …"; Vite
logger.ts printServerUrls "use --host to expose"; frankenphp.dev "Configuration" (php_server, worker);
granian server/common.py "Listening at: http://:::PORT".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "loopback_only": "an app says that it is bound to loopback alone; fields: app",
}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "listening",
        r"\bDevelopment Server \(http://" + _LISTEN + r"\) started",
        "development server (",
        inside="app",
        process="php",
    ),
    says(
        "listening",
        r"\bServing HTTP on (?P<address>[0-9a-f.:]{2,40}) port (?P<port>\d{2,5})\b",
        "serving http on",
        inside="app",
        process="python",
    ),
    says(
        "listening",
        r"\bStarting ASGI/\S{1,20} version \S{1,20} development server at https?://" + _LISTEN,
        "development server at",
        inside="app",
        process="daphne",
    ),
    says(
        "listening",
        r"\bStarting new Web server: tcp6?:" + _LISTEN,
        "starting new web server",
        inside="app",
        process="gitea",
    ),
    says(
        "listening",
        r"\bListening at: https?://:::(?P<port>\d{2,5})\b",
        "listening at: http",
        inside="app",
        process="granian",
        address="::",
    ),
    says(
        "app_failed",
        r"(?P<text>adapting config using caddyfile: .{0,80}'(?:php_server|frankenphp|php)'.{0,160})",
        "adapting config",
        app="frankenphp",
    ),
    says("loopback_only", r"\bNetwork:?\s+use [`'\"]?--host\b.{0,12}\bto expose", "to expose", app="vite"),
)
READERS: tuple[Reader, ...] = ()
