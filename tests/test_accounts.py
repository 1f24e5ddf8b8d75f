"""The operating system vouches for logins of this machine, Slack for its own accounts."""

import socket

from bot.accounts import Accounts, Logins, terminal_actor
from bot.model.person import THE_BOT, Account, Actor, Origin, Standing
from bot.policy import Person, Policy

HERE = socket.gethostname()
POLICY = Policy(people={"ann": Person(name="ann", logins=frozenset({"root"}))})


def login(name: str, machine: str | None = HERE) -> Account:
    return Account(origin=Origin.TERMINAL, id=name, team=machine)


class Slack:
    """Knows everybody; remembers that it was closed."""

    is_closed = False

    async def look_up(self, account: Account) -> Actor | None:
        return Actor(account=account, standing=Standing.MEMBER, person="bob")

    async def is_public(self, channel: str) -> bool:
        return channel == "C1"

    async def aclose(self) -> None:
        self.is_closed = True


async def test_a_login_that_is_there_is_a_member_and_its_person() -> None:
    found = await Logins(POLICY).look_up(login("root"))

    assert found is not None
    assert (found.standing, found.person) == (Standing.MEMBER, "ann")


async def test_a_login_that_is_gone_is_deactivated() -> None:
    found = await Logins(POLICY).look_up(login("no-such-login-here"))

    assert found is not None
    assert found.standing is Standing.DEACTIVATED


async def test_of_another_machines_login_nothing_is_known() -> None:
    assert await Logins(POLICY).look_up(login("root", "another-machine")) is None
    assert await Logins(POLICY).look_up(login("root", None)) is None


async def test_whoever_types_a_command_can_be_looked_up_again() -> None:
    actor = terminal_actor(POLICY)

    assert await Logins(POLICY).look_up(actor.account) is not None


async def test_slack_is_asked_for_its_accounts_and_opened_with_the_first_one() -> None:
    opened: list[Slack] = []

    def open_slack() -> Slack:
        opened.append(Slack())
        return opened[-1]

    accounts = Accounts(Logins(POLICY), open_slack)
    await accounts.look_up(login("root"))
    assert opened == []
    found = [await accounts.look_up(Account(origin=Origin.SLACK, id=f"U{n}")) for n in range(2)]
    await accounts.aclose()

    assert [one.person for one in found if one] == ["bob", "bob"]
    assert [one.is_closed for one in opened] == [True]


async def test_nobody_vouches_for_the_bot() -> None:
    assert await Accounts(Logins(POLICY), Slack).look_up(THE_BOT) is None
