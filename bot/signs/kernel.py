"""The kernel's log: OOM kills, segmentation faults, dropped connections, stuck tasks.

Source: Linux mm/oom_kill.c (oom_kill_process, dump_header), mm/memcontrol.c, arch/x86/mm/fault.c
(show_signal_msg), arch/x86/kernel/traps.c, net/ipv4/tcp_input.c (tcp_syn_flood_action),
net/netfilter/nf_conntrack_core.c, kernel/hung_task.c, fs/file_table.c; FreeBSD vm_pageout.c, kern_sig.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "oom_invoked": "the OOM killer was called; fields: who",
    "syn_flood": "connections wait to be accepted, more than the queue holds; fields: port",
    "conntrack_full": "the kernel's table of connections is full, packets are dropped; fields: limit",
    "task_stuck": "a task waits for the disk without end; fields: who",
    "disk_broken": "the kernel reports errors of a disk or file system; fields: what",
}

_WHO = r"\(?(?P<who>[^()\s,]{1,80})\)?"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "out_of_memory",
        rf"Memory cgroup out of memory: Kill(?:ed)? process \d+ {_WHO}",
        "memory cgroup out of",
        limit="cgroup",
    ),
    says(
        "out_of_memory",
        # OpenVZ names the container's beancounter; a terminal cuts the line where it ends.
        r"(?<!cgroup )Out of memory(?: \(oom_kill_allocating_task\)| in UB \d+)?: (?:OOM )?Kill(?:ed)?\b"
        rf"(?: process \d+ {_WHO})?",
        "out of memory",
        limit="host",
    ),
    says(
        "out_of_memory",
        r"^(?!.*\bKill(?:ed)? process\b)\D{0,12}\d+ \((?P<who>[^()]{1,80})\),? total-vm:",
        "total-vm:",
    ),
    says("out_of_memory", rf"(?<!memory: )\bKilled process \d+,? (?:UID \d+,? )?{_WHO}", "killed process"),
    says(
        "out_of_memory",
        r"oom-kill:constraint=CONSTRAINT_MEMCG\b.{0,400}?task=(?P<who>[\w./-]{1,80})",
        "constraint_memcg",
        limit="cgroup",
    ),
    says(
        "out_of_memory",
        r"oom-kill:constraint=CONSTRAINT_NONE\b.{0,400}?task=(?P<who>[\w./-]{1,80})",
        "constraint_none",
        limit="host",
    ),
    says(
        "out_of_memory",
        r"Task in \S+ killed as a result of limit of",
        "killed as a result of limit",
        limit="cgroup",
    ),
    says("out_of_memory", r"oom_reaper: reaped process \d+ \((?P<who>[^)]{1,80})\)", "oom_reaper"),
    says(
        "out_of_memory",
        r"pid \d+ \((?P<who>[\w.-]{1,80})\).{0,60} was killed: (?:out of swap space|failed to reclaim|"
        r"a thread)",
        "was killed: ",
    ),
    says("out_of_memory", r"\b(?:oom_kill|oom_group_kill) (?!0\b)\d+\s*$", "oom_kill ", limit="cgroup"),
    says("out_of_memory", r"low-memory-killer|lowmemorykiller: Kill\w* '(?P<who>[^']{1,80})'", "memory"),
    says(
        "out_of_memory",
        r"earlyoom\[?.{0,60}sending SIG\w+ to process \d+ .{0,20}\"(?P<who>[^\"]{1,80})\"",
        "earlyoom",
    ),
    # The list of tasks that the killer chooses from: pid, uid, tgid, five sizes, score, name. Who called it
    # stands above.
    says(
        "oom_invoked",
        r"\[ *\d{1,8}\] +\d{1,6} +\d{1,8} +\d+ +\d+ +\d+ +\d+ +-?\d+ +[\w./-]{1,80}\s*$",
        "[",
    ),
    says("oom_invoked", r"(?P<who>[\w./-]{1,80}) invoked oom-killer", "invoked oom-killer"),
    says("crashed", r"(?P<who>[\w./-]{1,80})\[\d+\]: segfault at ", "segfault at", signal="SIGSEGV"),
    says(
        "crashed",
        r"traps: (?P<who>[\w./-]{1,80})\[\d+\] (?:general protection|trap )",
        "traps: ",
        signal="SIGSEGV",
    ),
    says(
        "crashed",
        r"(?P<who>[\w./-]{1,80})\[\d+\]:? general protection(?: fault)?",
        "general protection",
        signal="SIGSEGV",
    ),
    says(
        "crashed",
        r"(?P<who>[\w./-]{1,80})\[\d+\]:? trap (?:invalid opcode|divide error|int3|stack segment)",
        " trap ",
        signal="SIGILL",
    ),
    says(
        "crashed",
        r"(?P<who>[\w./-]{1,80})\[\d+\]: (?:(?-i:unhandled) (?:level|signal|exception|page)|bad frame)",
        "unhandled",
        "bad frame",
        signal="SIGSEGV",
    ),
    says(
        "crashed",
        r"pid \d+ \((?P<who>[\w.-]{1,80})\), .{0,60}exited on signal (?P<signal>4|6|8|10|11)",
        "exited on signal",
    ),
    says(
        "crashed",
        r"systemd-coredump.{0,40}Process \d+ \((?P<who>[^)]{1,80})\) of user \d+ dumped core",
        "dumped core",
        signal="SIGSEGV",
    ),
    says("crashed", r"(?:^|[\s:])(?P<signal>Segmentation fault)(?: \(core dumped\))?", "segmentation fault"),
    says(
        "killed",
        r"(?P<who>(?:(?:worker|unknown|cache manager|app) )?process) \d+ exited on signal (?P<signal>9)\b",
        "exited on signal 9",
    ),
    says("syn_flood", r"Possible SYN flooding on port (?:\S*?:)?(?P<port>\d+)", "syn flooding"),
    says("conntrack_full", r"(?:nf_|ip_)conntrack: table full, dropping packet", "table full, dropping"),
    says(
        "conntrack_full",
        r"nf_conntrack_count = (?P<limit>\d+)\b.{0,40}nf_conntrack_max = (?P=limit)\b",
        "nf_conntrack_count",
    ),
    says(
        "task_stuck",
        r"task (?P<who>[\w./-]{1,80}):\d+ blocked for more than \d+ seconds",
        "blocked for more than",
    ),
    says(
        "disk_broken",
        r"(?P<what>EXT4-fs error|XFS \(\S+\): (?:Corruption|metadata I/O error)|Buffer I/O error"
        r"|blk_update_request: I/O error|Remounting filesystem read-only)",
        "error",
        "corruption",
        "read-only",
    ),
    says("fd_limit", r"VFS: file-max limit \d+ reached", "file-max limit"),
    says("no_memory", r"(?P<who>[\w./-]{1,80}): page allocation failure", "page allocation failure"),
)
READERS: tuple[Reader, ...] = ()
