"""What users get, as far as the checklist asked in their place."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import HttpProbes
from bot.parsers.outside_answer import OutsideAnswer


def is_served(facts: Mapping[str, object]) -> bool | None:
    """Whether nginx on the host and the public address answer below 500; None when neither was asked."""
    front, outside = facts.get("front"), facts.get("outside")
    known = [front.are_well] if isinstance(front, HttpProbes) and front.probes else []
    known += [outside.is_well] if isinstance(outside, OutsideAnswer) and not outside.is_untrusted else []
    return all(known) if known else None


def get(
    facts: Mapping[str, object], url: str | None, now: datetime, *, is_healthy: bool = True
) -> str | None:
    """`200 at http://example.org/`: what the public address answered; None when it was not asked.

    One good answer beside trouble is no whole truth: another path, site or server may fail, by nginx's log.
    """
    outside = facts.get("outside")
    if not isinstance(outside, OutsideAnswer) or not url:
        return None
    said = f"{outside.status or 'no answer'} at {url}"
    return said if is_healthy or not outside.is_well else said + _failed(facts, now)


#: What users met so lately speaks of the trouble that is judged.
_LATELY = timedelta(minutes=5)


def _failed(facts: Mapping[str, object], now: datetime) -> str:
    """`; 502 to 3 of the 40 requests of the last 5 minutes`; empty where none failed, or no log tells."""
    access = facts.get("access_log")
    if not isinstance(access, AccessLog):
        return ""
    asked = [r for r in access.requests if not r.is_probe and r.at and now - _LATELY <= r.at]
    failed = [r for r in asked if r.failed]
    if not failed:
        return ""
    met = ", ".join(str(status) for status in sorted({r.status for r in failed}))
    minutes = _LATELY.seconds // 60
    return f"; {met} to {len(failed)} of the {len(asked)} requests of the last {minutes} minutes"
