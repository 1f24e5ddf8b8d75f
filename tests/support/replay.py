"""A host that replays recorded cases through the Shell port, and changes when it is acted on."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import HostKeyRejected, HostUnreachable
from bot.model.action import ActResult, Order, Settled, Settlement
from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.host import Host
from tests.support import recorded

HOST_KEY = "SHA256:recorded"


class ReplayShell:
    """Answers with `case`; an order that runs calls `on_act`, whose answer is the next case."""

    def __init__(self, case: str, *, after: str = "healthy", more: Mapping[str, str] | None = None) -> None:
        """`more`: step -> what it says after what was recorded."""
        self.case = _saying_more(_read(case), more or {})
        self.after = after
        #: Every order that really ran, by nonce.
        self.ran: dict[str, Order] = {}
        self.burnt: set[str] = set()
        #: How the connection ends after an order ran: EXITED, or LOST when the answer never comes.
        self.act_ends = Ended.EXITED
        self.exit_status = 0
        self.is_up = True
        #: Of the machine that answers at the address now.
        self.host_key = HOST_KEY
        #: Called at the moment an order is about to run.
        self.before_act: Callable[[], None] = lambda: None

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        self._check_up(host)
        now = datetime.fromisoformat(self.case["clock"]["now"])
        yield Hello(clock_at=now, skew_s=0.0, host_key=self.host_key, after_s=0.01)
        for command in commands:
            yield self._answer(command)

    def _answer(self, command: Command) -> RawOutput:
        said = self.case["steps"].get(command.step)
        return RawOutput(
            step=command.step,
            argv=tuple(said["argv"]) if said else command.alternatives[0],
            alternative=0,
            ended=Ended.EXITED if said else Ended.NOT_FOUND,
            exit_status=said["exit_status"] if said else None,
            stdout=said["stdout"].encode() if said else b"",
            stderr=said.get("stderr", "").encode() if said else b"",
            duration_s=0.01,
        )

    async def act(self, host: Host, order: Order) -> ActResult:
        self._check_up(host)
        self._check_key(host, order.host_key)
        if order.nonce in self.ran or order.nonce in self.burnt:
            return ActResult(
                is_first=False, ended=Ended.EXITED, exit_status=None, stdout=b"", stderr=b"", duration_s=0.0
            )
        self.before_act()
        self.ran[order.nonce] = order
        self.case = _read(self.after)
        is_known = self.act_ends is Ended.EXITED
        return ActResult(
            is_first=True,
            ended=self.act_ends,
            exit_status=self.exit_status if is_known else None,
            stdout=b"rolled back 2 -> 1\n" if is_known else b"",
            stderr=b"",
            duration_s=0.2,
        )

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        self._check_up(host)
        self._check_key(host, host_key)
        if nonce in self.ran:
            return Settlement(state=Settled.DONE, exit_status=self.exit_status)
        self.burnt.add(nonce)
        return Settlement(state=Settled.NEVER, exit_status=None)

    def _check_up(self, host: Host) -> None:
        if not self.is_up:
            raise HostUnreachable(f"{host.name}: no route to host; look at the machine or its network")

    def _check_key(self, host: Host, host_key: str | None) -> None:
        if host_key not in (None, self.host_key):
            raise HostKeyRejected(f"{host.name}: the order is for the host with key {host_key}")


def _read(name: str) -> dict[str, Any]:
    return recorded.read(recorded.CASES / "502" / f"{name}.yaml")


def _saying_more(case: dict[str, Any], more: Mapping[str, str]) -> dict[str, Any]:
    steps = case["steps"]
    longer = {step: {**steps[step], "stdout": steps[step]["stdout"] + text} for step, text in more.items()}
    return {**case, "steps": {**steps, **longer}}


def case_names() -> list[str]:
    return sorted(path.stem for path in Path(recorded.CASES / "502").glob("*.yaml"))
