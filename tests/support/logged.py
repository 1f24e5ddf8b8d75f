"""The log as it is written, for a while."""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog


@contextmanager
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error, for `bot.log.set_up` within; everybody else's logging is put back afterwards."""
    stream, top = io.StringIO(), logging.getLogger()
    handlers, level = top.handlers, top.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    monkeypatch.setattr(sys, "stderr", stream)
    yield stream
    top.handlers, top.level = handlers, level
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    structlog.reset_defaults()
