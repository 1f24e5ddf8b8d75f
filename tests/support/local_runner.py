"""The far end's programs run on this machine, as sshd would start them."""

import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from bot.model.command import Command
from bot.ssh import programs, wire

NONCE = "0123456789abcdef" * 2
#: A python3 before 3.8 has nothing but fork to start a command.
OLD_PYTHON = "python3 without posix_spawn"
RUNNERS = ("python3", OLD_PYTHON, "dash", "busybox")


@dataclass(kw_only=True)
class Run:
    """What a runner said, in the order it came."""

    hello: wire.HelloFrame | None
    results: list[tuple[str, wire.ResultFrame]]
    took_s: float
    raw: bytes

    def of(self, step: str) -> wire.ResultFrame:
        return next(frame for name, frame in self.results if name == step)

    @property
    def order(self) -> list[str]:
        return [name for name, _ in self.results]


def start(
    runner: str, commands: Sequence[Command], *, life_s: float = 100.0, path: str = ""
) -> subprocess.Popen[bytes]:
    """Start a runner with a request; standard input stays open. `path`: programs found first."""
    request = wire.Request(nonce=NONCE, life_s=life_s, commands=tuple(commands))
    process = subprocess.Popen(
        ["sh", "-c", command_for(runner)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]},
    )
    assert process.stdin is not None
    process.stdin.write(programs.read_input(wire.encode_request(request)))
    return process


def run(
    runner: str,
    commands: Sequence[Command],
    *,
    life_s: float = 100.0,
    within_s: float = 120.0,
    path: str = "",
    heard: Callable[[str], None] = lambda _: None,
) -> Run:
    """Run until every command is answered; fails the test when that takes too long.

    `heard` is called with each step as its answer comes.
    """
    began = time.monotonic()
    process = start(runner, commands, life_s=life_s, path=path)
    try:
        found = _collect(process, commands, heard, until=began + within_s)
    finally:
        end(process)
    found.took_s = time.monotonic() - began
    return found


def run_soon(runner: str, commands: Sequence[Command], *, soon_s: float, life_s: float = 100.0) -> Run:
    """Run until it took no longer than that, as on a machine that does not stall; the third time counts."""
    for _ in range(3):
        found = run(runner, commands, life_s=life_s)
        if found.took_s < soon_s:
            break
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """Close its input, which tells it to stop, and wait until it is gone."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    try:
        process.wait(60)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def command_for(runner: str) -> str:
    """The exec'd words that end up in this runner."""
    if runner == "python3":
        return programs.READ_COMMAND
    if runner == OLD_PYTHON:
        return programs.READ_COMMAND.replace("import sys;", "import os,sys;del os.posix_spawnp;", 1)
    if shutil.which(runner) is None:
        pytest.skip(f"no {runner}: apt-get install {runner}")
    shell = "busybox sh" if runner == "busybox" else runner
    return programs.READ_COMMAND_SH.replace("exec sh -c", f"exec {shell} -c", 1)


def _collect(
    process: subprocess.Popen[bytes],
    commands: Sequence[Command],
    heard: Callable[[str], None],
    *,
    until: float,
) -> Run:
    assert process.stdout is not None
    decoder = wire.FrameDecoder(NONCE, [command.max_bytes for command in commands])
    found = Run(hello=None, results=[], took_s=0.0, raw=b"")
    while len(found.results) < len(commands):
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
        data = os.read(process.stdout.fileno(), 65_536) if ready else b""
        assert data, f"no more output; so far {found.order}"
        found.raw += data
        for frame in decoder.feed(data):
            if isinstance(frame, wire.HelloFrame):
                found.hello = frame
            else:
                found.results.append((commands[frame.index].step, frame))
                heard(found.order[-1])
    return found
