"""The app met its own memory limit."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.resources import Resources
from bot.parsers.unit_state import UnitState
from bot.rules import _heap, _life, _limits, _outage, _quote, _told


def memory_rlimit(  # noqa: PLR0913, PLR0917  # who lacks memory, whether the host has some, and who waits for it
    app_journal: Journal,
    resources: Resources | None,
    kernel_log: KernelLog | None,
    unit: UnitState | None,
    front: HttpProbes | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    config: NginxConfig | None,
) -> Finding | None:
    """The app cannot get more memory though the host has some: a limit of the process or its runtime.

    Why: it says so itself (errno 12, heap out of memory), no OOM kill took place, and the host has
    memory left. Sure where a JVM says it while nginx waits for a request that it gives up then.
    Ruled out when: it does not say so.
    Mistaken when: the host was short of memory for a moment.
    Mended by: a higher limit of the process (ulimit -v, limit-as, LimitAS=, memory_limit) or less memory
    used.
    Not mended by: more memory for the host; a restart beyond the moment.
    Source: getrlimit(2) RLIMIT_AS, malloc(3) ENOMEM; Node --max-old-space-size, PHP memory_limit, JVM -Xmx.
    """
    limit = _limits.of_memory(unit)
    said = app_journal.matching(_life.NO_MEMORY) or (app_journal.matching(_limits.NO_THREAD) if limit else ())
    if not said or (kernel_log is not None and kernel_log.oom_kills):
        return None
    heap = limit is None and _HEAP.search(said[0].message) is not None
    spare = resources.available_percent if resources else None
    late = _heap.unanswered(said[0], error_log, config) if heap else None
    is_failing = (
        late is not None or front is None or not front.are_well or (unit is not None and not unit.is_running)
    )
    is_failing = is_failing or limit is not None
    line = tuple(
        Line(step="resources", text=text, told=resources.memory_told)
        for text in (resources.lines if resources else ())
        if resources and "Available" in text
    )
    return Finding(
        cause="memory_rlimit",
        certainty=Certainty.CONFIRMED
        if late
        else Certainty.LIKELY
        if spare is not None and spare > 10 and is_failing
        else Certainty.POSSIBLE,
        says=("the heap of its JVM is full" if heap else "the app met a memory limit of its own")
        + (f", and a request for {late.path or '/'} stays without an answer" if late else "")
        + (f"; the host has {spare:.0f} % left" if spare else ""),
        because=(
            _quote.logged(said[0]),
            *((_quote.error(late),) if late else ()),
            *((limit,) if limit else ()),
            *line[:1],
        ),
        restart=_heap.restart(upstreams, late) or _restart(unit),
        next_check=_HEAP_CHECK if heap else "the limit of the process (ulimit -v) and of its runtime",
        mend=f"a higher LimitAS= or LimitDATA= of {unit.name} ({limit.text}), or less memory used by the app"
        if limit and unit
        else _HEAP_MEND
        if heap
        else None,
        weight=90 if is_failing else 5,
    )


#: A JVM that met it goes on with threads that have ended, unless it is told to exit. Source: java(1), -Xmx,
#: -XX:+ExitOnOutOfMemoryError; Troubleshooting Guide of Java SE, "The java.lang.OutOfMemoryError Error".
_HEAP = re.compile(r"OutOfMemoryError: (?:Java heap space|GC overhead limit exceeded)")
_HEAP_MEND = (
    "a larger -Xmx of its JVM, if the host has the memory, or less that is kept; -XX:+ExitOnOutOfMemoryError"
    " lets its unit start it anew instead of a JVM that goes on with some of its threads gone"
)
_HEAP_CHECK = "its -Xmx, and what fills the heap: `jmap -histo PID` as the app's user"


def _restart(unit: UnitState | None) -> RestartAdvice:
    """One that met the limit right after its start meets it again at once."""
    started = unit is None or unit.lived_s is None or unit.lived_s > _life.STARTUP_S
    if started:
        return _quote.temporary("app", "it works until it has grown to the limit again")
    return _quote.useless("app", "it met the limit while it started, and meets it again")


def told(signs: Signs) -> Finding | None:
    """An allocation failed and no OOM killer took part."""
    said, shown = signs.first("no_memory"), signs.first("space_limit")
    refused = said or signs.first("heap_exhausted")
    if refused is not None and shown is not None and not signs.has("oom_invoked"):
        says = "an allocation failed, and a limit on the process's own memory is shown"
        at_start = signs.has("app_failed", "missing_module") or _AT_START.search(refused.line) is not None
        restart = _AT_ONCE if at_start else _UNTIL_GROWN
        return _told.likely("memory_rlimit", 90, says, restart, refused, shown, next_check=_CHECK)
    if said is None or signs.has("out_of_memory"):
        return None
    says = "the app met a memory limit of its own"
    low = signs.first("memory_low", "no_swap") or _outage.host_lacks_memory(signs)
    restart = _AT_ONCE if _AT_START.search(said.line) else _UNTIL_GROWN
    if any(one["who"] == "nginx" for one in signs.of("no_memory")):
        says, restart = "nginx could not get the memory that it asked for", _OF_NGINX
    if low is not None:
        return _told.possible("memory_rlimit", 44, says, restart, said, low, next_check=_CHECK)
    raised = signs.first("limit_raised")
    if raised is not None:
        says = "the app met a memory limit of its own; raised, it did not mend the outage"
        return _told.possible("memory_rlimit", 40, says, _AT_ONCE, said, raised, next_check=_CHECK)
    if said["who"] == "php":
        # Told to nginx with the answer, it is first of all the app's own error (app_500).
        weight = 62 if "sent in stderr" in said.line else 76
        return _told.likely("memory_rlimit", weight, says, _PER_REQUEST, said, next_check=_CHECK)
    own = next(iter(signs.where("limit", name="LimitAS")), None)
    weight = 88 if own else 76 if said["who"] or _outage.any_sign(signs) else 64
    return _told.likely("memory_rlimit", weight, says, restart, said, own, next_check=_CHECK)


_PER_REQUEST = _quote.useless(
    "php-fpm", "PHP's memory_limit is each request's own; the same request meets it again"
)
#: It meets the limit in one step, or each time, not by growing; a JVM takes its whole heap as it begins.
_AT_START = re.compile(
    r"\b(?:every|each) (?:single )?(?:time|start|run)\b|\balways\b|\b(?:at|on|during|while) (?:its |the )?"
    r"(?:start\w*|boot\w*|load\w*)\b|\bis (?:being )?loaded\b|WebAssembly\.\w+\(\)|wasm memory"
    r"|\[(?:alert|emerg)\] (?:mmap|malloc|posix_memalign)\((?:MAP_ANON|\d)"
    r"|os::commit_memory\(0x\w{1,16}, \d{9,}|Could not reserve enough space|initialization of VM",
    re.IGNORECASE,
)
_OF_NGINX = _quote.useless(
    "nginx", "it asks for as much again, by its buffers and zones, at the next start or request"
)
_AT_ONCE = _quote.useless("app", "it meets the same limit at the same step again")
_UNTIL_GROWN = _quote.temporary("app", "it works until it has grown to the limit again")
_CHECK = "`free -m` of that moment, and the limits of the process (/proc/PID/limits, its runtime's)"
