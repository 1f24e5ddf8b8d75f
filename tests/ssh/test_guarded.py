"""A guarded host on a real OpenSSH server: the bot gets all it needs, and nobody gets anything else."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.doctor.finding import Health
from bot.doctor.guarded import guard as examine_guard
from bot.doctor.key import key
from bot.errors import HostKeyRejected, HostKitDrifted, HostUnreachable
from bot.hostkit import looks_of
from bot.model.action import Order, Settled
from bot.model.command import Command, Ended
from bot.model.runbook import Catalog
from bot.remedy import commands_for
from bot.ssh import SshShell
from tests.ssh.conftest import OPTIONS
from tests.support.kits import TIMEOUT_S, Guarded, catalog_of, guard, look, remedy, step
from tests.support.reading import read
from tests.support.sshd import USER, Identity, Sshd, fleet, make_identity

pytestmark = [pytest.mark.sshd, pytest.mark.usefixtures("patient")]
#: What a stranger with one of the keys tries, by the programs that everybody has; a mark shows success.
MARK = "2b00b1e5"
WAYS = {
    "exec": ("ssh", "{to}", f"echo {MARK}"),
    "shell": ("ssh", "{to}"),
    "pty": ("ssh", "-tt", "{to}", f"tty && echo {MARK}"),
    "sftp": ("sftp", "-b", "-", "{to}"),
    "scp": ("scp", "{to}:{folder}/secret", "{here}/stolen"),
    "scp, the old way": ("scp", "-O", "{to}:{folder}/secret", "{here}/stolen"),
    "forward to the host": ("ssh", "-W", "127.0.0.1:{port}", "{to}"),
    "forward from the host": (
        "ssh", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:9", "{to}", f"echo {MARK}",
    ),
    "agent": ("ssh", "-A", "{to}", f"test -S $SSH_AUTH_SOCK && echo {MARK}"),
    "X11": ("ssh", "-X", "{to}", f"echo $DISPLAY {MARK}"),
    "env": ("ssh", "-o", "SetEnv=LC_MARK=" + MARK, "{to}", "echo $LC_MARK"),
}  # fmt: skip


@pytest.fixture(scope="session")
def acting(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("acting"))


@dataclass(frozen=True)
class Ran:
    """A file that counts how often the remedy ran."""

    path: Path

    @property
    def times(self) -> int:
        return self.path.read_text().count("x") if self.path.exists() else 0


@pytest.fixture
def ran(tmp_path: Path) -> Ran:
    return Ran(tmp_path / "ran")


@pytest.fixture
def catalog(ran: Ran) -> Catalog:
    mark = ("sh", "-c", 'printf x >>"$1"; echo done', "mark", str(ran.path))
    book = look(step("hi", "echo", "hi"), step("fails", "sh", "-c", "exit 3", "fails", after=("hi",)))
    return catalog_of(book, remedies=(remedy("mark", mark), remedy("other", ("true",))))


@pytest.fixture
def server(start_sshd: Callable[..., Sshd], tmp_path: Path) -> Sshd:
    # Everything that sshd could grant: what is refused here is refused by the kit alone.
    home = tmp_path / "home"
    home.mkdir()
    return start_sshd(forwarding="yes", environment=f"HOME={home}", extra="X11Forwarding yes\nAcceptEnv LC_*")


@pytest.fixture
def guarded(server: Sshd, identity: Identity, acting: Identity, catalog: Catalog, tmp_path: Path) -> Guarded:
    return guard(server, identity, acting, catalog, tmp_path)


@pytest.fixture
async def shell(guarded: Guarded) -> AsyncIterator[SshShell]:
    made = SshShell(guarded.fleet, options=OPTIONS)
    yield made
    await made.aclose()


@pytest.fixture
def nonce(nonces: list[str]) -> str:
    nonces.append(secrets.token_hex(16))
    return nonces[-1]


@pytest.fixture
def without_limits(guarded: Guarded, server: Sshd, identity: Identity, acting: Identity) -> None:
    """Both keys as somebody would put them in by hand."""
    (server.folder / "authorized").write_text(f"{identity.public}\n{acting.public}\n")


def order_of(name: str, guarded: Guarded, catalog: Catalog, server: Sshd, nonce: str) -> Order:
    commands = commands_for(catalog.remedies[name], guarded.host)
    return Order(nonce=nonce, commands=commands, host_key=server.fingerprint, timeout_s=TIMEOUT_S)


async def test_a_look_is_answered_as_on_a_plain_host(
    shell: SshShell, guarded: Guarded, catalog: Catalog, server: Sshd
) -> None:
    commands = looks_of(guarded.host, catalog)["look"]

    found = await read(shell, guarded.host, commands)

    answers = {output.step: (output.ended, output.exit_status, output.stdout) for output in found.outputs}
    assert answers == {"hi": (Ended.EXITED, 0, b"hi\n"), "fails": (Ended.EXITED, 3, b"")}
    assert found.hello.host_key == server.fingerprint


async def test_a_look_without_python_is_answered_too(
    shell: SshShell, guarded: Guarded, catalog: Catalog
) -> None:
    look_program = guarded.folder / "lib/look"
    look_program.write_text(look_program.read_text().replace("/bin/python3", "/bin/no-python3"))

    found = await read(shell, guarded.host, looks_of(guarded.host, catalog)["look"])

    assert [output.stdout for output in found.outputs] == [b"hi\n", b""]


async def test_a_remedy_runs_once_and_is_remembered(
    shell: SshShell, guarded: Guarded, catalog: Catalog, server: Sshd, nonce: str, ran: Ran
) -> None:
    order = order_of("mark", guarded, catalog, server, nonce)

    first, second = await shell.act(guarded.host, order), await shell.act(guarded.host, order)
    settled = await shell.settle(guarded.host, nonce, host_key=server.fingerprint)

    assert (first.is_first, first.exit_status, first.stdout) == (True, 0, b"done\n")
    assert (second.is_first, ran.times) == (False, 1)
    assert (settled.state, settled.exit_status) == (Settled.DONE, 0)


async def test_settling_burns_a_nonce_that_never_ran(
    shell: SshShell, guarded: Guarded, catalog: Catalog, server: Sshd, nonce: str, ran: Ran
) -> None:
    settled = await shell.settle(guarded.host, nonce, host_key=server.fingerprint)
    result = await shell.act(guarded.host, order_of("mark", guarded, catalog, server, nonce))

    assert (settled.state, result.is_first, ran.times) == (Settled.NEVER, False, 0)


async def test_a_host_with_another_key_is_not_asked_what_became_of_an_order(
    shell: SshShell, guarded: Guarded, catalog: Catalog, server: Sshd, nonce: str, ran: Ran
) -> None:
    with pytest.raises(HostKeyRejected, match="it was not asked"):
        await shell.settle(guarded.host, nonce, host_key="SHA256:another")

    result = await shell.act(guarded.host, order_of("mark", guarded, catalog, server, nonce))
    assert (result.is_first, ran.times) == (True, 1)


async def test_a_look_that_the_host_does_not_hold_is_a_drift_with_its_mend(
    shell: SshShell, guarded: Guarded
) -> None:
    other = [Command(step="mine", alternatives=(("cat", "/etc/shadow"),))]

    with pytest.raises(HostKitDrifted, match=r"runbooks here differ.*`runbook-bot host-kit box`"):
        await read(shell, guarded.host, other)


async def test_an_order_that_the_host_does_not_hold_is_not_run(
    shell: SshShell, guarded: Guarded, server: Sshd, nonce: str, ran: Ran
) -> None:
    order = Order(nonce=nonce, commands=(("touch", str(ran.path)),), host_key=server.fingerprint)

    with pytest.raises(HostKitDrifted, match="nothing ran"):
        await shell.act(guarded.host, order)

    assert ran.times == 0


async def test_a_host_without_a_kit_is_told_so(
    shell: SshShell,
    guarded: Guarded,
    catalog: Catalog,
    server: Sshd,
    identity: Identity,
    acting: Identity,
    nonce: str,
) -> None:
    (server.folder / "authorized").write_text(f"{identity.public}\n{acting.public}\n")

    with pytest.raises(HostKitDrifted, match="or there is none"):
        await read(shell, guarded.host, looks_of(guarded.host, catalog)["look"])
    with pytest.raises(HostKitDrifted, match="nothing ran"):
        await shell.act(guarded.host, order_of("mark", guarded, catalog, server, nonce))


async def test_keys_that_are_swapped_run_nothing(
    guarded: Guarded, catalog: Catalog, server: Sshd, nonce: str, ran: Ran
) -> None:
    ssh = guarded.fleet.ssh
    assert ssh.act_identity is not None
    swapped = replace(ssh, identity=ssh.act_identity, act_identity=ssh.identity)
    shell = SshShell(replace(guarded.fleet, ssh=swapped), options=OPTIONS)

    with pytest.raises(HostKitDrifted):
        await read(shell, guarded.host, looks_of(guarded.host, catalog)["look"])
    with pytest.raises(HostKitDrifted):
        await shell.act(guarded.host, order_of("mark", guarded, catalog, server, nonce))

    assert ran.times == 0
    await shell.aclose()


@pytest.mark.parametrize("whose", ["identity", "acting"])
@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_but_the_operations(
    request: pytest.FixtureRequest, way: str, whose: str, guarded: Guarded, server: Sshd, tmp_path: Path
) -> None:
    assert not gets_in(way, request.getfixturevalue(whose), server, tmp_path)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "X11"])
def test_each_way_is_open_to_a_key_without_limits(
    way: str, identity: Identity, server: Sshd, tmp_path: Path
) -> None:
    """So that the test above would see it."""
    assert gets_in(way, identity, server, tmp_path)


async def test_the_doctor_finds_all_shut(
    shell: SshShell, guarded: Guarded, catalog: Catalog, nonces: list[str]
) -> None:
    found = await examine_guard(guarded.host, catalog, shell, kit=guarded.kit.id)

    assert [(one.health, one.about) for one in found] == [
        (Health.OK, "box kit"), (Health.OK, "box reading key"), (Health.OK, "box acting key"),
    ]  # fmt: skip
    assert "all 19 tries" in found[1].says


async def test_the_doctor_names_each_way_that_is_open(
    shell: SshShell, guarded: Guarded, catalog: Catalog, without_limits: None
) -> None:
    found = await examine_guard(guarded.host, catalog, shell, kit=guarded.kit.id)

    assert (found[0].health, found[0].says) == (Health.MISSING, "no guard of ours answers")
    let_in = {one.says for one in found if one.about == "box reading key"}
    assert let_in >= {
        "lets in a command of our own", "lets in a shell", "lets in a terminal", "lets in SFTP",
        "lets in scp", "lets in a forward to the host's own ports", "lets in a forward from the host",
        "lets in agent forwarding", "lets in a second line",
    }  # fmt: skip
    assert all("host-kit box" in one.mend for one in found)


async def test_the_doctor_names_a_variable_that_sshd_lets_in(
    start_sshd: Callable[..., Sshd], identity: Identity, acting: Identity, catalog: Catalog, tmp_path: Path
) -> None:
    open_one = start_sshd("open", environment=f"HOME={tmp_path}", extra="AcceptEnv *")
    host = guard(open_one, identity, acting, catalog, tmp_path)
    shell = SshShell(host.fleet, options=OPTIONS)

    found = await examine_guard(host.host, catalog, shell, kit=host.kit.id)

    (missing,) = [one for one in found[:2] if one.health is Health.MISSING]
    assert missing.says == "lets in the variable BASH_ENV"
    assert "AcceptEnv in sshd's configuration" in missing.mend
    await shell.aclose()


async def test_a_way_that_does_not_answer_is_called_neither_shut_nor_open(
    shell: SshShell, guarded: Guarded, catalog: Catalog, server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ssh.session.PATIENCE_S", 0.3)
    keys = server.folder / "authorized"
    # It ends with the connection, and not before.
    goes_on = r'command="while kill -0 $PPID; do sleep 0.1; done"'
    keys.write_text(re.sub(r'command="[^"]*"', lambda _: goes_on, keys.read_text()))

    found = await examine_guard(guarded.host, catalog, shell, kit=guarded.kit.id)

    said = {one.says for one in found if one.about == "box reading key"}
    assert "a shell: neither refused nor let in within 5 s" in said
    assert not [one for one in said if one.startswith("lets in")]
    assert {one.health for one in found} == {Health.MISSING}
    assert all("less busy" in one.mend for one in found if one.about == "box reading key")


async def test_the_doctor_runs_no_remedy_where_the_guard_of_a_key_is_wrong(
    shell: SshShell, guarded: Guarded, catalog: Catalog, server: Sshd, ran: Ran
) -> None:
    keys = server.folder / "authorized"
    keys.write_text(keys.read_text().replace("guard read", "guard act"))

    found = await examine_guard(guarded.host, catalog, shell, kit=guarded.kit.id)

    assert "lets in the remedy mark" in {one.says for one in found}
    assert ran.times == 0


async def test_another_kit_is_named_by_the_doctor(
    shell: SshShell, guarded: Guarded, catalog: Catalog
) -> None:
    found = await examine_guard(guarded.host, catalog, shell, kit="0" * 64)

    assert found[0].health is Health.MISSING
    assert f"the host has {guarded.kit.id[:12]}, today's is 000000000000" in found[0].says


async def test_files_that_were_changed_on_the_host_are_named_by_the_doctor(
    shell: SshShell, guarded: Guarded, catalog: Catalog
) -> None:
    (guarded.folder / "lib/looks/look").write_text("another look\n")

    found = await examine_guard(guarded.host, catalog, shell, kit=guarded.kit.id)

    assert (found[0].health, "not as they were installed" in found[0].says) == (Health.MISSING, True)


BESIDE = {
    "lets in a terminal",
    "lets in a forward to the host's own ports",
    "lets in a forward from the host",
    "lets in agent forwarding",
}


@pytest.mark.parametrize(
    ("limits", "health", "says"),
    [("", Health.WIDER, BESIDE), ("restrict ", Health.OK, {"runs commands, and may do nothing beside"})],
    ids=["open", "restrict"],
)
async def test_the_doctor_says_what_a_plain_key_may_do_beside_commands(
    limits: str, health: Health, says: set[str], server: Sshd, identity: Identity, tmp_path: Path
) -> None:
    (server.folder / "authorized").write_text(f"{limits}{identity.public}\n")
    shell = SshShell(fleet(identity, tmp_path, server), options=OPTIONS)

    found = await key(server.host, shell)
    await shell.aclose()

    assert {(one.health, one.is_well) for one in found} == {(health, True)}
    # sshd grants X11 only where it has xauth.
    assert {one.says for one in found} - {"lets in X11 forwarding"} == says


async def test_behind_a_guarded_bastion_a_host_is_read_and_acted_on(
    start_sshd: Callable[..., Sshd], identity: Identity, acting: Identity, catalog: Catalog, tmp_path: Path,
    nonce: str, ran: Ran,
) -> None:  # fmt: skip
    jump, inner = start_sshd("jump"), start_sshd("inner", environment=f"HOME={tmp_path}")
    inner.bastion = "jump"
    both = guard(inner, identity, acting, catalog, tmp_path, through=jump)
    shell = SshShell(both.fleet, options=replace(OPTIONS, guard_root=str(both.folder / "lib")))

    found = await read(shell, both.host, looks_of(both.host, catalog)["look"])
    result = await shell.act(both.host, order_of("mark", both, catalog, inner, nonce))

    assert [output.stdout for output in found.outputs] == [b"hi\n", b""]
    assert (result.exit_status, ran.times) == (0, 1)
    assert not gets_in("forward to the host", identity, jump, tmp_path)
    assert not gets_in("exec", identity, jump, tmp_path)
    jump.stop()
    with pytest.raises(HostUnreachable, match="its bastion"):
        await shell.act(both.host, order_of("mark", both, catalog, inner, nonce))
    await shell.aclose()


def gets_in(way: str, identity: Identity, server: Sshd, here: Path) -> bool:
    """Whether a stranger gets through; by what comes back, never by exit statuses."""
    (server.folder / "secret").write_text(MARK)
    known = here / "known_hosts"
    known.write_text(server.known_line + "\n")
    options = [
        "-F", "none", "-i", str(identity.path), "-o", f"UserKnownHostsFile={known}", "-o", "BatchMode=yes",
        "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR",
    ]  # fmt: skip
    program, *words = (
        word.format(to=f"{USER}@127.0.0.1", folder=server.folder, here=here, port=server.port)
        for word in WAYS[way]
    )
    port = ["-P" if program in ("scp", "sftp") else "-p", str(server.port)]
    stdin = {"shell": f"echo {MARK}\n", "sftp": f"get {server.folder}/secret {here}/stolen\n"}.get(way, "")
    with _agent(here) as environment:
        done = subprocess.run(
            [program, *options, *port, *words],
            input=stdin.encode(),
            capture_output=True,
            timeout=200,
            env=environment,
        )
    stolen = here / "stolen"
    return MARK.encode() in done.stdout or b"SSH-2.0" in done.stdout or stolen.exists()


@contextmanager
def _agent(here: Path) -> Iterator[dict[str, str]]:
    """An environment with an agent in it."""
    path = here / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL) as agent:
        try:
            until = time.monotonic() + 60
            while not path.exists():
                assert agent.poll() is None and time.monotonic() < until
                time.sleep(0.01)  # another process's socket sets no event
            yield {**os.environ, "SSH_AUTH_SOCK": str(path), "DISPLAY": "127.0.0.1:9"}
        finally:
            agent.kill()
    path.unlink(missing_ok=True)
