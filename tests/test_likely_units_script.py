"""likely_units.sh: on a systemctl that answers as systemd does, and on one that does not."""

import os
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from bot.parsers.likely_units import LikelyUnit, likely_units
from tests.support.asked import output
from tests.test_runbook_scripts import SHELLS, run

_SYSTEMCTL = r"""#!/bin/sh
unit() { # NAME ACTIVE TYPE FRAGMENT ARGV ENVIRONMENT [FILE]
  printf '%s\n' "Type=$3" "Environment=$6" "Id=$1" LoadState=loaded "ActiveState=$2" SubState=x \
    "ExecStart={ path=/bin/x ; argv[]=$5 ; ignore_errors=no ; start_time=[n/a] ; pid=3000 ; status=0/0 }" \
    Result=success ExecMainStatus=0 NRestarts=0 \
    "FragmentPath=$4" UnitFileState=enabled 'StateChangeTimestamp=Mon 2026-11-30 10:39:08 UTC' ControlGroup=
  [ -n "${7-}" ] &&
    printf 'EnvironmentFiles=%s\n' '/nowhere (ignore_errors=yes)' "$7 (ignore_errors=no)"
  echo
}
etc=/etc/systemd/system lib=/lib/systemd/system
unit words.service failed simple $etc/words.service 'app --port 3000' SECRET=hunter2
unit environment.service failed simple $lib/environment.service app 'SECRET=hunter2 PORT=3000'
unit file.service active simple $etc/file.service app A=1 "$FILE"
unit direct.service failed simple $lib/direct.service 'app -p 4000 /srv/run/app.sock /var/run/app.sock' A=1
unit listens.service inactive simple $lib/listens.service app A=1
unit runs.service active simple $etc/runs.service app A=1
unit other.service inactive simple $etc/other.service 'app -p 13000 --wait 3000ms /srv/run/app.sock' A=3000.5
unit package.service failed simple $lib/package.service app A=1
unit logrotate.service failed oneshot $lib/logrotate.service 'rotate 3000' A=1
unit backup.service failed oneshot $etc/backup.service app A=1
unit pm2-app.service active forking $etc/pm2-app.service 'pm2 resurrect' "PM2_HOME=$PM2 SECRET=hunter2"
unit supervisor.service active simple $lib/supervisor.service '/usr/bin/supervisord -n' A=1
unit app@3001.service active simple $etc/app@.service 'app 3001' A=1
unit app@3000.service inactive simple $etc/app@.service 'app 3000' A=1
unit nginx.service failed forking $etc/nginx.service 'nginx 3000' A=1
unit words.service failed simple $etc/words.service 'app --port 3000' A=1
printf '%s\n' Id=listens.socket 'Listen=/run/app.sock (Stream)' Triggers=listens.service
"""
_JOURNALCTL = '#!/bin/sh\nprintf "%s\\n" "2026-11-30T10:39:08+0000 web-01 app[7]: of $3"\n'
_NGINX = """
upstream app { server 127.0.0.1:3000 weight=2; server "unix:/run/app.sock"; }
server { listen 8080; location / { proxy_pass http://app; } # proxy_pass http://127.0.0.1:9999;
  location /b { proxy_pass http://127.0.0.1:$port; }
  location /c { proxy_pass http://127.0.0.1:4000/c/; } }
"""


#: As former systemd has it: service properties first, an empty line behind each EnvironmentFile=.
#: Source: systemctl.c print_property of v231.
_FORMER = r"""#!/bin/sh
printf '%s\n' Type=simple 'ExecStart={ path=/bin/x ; argv[]=app --port 4000 ; ignore_errors=no ; pid=1 }' \
  'EnvironmentFile=/nowhere (ignore_errors=yes)' '' "EnvironmentFile=$FILE (ignore_errors=no)" '' \
  Id=former.service LoadState=loaded ActiveState=failed FragmentPath=/etc/systemd/system/former.service '' \
  ListenStream=/run/app.sock Triggers=listens.service Id=listens.socket LoadState=loaded '' \
  Type=simple Id=listens.service LoadState=loaded ActiveState=inactive FragmentPath=/lib/x
"""


def told(
    folder: Path,
    shell: tuple[str, ...],
    *named: str,
    without: bool = False,
    systemctl: str = _SYSTEMCTL,
) -> tuple[dict[str, LikelyUnit], str]:
    """What is told, by the units' names, and the text itself."""
    (folder / "env").write_text("# PORT=1\nSECRET=hunter2\nPORT=3000\n")
    (folder / "dump.pm2").write_text('[{"name":"app","env":{"SECRET":"hunter2","PORT":"3000"}}]')
    config = folder / "nginx.conf"
    config.write_text(_NGINX)
    for name, text in (("systemctl", systemctl), ("journalctl", _JOURNALCTL)):
        (folder / name).write_text("#!/bin/sh\nexit 1\n" if without else text)
        (folder / name).chmod(0o755)
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "FILE": str(folder / "env"), "PM2": str(folder)}
    fleet = named or ("unit=", "container=")
    text = run("likely_units.sh", str(config), "nginx.service", *fleet, shell=shell, env=env)
    return {unit.name: unit for unit in likely_units(output("likely_units", text)).units}, text


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_units_that_name_what_nginx_dials_come_first_with_where_they_do(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    units, _ = told(tmp_path, shell)

    assert {name: unit.names for name, unit in units.items()} == {
        "words.service": (("3000", "ExecStart"),),
        "environment.service": (("3000", "Environment"),),
        "file.service": (("3000", str(tmp_path / "env")),),
        "direct.service": (("/run/app.sock", "ExecStart"), ("4000", "ExecStart")),
        "listens.service": (("/run/app.sock", "listens.socket"),),
        "pm2-app.service": (("3000", str(tmp_path / "dump.pm2")),),
        "app@3000.service": (("3000", "ExecStart"),),
        "runs.service": (),
        "other.service": (),
        "app@3001.service": (),
        "supervisor.service": (),
    }
    assert list(units)[-2:] == ["supervisor.service", "app@3001.service"]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_beside_an_instance_of_a_template_only_its_siblings_are_told(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    units, _ = told(tmp_path, shell, "unit=app@3001.service", "container=")

    assert set(units) == {"app@3000.service", "app@3001.service"}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_an_old_systemd_s_words_are_read_too(tmp_path: Path, shell: tuple[str, ...]) -> None:
    units, _ = told(tmp_path, shell, systemctl=_FORMER)

    assert {name: unit.names for name, unit in units.items()} == {
        "former.service": (("3000", str(tmp_path / "env")), ("4000", "ExecStart")),
        "listens.service": (("/run/app.sock", "listens.socket"),),
    }


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_neither_packages_that_failed_nor_commands_nor_nginx_are_told(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    units, _ = told(tmp_path, shell)

    assert not {"package.service", "logrotate.service", "backup.service", "nginx.service"} & set(units)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_the_end_of_the_journal_is_that_of_units_that_do_not_run_or_name_what_nginx_dials(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    units, _ = told(tmp_path, shell)

    assert [e.message for e in units["words.service"].said.entries] == ["of words.service"]
    assert [e.message for e in units["file.service"].said.entries] == ["of file.service"]
    assert units["runs.service"].said.entries == ()


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_no_value_of_a_setting_is_told(tmp_path: Path, shell: tuple[str, ...]) -> None:
    _, text = told(tmp_path, shell)

    assert "hunter2" not in text


NOTHING = {"a unit is named": ("unit=a.service", "container="), "a container is": ("unit=", "container=a")}


@pytest.mark.parametrize("named", NOTHING.values(), ids=NOTHING.keys())
def test_nothing_is_told_where_the_fleet_names_who_keeps_it(tmp_path: Path, named: tuple[str, str]) -> None:
    assert told(tmp_path, ("sh",), *named) == ({}, "")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_systemd_that_tells_nothing_is_no_host_without_such_units(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    """`Failed to connect to bus`: no unit is seen to be down, and none to be up either."""
    with pytest.raises(CalledProcessError):
        told(tmp_path, shell, without=True)
