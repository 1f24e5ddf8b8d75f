"""A real host for one round: OpenSSH, and a `systemctl` that writes down every start it makes."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.sshd import Sshd, make_identity, start

#: How long a start takes: long enough to die in the middle of it.
ACTION_S = 0.6

_SUDO = """#!/bin/sh
[ "$1" = -n ] && shift
exec "$@"
"""
# The order's nonce is the name of the directory that its output goes to.
_SYSTEMCTL = """#!/bin/sh
here={folder} unit=$2
case $1 in
start)
  out=$(readlink "/proc/$$/fd/1") nonce=${{out%/*}}
  echo "began ${{nonce##*/}} $(date +%s%N)" >>"$here/trace"
  while [ -e "$here/is-held" ]; do sleep 0.1; done
  sleep {action_s}
  : >"$here/$unit.runs"
  echo "ended ${{nonce##*/}} $(date +%s%N)" >>"$here/trace"
  ;;
show)
  echo "Id=$unit"
  echo LoadState=loaded
  echo Result=success
  if [ -e "$here/$unit.runs" ]; then
    echo ActiveState=active
    echo SubState=running
    echo InvocationID=5f0c
    echo "ActiveEnterTimestamp=$(date '+%a %Y-%m-%d %H:%M:%S UTC')"
  else
    echo ActiveState=inactive
    echo SubState=dead
    echo 'InactiveEnterTimestamp=Fri 2026-11-20 23:23:03 UTC'
  fi
  ;;
esac
"""
_JOURNALCTL = """#!/bin/sh
echo "2026-11-20T23:23:03+0000 web-01 systemd[1]: Stopping $2 - My app..."
echo "2026-11-20T23:23:03+0000 web-01 systemd[1]: Stopped $2 - My app."
"""
# As `runbooks/scripts/probe.sh` tells what it got.
_FRONT = """#!/bin/sh
status=502
[ ! -e "{folder}/$1.runs" ] || status=200
printf 'probe\\thttp\\t127.0.0.1:80\\t/\\tanswered\\t%s\\t1\\t2\\t148\\t\\n' "$status"
"""
_RUNBOOK = """\
title: the app does not answer
about: The unit is asked, and started when it was stopped.
groups: {app: the app}
steps:
  app:
    front:
      title: nginx asked
      run: [ask-front, "{{ service.unit }}"]
      parse: http_probes
      needs: [service.unit]
      timeout_s: 10
    unit:
      title: the app's unit
      run: [systemctl, show, "{{ service.unit }}"]
      parse: unit_state
      needs: [service.unit]
      timeout_s: 10
    app_journal:
      title: the app's journal
      run: [journalctl, -u, "{{ service.unit }}"]
      parse: journal
      needs: [service.unit]
      timeout_s: 10
    changes:
      title: nothing was changed
      run: ["true"]
      parse: changes
causes: [app_stopped_by_hand]
remedies: {app_stopped_by_hand: [start_unit]}
"""
_HOST = """\
  {name}:
    address: 127.0.0.1
    port: {port}
    user: {user}
    tags: [web]
    environment: test
    service: {{name: myapp, unit: {name}.service}}
"""
_FLEET = """\
hosts:
{hosts}
ssh: {{identity: ./id_bot, known_hosts: ./known_hosts}}
policy:
  people:
    requester: {{slack: [U0REQUESTER]}}
    approver: {{slack: [U0APPROVER]}}
  groups:
    sre: {{people: [approver], slack_usergroup: S0SRE}}
  rules:
    - name: start
      do: [start_unit]
      on: {{tags: [web]}}
      approve: {{from: [sre], count: 1}}
      approve_by: {approve_by}
      run_by: 5m
      evidence_max_age: 10m
"""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A start of the unit as the host wrote it down; times in seconds since 1970."""

    nonce: str
    began: float
    ended: float | None


@dataclass(frozen=True, kw_only=True)
class Host:
    """A running host; its files stay in `folder`."""

    folder: Path
    sshd: Sshd

    @property
    def fleet(self) -> Path:
        return self.folder / "fleet.yaml"

    @property
    def runbooks(self) -> Path:
        return self.folder / "runbooks"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Every start hangs while inside."""
        (self.folder / "is-held").touch()
        try:
            yield
        finally:
            (self.folder / "is-held").unlink()

    def starts(self) -> tuple[Start, ...]:
        return starts_in(self.folder / "trace")


def starts_in(trace: Path) -> tuple[Start, ...]:
    """Every start, in order; empty when there was none."""
    lines = [line.split() for line in trace.read_text().splitlines()] if trace.exists() else []
    ends = [(nonce, int(at) / 1e9) for word, nonce, at in lines if word == "ended"]
    found = []
    for nonce, at in [(nonce, int(at) / 1e9) for word, nonce, at in lines if word == "began"]:
        end = next((one for one in ends if one[0] == nonce), None)
        if end is not None:
            ends.remove(end)
        found.append(Start(nonce=nonce, began=at, ended=end[1] if end else None))
    return tuple(found)


def has_taken(nonce: str) -> bool:
    """Whether this machine has taken an order under the nonce, as `bot/ssh/order.sh` does."""
    return any((place / nonce).exists() for place in _memories())


@contextmanager
def running(
    folder: Path, *, names: int = 1, action_s: float = ACTION_S, approve_by: str = "10m"
) -> Iterator[Host]:
    """A host whose app was stopped, and the bot's files to reach it, until the block ends.

    Under more than one name it is a host with as many apps.
    """
    identity = make_identity(folder)
    _program(folder / "bin" / "sudo", _SUDO)
    _program(folder / "bin" / "systemctl", _SYSTEMCTL.format(folder=folder, action_s=action_s))
    _program(folder / "bin" / "journalctl", _JOURNALCTL)
    _program(folder / "bin" / "ask-front", _FRONT.format(folder=folder))
    path = f"PATH={folder / 'bin'}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    with ExitStack() as undone:
        sshd = start(folder / "sshd", identity, environment=path)
        host = Host(folder=folder, sshd=sshd)
        undone.callback(_forget, host)
        undone.callback(sshd.stop)
        undone.callback(_let_actions_end, host)
        _write_files(host, names, approve_by)
        yield host


def _write_files(host: Host, names: int, approve_by: str) -> None:
    folder, sshd = host.folder, host.sshd
    (folder / "known_hosts").write_text(f"{sshd.known_line}\n")
    hosts = "".join(
        _HOST.format(name=f"web-{n:02}", port=sshd.port, user=sshd.host.user) for n in range(1, names + 1)
    )
    host.fleet.write_text(_FLEET.format(hosts=hosts, approve_by=approve_by))
    (host.runbooks / "remedies").mkdir(parents=True)
    (host.runbooks / "502.yaml").write_text(_RUNBOOK)
    remedy = (Path(__file__).parents[2] / "runbooks/remedies/start_unit.yaml").read_text()
    (host.runbooks / "remedies/start_unit.yaml").write_text(f"{remedy}timeout_s: 300\n")


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def _let_actions_end(host: Host) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and any(one.ended is None for one in host.starts()):
        time.sleep(0.05)  # another process cannot set an event here


def _forget(host: Host) -> None:
    """This machine's memory of the round's nonces."""
    for place in _memories():
        for one in host.starts():
            shutil.rmtree(place / one.nonce, ignore_errors=True)


def _memories() -> list[Path]:
    return [Path(place) / f"runbook-bot-{os.getuid()}" for place in ("/dev/shm", "/run/lock")]
