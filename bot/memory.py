"""Keeps this process's memory, where secrets are, from being dumped or read by others.

Source: setrlimit(2) RLIMIT_CORE, prctl(2) PR_SET_DUMPABLE, proc(5) on who owns /proc/PID.
"""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def keep_private() -> bool:
    """No core file, and on Linux no debugger and no look at /proc/PID/mem or environ but by root.

    False where the system has no such switch; core files are off all the same.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)) == 0
