"""How the log is written: one line an event, in colour for people or as JSON for machines.

Whatever a line holds, it stays one line, of bounded length, without secrets and without what terminals
obey: words of hosts and people get into errors, and errors into the log.
"""

import logging
import sys
import threading
from types import TracebackType
from typing import Literal

import structlog

from bot.redact import KnownValues, mask

#: Characters kept of a value and, from its end, of a traceback.
MOST_CHARS = 2048
MOST_TRACEBACK = 16_384
#: Sets the lines of a traceback apart from events when people read them.
_MARGIN = "    | "
_NOTHING_KNOWN = KnownValues()


def set_up(form: Literal["console", "json"], *, known: KnownValues = _NOTHING_KNOWN) -> None:
    """Send structlog, the libraries' warnings and whatever ends the process to standard error in one form.

    `known`: values that must not be seen in it.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _Harmless(known, margin="" if form == "json" else _MARGIN),
                renderer,
            ],
        )
    )
    top = logging.getLogger()
    top.handlers = [handler]
    top.setLevel(logging.INFO)
    # These write request bodies and addresses of every call at INFO; their warnings are enough.
    for noisy in ("slack_bolt", "slack_sdk", "httpx", "asyncssh", "aiohttp.access", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Python's own last words would go to standard error as they are.
    sys.excepthook = _log_end
    threading.excepthook = lambda told: _log_end(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _log_end(told.exc_type, told.exc_value, told.exc_traceback)


def set_up_unless_done(form: Literal["console", "json"], *, known: KnownValues = _NOTHING_KNOWN) -> None:
    """`set_up` for a command; whoever calls it within a program of theirs keeps their own logging."""
    if not logging.getLogger().handlers:
        set_up(form, known=known)


class _Harmless:
    """A processor: every text of an event masked, on one line, and cut."""

    def __init__(self, known: KnownValues, *, margin: str) -> None:
        self._known, self._margin = known, margin

    def __call__(
        self, _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {key: self._value(key, value) for key, value in event.items()}

    def _value(self, key: str, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        text = mask(str(value), self._known)
        if key != "exception":
            return _cut(_one_line(text))
        lines = [_one_line(line) for line in text[-MOST_TRACEBACK:].split("\n")]
        return "\n".join(f"{self._margin}{line}" for line in lines)


def _one_line(text: str) -> str:
    """Breaks, controls and marks that turn text around, as Python would write them."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]}… ({len(text) - MOST_CHARS} more)"


def _log_end(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What Python would print, through the log."""
    if issubclass(kind, KeyboardInterrupt):
        return
    told = error or kind()
    logging.getLogger("bot").critical("a mistake of the bot's own", exc_info=(kind, told, trace))
