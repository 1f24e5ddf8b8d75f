"""Exceptions by name, in any language: the line that names it, and the traces they stand in.

Source: Python traceback module, Lib/importlib; Java Throwable.printStackTrace; Node.js
lib/internal/process/execution.js; Ruby error.c; django.core.exceptions, pydantic ValidationError.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

#: A warning about a default is no missing setting; a proxy's setting is not the app's.
_HARD = r"^(?!.*(?:default|\bwarn|optional|deprecated|\b(?-i:NGINX|PROXY|TRAEFIK|HAPROXY)_)).*"
#: A proxy that does not start by itself is another matter (dynamic_linker.py).
_NO_PROXY = r"^(?!.*\b(?:nginx|openresty|haproxy|apache2|httpd|caddy|envoy|varnishd)\b).*?"

PATTERNS: tuple[Pattern, ...] = (
    # code that is not there
    says(
        "missing_module",
        r"(?:ModuleNotFoundError|ImportError): No module named '?(?P<name>[\w.-]+)",
        "no module named",
        app="python",
    ),
    says(
        "missing_module",
        r"ImportError: cannot import name '?(?P<name>\w+)",
        "cannot import name",
        app="python",
    ),
    says(
        "missing_module",
        _NO_PROXY + r"(?P<name>[\w.+-]{1,80}\.so[\w.]{0,30}): cannot open shared object file",
        "cannot open shared object",
    ),
    says("missing_module", _NO_PROXY + r"version .?(?P<name>GLIBC(?:XX)?_[\d.]+)'? not found", "glibc"),
    says(
        "missing_module",
        r"Could not import module \"(?P<name>[^\"]+)\"",
        "could not import module",
        app="uvicorn",
    ),
    says(  # CakePHP ErrorLogger, which adds the address that was asked for
        "app_error",
        r"\[(?P<error>[\w\\]{1,80}(?:Exception|Error))\] (?P<text>.{1,300}?)\s?Request URL: /",
        "request url: /",
        app="php",
    ),
    # settings that are not there
    says(
        "missing_setting", r"KeyError: '(?P<name>(?-i:[A-Z][A-Z0-9]*_[A-Z0-9_]+))'", "keyerror", app="python"
    ),
    says(
        "missing_setting",
        r"ImproperlyConfigured: .*?(?P<name>(?-i:[A-Z][A-Z0-9]*_[A-Z0-9_]+))",
        "improperlyconfigured",
        app="django",
    ),
    says(
        "missing_setting",
        r"UndefinedValueError: (?P<name>\w+) not found",
        "undefinedvalueerror",
        app="python",
    ),
    says(
        "missing_setting",
        r"\d+ validation errors? for (?P<name>\w*(?:Settings|Config\w*))\b",
        "validation error",
        app="python",
    ),
    says(
        "missing_setting",
        _HARD + r"(?:environment variable|env var|env variable|variable|setting"
        r"|config(?:uration)?(?: key)?|option|secret) "
        r"[`'\"]?(?P<name>(?-i:[A-Z][A-Z0-9_]{3,}))[`'\"]? (?:is |was |must be |has not been |)?(?:not |un)?"
        r"(?:set|missing|required|defined|found|unset|undefined|empty|provided|specified)",
        "variable",
        "env var",
        "setting",
        "config",
        "option",
        "secret",
    ),
    says(
        "missing_setting",
        _HARD + r"(?<![\w$])(?P<name>(?-i:[A-Z][A-Z0-9]*_[A-Z0-9_]{2,})) (?:environment variable |env var "
        r"|setting )?(?:is |was |must be )?"
        r"(?:not set|missing|required|undefined|not defined|unset|must be set|must not be empty|is empty)\b",
        "not set",
        "missing",
        "required",
        "undefined",
        "not defined",
        "unset",
        "be set",
        "empty",
    ),
    says(
        "missing_setting",
        r"(?:missing|required|set the|must set|provide(?: a| the)?) (?:required )?(?:environment "
        r"|env )?(?:variables?|vars?|setting)s?:? [`'\"]?(?P<name>(?-i:[A-Z][A-Z0-9_]{3,}))",
        "missing",
        "required",
        "set the",
        "must set",
        "provide",
    ),
    says(
        "missing_setting",
        r"[Ss]et the (?P<name>(?-i:[A-Z][A-Z0-9_]{3,})) environment variable",
        "environment variable",
    ),
    # code that does not parse
    says(
        "app_failed",
        r"^.{0,60}?\b(?P<error>SyntaxError|IndentationError|TabError)\b: (?P<text>.*)",
        "syntaxerror",
        "indentationerror",
        "taberror",
    ),
    says(
        "app_failed",
        r"(?P<text>\S+:\d+: syntax error, unexpected .*)",
        "syntax error, unexpected",
        app="ruby",
    ),
)

_OPEN = re.compile(r"Traceback \(most recent call last\)")
_NAMED = re.compile(
    r"(?P<error>(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Configured|Interrupt"
    r"|Warning|DoesNotExist|Timeout|Refused|Halt\w*))(?::\s*(?P<text>.*))?$"
)
_STARTS = re.compile(
    r"in <module>|importlib|import_app|load_wsgi|load_app|django\.setup|django/setup"
    r"|populate\(|in load\b|execute_from_command_line"
    r"|lifespan|init_process|spawn_worker|run_until_complete|create_app|_bootstrap"
)
_SERVES = re.compile(
    r"Exception on \S+ \[|Internal Server Error: /|Error handling request|in ASGI application"
    r"|processing WSGI script"
    r"|handle_request|wsgi_app\(|full_dispatch_request|get_response|run_asgi|__call__"
    r"|dispatch\(|finish_response|handle_one_request"
)
#: A trace longer than this is followed no further.
_MOST_LINES = 300


@given(_OPEN)
def last_exceptions(piece: Piece) -> Iterable[Sign]:
    """What each Python traceback ends with: `app_failed` when it came up while loading, else `app_error`."""
    lines = piece.text.split("\n")
    for number, line in enumerate(lines):
        if _OPEN.search(line):
            yield from _ended(lines, number)


def _ended(lines: list[str], opened: int) -> Iterator[Sign]:
    before = lines[max(0, opened - 3) : opened]
    block = lines[opened + 1 : opened + _MOST_LINES]
    seen: list[str] = []
    for line in block:
        if _OPEN.search(line):
            return
        named = _NAMED.search(line)
        is_frame = 'File "' in line or (line.startswith("  ") and ": " not in line[:60])
        if named and not is_frame and seen:
            text = "\n".join([*before, *seen])
            kind = "app_error" if _SERVES.search(text) or not _STARTS.search(text) else "app_failed"
            fields = {"app": "python", "error": named["error"], "text": named["text"] or ""}
            yield Sign(kind=kind, line=line.strip(), fields=fields)
            return
        seen.append(line)


READERS: tuple[Reader, ...] = (last_exceptions,)
