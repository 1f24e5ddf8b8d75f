"""One sample host: answers reads from a recording and reacts to orders. Runs nothing. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.demo.recording import Recording
from bot.demo.scenarios import Scenario
from bot.ssh.order_wire import OrderReply, OrderRequest, State, Verb
from bot.ssh.wire import Request, ResultFrame

#: Programs an order may name; on a sample host they succeed and change nothing unless they mend it.
_KNOWN = frozenset({"systemctl", "nginx"})


class SampleHost:
    """The state of one: mended or not, and the orders it remembers."""

    def __init__(self, scenario: Scenario, recordings: Mapping[str, Recording]) -> None:
        self.scenario = scenario
        self._before, self._after = recordings[scenario.before], recordings[scenario.after]
        self._orders: dict[str, OrderReply] = {}
        self.is_mended = False
        #: Orders that were carried out.
        self.ran = 0

    def read(self, request: Request, now: datetime) -> Iterator[ResultFrame]:
        """An answer to each command of the request, the quickest first."""
        recording = self._after if self.is_mended else self._before
        frames = [
            recording.replay(index, command, name=self.scenario.name, now=now)
            for index, command in enumerate(request.commands)
        ]
        yield from sorted(frames, key=lambda frame: frame.duration_s)

    def order(self, request: OrderRequest) -> tuple[bool, OrderReply]:
        """Whether the nonce was new, and what became of it. A nonce counts once; asking burns a new one."""
        is_first = request.nonce not in self._orders
        if is_first and request.verb is Verb.SETTLE:
            self._orders[request.nonce] = _reply(State.BURNT, status=0, index=-1)
        elif is_first:
            self._orders[request.nonce] = self._act(request)
        return is_first, self._orders[request.nonce]

    def _act(self, request: OrderRequest) -> OrderReply:
        self.ran += 1
        for index, argv in enumerate(request.commands):
            if argv in self.scenario.mended_by:
                self.is_mended = True
            elif not _KNOWN & set(argv[:3]):
                said = f"sample host: {argv[0]}: not a command it plays"
                return _reply(State.ENDED, status=1, index=index, stderr=said)
        said = "sample host: nothing was run; from now on it answers as after this command\n"
        return _reply(State.ENDED, status=0, index=len(request.commands) - 1, stdout=said)


def _reply(state: State, *, status: int, index: int, stdout: str = "", stderr: str = "") -> OrderReply:
    return OrderReply(
        state=state,
        status=status,
        index=index,
        duration_s=0.4,
        stdout=stdout.encode(),
        stderr=stderr.encode(),
    )
