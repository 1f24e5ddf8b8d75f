"""Which program a line is of: a restart concerns that one, and no other."""

import re

from bot.model.sign import Sign

#: What nobody told apart is the app behind the proxy.
APP = "app"
#: Program -> its name as a unit, process or container has it.
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (program, re.compile(rf"(?:\A|[^a-z])(?:{names})(?![a-z])", re.IGNORECASE))
    for program, names in (
        ("php-fpm", r"php[\d.]{0,4}-?fpm[\d.]{0,4}|php.{0,12}FastCGI Process Manager|php daemon"),
        ("nginx", r"nginx|openresty|tengine|high performance web server"),
        ("HAProxy", r"haproxy"),
        ("Apache", r"apache2?|httpd|Apache HTTP Server"),
        ("Traefik", r"traefik"),
        ("Caddy", r"caddy"),
        ("Kong", r"kong"),
        ("PostgreSQL", r"postgres(?:ql)?|postmaster"),
        ("MySQL", r"mysqld?|mariadbd?"),
        ("Redis", r"redis(?:-server)?|Advanced key-value store"),
        ("MongoDB", r"mongod"),
    )
)
#: Program -> how its own lines look, whoever prints them.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("nginx", re.compile(r"\[emerg\]|(?:\A|\s)nginx(?:\[\d{1,10}\])?: |\bnginx\.service\b")),
    (
        "php-fpm",
        re.compile(r"unable to bind listening socket|\bphp[\w.-]{0,12}fpm[\w.-]{0,8}(?:\[\d|\.service)"),
    ),
    ("HAProxy", re.compile(r"\[ALERT\] +(?:\d{3}/\d{6} )?\(\d{1,10}\)|\bhaproxy(?:\[\d|\.service)")),
    ("Apache", re.compile(r"\bAH\d{5}\b|make_sock: could not|\b(?:apache2|httpd)(?:\[\d|\.service)")),
    (
        "Traefik",
        re.compile(r"\btraefik(?:\[\d|\.service)|error (?:opening|building) listener", re.IGNORECASE),
    ),
    ("Caddy", re.compile(r"\bcaddy(?:\[\d|\.service)|loading (?:initial|new) config")),
    ("PostgreSQL", re.compile(r"postmaster\.pid|\bpostgres(?:ql)?[\w@-]{0,20}(?:\[\d|\.service)")),
    ("MySQL", re.compile(r"Bind on TCP/IP port|\b(?:mysql|mariadb)d?(?:\[\d|\.service)")),
    ("Redis", re.compile(r"Could not create server TCP|\bredis(?:-server)?(?:\[\d|\.service)")),
)


def named(words: str) -> str:
    """The program that words name; empty where they name none of these."""
    return next((program for program, names in _NAMES if names.search(words)), "")


def program(*signs: Sign | None, otherwise: str = APP) -> str:
    """The program that the first of these signs that tells it is of: by its unit or name, else by its form.

    nginx and Apache write their address in words of their own, and systemd names the unit of each line.
    """
    for sign in signs:
        if sign is None:
            continue
        found = named(sign["unit"] or sign["who"]) or _of_form(sign.line)
        if found:
            return found
    return otherwise


def called(sign: Sign | None) -> str:
    """The program that a sign is of, for a sentence: `the service` where nobody told it apart."""
    what = program(sign)
    return "the service" if what == APP else what


def _of_form(line: str) -> str:
    return next((program for program, form in _FORMS if form.search(line)), "")
