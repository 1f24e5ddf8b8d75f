"""An end in native code, as a text tells it."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import (
    _outage,
)

#: The kernel's and Ruby's words name a library that is not the language's own.
NATIVE = re.compile(
    r"\bin (?!(?:libc|ld|libpthread|libm|libjvm|libcoreclr|libclrjit|libruby|libpython\S*|libnode|node"
    r"|libstdc\+\+)[-.\[])"
    r"[\w.+-]{2,80}\.(?:so|node)[\w.]{0,12}\[|/gems/\S{1,200}: \[BUG\] (?:Segmentation fault|Bus Error)"
)


#: The JVM's report of a frame that is no Java.
FRAME = re.compile(r"#\s*C\s+\[(?!libc[-.]|ld-|libjvm|libpthread)[\w.+-]{2,80}\.so")


def native_frame(signs: Signs) -> Sign | None:
    """The JVM says on which signal it died, and the frame below names a library."""
    died = next((s for s in signs.of("crashed") if s["who"] == "java"), None)
    return died if died is not None and any(FRAME.match(line.strip()) for line in signs.unread) else None


def native_end(signs: Signs) -> Sign | None:
    """A crash by a signal, or an exit that a shell makes of one (128 and the signal's number)."""
    ended = (s for s in signs.of("exited", "pod", "container") if s["code"] in ("132", "134", "135", "139"))
    return next((s for s in _outage.crashes(signs) if s["signal"]), None) or next(ended, None)
