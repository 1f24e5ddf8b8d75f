"""A real host that guards itself: asked, mended, and tried from all sides; then as it was."""

import asyncio
import re
import shlex
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.doctor import Health, examine
from bot.errors import HostKitDrifted
from bot.hostkit import looks_of
from bot.model.host import Service
from bot.settings import load
from bot.ssh import SshShell
from bot.ssh.guarded import look_digest
from tests.support.kit_on_host import OnHost, installed
from tests.support.lab import HOST, Lab, visit
from tests.support.people import APPROVER, has_button, words_of
from tests.support.reading import read
from tests.support.served import served
from tests.support.traced import Deed, deeds, lacks_strace, tracing
from tests.support.unhurried import wait_long_for_refusals

pytestmark = [pytest.mark.live, pytest.mark.lab, pytest.mark.asyncio(loop_scope="module")]

#: What somebody with the account would try of sudo beside the rules; none of it is in any of them.
BYPASSES = (
    "systemctl restart sshd.service",
    "systemctl restart myapp.service sshd.service",
    "systemctl restart myapp.service --root=/tmp",
    "systemctl --root=/tmp restart myapp.service",
    "systemctl restart myapp",
    "systemctl restart myapp.service.",
    "systemctl restart 'myapp.service '",
    "systemctl restart '*'",
    "systemctl stop myapp.service",
    "systemctl edit myapp.service",
    "systemctl link /tmp/evil.service",
    "systemctl",
    "tail -n 200 /etc/shadow",
    "tail -n 200 /var/log/nginx/../../../etc/shadow",
    "tail -n 200 /var/log/nginx/error.log /etc/shadow",
    "tail -n 2000 /var/log/nginx/error.log",
    "tail -f /var/log/nginx/error.log",
    "journalctl -u myapp.service -n 200 --no-pager -o short-iso --vacuum-time=1s",
    "journalctl --vacuum-time=1s",
    "journalctl -u sshd.service -n 200 --no-pager -o short-iso",
    "nginx -t -c /tmp/evil.conf",
    "nginx -s stop",
    "nginx",
    "ss -K dst 10.0.0.1",
    "dmesg -C",
    "/usr/local/sbin/app-rollback --force",
    "/tmp/nginx -t",
    "sh -c id",
    "-i",
    "-e /etc/shadow",
)
#: What people write instead of exact rules.
WIDE = """\
runbook ALL=(root) NOPASSWD: /usr/bin/systemctl restart myapp*
runbook ALL=(root) NOPASSWD: /usr/bin/tail -n 200 /var/log/nginx/*
runbook ALL=(root) NOPASSWD: /usr/bin/journalctl -u *
runbook ALL=(root) NOPASSWD: /usr/sbin/nginx
"""
#: All that the shipped looks may do beside reading: their own silence, the doors and notes of sudo and
#: systemd, and `nginx -t`, which opens its logs and makes sure of its folders as nginx itself does.
ALLOWED = {
    "connect": (
        "/var/run/nscd/socket",
        "/run/dbus/system_bus_socket",
        "/run/systemd/private",
        "/dev/log",
        "127.0.0.1:80",
        "127.0.0.1:3000",
        "[::1]:80",
    ),
    "open": (
        "/dev/null",
        "/dev/tty",
        "/dev/ptmx",
        "/dev/pts/",
        "/var/log/nginx/",
        "/run/nginx.pid",
        "/run/sudo/ts/",
    ),
    "mkdir": ("/var/lib/nginx/",),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lab() -> Lab:
    lab = Lab.given()
    assert lab is not None, "guarded by the marker"
    await lab.heal(HOST)
    return lab


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OnHost]:
    async with installed(tmp_path_factory.mktemp("guarded"), lab, HOST) as there:
        yield there


@pytest_asyncio.fixture(loop_scope="module")
async def shell(there: OnHost) -> AsyncIterator[SshShell]:
    made = SshShell(there.rules.fleet)
    yield made
    await made.aclose()


async def test_its_installer_ends_well(there: OnHost) -> None:
    assert f"runbook-bot doctor {HOST}" in there.said.splitlines()[-1]


async def test_the_doctor_finds_all_that_is_needed_and_all_else_shut(
    there: OnHost, shell: SshShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_long_for_refusals(monkeypatch)
    found = await examine(there.rules, shell, load(fleet=there.fleet), [HOST])

    about_it = {one.about: one for one in found if one.about.startswith(HOST)}
    assert [one.line() for one in about_it.values() if one.health is not Health.OK] == []
    assert "all 23 tries" in about_it[f"{HOST} reading key"].says
    assert {f"{HOST} kit", f"{HOST} acting key", f"{HOST} restart_unit"} <= about_it.keys()


async def test_an_approved_remedy_mends_it(there: OnHost, lab: Lab, tmp_path: Path) -> None:
    await lab.fault("app-stopped", HOST)

    async with served(tmp_path, there.fleet) as bot:
        await bot.people.command(f"/502 {HOST}")
        card = await bot.people.until(
            lambda seen: next((one for one in seen if has_button(one, "approve")), None)
        )
        await bot.people.click(card, "approve", user=APPROVER)
        await bot.people.until(
            lambda seen: [one for one in seen if "checked again: healthy" in words_of(one).lower()],
            within_s=90,
        )

    assert await visit(there.host.address) == [200, 200, 200]


async def test_other_runbooks_here_are_a_drift_and_nothing_runs(there: OnHost, shell: SshShell) -> None:
    drifted = replace(there.host, service=Service(unit="another.service"))
    look = looks_of(drifted, there.rules.catalog)["502"]

    with pytest.raises(HostKitDrifted, match=f"`runbook-bot host-kit {HOST}`"):
        await read(shell, there.host, look)


@pytest.mark.parametrize("command", BYPASSES)
async def test_sudo_allows_nothing_beside_the_rules(there: OnHost, lab: Lab, command: str) -> None:
    assert await _allowed(lab, there.host.user, [command]) == []


async def test_the_tries_would_pass_rules_with_wildcards(there: OnHost, lab: Lab) -> None:
    """So that the test above would see it."""
    try:
        await lab.shell(HOST, "cat >/etc/sudoers.d/zz-wide", stdin=WIDE.encode())
        allowed = await _allowed(lab, there.host.user, BYPASSES)
    finally:
        await lab.shell(HOST, "rm -f /etc/sudoers.d/zz-wide")

    assert len(allowed) >= 8, allowed


@pytest.mark.parametrize("name", ["502", "doctor"])
async def test_a_look_only_reads(there: OnHost, lab: Lab, tmp_path: Path, name: str) -> None:
    done = await _deeds_of_look(there, lab, tmp_path / "log", name)

    assert Deed("connect", "/dev/log") in done  # sudo was there, and was followed
    assert {deed for deed in done if not _is_allowed(deed)} == set()


async def test_a_look_only_reads_where_sudo_refuses(there: OnHost, lab: Lab, tmp_path: Path) -> None:
    """Then the other ways of its steps are gone."""
    aside = "mv /etc/sudoers.d/runbook-bot /root/aside"
    await lab.shell(HOST, aside)
    try:
        done = await _deeds_of_look(there, lab, tmp_path / "log", "502")
    finally:
        await lab.shell(HOST, "mv /root/aside /etc/sudoers.d/runbook-bot")

    assert {deed for deed in done if not _is_allowed(deed)} == set()


async def _deeds_of_look(there: OnHost, lab: Lab, log: Path, name: str) -> set[Deed]:
    """All that one whole look did on the host."""
    if why := lacks_strace():
        pytest.skip(why)
    run, commands = "0" * 32, looks_of(there.host, there.rules.catalog)[name]
    words = f"SSH_ORIGINAL_COMMAND=v1 look {run} {look_digest(commands)} 60000"
    guard = lab.command(HOST, "runuser", "-u", there.host.user, "--", "env", words, _GUARD, "read")

    said = await asyncio.to_thread(_until_it_ends, tracing(log, guard))

    assert said.count(f"@{run} e ".encode()) == len(commands)
    return set(deeds(log, since="/guard"))


_GUARD = "/usr/local/lib/runbook-bot/guard"


async def _allowed(lab: Lab, user: str, commands: tuple[str, ...] | list[str]) -> list[str]:
    """Those that sudo would run for the account without asking."""
    script = "".join(
        f"sudo -n -l -U {user} {command} >/dev/null 2>&1 && echo {number}\n"
        if not command.startswith("-")
        else f"runuser -u {user} -- sudo -n {command} </dev/null >/dev/null 2>&1 && echo {number}\n"
        for number, command in enumerate(commands)
    )
    return [commands[int(line)] for line in (await lab.shell(HOST, script)).split()]


def _until_it_ends(command: str) -> bytes:
    """Its output; standard input stays open, for its end would stop the look."""
    process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    with process.stdin, process.stdout:
        said = process.stdout.read()
    process.wait(60)
    return said


#: The end of a step that ran over its time, which strace makes it do: its own group of processes, never all
#: (-1); of another account's the kernel lets it end none.
_ENDS_A_STEP = re.compile(r"-\d{2,}, SIG(?:TERM|KILL)")


def _is_allowed(deed: Deed) -> bool:
    if deed.call == "kill":
        return _ENDS_A_STEP.fullmatch(deed.about) is not None
    kind = "open" if deed.call.startswith("open") else deed.call.removesuffix("at")
    return deed.about.startswith(ALLOWED.get(kind, ()))
