"""A child of PHP-FPM that the kernel killed for want of memory, where the fleet names no unit of that FPM.

A kill counts only where a connection broke at that moment: FPM outlives its children, and a kill of before
says nothing of what breaks now.
Source: mm/oom_kill.c names the control group (task_memcg=); FPM says of its child "exited on signal 9".
"""

from datetime import timedelta

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.kernel_log import KernelEvent, KernelLog
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.rules import _fpm, _fpm_child, _quote

_REPLACED = "FPM has replaced the child already; the same request ends it again"


def kills_of(kernel_log: KernelLog | None, unit: str) -> tuple[KernelEvent, ...]:
    """OOM kills in the control group of that unit, or below it."""
    kills = kernel_log.oom_kills if kernel_log and unit else ()
    return tuple(k for k in kills if k.control_group.endswith(f"/{unit}") or f"/{unit}/" in k.control_group)


#: `dmesg -T` reckons its times from the boot, and drifts.
_AT_ONCE = timedelta(seconds=5)


def _broken(kill: KernelEvent, logged: list[NginxError]) -> list[NginxError]:
    return [e for e in logged if e.at and kill.at and abs(e.at - kill.at) <= _AT_ONCE]


def finding(
    fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    kernel_log: KernelLog | None,
) -> Finding | None:
    """In the service of a dialled pool the kernel killed, and nginx saw a connection to that pool break."""
    logged = error_log.of(Fault.RESET, Fault.CLOSED_EARLY, Fault.CUT_SHORT) if error_log else ()
    for pool in _fpm.dialled(fpm, upstreams, error_log) if logged else ():
        service = pool.master.unit if pool.master else ""
        its_own = [entry for entry in logged if fpm and pool in fpm.pools_at(entry.address)]
        kills = [kill for kill in kills_of(kernel_log, service) if _broken(kill, its_own)]
        if not kills:
            continue
        ends = _fpm.words(fpm, upstreams, error_log, _fpm_child.CHILD_ENDED)
        limit = "its own memory limit was reached" if kills[-1].is_group_limit else "the host's was used up"
        return Finding(
            cause="oom_kill",
            certainty=Certainty.CONFIRMED,
            says=f"the kernel killed a child of PHP-FPM ({service}) for want of memory: {limit}",
            because=(
                _quote.kernel(kills[-1]),
                _quote.error(_broken(kills[-1], its_own)[0]),
                *(_fpm.quoted(end) for end in ends[-1:]),
            ),
            restart=_quote.useless(service, _REPLACED),
            mend=f"fewer children (pm.max_children of pool {pool.name}), a smaller memory_limit, or a larger"
            f" MemoryMax= of {service}; then which script takes so much",
            weight=95,
        )
    return None
