"""What the core asks of the world. Adapters implement these; `app` wires them."""

from bot.ports.clock import Clock
from bot.ports.desk import Desk
from bot.ports.hosts import Prober, Shell
from bot.ports.leases import Claims, Leases, Taken
from bot.ports.ledger import Ledger, LedgerAround
from bot.ports.people import Chat, Directory, Signatures

__all__ = [
    "Chat",
    "Claims",
    "Clock",
    "Desk",
    "Directory",
    "Leases",
    "Ledger",
    "LedgerAround",
    "Prober",
    "Shell",
    "Signatures",
    "Taken",
]
