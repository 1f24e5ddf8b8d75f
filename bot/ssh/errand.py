"""What is exec'd on a host for a read or an order, by the host's mode. Pure."""

from dataclasses import dataclass

from bot.model.host import Host, Mode
from bot.ssh.guarded import look_words, order_words
from bot.ssh.order_wire import OrderRequest, encode_order
from bot.ssh.programs import ORDER_COMMAND, READ_COMMAND, READ_COMMAND_SH, order_input, read_input
from bot.ssh.wire import Request, encode_request


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One exec."""

    command: str
    #: What follows on standard input; empty where the programs lie on the host.
    stdin: bytes = b""

    @property
    def is_guarded(self) -> bool:
        """True when only the name of an operation is sent."""
        return not self.stdin


def read_errand(host: Host, request: Request, *, may_use_python: bool = True) -> Errand:
    """How a host is asked. Raises ValueError for commands that no host could run."""
    if host.mode is Mode.GUARDED:
        return Errand(command=look_words(request))
    command = READ_COMMAND if may_use_python else READ_COMMAND_SH
    return Errand(command=command, stdin=read_input(encode_request(request)))


def order_errand(host: Host, request: OrderRequest) -> Errand:
    """How an order is given, and how one is asked about. Raises ValueError for an empty command."""
    if host.mode is Mode.GUARDED:
        return Errand(command=order_words(request))
    return Errand(command=ORDER_COMMAND, stdin=order_input(encode_order(request)))
