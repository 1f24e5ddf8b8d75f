"""What a call costs this process."""

import gc
import time
from collections.abc import Callable


def cpu_s(call: Callable[[], object], *, tries: int = 3) -> float:
    """Seconds of CPU of the quickest of some calls.

    Without the garbage collector: after thousands of tests one sweep costs more than the call.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return min(_once(call) for _ in range(tries))
    finally:
        if was_on:
            gc.enable()


def _once(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began
