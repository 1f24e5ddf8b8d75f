"""How much of the hostile world a run meets: a part by default, all of it with `make hostile`."""

import os

IS_FULL = os.environ.get("RUNBOOK_BOT_HOSTILE") == "all"


def times(part: int, *, of: int) -> int:
    """`of` in `make hostile`, else `part` of it."""
    return of if IS_FULL else part
