"""`overflow.sh`: the kernel's counters of connections that found a full listen queue, a second apart.

overflow	12	12
overflow	31	31
"""

from dataclasses import dataclass

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number


@dataclass(frozen=True, kw_only=True)
class ListenOverflow:
    """TcpExt ListenOverflows since boot, and how much it grew while we looked."""

    total: int
    grown: int


def listen_overflow(output: CommandOutput) -> ListenOverflow:
    """Zeros when the kernel does not count.

    Source: proc_net(5) netstat, tcp_ipv4.c LINUX_MIB_LISTENOVERFLOWS.
    """
    counts = [
        int(words[1])
        for line in output.stdout.splitlines()
        if (words := line.split("\t"))[0] == "overflow" and len(words) == 3 and is_number(words[1])
    ]
    if not counts:
        return ListenOverflow(total=0, grown=0)
    return ListenOverflow(total=counts[-1], grown=counts[-1] - counts[0])
