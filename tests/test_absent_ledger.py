"""Commands that only read a ledger make none: a mistyped name is said, and is no whole, empty ledger."""

from pathlib import Path

import asyncssh
import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import cli


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A fleet file with a host that nobody asks."""
    key = tmp_path / "id_runbook"
    key.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    key.chmod(0o600)
    (tmp_path / "known_hosts").touch()
    host = {"address": "192.0.2.1", "user": "runbook"}
    fleet = {"hosts": {"web-02": host}, "ssh": {"identity": "id_runbook", "known_hosts": "known_hosts"}}
    (tmp_path / "fleet.yaml").write_text(yaml.safe_dump(fleet))
    return tmp_path / "fleet.yaml"


READERS = {
    "audit verify": (("audit", "verify"), 3),
    "audit refusals": (("audit", "refusals"), 2),
    "status": (("status",), 2),
    "note": (("note", "inc-k3f9x2ab", "deploy was at 02:40"), 2),
    "export": (("export", "inc-k3f9x2ab"), 2),
    "approve": (("approve", "nosuch"), 2),
    "ledger backup": (("ledger", "backup", "/nonexistent/copy.db"), 2),
    "ledger forget": (("ledger", "forget", "--older-than", "90d", "--dry-run"), 2),
}


@pytest.mark.parametrize(("words", "status"), READERS.values(), ids=READERS.keys())
@pytest.mark.parametrize("is_empty", [False, True], ids=["no file", "an empty file"])
def test_a_ledger_that_is_not_there_is_named_and_not_made(
    fleet: Path, words: tuple[str, ...], status: int, is_empty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = fleet.parent / "nosuch.db"
    monkeypatch.setenv("RUNBOOK_BOT_FLEET", str(fleet))
    if is_empty:
        absent.touch()

    result = CliRunner().invoke(cli, [*words, "--ledger", str(absent)])

    says = f"runbook-bot: no ledger at {absent}; name it with --ledger or RUNBOOK_BOT_LEDGER\n"
    assert (result.exit_code, result.stdout, result.stderr) == (status, "", says)
    assert absent.exists() is is_empty and not (is_empty and absent.stat().st_size)


def test_an_empty_ledger_has_no_incidents_yet_and_names_itself(fleet: Path) -> None:
    given = ["--ledger", str(fleet.parent / "ledger.db")]
    CliRunner().invoke(cli, ["ledger", "migrate", *given])

    listed = CliRunner().invoke(cli, ["status", "--fleet", str(fleet), *given])
    unknown = CliRunner().invoke(cli, ["approve", "nosuch", "--fleet", str(fleet), *given])

    assert (listed.exit_code, listed.stdout) == (0, "no incidents yet\n")
    assert unknown.exit_code == 2
    assert f"no approval 'nosuch' in the ledger {fleet.parent / 'ledger.db'}; `status`" in unknown.stderr


def test_the_doctor_says_where_the_ledger_will_be_and_makes_none(fleet: Path) -> None:
    absent = fleet.parent / "ledger.db"

    before = CliRunner().invoke(cli, ["doctor", "--fleet", str(fleet), "--ledger", str(absent)])
    was_made = absent.exists()
    CliRunner().invoke(cli, ["ledger", "migrate", "--ledger", str(absent)])
    after = CliRunner().invoke(cli, ["doctor", "--fleet", str(fleet), "--ledger", str(absent)])

    assert not was_made and f"ok      ledger: none yet at {absent}; the first check makes it" in before.stdout
    assert f"ok      ledger: {absent}\n" in after.stdout
    assert "fleet.yaml: 1 host, 1 runbook\n" in after.stdout
