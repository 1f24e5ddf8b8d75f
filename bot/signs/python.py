"""gunicorn, uvicorn, hypercorn, waitress, Celery (tracebacks: tracebacks.py; uWSGI: uwsgi.py).

Source: gunicorn arbiter.py, workers/base.py, http/errors.py, util.py; uvicorn main.py, server.py,
lifespan/on.py, config.py; hypercorn logging; waitress task.py; daphne server.py; celery worker/consumer.
"""

from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "request_too_big": "an app server refuses a request's head for its size; fields: app, size, limit",
    "worker_booted": "an app server started a worker; fields: app, pid",
    "no_app_loaded": "an app server runs without its app and answers 500 itself; fields: app",
    "handler_died": "a handler died on a request, its connection was closed; fields: app, text",
}

_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"

PATTERNS: tuple[Pattern, ...] = (
    # gunicorn
    says(
        "worker_timeout",
        r"(?<!\bno )(?<!\bwithout )(?<!\bpas de )(?<!\bkein )(?<!\bsin )(?<!\bsem )"
        r"WORKER TIMEOUT(?!\s*(?:(?:is|was|set|to|of|setting|value|option)\b|=))(?: \(pid:(?P<pid>\d+)\))?",
        "worker timeout",
        app="gunicorn",
    ),
    says(
        "no_app_loaded",
        r"Target WSGI script '[^']*' (?:cannot be loaded|does not contain|not found)",
        "target wsgi script",
        app="mod_wsgi",
    ),
    says(
        "worker_timeout",
        r"Worker \(pid:? ?(?P<pid>\d+)\) was sent SIGABRT!",
        "was sent sigabrt",
        app="gunicorn",
    ),
    says(
        "killed",
        r"Worker (?:\(pid:? ?\d+\) was sent|with pid \d+ was terminated due to signal) (?:SIGKILL|9)\b",
        "sigkill",
        "due to signal 9",
        who="gunicorn worker",
        signal="9",
    ),
    says(
        "crashed",
        r"Worker (?:\(pid:? ?\d+\) was sent|with pid \d+ was terminated due to signal) "
        r"(?:SIG)?(?P<signal>SEGV|BUS|ILL|FPE|4|6|7|8|11)\b",
        "was sent sig",
        "due to signal",
        who="gunicorn worker",
    ),
    says(
        "app_failed", r"(?P<text>Exception in worker process)", "exception in worker process", app="gunicorn"
    ),
    says(
        "app_failed",
        r"(?P<text>Worker failed to boot|App failed to load|Worker \(pid:? ?\d+\) exited with code [34]\b"
        r"|Failed to find (?:attribute|application object) .*|Failed to parse '.*' as an attribute name.*"
        r"|(?:gunicorn\.errors\.)?AppImportError.*)",
        "failed to boot",
        "app failed to load",
        "exited with code",
        "failed to find a",
        "failed to parse",
        "appimporterror",
        app="gunicorn",
    ),
    says(
        "exited",
        r"Worker \(pid:? ?\d+\) exited with code (?P<code>1|2|5|\d\d+)\b",
        "exited with code",
        who="gunicorn worker",
    ),
    says(
        "app_failed",
        r"(?P<text>ERROR\] (?:Can't connect to|Retrying in 1 second).*|\bCan'?t connect to \('.*)",
        "t connect to (",
        app="gunicorn",
    ),
    says(
        "app_failed",
        # What it imports is a module by its name (util.py import_app), and never a path.
        r"\bgunicorn3? (?:.{0,160} )?[\"']?(?P<text>[\w.~-]*/[\w./-]*[\w-]:[a-zA-Z_]\w*(?:\(\))?)"
        r"(?=[\s\"'`]|$)",
        "gunicorn",
        app="gunicorn",
    ),
    says("app_error", r"(?P<text>Error handling request(?: \S+)?)", "error handling request", app="gunicorn"),
    says(
        "port_taken",
        r"Connection in use: \('(?P<address>[^']*)', (?P<port>\d+)\)",
        "connection in use",
        who="gunicorn",
    ),
    says(
        "listening",
        r"Listening at: (?:https?://)?" + _LISTEN,
        "listening at:",
        inside="app",
        process="gunicorn",
    ),
    says("listening", r"Listening at: unix:(?P<path>\S+)", "listening at:", inside="app", process="gunicorn"),
    says("crashed", r"Unhandled exception in main loop", "in main loop", who="gunicorn master"),
    says(
        "noise",
        r"Control server error: ",
        "control server error",
        what="gunicorn's control socket, not the app's",
    ),
    says("starting", r"Starting gunicorn [\d.]+", "starting gunicorn", app="gunicorn"),
    says("worker_booted", r"Booting worker with pid:? ?(?P<pid>\d+)", "booting worker", app="gunicorn"),
    says("stopped", r"Handling signal: (?:term|int|quit)\b", "handling signal", who="gunicorn"),
    says(
        "request_too_big",
        r"limit request headers fields|Request Header Fields Too Large"
        r"|Request Line is too large \((?P<size>\d+) > (?P<limit>\d+)\)"
        r"|limit request line",
        "limit request",
        "header fields too large",
        "request line is too large",
        app="gunicorn",
    ),
    says(
        "answer_not_protocol",
        r"Invalid (?:HTTP )?(?:request line|method|HTTP method).*\\x16\\x03",
        "\\x16\\x03",
        protocol="https",
        wants="http",
    ),
    # aiohttp's parser quotes the bytes it stumbled over on a line of their own.
    says("other_to_app", r"^\s*b['\"](?P<what>\\x16\\x03)", "\\x16\\x03"),
    says(
        "answer_not_protocol",
        r"(?:Bad request (?:version|syntax)|code 400, message).*\\x16\\x03",
        "\\x16\\x03",
        protocol="https",
        wants="http",
    ),
    # ASGI servers and others
    says(
        "listening",
        r"Uvicorn running on https?://" + _LISTEN,
        "uvicorn running on",
        inside="app",
        process="uvicorn",
    ),
    says(
        "listening",
        r"Uvicorn running on (?:socket|unix socket) (?P<path>/\S+)",
        "uvicorn running on",
        inside="app",
        process="uvicorn",
    ),
    says("started", r"Application startup complete", "application startup complete", app="uvicorn"),
    says("starting", r"Waiting for application startup", "waiting for application startup", app="uvicorn"),
    says(
        "app_failed",
        r"(?P<text>Application startup failed\. Exiting|Error loading ASGI app.*|Error loading WSGI app.*)",
        "startup failed. exiting",
        "error loading asgi",
        "error loading wsgi",
        app="uvicorn",
    ),
    says("app_error", r"(?P<text>Exception in ASGI application|Error in ASGI Framework)", "asgi", app="asgi"),
    says("killed", r"Child process \[\d+\] died", "child process [", who="uvicorn worker"),
    says(
        "port_taken",
        r"error while attempting to bind on address \('(?P<address>[^']*)', (?P<port>\d+)[^)]*\): "
        r"address already in use",
        "attempting to bind",
        who="app",
    ),
    says(
        "listening",
        r"(?:Running on|Serving on|Starting development server at|Serving Flask app .* on"
        r"|Running on local URL:) +https?://" + _LISTEN,
        "running on",
        "serving on",
        "development server at",
        inside="app",
    ),
    says(
        "listening",
        r"Listening on TCP address " + _LISTEN,
        "listening on tcp address",
        inside="app",
        process="daphne",
    ),
    says("pool_busy", r"Task queue depth is (?P<limit>\d+)", "task queue depth", app="waitress"),
    says(
        "app_error",
        r"(?P<text>Exception while serving \S+|Exception when servicing)",
        "exception while serving",
        "exception when servicing",
        app="waitress",
    ),
    # frameworks
    says("app_error", r"(?P<text>Exception on (?:/\S*|\S+) \[[A-Z]+\])", "exception on ", app="flask"),
    says("app_error", r"(?P<text>Internal Server Error: /\S*)", "internal server error: /", app="django"),
    # A template is compiled and filled in when a page is asked for.
    says(
        "app_error",
        r"(?P<text>\b(?:django\.template|jinja2)\.(?:exceptions|base)\.\w+: .{1,120})",
        "django.template.",
        "jinja2.",
        app="python",
    ),
    says(
        "app_error",
        r"(?P<text>Uncaught exception (?:GET|POST|PUT|PATCH|DELETE|HEAD) /\S*)",
        "uncaught exception",
        app="tornado",
    ),
    says(
        "noise",
        r"Invalid HTTP_HOST header: ",
        "invalid http_host header",
        what="a request for another host name",
    ),
    says(
        "dependency_away",
        r"consumer: Cannot connect to (?P<target>\w+://\S+?):? (?P<reason>.*)",
        "consumer: cannot connect",
        name="message queue",
    ),
    says(  # logging.config.dictConfig
        "app_failed",
        r"(?P<text>ValueError: Unable to (?:configure (?:handler|formatter|filter|logger|root logger)"
        r"|add (?:handler|filter)|set formatter)\b.{0,80})",
        "unable to ",
        app="python",
    ),
)


def _aborted(piece: Piece) -> Iterator[Sign]:
    """gunicorn aborts a worker that is too slow; the request it was at then logs the exit it met."""
    for line in piece.text.split("\n") if "gunicorn" in piece.text and "SystemExit" in piece.text else ():
        if line.strip() == "SystemExit: 1":
            yield Sign(kind="worker_timeout", line=line.strip(), fields={"app": "gunicorn"})


READERS: tuple[Reader, ...] = (_aborted,)
