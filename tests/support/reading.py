"""Short ways to ask a shell in tests."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.host import Host
from bot.ports import Shell


def command(step: str, *argv: str, timeout_s: float = 15.0, max_bytes: int = 100_000) -> Command:
    return Command(step=step, alternatives=(argv,), timeout_s=timeout_s, max_bytes=max_bytes)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """All that one read brought, checked against the port's promise."""

    hello: Hello
    outputs: tuple[RawOutput, ...]
    took_s: float

    def of(self, step: str) -> RawOutput:
        return next(output for output in self.outputs if output.step == step)

    @property
    def ends(self) -> dict[str, Ended]:
        return {output.step: output.ended for output in self.outputs}


async def read(shell: Shell, host: Host, commands: Sequence[Command], *, deadline_s: float = 20.0) -> Answers:
    """Everything; asserts that Hello comes first and each command is answered exactly once."""
    began = time.monotonic()
    said = [answer async for answer in shell.read(host, commands, deadline_s=deadline_s)]
    took_s = time.monotonic() - began
    assert isinstance(said[0], Hello)
    outputs = tuple(answer for answer in said[1:] if isinstance(answer, RawOutput))
    assert sorted(output.step for output in outputs) == sorted(command.step for command in commands)
    return Answers(hello=said[0], outputs=outputs, took_s=took_s)
