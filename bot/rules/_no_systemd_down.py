"""nginx or the app is down on a host that systemd does not run."""

import re

from bot.model.host import Host
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.init import Init, InitService
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.kernel_log import KernelEvent, KernelLog
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.rules import _last_words, _no_systemd, _quote

#: A log's end, in which what a process said at its own end still stands.
_END = 25
#: What is said in the ordinary course of things: what was complained of before it is over.
_ORDINARY = re.compile(
    r"^\W*(?:\S+ ){0,4}\W*(?:INFO|DEBUG|NOTICE)\b|\blisten(?:ing|s)? (?:on|at)\b", re.IGNORECASE
)
_BY_PROCESS_1 = "a start of nginx by whatever starts it here, once `nginx -t` passes"


def nginx(
    init: Init | None,
    front: HttpProbes | None,
    refused_behind: tuple[Probe, ...],
    config_test: NginxConfigTest | None,
) -> Finding | RuledOut | None:
    """By its master process, for there is no unit; None where that cannot be told."""
    if init is None or init.is_systemd:
        return None
    if init.nginx:
        pid, at = init.nginx[0]
        since = f" since {at:%Y-%m-%d %H:%M:%S} UTC" if at else ""
        line = Line(step="init", text=f"nginx: master process {pid}{since}")
        return RuledOut(cause="nginx_down", says="nginx runs", because=(line,))
    refused = refused_behind or (front.that(Answer.REFUSED) if front else ())
    if (init.is_blind and not refused) or (not refused_behind and front and front.that(Answer.ANSWERED)):
        return None
    service = init.service("nginx")
    is_bad = config_test is not None and config_test.is_valid is False
    start = _no_systemd.start_of(init, "nginx", else_=_BY_PROCESS_1)
    return Finding(
        cause="nginx_down",
        certainty=Certainty.CONFIRMED if refused and not init.is_blind else Certainty.LIKELY,
        says="nginx does not run"
        + (" as far as is seen" if init.is_blind else ", no process of it is there")
        + _state(service),
        because=(
            Line(step="init", text=service.line if service else "no `nginx: master process` of root"),
            *(_quote.probe(probe, "behind" if refused_behind else "front") for probe in refused[:1]),
        ),
        restart=_of_nginx(config_test),
        next_check=None if refused else "what answers on nginx's address",
        mend="the line that `nginx -t` names, then a start of nginx" if is_bad else start,
        weight=98,
    )


def _of_nginx(config_test: NginxConfigTest | None) -> RestartAdvice:
    if config_test is not None and config_test.is_valid is False:
        return _quote.useless("nginx", "its configuration is invalid; it cannot start")
    if config_test is None or config_test.is_valid is None:
        return _quote.unknown("nginx", "nginx -t could not be asked, so nobody knows whether it can start")
    return _quote.helps("nginx", "its configuration is valid; it only has to be started")


def app(
    address: str,
    refused: tuple[Line, ...],
    init: Init,
    host: Host,
    log: Journal | None,
    listeners: ListeningSockets | None,
    kernel_log: KernelLog | None,
) -> Finding | None:
    """Nothing listens where nginx dials: what the app's keeper says of it, and its log's last words.

    None where its service is seen to listen elsewhere (wrong_port).
    """
    if _no_systemd.own_sockets(init, listeners, host):
        return None
    name = host.service.name
    service, words = init.service(name), last_words(log)
    said = f"; the last that its log says: {words.message.strip()}" if words else ""
    kill = None if service and service.state == "stopped" else _kill(kernel_log)
    if kill is not None:
        at = f" at {kill.at:%H:%M:%S} UTC" if kill.at else ""
        said += f"; the kernel killed {kill.task}[{kill.pid}] for want of memory{at}, which may have been it"
    return Finding(
        cause="upstream_down",
        certainty=Certainty.LIKELY if listeners else Certainty.POSSIBLE,
        says=f"nothing listens on {address}{_state(service)}{_young(init, service)}{said}",
        because=(
            *((Line(step="init", text=service.line),) if service else ()),
            *((_quote.kernel(kill),) if kill else ()),
            *((_quote.logged(words),) if words else ()),
            *refused,
        ),
        restart=_restart(service, words),
        next_check=_next_check(address, init, host, words),
        mend=_mend(init, service, name, words),
        weight=20,
    )


def _kill(kernel_log: KernelLog | None) -> KernelEvent | None:
    """The last OOM kill of late: without units no group tells whose it was."""
    return kernel_log.oom_kills[-1] if kernel_log and kernel_log.oom_kills else None


def last_words(log: Journal | None) -> JournalEntry | None:
    """The complaint at a log's end; None where the log goes on in the ordinary way after it.

    A file has no line of a supervisor that tells one run from the next: what an earlier run complained of
    stands before the ordinary lines of a later one.
    """
    if log is None:
        return None
    end = tuple(entry for entry in log.entries if entry.message.strip())[-_END:]
    ordinary = [i for i, entry in enumerate(end) if _ORDINARY.search(entry.message)]
    return _last_words.last_words(Journal(entries=end[ordinary[-1] + 1 :] if ordinary else end))


_SAYS = {
    "stopped": "{keeper} has {name} as stopped",
    "crashed": "{name} ended by itself: {keeper} has it as started, and its process is gone",
    "failed": "{keeper} has {name} as failed",
    "starting": "{keeper} starts {name} at this moment",
    "stopping": "{keeper} stops {name} at this moment",
    "inactive": "{keeper} has {name} as inactive",
    "started": "{keeper} has {name} as started",
}


def _state(service: InitService | None) -> str:
    if service is None or service.state not in _SAYS:
        return ""
    keeper = _no_systemd.name_of(service.keeper)
    if (service.keeper, service.state) == ("sysvinit", "stopped"):
        return f": {service.name} has no pid file, as a service of sysvinit that was stopped or never started"
    return ": " + _SAYS[service.state].format(keeper=keeper, name=service.name)


def _young(init: Init, service: InitService | None) -> str:
    """What is started again at each end is up for a moment whenever somebody looks."""
    lived_s = _no_systemd.young_s(init, service) if service and service.state == "started" else None
    if lived_s is None:
        return ""
    return f", with a process only {lived_s:.0f} s old: it may end and be started again and again"


def _restart(service: InitService | None, words: JournalEntry | None) -> RestartAdvice:
    state = service.state if service else ""
    if words is not None:
        why = "a start meets the same trouble that its log names, unless that was mended since"
        return _quote.useless("app", why)
    if state == "stopped":
        return _quote.perhaps("app", "it is stopped, and it is not known who or what stopped it")
    if state == "crashed":
        return _quote.perhaps("app", "it ended by itself, it is not known why, and may do so again")
    return _quote.unknown("app", "it is not known why nothing listens")


def _mend(init: Init, service: InitService | None, name: str, words: JournalEntry | None) -> str:
    start = _no_systemd.start_of(init, name, else_="a start of the app by whatever starts it here")
    if words is not None:
        return f"what its log complains of; then {start}"
    asking = "after asking who stopped it and why, " if service and service.state == "stopped" else ""
    return f"{asking}{start}"


def _next_check(address: str, init: Init, host: Host, words: JournalEntry | None) -> str | None:
    """Where its state and its words stand, as far as that is known."""
    if words is not None:
        return None
    state = _no_systemd.state_of(init, host.service.name)
    log = (
        f"the end of {' and '.join(host.service.logs)}"
        if host.service.logs
        else f"its log, and that file as service.logs of {host.name} in the fleet file"
    )
    if state:
        return f"{state}, and {log}"
    return f"does what should listen on {address} run (`ps`)? Then {log}"
