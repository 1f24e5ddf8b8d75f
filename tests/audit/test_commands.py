"""The commands about the ledger's proof: keys, verification with what is known outside, rollbacks."""

import asyncio
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import LedgerUnavailable
from bot.model.event import Hold, Noted
from bot.model.person import Actor, Standing
from bot.story import export_incident
from tests.support.incidents import MEI, OLU, broken, claimed, opened, ran
from tests.support.sealed import Beside

FLEET = """# fleet.yaml
hosts:
  web-01: {address: 192.0.2.1, user: runbook, service: {unit: myapp.service, health: /livez}}
ssh: {identity: ./id_runbook, known_hosts: ./known_hosts}
"""


@pytest.fixture
def files(tmp_path: Path) -> Beside:
    beside = Beside(tmp_path)
    asyncio.run(fill(beside))
    return beside


async def fill(files: Beside) -> None:
    async with await files.open() as store:
        sealed = files.sealed(store)
        await sealed.append("INC-1", [opened(), *ran(1, broken())])
        actor = Actor(account=OLU, standing=Standing.MEMBER, person="olu")
        file = await export_incident(sealed, actor, "INC-1", "json")
        await sealed.seal()
    files.ledger.with_name("export.json").write_bytes(file.content)
    shutil.copyfile(files.ledger, files.ledger.with_name("backup.db"))


def run(files: Beside, *words: str) -> Result:
    environment = {
        "RUNBOOK_BOT_LEDGER": str(files.ledger),
        "RUNBOOK_BOT_CHECKPOINT_KEY": str(files.key),
        "RUNBOOK_BOT_ANCHORS": str(files.anchors),
        "RUNBOOK_BOT_FLEET": str(files.ledger.with_name("fleet.yaml")),
    }
    return CliRunner().invoke(cli, ["audit", *words], env=environment)


def test_ledger_and_export_are_verified_with_key_and_anchors(files: Beside) -> None:
    public = run(files, "key").stdout.strip()
    outside = ("--public-key", public, "--anchors", str(files.anchors))

    ledger = run(files, "verify", *outside)
    alone = run(files, "verify", "--export", str(files.ledger.with_name("export.json")), *outside)

    assert (ledger.exit_code, alone.exit_code) == (0, 0), ledger.output + alone.output
    assert "warning" not in ledger.stdout + alone.stdout


def test_a_wrong_key_is_status_1_and_a_missing_file_status_3(files: Beside) -> None:
    wrong = run(files, "verify", "--public-key", "0" * 64)
    missing = run(files, "verify", "--anchors", str(files.key.with_name("none.log")))
    empty = run(files, "verify", "--anchors", str(files.key))
    gone = run(files, "verify", "--export", str(files.key.with_name("none.json")))

    assert wrong.exit_code == 1 and wrong.stdout.startswith("system#")
    assert [one.exit_code for one in (missing, empty, gone)] == [3, 3, 3]
    assert "cannot be read: No such file" in missing.stderr
    assert "no line that begins with" in empty.stderr


def test_a_rotated_key_is_vouched_for(files: Beside) -> None:
    old = run(files, "key").stdout.strip()

    new = run(files, "rotate-key").stdout.strip()
    asyncio.run(go_on(files))

    assert run(files, "key").stdout.strip() == new != old
    verified = run(files, "verify", "--public-key", old, "--anchors", str(files.anchors))
    assert (verified.exit_code, "warning" in verified.stdout) == (0, False), verified.output
    # The new one does not vouch for the old.
    assert run(files, "verify", "--public-key", new).exit_code == 1


async def go_on(files: Beside) -> None:
    async with await files.open() as store:
        sealed = files.sealed(store)
        await sealed.append("INC-1", [Noted(by=MEI, person="mei", text="x")])
        await sealed.seal()


async def claim(files: Beside) -> None:
    async with await files.open() as store:
        await files.sealed(store).append("INC-1", [claimed()], take=Hold(host="web-01", target="x"))


def test_two_logins_accept_a_rollback(files: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("id_runbook", "known_hosts"):
        files.key.with_name(name).touch()
    files.key.with_name("fleet.yaml").write_text(FLEET)
    asyncio.run(go_on(files))
    assert run(files, "accept-rollback", "--reason", "x").exit_code == 2
    for left in files.ledger.parent.glob("ledger.db-*"):
        left.unlink()
    shutil.copyfile(files.ledger.with_name("backup.db"), files.ledger)
    with pytest.raises(LedgerUnavailable, match="went back"):
        asyncio.run(claim(files))

    found = []
    for login in ("ann", "ann", "bob"):
        monkeypatch.setattr("pwd.getpwuid", lambda _, name=login: Login(name))
        found.append(run(files, "accept-rollback", "--reason", "the disk broke"))

    assert [one.exit_code for one in found] == [1, 1, 0], [one.output for one in found]
    assert "terminal:ann accepted it so far" in found[0].stdout
    asyncio.run(claim(files))
    verified = run(files, "verify", "--anchors", str(files.anchors))
    assert "accepted by terminal:ann, terminal:bob" in verified.stdout


class Login:
    """A row of the password file."""

    def __init__(self, name: str) -> None:
        self.pw_name = name
