"""What has to lie on a host, written from the fleet and the runbooks, so that they cannot drift apart."""

from bot.hostkit.kit import Kit
from bot.hostkit.questions import looks_of, orders_of, questions_of, without_sudo
from bot.hostkit.rights import flaw_of, rights_of, sudoers_lines
from bot.hostkit.today import check_kit, todays_kit
from bot.hostkit.write import differences, packed, write

__all__ = [
    "Kit",
    "check_kit",
    "differences",
    "flaw_of",
    "looks_of",
    "orders_of",
    "packed",
    "questions_of",
    "rights_of",
    "sudoers_lines",
    "todays_kit",
    "without_sudo",
    "write",
]
