"""The bot may do nothing as root on this host."""

from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.sudo_rules import SudoRules
from bot.rules import _quote


def sudo_missing(sudo: SudoRules) -> Finding | RuledOut | None:
    """No sudo rule works for the bot's account: some answers are poorer, and no remedy can run.

    Why: `sudo -n -l` lists nothing, or asks for a password.
    Ruled out when: it lists at least one rule.
    Mistaken when: the rules come from a directory service that is away.
    Source: sudo(8), sudoers(5) NOPASSWD.
    """
    lines = tuple(Line(step="sudo", text=text) for text in sudo.lines)
    if sudo.has_any:
        rules = tuple(line for line in lines if line.text.startswith("("))
        return RuledOut(cause="sudo_missing", says="sudo lets us do what the rules list", because=rules[:1])
    return Finding(
        cause="sudo_missing",
        certainty=Certainty.CONFIRMED,
        says="no sudo rule works here: some checks see less, and no remedy can be run",
        because=lines[-1:] or (Line(step="sudo", text="sudo -n -l lists nothing"),),
        restart=_quote.useless(
            "app", "without sudo nothing can be restarted, and the service is not the trouble"
        ),
        next_check="install the sudoers file for this account (runbook-bot host-kit)",
        weight=-50,
    )
