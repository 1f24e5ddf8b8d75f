"""The unit itself is wrong."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _as_written, _quote, _told, _unit_exit
from bot.rules.exec_missing import at_home

_SAID = re.compile(
    r"status=2(00|[12]\d|3\d|4\d)/|Failed to load environment files|bad unit file|bad-setting|"
    r"Changing to the requested working "
    r"directory failed|Failed at step |has a bad unit file setting|Failed to run 'start' task"
)
#: systemd's exit codes other than those of exec_missing (203) and permission_user (216, 217).
_STATUSES = tuple(code for code in range(200, 246) if code not in (203, 216, 217))


def systemd_unit_error(
    unit: UnitState, clock: HostClock, app_journal: Journal | None, upstreams: HttpProbes | None
) -> Finding | None:
    """systemd cannot start the unit as it is written: directory, environment, sandbox, condition or Type=.

    Why: the unit is not loaded properly, a condition of it is not met, systemd failed before it ran the
    program, or ended a program that did not report as the unit promises.
    Ruled out when: the unit is loaded and the program was run.
    Mistaken when: the fleet names another unit than the app's; a long start waits for another service.
    Mended by: correcting the unit (directory, environment file, quoting, sandbox), then `systemctl
    daemon-reload`.
    Not mended by: a restart before that, or a reset of the start limit.
    Source: systemd.exec(5) "Process Exit Codes" (200/CHDIR …), systemd.unit(5) LoadState.
    """
    if unit.load == "not-found":
        return _unknown_here(unit, upstreams)
    is_unloaded = unit.load in ("bad-setting", "error", "masked")
    is_refused = _unit_exit.is_refused(unit, app_journal, clock)
    no_start = not unit.is_running and unit.result == "resources"
    if (
        not is_unloaded
        and not no_start
        and not is_refused
        and not _unit_exit.ended_with(unit, app_journal, clock, *_STATUSES)
    ):
        return _as_written.skipped(unit, app_journal) or _as_written.ended(unit, app_journal, upstreams)
    because = _unit_exit.lines(unit, app_journal, _SAID, "WorkingDirectory", "FragmentPath")
    piece = None if is_unloaded else _as_written.piece(unit, because[0].text)
    says = (
        f"{unit.name} is {unit.load}{_RUNS_ON if unit.is_running else ''}"
        if is_unloaded
        else f"systemd cannot start {unit.name} as it is written"
    )
    return Finding(
        cause="systemd_unit_error",
        certainty=Certainty.CONFIRMED,
        says=f"{says}: {piece}" if piece else says,
        because=because,
        restart=_quote.useless("app", "the unit stays as it is written"),
        mend=f"asking who masked {unit.name} and why; then systemctl unmask {unit.name}, and a start"
        if unit.load == "masked"
        else None,
        weight=93 if not is_unloaded or not unit.is_running else -15,
    )


def _unknown_here(unit: UnitState, upstreams: HttpProbes | None) -> Finding | None:
    """No unit of that name: removed, or the fleet file names another than the app's."""
    if upstreams is not None and any(probe.is_well for probe in upstreams.probes):
        return None
    refused = upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ()
    return Finding(
        cause="systemd_unit_error",
        certainty=Certainty.LIKELY,
        says=f"this host has no unit {unit.name}: it was removed, or the fleet file names a wrong one",
        because=(
            _quote.state(unit, "LoadState", "ActiveState"),
            *(_quote.probe(probe) for probe in refused[:1]),
        ),
        restart=_quote.useless("app", f"there is no {unit.name} that could be started"),
        next_check="`systemctl list-units --all --type=service` on the host: which unit is the app's?",
        mend=f"the app's own unit named in the fleet file (service.unit), or {unit.name} put back and"
        " daemon-reload",
        weight=60,
    )


_RUNS_ON = " on disk: it runs on as it was started, and could not be started again"
_AS_WRITTEN = _quote.useless("app", "the unit stays as it is written")
_CHECK = "systemctl cat UNIT, and systemd-analyze verify on its file"
_SAYS = {
    "directory": "the unit's WorkingDirectory= does not exist or may not be entered",
    "environment": "the unit's environment file cannot be read",
    "sandbox": "systemd cannot make the sandbox that the unit asks for",
    "before": "a command that the unit runs before the program fails, so the program is never run",
    "output": "the unit's standard output or error cannot be opened",
    "syntax": "the unit file is wrong: systemd refuses it",
    "ignored": "systemd cannot read a line of the unit file and leaves it out",
    "masked": "the unit is masked, so it cannot be started",
    "absent": "there is no unit of that name",
    "resources": "systemd cannot get what the unit asks for before it runs the program",
    "type": "the program does not start as the unit's Type= promises",
}
#: Somebody says why it is masked: something else is to run in its place.
_ON_PURPOSE = re.compile(
    r"\bmasked,? (?:it )?(?:since|because|so that|as|on purpose|deliberately)\b", re.IGNORECASE
)
_SURE = ("directory", "environment", "sandbox", "output", "syntax", "masked")


def told(signs: Signs) -> Finding | None:
    """systemd says what it dislikes in the unit before it runs the program."""
    is_up = any(unit["active"] == "active" for unit in signs.of("unit"))
    said = [s for s in signs.of("unit_wrong") if s["what"] != "before" or not is_up]
    said = [s for s in said if s["what"] != "masked" or "fpm" not in s["unit"]]  # php_fpm_down
    said = sorted(said, key=lambda s: s["what"] not in _SURE)
    if (home := at_home(signs)) is not None:
        says = "the unit's user, or its ProtectHome=, does not fit a program in a home folder"
        return _told.possible("systemd_unit_error", 60, says, _AS_WRITTEN, home, next_check=_CHECK)
    if signs.has("unit_exec", "unit_user"):
        return None
    if not said:
        return _never_told(signs)
    first, what = said[0], said[0]["what"]
    says = _SAYS.get(what, "systemd cannot start the unit as it is written")
    if what in _SURE and "nginx" in first["unit"]:
        return _told.likely("systemd_unit_error", 78, says, _AS_WRITTEN, first, next_check=_CHECK)
    if what == "masked" and (signs.has("port_taken") or _ON_PURPOSE.search(first.line)):
        says = "the unit is masked, as it seems on purpose"
        return _told.possible("systemd_unit_error", 36, says, _AS_WRITTEN, first, next_check=_CHECK)
    if what in _SURE:
        return _told.confirmed("systemd_unit_error", 93, says, _AS_WRITTEN, first)
    if what == "ignored":
        says = "systemd drops a line of the unit as it is written, or hands it on wrongly: the app lacks it"
        return _told.likely("systemd_unit_error", 88, says, _AS_WRITTEN, first, next_check=_CHECK)
    if what == "absent":
        return _told.possible("systemd_unit_error", 44, says, _AS_WRITTEN, first, next_check=_CHECK)
    return _told.likely("systemd_unit_error", 76, says, _AS_WRITTEN, first, next_check=_CHECK)


def _never_told(signs: Signs) -> Finding | None:
    """The start took too long for systemd: it was not told that the start is done, or the app is slow."""
    late = signs.first("start_timeout")
    if late is None:
        return None
    kind = next(
        (s for s in signs.where("unit_setting", name="Type") if s["value"] in ("forking", "notify")), None
    )
    says = "systemd waits for word that the start is done, and gives up"
    if kind is not None:
        return _told.likely("systemd_unit_error", 74, says, _AS_WRITTEN, late, kind, next_check=_CHECK)
    return _told.possible("systemd_unit_error", 48, says, _AS_WRITTEN, late, next_check=_CHECK)
