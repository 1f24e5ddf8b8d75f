"""`sudo -n -l`: what the account may do as root without being asked.

User runbook may run the following commands on web-01:
    (root) NOPASSWD: /usr/bin/ss -Hltnp, /usr/sbin/nginx -t
"""

from dataclasses import dataclass

from bot.model.evidence import CommandOutput


@dataclass(frozen=True, kw_only=True)
class SudoRules:
    """Whether any rule works without a password, and the lines that say so."""

    has_any: bool
    lines: tuple[str, ...]


def sudo_rules(output: CommandOutput) -> SudoRules:
    """`has_any` is False when sudo asks for a password, knows no rule, or lists none.

    Source: sudo(8) -l; without a rule it exits 1.
    """
    lines = tuple(
        line.strip() for line in (output.stdout + "\n" + output.stderr).splitlines() if line.strip()
    )
    listed = "may run the following" in output.stdout
    has_any = output.exit_status == 0 and listed and any(line.startswith("(") for line in lines)
    return SudoRules(has_any=has_any, lines=lines)
