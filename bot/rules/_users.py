"""What users get, as far as the checklist asked in their place."""

from collections.abc import Mapping

from bot.parsers.http_probes import HttpProbes
from bot.parsers.outside_answer import OutsideAnswer


def is_served(facts: Mapping[str, object]) -> bool | None:
    """Whether nginx on the host and the public address answer below 500; None when neither was asked."""
    front, outside = facts.get("front"), facts.get("outside")
    known = [front.are_well] if isinstance(front, HttpProbes) and front.probes else []
    known += [outside.is_well] if isinstance(outside, OutsideAnswer) and not outside.is_untrusted else []
    return all(known) if known else None


def get(facts: Mapping[str, object], url: str | None) -> str | None:
    """`200 at http://example.org/`: what the public address answered; None when it was not asked."""
    outside = facts.get("outside")
    if not isinstance(outside, OutsideAnswer) or not url:
        return None
    return f"{outside.status or 'no answer'} at {url}"
