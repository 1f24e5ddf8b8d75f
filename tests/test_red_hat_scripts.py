"""What the scripts make of Red Hat's relatives: old systemd, rpm, auditd and access control lists."""

import os
import time
from pathlib import Path

import pytest

from bot.parsers.changes import changes
from bot.parsers.selinux import selinux
from bot.parsers.socket_files import socket_files
from tests.support.asked import output
from tests.test_runbook_scripts import SENT, SHELLS, run

#: systemctl of systemd 219 (Amazon Linux 2, RHEL 7) knows no --value.
_SYSTEMCTL_219 = """#!/bin/sh
case $* in *--value*) echo "systemctl: unrecognized option '--value'" >&2; exit 1 ;; esac
case $* in *WorkingDirectory*) echo WorkingDirectory={folder}/app ;; esac
"""
_AVC = (
    'type=AVC msg=audit(1796083517.123:4711): avc:  denied  { name_connect } for  pid=7518 comm="nginx" '
    "dest=3000 "
    "scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 "
    "tclass=tcp_socket permissive=0"
)
_SSHD = _AVC.replace("nginx", "sshd").replace("httpd_t", "sshd_t")


def host(folder: Path, **programs: str) -> dict[str, str]:
    """An environment that finds these programs before the machine's own."""
    (folder / "bin").mkdir()
    for name, text in programs.items():
        (folder / "bin" / name).write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
        (folder / "bin" / name).chmod(0o755)
    return {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_an_old_systemd_tells_where_the_app_works_too(tmp_path: Path, shell: tuple[str, ...]) -> None:
    env = host(tmp_path, systemctl=_SYSTEMCTL_219.format(folder=tmp_path))
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "gunicorn.conf.py").write_text(f'errorlog = "{tmp_path}/set.log"\n')
    (tmp_path / "set.log").write_text("said in set.log\n")

    assert "said in set.log" in run("app_logs.sh", "unit=shop.service", shell=shell, env=env)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.skipif(Path("/sys/fs/selinux/enforce").exists(), reason="the machine's own SELinux comes first")
def test_where_selinux_enforces_its_denials_of_a_web_server_are_told(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    env = host(
        tmp_path,
        getenforce="echo Enforcing",
        getsebool='echo "$1 --> off"',
        sudo=f"cat <<'END'\n----\n{_AVC}\n{_SSHD}\nEND",
        journalctl="exit 1",
    )

    told = selinux(output("selinux", run("selinux.sh", shell=shell, env=env)))

    assert told.is_enforcing
    assert told.is_on("httpd_can_network_connect") is False
    assert [denial.line for denial in told.denials] == [_AVC]
    assert told.denials[0].port == 3000


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.skipif(Path("/sys/fs/selinux/enforce").exists(), reason="the machine's own SELinux comes first")
def test_where_selinux_does_not_enforce_root_is_not_asked(tmp_path: Path, shell: tuple[str, ...]) -> None:
    env = host(tmp_path, getenforce="echo Permissive", sudo=f"touch {tmp_path}/asked", journalctl="exit 1")

    assert run("selinux.sh", shell=shell, env=env) == "Permissive\n"
    assert not (tmp_path / "asked").exists()


_LISTED = """case "$*" in *sock) echo 'srw-rw----+ 1 0 0 0 Dec  1 00:02 x' ;; *) exec /bin/ls "$@" ;; esac"""


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("getfacl", "acl"),
    [
        (
            "printf 'user::rw-\\nuser:997:rw-\\t#effective:r--\\nmask::r--\\nother::---\\n\\n'",
            (("user", "", 6), ("user", "997", 6), ("mask", "", 4), ("other", "", 0)),
        ),
        ("exit 127", None),
    ],
    ids=["shown", "no getfacl"],
)
def test_a_sockets_access_control_list_is_told(
    tmp_path: Path, shell: tuple[str, ...], getfacl: str, acl: tuple[tuple[str, str, int], ...] | None
) -> None:
    env = host(tmp_path, ls=_LISTED, getfacl=getfacl)
    socket = tmp_path / "www.sock"
    socket.write_text("")
    config = tmp_path / "nginx.conf"
    config.write_text(f"server {{ location / {{ fastcgi_pass unix:{socket}; }} }}\n")

    files = socket_files(output("x", run("probe.sh", "sockets", str(config), "-", shell=shell, env=env)))

    entry = files.entry(str(socket))
    assert entry is not None and entry.acl == (acl or ())
    assert (str(socket) in files.unseen) is (acl is None)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_file_of_the_default_server_counts_as_changed(tmp_path: Path, shell: tuple[str, ...]) -> None:
    (tmp_path / "default.d").mkdir()
    (tmp_path / "default.d" / "app.conf").write_text("")

    asked = ("unit=", "link=", "directory=", str(tmp_path / "nginx.conf"))
    seen = changes(output("changes", run("changes.sh", *asked, shell=shell)))

    assert str(tmp_path / "default.d" / "app.conf") in [one.name for one in seen.files]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_database_of_rpm_that_is_locked_costs_only_what_it_would_tell(
    tmp_path: Path, shell: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SENT, "changes.sh", SENT["changes.sh"].replace("/var/log/dpkg.log", "/nowhere"))
    env = host(tmp_path, rpm="exec sleep 8")

    began = time.monotonic()
    told = run("changes.sh", "unit=", "link=", "directory=", "/nowhere/nginx.conf", shell=shell, env=env)

    assert "/etc/hosts" in told
    assert time.monotonic() - began < 6
