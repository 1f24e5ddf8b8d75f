"""What a guarded host is told: names of operations that its kit holds, never a command. Pure.

The exec'd words of the bot, all that its keys may say there:

    v1 look RUN DIGEST LIFE_MS     a whole look; answers in `frames`, as its runner gives them anywhere
    v1 act RUN DIGEST NONCE        a remedy, once for its nonce; answers as in `order_wire`
    v1 settle RUN NONCE            what became of a nonce; answers as in `order_wire`
    v1 kit RUN                     which kit is installed: `@RUN k KIT`, or `@RUN k changed`

RUN marks the frames of one call, NONCE is an order's own: 32 lower-case hex digits each. DIGEST names what
the kit holds by its content, the programs that run it included: a host whose kit was made from other
runbooks does not know it, and says `@RUN d KIT` instead of running something else.
"""

import hashlib
from collections.abc import Sequence

from bot.model.command import Command
from bot.ssh.order_wire import OrderRequest, Verb, encode_order_commands
from bot.ssh.programs import ORDER_SH, RUNNER_PY, RUNNER_SH, text
from bot.ssh.wire import Request, encode_commands

PROTOCOL = "v1"
#: What a guard calls its kit when a file of it is not as it was made.
CHANGED = "changed"
#: Where a guarded host keeps its kit.
ROOT = "/usr/local/lib/runbook-bot"


def look_words(request: Request) -> str:
    """What is exec'd for a look. Raises ValueError for commands that no host could run."""
    life_ms = min(999_999, max(1, round(request.life_s * 1000)))
    return f"{PROTOCOL} look {request.nonce} {look_digest(request.commands)} {life_ms}"


def order_words(request: OrderRequest) -> str:
    """What is exec'd for an order, and for asking about one. Raises ValueError for an empty command."""
    if request.verb is Verb.SETTLE:
        return f"{PROTOCOL} settle {request.run} {request.nonce}"
    digest = order_digest(request.commands, request.timeout_s)
    return f"{PROTOCOL} act {request.run} {digest} {request.nonce}"


def kit_words(run: str) -> str:
    """What is exec'd to ask for the kit."""
    return f"{PROTOCOL} kit {run}"


def look_digest(commands: Sequence[Command]) -> str:
    """SHA-256 of a look and of the programs that run it, hex."""
    return _digest(text(RUNNER_SH).encode(), text(RUNNER_PY).encode(), encode_commands(commands))


def order_digest(commands: Sequence[Sequence[str]], timeout_s: float) -> str:
    """SHA-256 of a remedy as it runs on one host, and of the program that runs it, hex."""
    return _digest(text(ORDER_SH).encode(), encode_order_commands(commands, timeout_s))


def forced_command(root: str, request: OrderRequest) -> str:
    """What a certificate for one order has its bearer run: the guard, which then takes no other order."""
    return f"{root}/guard act {order_digest(request.commands, request.timeout_s)} {request.nonce}"


def _digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(b"%d\0" % len(part) + part)
    return whole.hexdigest()
