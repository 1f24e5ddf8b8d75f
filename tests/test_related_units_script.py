"""related_units.sh: on a systemctl that answers, and on one that does not."""

import os
from pathlib import Path

import pytest

from bot.parsers.related_units import RelatedUnits, related_units
from tests.support.asked import output
from tests.test_runbook_scripts import SHELLS, run

MOUNT = r"srv-my\x2dapp.mount"
_SYSTEMCTL = r"""#!/bin/sh
case $* in
  *UserspaceTimestamp*) echo 'UserspaceTimestamp=Mon 2026-11-30 08:00:02 UTC' ;;
  *'-p Requires '*'-- app.service')
    printf '%s\n' 'Requires=db.service srv-my\x2dapp.mount' TriggeredBy=app.socket Conflicts= ;;
  *ActiveState*app.socket)
    printf '%s\n' LoadState=loaded ActiveState=active SubState=listening Result=success \
      'Listen=/run/app.sock (Stream)' 'Listen=127.0.0.1:8000 (Stream)' ;;
  *ActiveState*{silent}) echo 'Failed to get properties: Connection timed out' >&2; exit 1 ;;
  *ActiveState*) printf 'LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\n' ;;
  *) echo "$2=" ;;
esac
"""


def told(
    folder: Path, shell: tuple[str, ...], silent: str = "nothing", systemctl_text: str = _SYSTEMCTL
) -> RelatedUnits:
    """What is told of app.service; of the unit named `silent` systemctl has no answer in time."""
    systemctl = folder / "systemctl"
    systemctl.write_text(systemctl_text.replace("{silent}", silent))
    systemctl.chmod(0o755)
    env = {"PATH": f"{folder}:{os.environ['PATH']}"}
    return related_units(
        output("related_units", run("related_units.sh", "unit=app.service", shell=shell, env=env))
    )


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_what_is_needed_is_told_under_the_name_that_systemd_has_for_it(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    assert [(one.name, one.active) for one in told(tmp_path, shell).down] == [
        ("db.service", "failed"),
        (MOUNT, "failed"),
    ]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_unit_of_which_systemd_does_not_answer_is_not_told(tmp_path: Path, shell: tuple[str, ...]) -> None:
    told_of = told(tmp_path, shell, silent="db.service")

    assert [one.name for one in told_of.units if one.is_needed] == [MOUNT]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_socket_is_told_with_all_that_it_listens_on(tmp_path: Path, shell: tuple[str, ...]) -> None:
    socket, namesake = told(tmp_path, shell).sockets[0], told(tmp_path, shell).namesake

    assert (socket.name, socket.listens) == ("app.socket", ("/run/app.sock", "127.0.0.1:8000"))
    # As former systemd has it. Source: systemctl.c print_property of v231.
    former = _SYSTEMCTL.replace("Listen=", "ListenStream=").replace(" (Stream)", "")
    assert told(tmp_path, shell, systemctl_text=former).sockets[0].listens == socket.listens
    assert namesake is not None
    assert namesake.listens == socket.listens
