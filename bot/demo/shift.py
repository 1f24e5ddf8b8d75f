"""Moves the times in recorded output, so that what was recorded happens now."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Numbers this near to the recording count as times since the epoch.
_NEAR_S = 30 * 86_400

#: strptime and strftime format -> what it looks like. All of them were written in UTC.
_FORMATS = (
    ("%a %Y-%m-%d %H:%M:%S", r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?= UTC)"),
    ("%Y-%m-%dT%H:%M:%S", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
    ("%Y-%m-%d %H:%M:%S", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("%Y/%m/%d %H:%M:%S", r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"),
    ("%d/%b/%Y:%H:%M:%S", r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d"),
    ("%a, %d %b %Y %H:%M:%S", r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?= GMT)"),
    ("%a %b %d %H:%M:%S %Y", r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}"),
)
_TIME = re.compile(
    "|".join(rf"(?P<f{index}>{shape})" for index, (_, shape) in enumerate(_FORMATS))
    + r"|(?P<epoch>(?<![\w.])1\d{9}(?![\w]))"
)


def shifted(text: str, recorded_at: datetime, now: datetime) -> str:
    """The text as if `recorded_at` were `now`; both aware.

    Moved are the times that systemd, journald, nginx, the kernel, dpkg and stat write, in UTC;
    a text that only looks like a time stays as it is.
    """
    delta = timedelta(seconds=round((now - recorded_at).total_seconds()))
    return _TIME.sub(_mover(recorded_at, delta), text)


def _mover(recorded_at: datetime, delta: timedelta) -> Callable[[re.Match[str]], str]:
    def move(found: re.Match[str]) -> str:
        if found.lastgroup == "epoch":
            seconds = int(found[0])
            is_near = abs(seconds - recorded_at.timestamp()) < _NEAR_S
            return str(seconds + round(delta.total_seconds())) if is_near else found[0]
        form, _ = _FORMATS[int((found.lastgroup or "f0")[1:])]
        try:
            at = datetime.strptime(found[0], form).replace(tzinfo=UTC)
        except ValueError:
            return found[0]
        return (at + delta).strftime(form)

    return move
