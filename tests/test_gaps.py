"""Why a step gave no answer, in words that name what failed."""

import pytest

from bot.gaps import gap_of
from bot.model.command import Ended, RawOutput
from bot.model.evidence import Gap, GapKind
from bot.model.runbook import Step
from bot.redact import Cleaned


def _gap(
    argv: tuple[str, ...],
    ended: Ended,
    *,
    step: Step | None = None,
    status: int | None = None,
    stdout: str = "",
    stderr: str = "",
) -> Gap:
    """What is told of a step that ended so."""
    raw = RawOutput(
        step="one",
        argv=argv,
        alternative=0,
        ended=ended,
        exit_status=status,
        stdout=stdout.encode(),
        stderr=stderr.encode(),
        duration_s=0.1,
    )
    asked = step or Step(id="one", group="g", title="t", run=argv)
    gap = gap_of(raw, asked, Cleaned(text=stdout), Cleaned(text=stderr))
    assert gap is not None
    return gap


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("nginx", "-t"), "nginx is not on this host or may not be run"),
        (("sudo", "-n", "nginx", "-t"), "nginx is not on this host or may not be run"),
        (
            ("env", "TZ=UTC", "LC_ALL=C", "systemctl", "show"),
            "systemctl is not on this host or may not be run",
        ),
        (("sudo", "-n", "-l"), "sudo is not on this host or may not be run"),
        (("sh", "-c", "exit 0", "php_fpm"), "the script php_fpm.sh could not be started"),
    ],
    ids=["a program", "with sudo", "with settings", "sudo itself", "a script"],
)
def test_what_was_not_found_is_named(argv: tuple[str, ...], says: str) -> None:
    gap = _gap(argv, Ended.NOT_FOUND)

    assert (gap.kind, gap.reason) == (GapKind.NOT_FOUND, says)


def test_a_journal_that_shows_nobodys_messages_names_its_group() -> None:
    hint = "Hint: You are currently not seeing messages from other users and the system.\n"

    gap = _gap(("journalctl", "-u", "x"), Ended.REFUSED, stdout="-- No entries --\n", stderr=hint)

    assert gap.kind is GapKind.REFUSED
    assert "usermod -aG systemd-journal" in gap.reason


@pytest.mark.parametrize(
    ("argv", "group"),
    [
        (("journalctl", "-u", "x"), "systemd-journal"),
        (("tail", "-n", "9", "/var/log/nginx/error.log"), "adm"),
    ],
    ids=["the journal", "nginx's log"],
)
def test_what_sudo_refuses_and_a_group_may_read_names_the_group(argv: tuple[str, ...], group: str) -> None:
    gap = _gap(("sudo", "-n", *argv), Ended.REFUSED, stderr="sudo: a password is required\n")

    assert "sudo: a password is required; without sudo" in gap.reason
    assert f"usermod -aG {group} LOGIN" in gap.reason


def test_a_bus_that_is_down_comes_with_the_command_that_needs_none() -> None:
    said = "Failed to connect to bus: Connection refused"

    gap = _gap(("systemctl", "show", "x"), Ended.EXITED, status=1, stderr=said)

    assert gap.reason.startswith(f"exit status 1: {said}; ") and "dbus.socket" in gap.reason


def test_of_an_nginx_that_is_elsewhere_the_key_of_the_fleet_file_is_named() -> None:
    step = Step(id="one", group="g", title="t", run=("{{ nginx.program | each }}", "-t"))

    gap = _gap(("nginx", "-t"), Ended.NOT_FOUND, step=step)

    assert gap.reason == (
        "nginx is not on this host or may not be run; where it is elsewhere, service.nginx.program of the"
        " fleet file names it"
    )
