"""How apps are told where to listen: FPM pools, uWSGI, gunicorn, Puma, Spring, Express, Flask, .NET.

A setting says what is meant, not that the app came up: `inside` is never `app`, and a socket is `meant`.

Source: php-fpm.conf `listen`; uWSGI options socket, http-socket; gunicorn settings `bind`; puma dsl.rb;
Spring Boot `server.port`; Express app.listen; Flask app.run; ASPNETCORE_URLS.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_PLACE = r"(?:(?P<address>\[[0-9a-f:]*\]|[\d.]+|localhost|\*)?:)?(?P<port>\d{2,5})\b"
#: A container's name, or the file as grep writes it.
_START = r"^(?:\s*\S+ +\| |\s*/\S+?:(?:\d+:)?\s*)?[\s-]*"

PATTERNS: tuple[Pattern, ...] = (
    # PHP-FPM: a plain port means every address.
    says(
        "listening",
        _START + r"listen\s*=\s*" + _PLACE + r"\s*$",
        "listen",
        inside="container",
        process="php-fpm",
    ),
    says(
        "listening", _START + r"(?-i:listen)\s*=\s*(?P<path>/\S+)", "listen", meant="yes", process="php-fpm"
    ),
    # uWSGI
    says(
        "listening",
        _START + r"(?:http-|uwsgi-|fastcgi-)?socket\s*=\s*" + _PLACE,
        "socket",
        inside="container",
        process="uwsgi",
    ),
    says(
        "listening",
        _START + r"(?:http-|uwsgi-|fastcgi-)?socket\s*=\s*(?!\S*(?:mysql|maria|redis|supervisor|docker"
        r"|postgres))(?P<path>[/%][^\s:]\S+)",
        "socket",
        meant="yes",
        process="uwsgi",
    ),
    says("speaks", _START + r"(?:uwsgi-)?socket\s*=\s*\S*?:(?P<port>\d+)", "socket", protocol="uwsgi"),
    says(
        "speaks",
        r"Tomcat started on ports?(?:\(s\))?:? (?P<port>\d+) \(http\)",
        "tomcat started",
        protocol="http",
    ),
    says(
        "speaks",
        r"\b(?:listening|running|serving)\b.{0,30}\shttp://[\w.\[\]:*-]{0,60}:(?P<port>\d{2,5})\b",
        "http://",
        protocol="http",
    ),
    says(
        "speaks",
        r"\b(?:listening|running|serving|started|available|live)\b.{0,30}\shttps://[\w.\[\]:*-]{0,60}:(?P<port>\d{2,5})\b",
        "https://",
        protocol="https",
    ),
    says(
        "speaks",
        r"\bstarted on ports?(?:\(s\))?:? (?P<port>\d+) \(https\)",
        "(https)",
        protocol="https",
    ),
    says(
        "speaks",
        r"\bgunicorn\b.{0,160}(?:-b|--bind)[ =][\w.\[\]]*:(?P<port>\d{2,5})\b",
        "gunicorn",
        protocol="http",
    ),
    says(
        "speaks",
        # Of a path that is not absolute its name alone is held against what is dialled.
        r"\b(?:gunicorn|uvicorn|hypercorn|daphne)\b.{0,160}(?:-b|--bind|--uds|-u|--unix-socket)[ =]+[\"']?"
        r"(?:unix:)?(?:[\w.-]+(?=/))?(?P<path>/[\w./-]+\.sock(?:et)?)\b",
        *("gunicorn", "uvicorn", "hypercorn", "daphne"),
        protocol="http",
    ),
    says("speaks", _START + r"http(?:-socket)?\s*=\s*\S*?:(?P<port>\d+)", "http", protocol="http"),
    # gunicorn, uvicorn
    says("listening", r"^\s*bind\s*=\s*[\[\"' ]+" + _PLACE, "bind", inside="container", process="gunicorn"),
    says(
        "listening",
        r"^\s*bind\s*=\s*[\[\"' ]+unix:(?P<path>/[^\"' ]+)",
        "bind",
        meant="yes",
        process="gunicorn",
    ),
    says(
        "listening",
        r"\b(?:gunicorn|uvicorn|hypercorn|daphne|granian)\b.*?(?:--bind|-b)[\"', =]+" + _PLACE,
        "gunicorn",
        "uvicorn",
        "hypercorn",
        "daphne",
        "granian",
        inside="container",
        process="python",
    ),
    says(
        "listening",
        r"\b(?:gunicorn|uvicorn|hypercorn)\b.*?(?:--bind|-b"
        r"|--uds)[ =]+[\"']?(?:unix:)?(?P<path>/[^\s\"']+)",
        "gunicorn",
        "uvicorn",
        "hypercorn",
        meant="yes",
        process="python",
    ),
    # Ruby
    says(
        "listening", r"^\s*bind [\"'](?:tcp|ssl|http)://" + _PLACE, "bind", inside="container", process="puma"
    ),
    says("listening", r"^\s*bind [\"']unix://(?P<path>[^\"'?]+)", "bind", meant="yes", process="puma"),
    says(
        "listening",
        r"^\s*listen [\"'](?P<path>/[^\"']+\.sock\w*)[\"']",
        "listen",
        meant="yes",
        process="unicorn",
    ),
    says(
        "listening",
        r"^\s*port\s+ENV\.fetch\([\"']PORT[\"']\)?[ ,{]+(?P<port>\d{2,5})",
        "env.fetch",
        inside="container",
        process="puma",
    ),
    # Java
    says(
        "listening",
        r"(?:^|\s|-D|--)server\.port\s*[=:]\s*(?P<port>\d{2,5})\b",
        "server.port",
        inside="container",
        process="java",
    ),
    says(
        "listening",
        r"<Connector\b(?=.*?\baddress=\"(?P<address>[\w.:]+)\")?.*?\bport=\""
        r"(?P<port>\d{2,5})\".*?protocol=\"(?:HTTP"
        r"|org\.apache\.coyote\.http)",
        "<connector",
        inside="container",
        process="java",
    ),
    # JavaScript, Python, Go in code
    says(
        "listening",
        r"\b(?:app|server|httpServer|fastify|express\(\))\.listen\(\s*(?:\{\s*port:\s*)?(?:proces"
        r"s\.env\.\w+\s*(?:\|\||\?\?)\s*)?(?P<port>\d{2,5})(?:,\s*[\"'](?P<address>[\w.:]+)[\"'])"
        r"?",
        ".listen(",
        inside="container",
        process="node",
    ),
    says(
        "listening",
        r"\bapp\.run\(.*?host\s*=\s*[\"'](?P<address>[\w.:]+)[\"'].*?port\s*=\s*(?P<port>\d{2,5})",
        "app.run(",
        inside="container",
        process="flask",
    ),
    says(
        "listening",
        r"\bapp\.run\((?!.*host).*?port\s*=\s*(?P<port>\d{2,5})",
        "app.run(",
        inside="container",
        process="flask",
        address="127.0.0.1",
    ),
    says(
        "listening",
        r"ListenAndServe\(\"(?P<address>[\w.]*):(?P<port>\d{2,5})\"",
        "listenandserve(",
        inside="container",
        process="go",
    ),
    says(
        "listening",
        r"(?:\bTcpListener::bind\(|\bnet\.Listen\(\"tcp\d?\", ?|\bHttpServer::bind\(|\.bind\()"
        r"\(?&?\"(?P<address>[\w.]{0,60}|\[[0-9a-f:]{0,40}\])(?::|\", ?)(?P<port>\d{2,5})\b",
        "bind(",
        "net.listen(",
        inside="container",
    ),
    # .NET
    says(
        "listening",
        r"(?:ASPNETCORE|DOTNET)_URLS\W+https?://(?P<address>[\w.+*\[\]:]*?):(?P<port>\d{2,5})\b",
        "_urls",
        inside="container",
        process="dotnet",
    ),
    says(
        "listening",
        r"UseUrls\(\"https?://(?P<address>[\w.+*]+):(?P<port>\d{2,5})",
        "useurls(",
        inside="container",
        process="dotnet",
    ),
)
READERS: tuple[Reader, ...] = ()
