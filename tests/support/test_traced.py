"""Deeds are seen, whichever program does them."""

import subprocess
from pathlib import Path

import pytest

from tests.support.traced import Deed, deeds, lacks_strace, tracing


def test_what_a_script_does_is_seen(tmp_path: Path) -> None:
    if why := lacks_strace():
        pytest.skip(why)
    script = tmp_path / "deeds.sh"
    moved = f"(mv {tmp_path}/a {tmp_path}/b); rm {tmp_path}/b"
    script.write_text(f"#!/bin/sh\ncat /etc/hostname >{tmp_path}/a; {moved}; kill -0 $$\n")
    script.chmod(0o755)
    log = tmp_path / "log"

    subprocess.run(["sh", "-c", tracing(log, ["env", str(script)])], check=True, timeout=60)

    done = set(deeds(log, since="deeds.sh"))
    assert Deed("openat", f"{tmp_path}/a") in done
    assert {deed.call for deed in done} >= {"openat", "unlinkat", "kill"}
    assert any(deed.call.startswith("rename") and deed.about == f"{tmp_path}/a" for deed in done)
    assert not any(deed.about == "/etc/hostname" for deed in done)


def test_connections_are_told_by_address_or_path(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        '1 execve("/x/guard", ["guard"], 0x1) = 0\n'
        "2 connect(3, {sa_family=AF_INET, sin_port=htons(80), "
        'sin_addr=inet_addr("127.0.0.1")}, 16 <unfinished ...>\n'
        "2 connect(3, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0\n'
        '2 connect(3, {sa_family=AF_UNIX, sun_path="/dev/log"}, 110) = 0\n'
        '2 openat(5</run/sudo/ts>, "runbook", O_RDWR|O_CREAT, 0600) = 6\n'
        "2 kill(77, SIGTERM) = 0\n"
        "2 kill(-5116, SIGKILL <unfinished ...>\n"
        "3 kill(78, 0) = 0\n"
        "2 <... kill resumed>) = 0\n"
    )

    assert list(deeds(log, since="/guard")) == [
        Deed("connect", "127.0.0.1:80"),
        Deed("connect", "2001:db8::1:53"),
        Deed("connect", "/dev/log"),
        Deed("openat", "/run/sudo/ts/runbook"),
        Deed("kill", "77, SIGTERM"),
        Deed("kill", "-5116, SIGKILL"),
        Deed("kill", "78, 0"),
    ]
