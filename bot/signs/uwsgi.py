"""uWSGI: its start, its workers, its requests.

Source: uWSGI core/{master,uwsgi,socket,protocol,loop,init}.c ("no app loaded. GAME OVER", then it ends),
proto/uwsgi.c, plugins/python; ngx_http_uwsgi_module.c ("uwsgi request is too big").
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "speaks": "which protocol a socket of an app server speaks; fields: protocol, port, path",
}
#: uWSGI reads bytes 2 and 3 of a request as its size. Those of "GET ", "POST", "HEAD", … give these numbers.
_PLAIN_HTTP = "21573|21327|16709|21589|21584|19525|21569|20047|20306"
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"

PATTERNS: tuple[Pattern, ...] = (
    # Its own log of requests.
    says(
        "answers",
        r"=> generated \d+ bytes in \d+ \w+ \(HTTP/[\d.]+ (?P<status>500)\)",
        "=> generated",
    ),
    # uWSGI
    says(
        "answer_not_protocol",
        rf"invalid request block size(?:: |\. requested )(?:{_PLAIN_HTTP})\b",
        "invalid request block size",
        protocol="http",
        wants="uwsgi",
    ),
    says(
        "request_too_big",
        rf"invalid request block size(?:: |\. requested )(?!(?:{_PLAIN_HTTP})\b)(?P<size>\d+)"
        r"(?:(?: \(max | bytes available )(?P<limit>\d+))?",
        "invalid request block size",
        app="uwsgi",
    ),
    # Retold, or cut before the number.
    says(
        "request_too_big",
        r"invalid request block size(?!(?:: |\. requested )\d)",
        "invalid request block size",
        app="uwsgi",
    ),
    # nginx's uwsgi module: the packet has two bytes for its size, so the head has to stay below 64 KB.
    says(
        "request_too_big",
        r"uwsgi request is too big(?:: (?P<size>\d+))?",
        "uwsgi request is too big",
        app="uwsgi",
    ),
    says(
        "worker_timeout",
        r"HARAKIRI (?:\[\w+\] )?(?:ON WORKER \d+ \(pid: (?P<pid>\d+)|!!! worker|triggered by)"
        r"|\*\*\* HARAKIRI|\[deadlock-detector\]",
        "harakiri",
        "deadlock-detector",
        app="uwsgi",
    ),
    says(
        "killed",
        r"DAMN ! worker \d+ \(pid: \d+\) died, killed by signal (?P<signal>9|15)\b",
        "damn ! worker",
        who="uwsgi worker",
    ),
    says(
        "crashed",
        r"DAMN ! worker \d+ \(pid: \d+\) died, killed by signal (?P<signal>4|6|7|8|11)\b",
        "damn ! worker",
        who="uwsgi worker",
    ),
    says(
        "crashed",
        r"uWSGI (?:worker|process) \d+ (?:\(pid: \d+\) )?got Segmentation Fault",
        "got segmentation fault",
        who="uwsgi worker",
        signal="11",
    ),
    says(
        "app_failed",
        r"(?P<text>(?:--- )?no python application found, check your startup logs"
        r"|unable to load app \d+ \(mountpoint=.*"
        r"|\*\*\* no app loaded\. GAME OVER.*|unable to find \"application\" callable.*"
        r"|failed to open (?:python|wsgi) file.*"
        r"|Listen queue size is greater than the system max .*"
        r"|!!! UNABLE to load uWSGI plugin.*|invalid option|no app loaded\. going in full dynamic mode)",
        "no python application",
        "unable to load",
        "no app loaded",
        "callable",
        "failed to open",
        "listen queue size",
        app="uwsgi",
    ),
    says(
        "app_failed",
        r"(?P<text>bind\(\): (?:Permission denied|No such file or directory"
        r"|Cannot assign requested address) \[core/socket\.c.*)",
        "core/socket.c",
        app="uwsgi",
    ),
    says(
        "port_taken",
        r"probably another instance of uWSGI is running on the same address(?: "
        r"\((?P<address>[^):]*):(?P<port>\d+)\))?",
        "another instance of uwsgi",
        who="uwsgi",
    ),
    says("dial_busy", r"uWSGI listen queue of socket \"(?P<target>[^\"]*)\".*full", "listen queue of socket"),
    says("started", r"WSGI app \d+ \(mountpoint='[^']*'\) ready in \d+ seconds", "ready in", app="uwsgi"),
    says("worker_booted", r"spawned uWSGI worker \d+ \(pid: (?P<pid>\d+)", "spawned uwsgi", app="uwsgi"),
    says(
        "worker_booted", r"Respawned uWSGI worker \d+ \(new pid: (?P<pid>\d+)", "respawned uwsgi", app="uwsgi"
    ),
    says("starting", r"\*\*\* Starting uWSGI", "starting uwsgi", app="uwsgi"),
    says(
        "listening",
        r"uwsgi socket \d+ (?:inherited|bound to) (?:INET|TCP) address " + _LISTEN,
        "uwsgi socket",
        inside="app",
        process="uwsgi",
    ),
    says(
        "listening",
        r"uwsgi socket \d+ (?:inherited|bound to) UNIX address (?P<path>\S+)",
        "uwsgi socket",
        inside="app",
        process="uwsgi",
    ),
    says(
        "speaks",
        r"uwsgi socket \d+ (?:inherited|bound to) (?:INET|TCP) address \S*?:(?P<port>\d+)",
        "uwsgi socket",
        protocol="uwsgi",
    ),
    says("listening", r"uWSGI http bound on " + _LISTEN, "uwsgi http bound", inside="app", process="uwsgi"),
    says(
        "speaks",
        r"image:\s*['\"]?[\w./-]+:[\w.-]*\b(?P<path>fpm)\b",
        "fpm",
        protocol="fastcgi",
        port="9000",
    ),
    says("speaks", r"uWSGI http bound on \S*?:(?P<port>\d+)", "uwsgi http bound", protocol="http"),
    says(
        "client_gone",
        r"SIGPIPE: writing to a closed pipe/socket/fd \(probably the client disconnected\)(?: on "
        r"request (?P<path>\S+))?",
        "sigpipe: writing",
    ),
    says("client_gone", r"\b(?:OSError|IOError): write error", "error: write error"),
    says(
        "exited", r"DAMN ! worker \d+ \(pid: \d+\) died (?!.*by signal)", "damn ! worker", who="uwsgi worker"
    ),
    says(
        "request_too_big",
        r"invalid uwsgi request \(current strsize: (?P<size>\d+)\)",
        "current strsize",
        app="uwsgi",
    ),
    says("request_too_big", r"max vec size reached", "max vec size", app="uwsgi"),
    says(
        "noise",
        r"Ignor(?:ed|ing) premature client disconnection",
        "premature client disconnection",
        what="a client that left",
    ),
    says("speaks", r"\buwsgi\b.{0,200}--http(?:-socket)?[ =]\S*?:(?P<port>\d+)", "--http", protocol="http"),
    says("speaks", r"\buwsgi\b.{0,200}--(?:uwsgi-)?socket[ =]\S*?:(?P<port>\d+)", "socket", protocol="uwsgi"),
)
_STOPPED = re.compile(r"goodbye to uWSGI|SIG(?:INT|TERM|QUIT)[\w/]* received\.\.\.killing workers", re.I)
_BARE = re.compile(
    r"no python application found|unable to load app \d+ \(mountpoint=|going in full dynamic mode",
    re.IGNORECASE,
)


@given((_STOPPED, _BARE))
def _stopped_or_bare(piece: Piece) -> Iterator[Sign]:
    """It was stopped by order, or goes on without its app: not where it ends because no app was loaded."""
    if "GAME OVER" in piece.text:
        return
    for line in piece.text.split("\n"):
        if _STOPPED.search(line):
            yield Sign(kind="stopped", line=line.strip(), fields={"who": "uwsgi"})
        elif _BARE.search(line):
            yield Sign(kind="no_app_loaded", line=line.strip(), fields={"app": "uwsgi"})


READERS: tuple[Reader, ...] = (_stopped_or_bare,)
