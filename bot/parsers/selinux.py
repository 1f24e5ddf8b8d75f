"""`getenforce`, or /sys/fs/selinux/enforce: does SELinux deny?

Enforcing
"""

from dataclasses import dataclass

from bot.model.evidence import CommandOutput


@dataclass(frozen=True, kw_only=True)
class SelinuxMode:
    """SELinux on this host."""

    is_enforcing: bool
    line: str


def selinux(output: CommandOutput) -> SelinuxMode:
    """Source: getenforce(8), selinuxfs."""
    line = output.stdout.strip()
    return SelinuxMode(is_enforcing=line in ("Enforcing", "1"), line=line)
