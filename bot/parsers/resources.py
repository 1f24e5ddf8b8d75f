"""`resources.sh`: memory, load and pressure of the host.

# meminfo
MemAvailable:   24196400 kB
# loadavg
0.03 0.07 0.08 1/148 566
"""

import re
from dataclasses import dataclass

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

_KB = re.compile(r"(\w+):\s+(\d{1,18})")
_LOAD = re.compile(r"(\d{1,9}\.\d{1,9}) ")
_AVG = re.compile(r"(some|full) avg10=(\d{1,9}(?:\.\d{1,9})?)\b")


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Memory in kB, load averages, and `some avg10` pressure in percent by kind; None when not said."""

    total_kb: int | None
    available_kb: int | None
    swap_free_kb: int | None
    load_1min: float | None
    cpus: int | None
    pressure: dict[str, float]
    lines: tuple[str, ...]

    @property
    def available_percent(self) -> float | None:
        """Part of the memory that programs could still get."""
        if not self.total_kb or self.available_kb is None:
            return None
        return 100 * self.available_kb / self.total_kb

    def told(self) -> tuple[str, ...]:
        """`memory: 212 MiB of 3.9 GiB free`, then swap, load and pressure, as far as they were said."""
        said = [self.memory_told] if self.memory_told else []
        if self.swap_free_kb is not None:
            said.append(f"swap: {_size(self.swap_free_kb) if self.swap_free_kb else 'none'} free")
        if self.load_1min is not None:
            said.append(
                f"load: {self.load_1min:g} in the last minute{f' on {self.cpus} CPUs' if self.cpus else ''}"
            )
        if self.pressure:
            waits = ", ".join(f"{kind} {percent:g} %" for kind, percent in self.pressure.items())
            said.append(f"time that something waited, of the last 10 s: {waits}")
        return tuple(said)

    @property
    def memory_told(self) -> str:
        """`memory: 212 MiB of 3.9 GiB free`; empty when it was not said."""
        if self.available_kb is None:
            return ""
        of = f" of {_size(self.total_kb)}" if self.total_kb else ""
        return f"memory: {_size(self.available_kb)}{of} free"


def _size(kb: int) -> str:
    """`212 MiB`, `3.9 GiB`."""
    return f"{kb / 1024:.0f} MiB" if kb < 1024 * 1024 else f"{kb / 1024 / 1024:.1f} GiB"


def resources(output: CommandOutput) -> Resources:
    """What of it was there. Source: proc_meminfo(5), proc_loadavg(5), Documentation/accounting/psi.rst."""
    section, memory, pressure = "", dict[str, int](), dict[str, float]()
    load: float | None = None
    cpus: int | None = None
    for line in output.stdout.splitlines():
        if line.startswith("# "):
            section = line[2:].strip()
        elif section == "meminfo" and (found := _KB.match(line)):
            memory[found[1]] = int(found[2])
        elif section == "loadavg" and (found := _LOAD.match(line)):
            load = float(found[1])
        elif section == "cpus" and is_number(line):
            cpus = int(line)
        elif section.startswith("pressure ") and (found := _AVG.match(line)) and found[1] == "some":
            pressure[section.split()[1]] = float(found[2])
    return Resources(
        total_kb=memory.get("MemTotal"),
        available_kb=memory.get("MemAvailable", memory.get("MemFree")),
        swap_free_kb=memory.get("SwapFree"),
        load_1min=load,
        cpus=cpus,
        pressure=pressure,
        lines=tuple(output.stdout.splitlines()),
    )
