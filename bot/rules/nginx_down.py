"""nginx itself does not run."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.init import Init
from bot.parsers.journal import Journal
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _front,
    _just_now,
    _life,
    _nginx_place,
    _no_systemd_down,
    _outage,
    _pid_file,
    _quote,
    _start_failed,
    _told,
)


def nginx_down(  # noqa: PLR0913, PLR0917  # its unit, or what stands in for one
    nginx_unit: UnitState | None,
    front: HttpProbes | None,
    config_test: NginxConfigTest | None,
    nginx_journal: Journal | None,
    behind: HttpProbes | None,
    config: NginxConfig | None,
    init: Init | None,
    clock: HostClock,
) -> Finding | RuledOut | None:
    """nginx does not run: clients are refused, they do not get a 502.

    Why: its unit is inactive or failed (without systemd: no master process is there), and nobody answers.
    Ruled out when: the unit runs, or something answers with HTTP there.
    Mistaken when: another unit or a container runs nginx on this host.
    Mended by: a start of nginx, once nginx -t passes and its address is free.
    Where its last start was denied what root may (a policy such as SELinux's), a label for it comes first.
    Not mended by: a restart of the app; a reload, for there is nobody to reload.
    Source: systemctl(1); connect(2).
    """
    own = _nginx_place.refused_behind(behind, config)
    if nginx_unit is None:
        return _no_systemd_down.nginx(init, front, own, config_test)
    if nginx_unit.is_running:
        because = (_quote.state(nginx_unit, "ActiveState", "SubState", step="nginx_unit"),)
        return RuledOut(cause="nginx_down", says="nginx runs", because=because)
    if not own and front is not None and front.that(Answer.ANSWERED):
        return _nginx_place.not_the_front(nginx_unit, front)
    refused = own or (front.that(Answer.REFUSED) if front else ())
    stop = _life.stop_by_hand(nginx_journal)
    said = (stop,) if stop else nginx_journal.entries[-1:] if nginx_journal else ()
    denied = _start_failed.last(nginx_journal) if nginx_unit.active == "failed" else None
    said = (denied,) if denied else said
    start = _start_failed.advice() if denied else _restart(nginx_unit, config_test)
    advice = _just_now.heeding(start, nginx_unit, clock)
    built, kept = _nginx_place.built_at(nginx_unit, config), _MENDS.get(nginx_unit.load)
    return Finding(
        cause="nginx_down",
        certainty=Certainty.CONFIRMED if refused and not _just_now.motion(nginx_unit) else Certainty.LIKELY,
        says=_says(nginx_unit, built) + (_start_failed.says(denied) if denied else ""),
        because=(
            _quote.state(
                nginx_unit, "ActiveState", "SubState", "Result", "InactiveEnterTimestamp", step="nginx_unit"
            ),
            *(_quote.probe(probe, "behind" if own else "front") for probe in refused[:1]),
            *(Line(step="nginx_journal", text=entry.line, at=entry.at) for entry in said),
        ),
        restart=advice,
        next_check=_just_now.AGAIN if advice != start else _check(nginx_unit, is_refused=bool(refused)),
        mend=_nginx_place.start_of(built) if built else _start_failed.mend(denied) if denied else kept,
        weight=98,
    )


def _says(nginx_unit: UnitState, built: str) -> str:
    """When it stopped or failed, as far as systemd knows; and what keeps it from coming back."""
    if built:
        return f"no nginx runs: its files are at {built}, and there is no {nginx_unit.name} that starts it"
    if nginx_unit.load == "not-found":
        return f"nginx is not installed here: there is no {nginx_unit.name}, and nobody listens in its place"
    return _ended(nginx_unit) + _KEEPS.get(nginx_unit.file_state, "")


#: What the unit file's state adds. Source: systemctl(1) is-enabled.
_KEEPS = {
    "masked": "; its unit is masked, which lets nobody start it",
    "masked-runtime": "; its unit is masked, which lets nobody start it",
    "disabled": "; it is disabled, so a boot does not start it",
}


def _ended(nginx_unit: UnitState) -> str:
    if moves := _just_now.motion(nginx_unit):
        return f"{nginx_unit.name} {moves} at this moment ({nginx_unit.word}) and does not answer"
    at = f" at {nginx_unit.inactive_since:%H:%M:%S} UTC" if nginx_unit.inactive_since else ""
    if nginx_unit.active == "inactive" and nginx_unit.result == "success" and at:
        return f"{nginx_unit.name} was stopped{at} and not started again"
    if nginx_unit.active == "failed" and at:
        return f"{nginx_unit.name} failed{at} ({nginx_unit.result}) and does not run"
    return f"{nginx_unit.name} does not run ({nginx_unit.active}, {nginx_unit.result})"


_MENDS = {
    "masked": "finding out who masked it and why; then `systemctl unmask` and a start of nginx",
    "not-found": "installing nginx, or naming the unit that runs it as service.nginx.unit in the fleet file",
}


def _check(nginx_unit: UnitState, *, is_refused: bool) -> str | None:
    if nginx_unit.load == "not-found":
        return "`systemctl list-unit-files` and `docker ps`: what is meant to run nginx here?"
    if _just_now.motion(nginx_unit):
        return _just_now.AGAIN
    return None if is_refused else "what answers on nginx's address"


def _restart(nginx_unit: UnitState, config_test: NginxConfigTest | None) -> RestartAdvice:
    if nginx_unit.load == "not-found":
        return _quote.useless("nginx", f"there is no {nginx_unit.name} that could be started")
    if config_test is not None and config_test.is_valid is False:
        return _quote.useless("nginx", "its configuration is invalid; it cannot start")
    if nginx_unit.load == "masked":
        return _quote.useless("nginx", "a masked unit refuses every start")
    if config_test is None or config_test.is_valid is None:
        return _quote.unknown("nginx", "nginx -t could not be asked, so nobody knows whether it can start")
    if moves := _just_now.motion(nginx_unit):
        return _quote.unknown("nginx", f"it {moves} at this moment")
    if nginx_unit.needs_reload:
        return _quote.perhaps("nginx", f"{nginx_unit.name} was changed on disk since it last started")
    return _quote.helps("nginx", "its configuration is valid; it only has to be started")


def told(signs: Signs) -> Finding | RuledOut | None:
    """Its unit or a failed signal says that it does not run; why it did not start is a cause of its own."""
    units = [u for u in signs.of("unit") if _IS_UNIT.match(u["unit"])]
    unit = units[-1] if units else None
    why = signs.first("config_invalid", "name_at_start", "port_taken", "disk_full", "fd_limit")
    if unit is not None and unit["active"] == "active":
        line = Line(step=unit.source or "pasted", text=unit.line)
        return RuledOut(cause="nginx_down", says="nginx runs", because=(line,))
    runs = next(iter((*signs.of("nginx_workers"), *signs.of("nginx_runs"))[-1:]), None)
    if runs is not None and (unit is None or unit.at < runs.at):
        line = Line(step=runs.source or "pasted", text=runs.line)
        return RuledOut(cause="nginx_down", says="nginx's master is seen to run", because=(line,))
    if (again := _came_back(signs)) is not None and unit is None:
        line = Line(step=again.source or "pasted", text=again.line)
        return RuledOut(cause="nginx_down", says="nginx was started again", because=(line,))
    gone = unit if unit is not None and unit["active"] in ("inactive", "failed", "deactivating") else None
    said = gone or signs.first("nginx_not_running", "nginx_start_failed")
    box = next(
        (c for c in signs.of("container") if c["state"] in ("exited", "created") and _is_nginx(c)), None
    )
    ended = next((s for s in signs.of("exited") if "nginx" in s["who"].lower()), None)
    halted = _halted(signs)
    said = said or box or ended or halted or _ended_first(signs) or _pod(signs) or _front.deaf(signs)
    if why is None and (masked := _masked(signs)) is not None:
        says = "nginx itself does not run: its unit is masked, which lets nobody start it"
        return _told.likely("nginx_down", 86, says, _NOT_YET, masked, said, next_check=_TEST)
    if (killed := _killed(signs, said)) is not None:
        says = "nginx itself was killed for want of memory and does not run; the app behind it does"
        start = _quote.temporary("nginx", "it answers again until the memory is used up")
        return _told.likely("nginx_down", 88, says, start, killed, said, next_check=_TEST)
    at_app = [s for s in signs.of("dial_refused") if s["proxy"] != "cloud"]
    if said is None or at_app or signs.has("answer_closed", "answer_timeout", "no_live"):
        return None
    says = "nginx itself does not run, so clients are refused"
    if said.kind == "nginx_not_running" and _pid_file.lost_in_box(signs) is not None:
        return _told.possible("nginx_down", 30, says, _UNSURE, said, next_check=_TEST)
    if said.kind in ("not_listening", "answers_not") or _pid_file.elsewhere(signs) is not None:
        return _told.possible("nginx_down", 48, says, _UNSURE, said, next_check=_TEST)
    if said is halted:
        silent = _front.deaf(signs)
        says = "nginx was stopped and is not seen to start again"
        weight = 86 if silent is not None else 62
        return _told.likely("nginx_down", weight, says, _UNSURE, halted, silent, next_check=_TEST)
    if why is not None:
        return _told.possible("nginx_down", 38, says, _UNSURE, said, why, next_check=_TEST)
    if gone is not None and gone["active"] == "inactive":
        start = _quote.helps("nginx", "it only has to be started, if `nginx -t` passes")
        return _told.likely("nginx_down", 84, says, start, said, next_check=_TEST)
    return _told.likely("nginx_down", 72, says, _UNSURE, said, next_check=_TEST)


_NOT_YET = _quote.useless("nginx", "it cannot start before that is mended")
_UNSURE = _quote.useless("nginx", "it is not known whether it can start")
_TEST = "`nginx -t`, who holds ports 80 and 443, and `systemctl status nginx`"


def _masked(signs: Signs) -> Sign | None:
    """Its unit is masked."""
    return next((s for s in signs.where("unit_wrong", what="masked") if _NGINX.search(s["unit"])), None)


def _killed(signs: Signs, said: Sign | None) -> Sign | None:
    """The kernel killed nginx, or nobody says whom, while clients are refused."""
    kills = signs.of("out_of_memory")
    own = next((s for s in kills if _NGINX.search(s["who"])), None)
    if own is not None:
        return own if said is not None or signs.has("front_refuses") else None
    is_named = any(s["who"] for s in kills)
    return kills[0] if kills and not is_named and signs.has("front_refuses") else None


def _pod(signs: Signs) -> Sign | None:
    """No pod of the ingress runs."""
    pods = [s for s in signs.of("pod") if "ingress-nginx" in s["name"] or "nginx-ingress" in s["name"]]
    return pods[0] if pods and all(s["ready"].startswith("0/") for s in pods) else None


def _ended_first(signs: Signs) -> Sign | None:
    """A container's first process may not write what it needs and ends: the container ends with it."""
    return next((s for s in signs.of("own_file_denied") if "[emerg] 1#1:" in s.line), None)


def _halted(signs: Signs) -> Sign | None:
    """systemd stopped nginx, by its name or by its unit's description."""
    stops = [s for s in signs.of("stopped") if _NGINX.search(s["who"])]
    return stops[-1] if stops else None


def _came_back(signs: Signs) -> Sign | None:
    """systemd started nginx, and no later line tells of another end."""
    started = [s for s in signs.of("unit_started") if _NGINX.search(s["who"])]
    ends = (*signs.of("nginx_start_failed", "nginx_not_running"), *signs.of("stopped"))
    later = (s for s in ends if started and not _outage.is_after(started[-1], s))
    ended = any(s.kind != "stopped" or _NGINX.search(s["who"]) for s in later)
    return started[-1] if started and not ended else None


#: `nginx.service`, `nginx@shop`, `openresty-nginx`; not what watches or feeds it (`nginx_exporter`).
_IS_UNIT = re.compile(r"(?!.*(?:exporter|amplify|agent|prometheus|log))[\w-]*nginx", re.IGNORECASE)
#: Its units' descriptions: Debian's, Fedora's, nginx.org's.
_NGINX = re.compile(r"nginx|high performance web server", re.IGNORECASE)


#: nginx by its name, and the images that bring it to homes.
_BOX = re.compile(r"nginx|(?<![a-z0-9])(?:npm|swag|openresty)(?![a-z0-9])")


def _is_nginx(box: Sign) -> bool:
    return _BOX.search(f"{box['name']} {box['image']}".lower()) is not None
