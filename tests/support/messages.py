"""Questions about what stands in Slack."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

#: Each outage of the ledger is told anew.
_MAY_REPEAT = "trouble"


def repeated(seen: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Keys of messages in threads that stand there more than once, and how often; empty when all is well."""
    keys = Counter(
        f"{one['thread_ts']} {one['metadata']['event_payload']['key']}"
        for one in seen
        if one["thread_ts"] and one["blocks"]
    )
    return {key: count for key, count in keys.items() if count > 1 and not key.endswith(f" {_MAY_REPEAT}")}
