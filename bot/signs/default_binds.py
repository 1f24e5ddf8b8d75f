"""Servers started without a word about where they listen, and variables that bind them to the loopback.

Each binds the loopback address as it comes, which nobody outside its container or host reaches. Only commands
count that name no host, address or socket; of variables those that say where to listen and nothing else.

Source: uvicorn settings "--host" (127.0.0.1:8000), gunicorn settings "bind" (127.0.0.1:8000), hypercorn
"bind" (127.0.0.1:8000), Flask "flask run" (127.0.0.1:5000), Django "runserver" (127.0.0.1:8000), Rails
"server" (localhost:3000 in development), Vite "server.host" (localhost:5173), Angular "ng serve"
(localhost:4200), webpack-dev-server before 4 (localhost:8080), Astro (localhost:4321), Jekyll "serve"
(127.0.0.1:4000), Hugo "server" (127.0.0.1:1313), Laravel "artisan serve" (127.0.0.1:8000), MkDocs "serve"
(127.0.0.1:8000); Streamlit and Vue CLI are left out (every address).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "bind_set": "a variable tells the app to listen on the loopback; fields: name, address, file",
}
PATTERNS: tuple[Pattern, ...] = ()

#: In place of a process: nobody said so, it is what the server does by itself.
_DEFAULT = "by default"
#: Command -> the port it takes by default.
_SERVERS: Mapping[str, str] = {
    r"uvicorn [\w.]+:\w+": "8000",
    r"(?:hypercorn|gunicorn) [\w.]+(?::\w+)?": "8000",
    r"flask(?: --app \S+)? run": "5000",
    r"manage\.py runserver": "8000",
    r"artisan serve": "8000",
    r"mkdocs serve": "8000",
    r"(?:rails|rails/bin|bin/rails) (?:server|s)\b": "3000",
    r"vite(?: dev| preview)?$": "5173",
    r"ng serve": "4200",
    r"webpack(?:-dev-server| serve)": "8080",
    r"astro dev": "4321",
    r"jekyll serve": "4000",
    r"hugo server": "1313",
}
_STARTS = re.compile(
    "|".join(f"(?P<_{port}_{at}>{text})" for at, (text, port) in enumerate(_SERVERS.items()))
)
#: A command in a Dockerfile or a compose file.
_COMMAND = re.compile(r"\A\s*(?:(?:CMD|ENTRYPOINT)\s|(?:- )?(?:command|entrypoint):\s)\s*(?P<said>.+)\Z")
_PORT = re.compile(r"(?:--port|-p|\s)[ =]?(?P<port>\d{4,5})\b")
#: Every address, and no port beside it.
_ANYWHERE = re.compile(r"(?:--host|--bind|-b|-h|--ip|-H)[ =]?0\.0\.0\.0(?!:)")
_BOUND = re.compile(
    r"--?(?:host|bind|b|h|ip|H|uds|listen|address|binding|config|c)\b|0\.0\.0\.0|\[::\]|127\.0\.0\.1"
    r"|localhost|\.sock\b|:\d{2,5}\b|\$\{?\w*(?:HOST|BIND|ADDR)"
)


@given(_COMMAND)
def _commands(piece: Piece) -> Iterator[Sign]:
    """A container's command that starts a server and says nothing of where."""
    for line in piece.text.split("\n"):
        command = _COMMAND.match(line)
        if command is None:
            continue
        said = re.sub(r"[\[\]\"',]+\s*", " ", command["said"]).strip()
        said = re.sub(r"\s+", " ", said)
        started = _STARTS.search(said)
        anywhere = _ANYWHERE.search(said) is not None
        if started is None or (_BOUND.search(said) and not anywhere):
            continue
        default = next(name for name, value in started.groupdict().items() if value).split("_")[1]
        own = _PORT.search(said, started.end())
        fields = {
            "address": "0.0.0.0" if anywhere else "127.0.0.1",  # noqa: S104  # read, not bound
            "port": own["port"] if own else default,
            "inside": "container",
            "process": _DEFAULT,
        }
        yield Sign(kind="listening", line=line.strip(), fields=fields)


#: Settings by which an app is told where to listen, and nothing else: no host of a store, no public name.
_SETTING = re.compile(
    r"\A(?:\S{1,60} +\| )?\s*(?:- |export |ENV |-e )?[\"']?"
    r"(?!\w{0,40}(?:REDIS|MYSQL|MARIA|POSTGRES|PG|MONGO|DB|METRIC|ADMIN|DEBUG|PROM))"
    r"(?P<name>(?:\w{1,30}_)?(?:LISTEN|BIND)(?:ING)?"
    r"(?:_?(?:IP|HOST|ADDR|ADDRESS|INTERFACE|ON|TO))?|(?:UVICORN|FLASK_RUN|GRANIAN|VITE_DEV)_HOST"
    r"|GRADIO_SERVER_NAME|(?:\w{1,30}_)?(?:HTTP|SERVER|WEB)_(?:BIND_)?ADDR(?:ESS)?)[\"']?\s*[=:]\s*[\"']?"
    r"(?P<address>127\.0\.0\.1|localhost|\[?::1\]?)(?::\d{2,5})?[\"']?\s*\Z"
)


#: A file of variables, as compose's `env_file` names it.
_ENV_FILE = re.compile(r"(?:[\w-]{0,40}\.)env\b(?=[:`'\"]|\s*$)", re.MULTILINE)


@given(_SETTING)
def _settings(piece: Piece) -> Iterator[Sign]:
    """A variable that tells the app to listen on the loopback."""
    for line in piece.text.split("\n"):
        found = _SETTING.match(line) if "1" in line or "localhost" in line else None
        if found and not _is_used(found["name"], piece.text):
            file = _ENV_FILE.search(piece.text)
            fields = {"name": found["name"], "address": found["address"], "file": file[0] if file else ""}
            yield Sign(kind="bind_set", line=line.strip(), fields=fields)


def _is_used(name: str, text: str) -> bool:
    """The file itself puts it in somewhere, as the host's address of a port that is published."""
    return re.search(rf"\$\{{?{name}\b", text) is not None


READERS: tuple[Reader, ...] = (_commands, _settings)
