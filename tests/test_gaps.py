"""Why a step gave no answer, in words that name what failed."""

import pytest

from bot.gaps import gap_of
from bot.model.command import Ended, RawOutput
from bot.model.evidence import GapKind
from bot.model.runbook import Step
from bot.redact import Cleaned


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
    raw = RawOutput(
        step="one",
        argv=argv,
        alternative=0,
        ended=Ended.NOT_FOUND,
        exit_status=None,
        stdout=b"",
        stderr=b"",
        duration_s=0.1,
    )
    nothing = Cleaned(text="")

    gap = gap_of(raw, Step(id="one", group="g", title="t", run=argv), nothing, nothing)

    assert gap is not None
    assert (gap.kind, gap.reason) == (GapKind.NOT_FOUND, says)


def test_a_journal_that_shows_nobodys_messages_names_its_group() -> None:
    raw = RawOutput(
        step="one",
        argv=("journalctl", "-u", "x"),
        alternative=0,
        ended=Ended.REFUSED,
        exit_status=None,
        stdout=b"-- No entries --\n",
        stderr=b"Hint: You are currently not seeing messages from other users and the system.\n",
        duration_s=0.1,
    )
    nothing = Cleaned(text="")

    gap = gap_of(raw, Step(id="one", group="g", title="t", run=raw.argv), nothing, nothing)

    assert gap is not None and gap.kind is GapKind.REFUSED
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
    raw = RawOutput(
        step="one",
        argv=("sudo", "-n", *argv),
        alternative=1,
        ended=Ended.REFUSED,
        exit_status=None,
        stdout=b"",
        stderr=b"sudo: a password is required\n",
        duration_s=0.1,
    )
    said, nothing = Cleaned(text="sudo: a password is required"), Cleaned(text="")

    gap = gap_of(raw, Step(id="one", group="g", title="t", run=argv), nothing, said)

    assert gap is not None
    assert "sudo: a password is required; without sudo" in gap.reason
    assert f"usermod -aG {group} LOGIN" in gap.reason


def test_a_bus_that_is_down_comes_with_the_command_that_needs_none() -> None:
    said = "Failed to connect to bus: Connection refused"
    raw = RawOutput(
        step="one",
        argv=("systemctl", "show", "x"),
        alternative=0,
        ended=Ended.EXITED,
        exit_status=1,
        stdout=b"",
        stderr=said.encode(),
        duration_s=0.1,
    )

    gap = gap_of(
        raw, Step(id="one", group="g", title="t", run=raw.argv), Cleaned(text=""), Cleaned(text=said)
    )

    assert gap is not None
    assert gap.reason.startswith(f"exit status 1: {said}; ") and "dbus.socket" in gap.reason


def test_of_an_nginx_that_is_elsewhere_the_key_of_the_fleet_file_is_named() -> None:
    step = Step(id="config_test", group="g", title="t", run=("{{ nginx.program | each }}", "-t"))
    raw = RawOutput(
        step="config_test",
        argv=("nginx", "-t"),
        alternative=0,
        ended=Ended.NOT_FOUND,
        exit_status=None,
        stdout=b"",
        stderr=b"",
        duration_s=0.1,
    )

    gap = gap_of(raw, step, Cleaned(text=""), Cleaned(text=""))

    assert gap is not None
    assert gap.reason == (
        "nginx is not on this host or may not be run; where it is elsewhere, service.nginx.program of the"
        " fleet file names it"
    )
