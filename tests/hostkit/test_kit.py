"""A kit is today's fleet and runbooks, byte by byte; another one is told apart."""

import io
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot import catalog
from bot.errors import FileError
from bot.hostkit import differences, looks_of, packed, write
from bot.model.host import Mode
from bot.settings import shipped_runbooks
from bot.ssh.guarded import look_digest
from tests.support.kits import WEB, catalog_of, kit, look, remedy, step

SHIPPED = catalog.load(shipped_runbooks())
PLAIN = replace(WEB, mode=Mode.PLAIN)


def test_the_same_fleet_and_runbooks_give_the_same_bytes() -> None:
    again = catalog.load(shipped_runbooks())

    assert packed(kit(catalog=SHIPPED)) == packed(kit(catalog=again))


def test_a_guarded_host_holds_every_look_and_remedy() -> None:
    files = kit(catalog=SHIPPED).files

    assert {name for name in files if name.startswith("lib/") and not name.endswith(".txt")} == {
        "lib/SHA256SUMS", "lib/guard", "lib/look", "lib/look.py", "lib/order",
        "lib/looks/502", "lib/looks/doctor",
        "lib/remedies/reload_nginx", "lib/remedies/restart_nginx", "lib/remedies/restart_unit",
        "lib/remedies/rollback_release", "lib/remedies/start_nginx", "lib/remedies/start_unit",
    }  # fmt: skip
    assert b"/usr/local/sbin/app-rollback" in files["lib/remedies/rollback_release.txt"]
    assert b"## nginx_files.sh" in files["lib/looks/502.txt"]
    assert b"nginx_files.sh /etc/nginx/nginx.conf" in files["lib/looks/502.txt"]


def test_a_plain_host_gets_no_guard() -> None:
    files = kit(PLAIN, catalog=SHIPPED).files

    assert sorted(files) == [
        "MANIFEST",
        "README.md",
        "authorized_keys",
        "install.sh",
        "sshd_config",
        "sudoers",
    ]
    assert files["authorized_keys"] == b"restrict ssh-ed25519 AAAAread runbook-bot\n"


def test_each_key_has_its_own_command_and_may_come_only_from_the_bot() -> None:
    read, act = kit(catalog=SHIPPED, sources=("10.1.2.0/28",)).files["authorized_keys"].decode().splitlines()

    narrow = 'restrict,from="10.1.2.0/28",command="/usr/local/lib/runbook-bot/guard'
    assert read == f'{narrow} read" ssh-ed25519 AAAAread runbook-bot-read'
    assert act == f'{narrow} act" ssh-ed25519 AAAAact runbook-bot-act'


def test_a_bastion_may_be_passed_to_the_hosts_behind_it_alone() -> None:
    behind = replace(WEB, name="web-02", address="192.0.2.12", bastion=WEB.name)
    six = replace(WEB, name="web-03", address="2001:db8::3", port=2222, bastion=WEB.name)

    files = kit(WEB, behind, six, catalog=SHIPPED).files

    read, act = files["authorized_keys"].decode().splitlines()
    assert 'port-forwarding,permitopen="192.0.2.12:22",permitopen="[2001:db8::3]:2222"' in read
    assert "port-forwarding" not in act
    assert "PermitOpen 192.0.2.12:22 [2001:db8::3]:2222\n" in files["sshd_config"].decode()


@pytest.mark.parametrize(
    "changed",
    [
        replace(WEB, service=replace(WEB.service, unit="other.service")),
        replace(WEB, user="ops"),
        replace(WEB, service=replace(WEB.service, health="/healthz")),
    ],
)
def test_a_change_of_the_fleet_is_another_kit(changed: object) -> None:
    assert kit(changed, catalog=SHIPPED).id != kit(catalog=SHIPPED).id  # type: ignore[arg-type]


def test_a_change_of_a_step_is_another_look() -> None:
    looks = [looks_of(WEB, catalog_of(look(step("a", "echo", word))))["look"] for word in ("one", "two")]

    assert look_digest(looks[0]) != look_digest(looks[1])


def test_a_folder_and_a_tar_hold_the_same(tmp_path: Path) -> None:
    made = kit(catalog=SHIPPED)

    write(made, tmp_path / "kit")
    write(made, tmp_path / "kit.tar")

    assert differences(made, tmp_path / "kit") == differences(made, tmp_path / "kit.tar") == ()
    with tarfile.open(fileobj=io.BytesIO((tmp_path / "kit.tar").read_bytes())) as archive:
        modes = {one.name: one.mode for one in archive.getmembers()}
        assert {one.uid for one in archive.getmembers()} == {0}
    assert modes["host-kit-web-01/lib/guard"] == modes["host-kit-web-01/install.sh"] == 0o755
    assert modes["host-kit-web-01/sudoers"] == 0o644


def test_a_former_kit_is_told_apart_and_replaced_whole(tmp_path: Path) -> None:
    write(kit(catalog=SHIPPED), tmp_path / "kit")
    today = kit(
        catalog=catalog_of(look(step("a", "echo", "x")), remedies=(remedy("restart_unit", ("true",)),))
    )

    told = differences(today, tmp_path / "kit")
    write(today, tmp_path / "kit")

    assert "lib/looks/502: is no longer part of it" in told
    assert "lib/looks/look: is not there" in told
    assert "sudoers: differs" in told
    assert differences(today, tmp_path / "kit") == ()


def test_a_folder_that_is_no_kit_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")

    with pytest.raises(FileError, match="is there, and no kit"):
        write(kit(catalog=SHIPPED), tmp_path)
    with pytest.raises(FileError, match="no kit; make one"):
        differences(kit(catalog=SHIPPED), tmp_path)


@pytest.mark.parametrize("name", ["a b", "$(id)", "-x", "a;b", "a)b"])
def test_a_name_that_could_be_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(FileError, match="plain letters"):
        kit(catalog=catalog_of(look(step("a", "true"), name=name)))


@pytest.mark.parametrize("file", ["lib/guard", "lib/look", "lib/order", "install.sh"])
def test_its_programs_are_sh(tmp_path: Path, file: str) -> None:
    write(kit(catalog=SHIPPED), tmp_path)

    done = subprocess.run(["sh", "-n", tmp_path / file], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_its_manifest_names_every_file(tmp_path: Path) -> None:
    write(kit(catalog=SHIPPED), tmp_path)
    check = ["sha256sum", "-c", "--quiet", "MANIFEST"]

    well = subprocess.run(check, cwd=tmp_path, capture_output=True)
    (tmp_path / "lib/guard").write_text("#!/bin/sh\nexec sh\n")
    changed = subprocess.run(check, cwd=tmp_path, capture_output=True)

    assert (well.returncode, changed.returncode) == (0, 1)
    assert len((tmp_path / "MANIFEST").read_text().splitlines()) == len(kit(catalog=SHIPPED).files) - 1
