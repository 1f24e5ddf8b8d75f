"""Ways in that were tried and are open, as findings with what shuts them."""

from collections.abc import Iterator, Sequence

from bot.doctor.finding import Finding, Health
from bot.ssh.trespass import VARIABLE, Tried

#: No kit shuts this one: what sshd accepts at one place it cannot refuse at another.
_IN_SSHD = {VARIABLE: "narrow AcceptEnv in sshd's configuration, to LC_* at most"}


def open_ways(about: str, tried: Sequence[Tried], *, health: Health, mend: str) -> Iterator[Finding]:
    """One finding for each way that is open; nothing when all are shut."""
    for one in tried:
        if not one.is_refused:
            shuts = _IN_SSHD.get(one.what, mend)
            yield Finding(about=about, health=health, says=f"lets in {one.what}", mend=shuts)
