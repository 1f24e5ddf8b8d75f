"""free, top, vmstat, ulimit, limits of processes and cgroups, and allocations that failed.

Source: procps-ng free(1), top(1); busybox procps/free.c; proc_pid_limits(5), proc_meminfo(5); cgroup v2
memory.events, memory.max, v1 memory.limit_in_bytes; bash's ulimit; errno(3) ENOMEM; docker stats.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "memory_low": "a host or group has hardly any memory left; fields: available, total, unit",
    "no_swap": "there is no swap",
    "limit": "a limit of a process or group; fields: name, value, unit",
}

PATTERNS: tuple[Pattern, ...] = (
    says(
        "no_memory",
        # Before the colon may stand what happened, and no program.
        r"(?:(?<![\w.-])(?![\w.-]{0,40}(?:error|exception|failed|fatal|warning|reason|message)[\[:])"
        r"(?P<who>[\w.-]{1,40})(?:\[\d{1,9}\])?: .{0,80}?)?Cannot allocate memory",
        "cannot allocate memory",
    ),
    says("no_memory", r"\bENOMEM\b", "enomem"),
    # V8 reserves GiBs of addresses for each WebAssembly memory (wasm-memory.cc): a limit of those meets it.
    says(
        "no_memory",
        r"\bWebAssembly\.\w+\(\): ?Out of memory|\bwasm memory\b.{0,20}(?:out of memory|failed)"
        r"|Out of memory: (?:Cannot allocate )?wasm",
        "webassembly",
        "wasm",
        who="node",
    ),
    says("no_memory", r"\bstd::bad_alloc\b", "bad_alloc"),
    # LuaJIT without GC64 has one or two GiB for each process, whatever the host has (luajit.org, lj_arch.h).
    says("no_memory", r"Lua VM crashed, reason: not enough memory", "lua vm crashed", who="nginx"),
    says("no_memory", r"(?:errno|error)[ =:]*12\b.{0,40}(?:not enough space|out of memory)", "12"),
    says("no_memory", r"fork: retry: (?:Resource temporarily unavailable|No child)", "fork: retry"),
    says("no_memory", r"There is insufficient memory for the Java Runtime", "insufficient memory"),
    says(
        "no_memory",
        r"(?:malloc|calloc|realloc|posix_memalign|mmap)\(\)?[^:]{0,60}failed",
        "alloc(",
        "memalign(",
        "mmap(",
    ),
    says(
        "limit",
        r"^(?:-n: )?(?P<name>open files|max memory size|virtual memory|file descriptors)\s+"
        r"\((?P<unit>[^)]*)-[nmv]\)\s+(?P<value>\d+|unlimited)",
        "open files",
        "memory",
        "file descriptors",
    ),
    says(
        "limit",
        r"^\s*(?P<name>Max (?:open files|address space|resident set|processes))\s+(?P<value>\d+|unlimited)",
        "max ",
    ),
    says("limit", r"^(?P<name>Memory(?:Max|High|Limit)|LimitNOFILE|LimitAS)=(?P<value>\d\w*)", "="),
    says("limit", r"memory\.(?P<name>max|limit_in_bytes)\W{1,4}(?P<value>\d+)", "memory."),
    says("no_swap", r"^\s*Swap:\s+0(?:\w{0,2})\b", "swap:"),
    says("no_swap", r"Swap:\s+0k? total", "swap:"),
    says("no_swap", r"\bFree swap\s*=\s*0kB", "free swap"),
    says(
        "out_of_memory",
        r"systemd-oomd killed (?:\d+|some) process(?:\(es\)|es)? in this unit"
        r"|Killed .{1,120} due to memory (?:pressure|used)",
        "systemd-oomd",
        "due to memory",
        limit="cgroup",
    ),
    says("killed", r"Killed signal terminated program (?P<who>\S+)", "killed signal", signal="9"),
)

_UNITS = {"": 1, "b": 1 / 1024, "k": 1, "m": 1024, "g": 1024 * 1024, "t": 1024**3}
_AMOUNT = re.compile(r"([\d.]+)\s*([bkmgt]?)i?b?\Z", re.IGNORECASE)
#: Below this share of the whole (used caches counted as free) a host has no head-room.
_LOW_SHARE = 0.04


@given("total", "used", "free", "Mem:")
def _free(piece: Piece) -> Iterator[Sign]:
    """`free` in its versions: the columns differ, so the header says which one is free."""
    header: list[str] = []
    for line in piece.text.split("\n"):
        words = line.split()
        if "total" in words and "used" in words and "free" in words:
            header = words
        elif header and words and words[0].lower() == "mem:":
            amounts = dict(zip(header, (_kilobytes(word) for word in words[1:]), strict=False))
            if sign := _low(line.strip(), amounts):
                yield sign


def _low(line: str, amounts: Mapping[str, float]) -> Sign | None:
    total = amounts.get("total", 0)
    left = amounts.get("available")
    if left is None:
        left = sum(amounts.get(name, 0) for name in ("free", "buffers", "cached", "buff/cache"))
    if not total or left / total >= _LOW_SHARE:
        return None
    return Sign(kind="memory_low", line=line, fields={"available": f"{left:.0f}", "total": f"{total:.0f}"})


def _kilobytes(word: str) -> float:
    found = _AMOUNT.match(word)
    try:
        return float(found[1]) * _UNITS[found[2].lower()] if found else 0
    except ValueError:
        return 0


READERS: tuple[Reader, ...] = (_free,)
