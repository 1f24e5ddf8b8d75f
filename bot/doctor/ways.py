"""Ways in that were tried and are not shut, as findings with what shuts them."""

from collections.abc import Iterator, Sequence

from bot.doctor.finding import Finding, Health
from bot.ssh.session import PATIENCE_S
from bot.ssh.trespass import VARIABLE, Tried, Way

#: No kit shuts this one: what sshd accepts at one place it cannot refuse at another.
_IN_SSHD = {VARIABLE: "narrow AcceptEnv in sshd's configuration, to LC_* at most"}
#: Silence is no refusal: it is said as loudly as an open way, and another mend helps.
_AGAIN = "ask again when the host is less busy; what stays silent is not known to be shut"


def not_shut(about: str, tried: Sequence[Tried], *, health: Health, mend: str) -> Iterator[Finding]:
    """One finding for each way that is open or did not answer; nothing when all are shut."""
    for one in tried:
        if one.way is Way.OPEN:
            shuts = _IN_SSHD.get(one.what, mend)
            yield Finding(about=about, health=health, says=f"lets in {one.what}", mend=shuts)
        elif one.way is Way.SILENT:
            says = f"{one.what}: neither refused nor let in within {PATIENCE_S:.0f} s"
            yield Finding(about=about, health=health, says=says, mend=_AGAIN)
