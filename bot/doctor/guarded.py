"""Whether a guarded host holds today's kit, and refuses all else, tried with the bot's own keys."""

from collections.abc import Sequence

from bot.doctor.finding import Finding, Health
from bot.doctor.ways import not_shut
from bot.errors import HostError
from bot.hostkit import looks_of, orders_of
from bot.model.action import Settled
from bot.model.host import Host
from bot.model.runbook import Catalog
from bot.remedy import commands_for
from bot.ssh import SshShell
from bot.ssh.guarded import CHANGED, PROTOCOL, ROOT, look_digest, order_digest
from bot.ssh.order_wire import OrderRequest, Verb
from bot.ssh.trespass import Trespass, Tried, installed_kit, run_id


async def guard(host: Host, catalog: Catalog, shell: SshShell, *, kit: str) -> list[Finding]:
    """For the reading and the acting key: which kit answers, and what must be refused and is not."""
    nonce = await _burnt(host, shell)
    try:
        async with shell.link(host) as link:
            findings = [_kit(host, await installed_kit(link), kit)]
            tried = await Trespass(link=link, foreign=_orders(host, catalog, nonce) if nonce else ()).tried()
            findings += _shut(host, "reading", tried)
        async with shell.link(host, order=_an_order(host, catalog, nonce or run_id())) as link:
            tried = await Trespass(link=link, foreign=_looks(host, catalog)).tried()
            findings += _shut(host, "acting", tried)
    except HostError as error:
        return [
            Finding(
                about=f"{host.name} guard", health=Health.MISSING, says="cannot be tried", mend=str(error)
            )
        ]
    return findings


async def _burnt(host: Host, shell: SshShell) -> str | None:
    """A nonce under which nothing can run; None when the host burns none: then no order is tried.

    With it, an order that a broken guard lets through does nothing.
    """
    nonce = run_id()
    try:
        found = await shell.settle(host, nonce, host_key=None)
    except HostError:
        return None
    return nonce if found.state is Settled.NEVER else None


def _kit(host: Host, there: str | None, ours: str) -> Finding:
    about = f"{host.name} kit"
    if there == ours:
        return Finding(about=about, health=Health.OK, says=f"today's, {ours[:12]}")
    if there is None:
        says = "no guard of ours answers"
    elif there == CHANGED:
        says = f"its files under {ROOT} are not as they were installed"
    else:
        says = f"the host has {there[:12]}, today's is {ours[:12]}"
    return Finding(about=about, health=Health.MISSING, says=says, mend=_mend(host))


def _orders(host: Host, catalog: Catalog, nonce: str) -> tuple[tuple[str, str], ...]:
    """What only the acting key may say."""
    orders = [
        (f"the remedy {name}", order_digest(commands_for(remedy, host), remedy.timeout_s))
        for name, remedy in orders_of(host, catalog).items()
    ]
    return tuple((what, f"{PROTOCOL} act {run_id()} {digest} {nonce}") for what, digest in orders)


def _an_order(host: Host, catalog: Catalog, nonce: str) -> OrderRequest:
    """What a certificate would be issued for; it is not brought."""
    remedies = [commands_for(remedy, host) for remedy in orders_of(host, catalog).values()]
    return OrderRequest(run=run_id(), verb=Verb.ACT, nonce=nonce, commands=remedies[0] if remedies else ())


def _looks(host: Host, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """What only the reading key may say."""
    return tuple(
        (f"the look {name}", f"{PROTOCOL} look {run_id()} {look_digest(commands)} 1000")
        for name, commands in looks_of(host, catalog).items()
    )


def _shut(host: Host, key: str, tried: Sequence[Tried]) -> list[Finding]:
    about = f"{host.name} {key} key"
    found = list(not_shut(about, tried, health=Health.MISSING, mend=_mend(host)))
    says = f"all {len(tried)} tries beside its operations are refused"
    return found or [Finding(about=about, health=Health.OK, says=says)]


def _mend(host: Host) -> str:
    return (
        f"make it with `runbook-bot host-kit {host.name}` and install it there; "
        "with --sshd where sshd lets in keys of its own"
    )
