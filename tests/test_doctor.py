"""What the doctor says of a host's sudo rules, and where they allow more than is needed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncssh
import pytest

from bot import catalog
from bot.doctor import Health
from bot.doctor.host import needs
from bot.doctor.wider import wider, without_password
from bot.errors import HostKeyUnknown, SshAuthFailed
from bot.hostkit import rights_of, sudoers_lines
from bot.model.action import ActResult, Order, Settlement
from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.host import Host, Mode
from bot.settings import shipped_runbooks
from tests.support.kits import WEB

SHIPPED = catalog.load(shipped_runbooks())
LISTED = """\
Matching Defaults entries for runbook on web-01:
    env_reset, secure_path=/usr/sbin\\:/usr/bin

User runbook may run the following commands on web-01:
"""


def listed(*rules: str) -> str:
    return LISTED + "".join(f"    {rule}\n" for rule in rules)


EXACT = tuple(
    "(root) NOPASSWD: " + line.partition("NOPASSWD: ")[2]
    for argv in rights_of(WEB, SHIPPED)
    for line in sudoers_lines("runbook", argv)
)


class FarHost:
    """A Shell whose host answers every command well, `sudo -l` with the given rules."""

    def __init__(self, *rules: str, refuses: str = "nothing") -> None:
        self.rules, self.refuses = rules, refuses

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        yield Hello(clock_at=datetime.now(UTC), skew_s=0.0, host_key="SHA256:x", after_s=0.1)
        for command in commands:
            argv = command.alternatives[0]
            text = listed(*self.rules) if command.step == "sudo" else ""
            status = 1 if self.refuses in argv else 0
            yield RawOutput(
                step=command.step, argv=argv, alternative=0, ended=Ended.EXITED, exit_status=status,
                stdout=text.encode(), stderr=b"", duration_s=0.1,
            )  # fmt: skip

    async def act(self, host: Host, order: Order) -> ActResult:
        raise AssertionError("the doctor only reads")

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        raise AssertionError("a plain host is not asked about orders")


class Bare(FarHost):
    """A Shell whose host has OpenRC, and no systemctl."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        async for item in super().read(host, commands, deadline_s=deadline_s):
            if isinstance(item, RawOutput) and item.step == "init":
                yield replace(item, stdout=b"init\topenrc\n")
            elif isinstance(item, RawOutput) and ("systemctl" in item.argv or "journalctl" in item.argv):
                yield replace(item, ended=Ended.NOT_FOUND, exit_status=None)
            else:
                yield item


class Closed(FarHost):
    """A Shell whose host takes no key."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        raise SshAuthFailed(f"{host.name}: refused our key")
        yield  # it is a generator like the other


async def test_a_refused_key_comes_as_the_line_to_paste_and_its_fingerprint(tmp_path: Path) -> None:
    mine = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "id_runbook").write_bytes(mine.export_private_key())

    found = await needs(
        replace(WEB, mode=Mode.PLAIN), SHIPPED, Closed(), identity=str(tmp_path / "id_runbook")
    )

    said = found[0].line()
    key_line = " ".join(mine.convert_to_public().export_public_key().decode().split()[:2])
    assert f"\nrestrict {key_line}" in said
    assert f"the key {mine.get_fingerprint()}" in said and "~runbook/.ssh/authorized_keys" in said


class Stranger(FarHost):
    """A Shell whose host shows a key that is not on file."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        raise HostKeyUnknown(
            f"{host.name}: host key SHA256:x is unknown", line=f"{host.name} ssh-ed25519 AAAA"
        )
        yield  # it is a generator like the other


async def test_a_key_that_is_not_on_file_comes_as_the_line_for_known_hosts() -> None:
    found = await needs(WEB, SHIPPED, Stranger())

    said = found[0].line()
    assert "SHA256:x is unknown" in said
    assert "only if the host shows the same fingerprint" in said
    assert said.endswith(f"\n{WEB.name} ssh-ed25519 AAAA")


async def test_exact_rules_are_well() -> None:
    found = await needs(WEB, SHIPPED, FarHost(*EXACT))

    # The fleet file of this host names no public address.
    assert [one.about for one in found if one.health is not Health.OK] == ["web-01 outside"]


class WithoutRoot(FarHost):
    """A Shell whose host lets nothing run as root, and answers what needs none."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        async for item in super().read(host, commands, deadline_s=deadline_s):
            if isinstance(item, RawOutput) and item.argv[:1] == ("sudo",) and item.step != "sudo":
                command = next(one for one in commands if one.step == item.step)
                index = len(command.alternatives) - 1
                yield replace(item, argv=command.alternatives[index], alternative=index)
            else:
                yield item


class WantsTerminal(FarHost):
    """A Shell whose host's sudoers say `Defaults requiretty`."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        async for item in super().read(host, commands, deadline_s=deadline_s):
            refused = isinstance(item, RawOutput) and item.step == "sudo"
            words = b"sudo: sorry, you must have a tty to run sudo\n"
            yield replace(item, exit_status=1, stdout=b"", stderr=words) if refused else item


async def test_a_host_without_systemd_lacks_nothing_that_only_systemd_gives() -> None:
    bare = await needs(WEB, SHIPPED, Bare(*EXACT))

    told = [one for one in bare if one.health is not Health.OK]
    assert [one.about for one in told if "systemd" in one.says] == [WEB.name]
    assert "OpenRC starts services" in told[-1].says
    assert not [one for one in told[:-1] if "systemctl" in one.says or "service.unit" in one.mend]


async def test_a_sudo_that_wants_a_terminal_is_told_with_the_line_that_mends_it() -> None:
    found = await needs(WEB, SHIPPED, WantsTerminal(*EXACT))

    (one,) = [one for one in found if one.health is Health.MISSING]
    assert one.mend == "sudoers: Defaults:runbook !requiretty"


class ShutJournal(FarHost):
    """A Shell whose host shows the login nobody's messages."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        async for item in super().read(host, commands, deadline_s=deadline_s):
            is_shut = isinstance(item, RawOutput) and item.argv[:1] == ("journalctl",)
            yield replace(item, ended=Ended.REFUSED, exit_status=None) if is_shut else item


async def test_a_journal_that_the_login_may_not_read_is_told_with_its_group() -> None:
    found = await needs(WEB, SHIPPED, ShutJournal(*EXACT))

    (one,) = [one for one in found if one.about == "web-01 app_history"]
    assert "nobody's messages" in one.says
    assert one.mend == "usermod -aG systemd-journal runbook"


async def test_what_root_would_have_shown_more_of_is_named_and_a_script_is_not() -> None:
    found = await needs(WEB, SHIPPED, WithoutRoot(*EXACT))

    less = {one.about for one in found if one.health is Health.LESS}
    assert "web-01 listeners" in less
    assert not any("app_logs" in about for about in less)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("(ALL) NOPASSWD: ALL", "allows every command"),
        ("(ALL : ALL) NOPASSWD: SETENV: ALL", "allows every command"),
        ("(root) NOPASSWD: /usr/bin/systemctl restart *", "wildcard"),
        ("(root) NOPASSWD: /usr/bin/systemctl", "without arguments"),
        ("(root) NOPASSWD: /usr/bin/ss -Hltnp, /usr/bin/tail -n 200 /var/log/*", "wildcard"),
        ("(root) NOPASSWD: /usr/bin/cat /etc/shadow", "no runbook or remedy here needs `/usr/bin/cat"),
    ],
)
async def test_what_is_wider_is_named_with_its_mend(rule: str, says: str) -> None:
    found = await needs(WEB, SHIPPED, FarHost(*EXACT, rule))

    wide = [one for one in found if one.health is Health.WIDER]
    assert len(wide) == 1
    assert says in wide[0].says
    assert "runbook-bot host-kit web-01" in wide[0].mend
    assert wide[0].is_well  # it works; whether that much is wanted, people decide


async def test_a_rule_that_is_missing_comes_as_the_line_to_add() -> None:
    found = await needs(WEB, SHIPPED, FarHost(*EXACT, refuses="restart"))

    missing = [one for one in found if one.health is Health.MISSING]
    assert {one.mend for one in missing} == {
        "sudoers: runbook ALL=(root) NOPASSWD: /usr/bin/systemctl restart myapp.service",
        "sudoers: runbook ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx.service",
    }


def test_rules_with_a_password_are_none_of_the_bots() -> None:
    assert list(without_password(listed("(ALL : ALL) ALL", "(root) PASSWD: /bin/sh"))) == []


def test_a_tag_holds_for_what_follows_until_the_next() -> None:
    rules = listed("(root) NOPASSWD: /bin/a x, /bin/b y, PASSWD: /bin/c z, NOPASSWD: NOEXEC: /bin/d a\\, b")

    assert list(without_password(rules)) == ["/bin/a x", "/bin/b y", "/bin/d a\\, b"]


def test_escapes_that_sudo_prints_otherwise_are_no_difference() -> None:
    told = [rule.replace("-o", "\\-o") for rule in EXACT]

    assert list(wider(WEB, SHIPPED, listed(*told))) == []
