"""The compose stack under a name and a port of its own, so that it disturbs no other."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
_NAME = "runbook-bot-test"
_WELL_WITHIN_S = 120


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A running `docker compose up`."""

    page_port: int

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.page_port}/"

    def compose(self, *words: str, fails: bool = False, timeout_s: float = 120) -> str:
        """Everything that a command of `docker compose` said; it must succeed, or fail where meant."""
        done = subprocess.run(
            ["docker", "compose", "--project-name", _NAME, "--progress", "plain", *words],
            cwd=ROOT, env={**os.environ, "PAGE_PORT": str(self.page_port)}, text=True, timeout=timeout_s,
            check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, done.stdout[-4000:]
        return done.stdout

    def run(self, service: str, *argv: str, fails: bool = False) -> str:
        """What a command inside a service's container said."""
        return self.compose("exec", "-T", service, *argv, fails=fails)

    def wait_until_said(self, service: str, words: str, *argv: str) -> None:
        """Run the command inside again and again until it says these words."""
        end = time.monotonic() + 120
        while words not in (said := self.run(service, *argv)):
            assert time.monotonic() < end, said
            time.sleep(0.2)  # a host sets no event here

    def inspect(self, service: str, what: str) -> str:
        """A Go template over the container as the engine has it."""
        return _engine("inspect", "--format", what, self._container(service)).strip()

    def log(self, service: str) -> list[str]:
        """Lines as the container wrote them."""
        return _engine("logs", self._container(service)).splitlines()

    def _container(self, service: str) -> str:
        return self.compose("ps", "--all", "--quiet", service).strip()

    def wait_until_well(self, *services: str) -> None:
        """Return when their own health checks say so. Raises AssertionError with their logs."""
        end = time.monotonic() + _WELL_WITHIN_S
        while not all(self.inspect(one, "{{.State.Health.Status}}") == "healthy" for one in services):
            assert time.monotonic() < end, self.compose("logs", "--tail", "40")[-6000:]
            time.sleep(0.5)  # an engine tells nobody when a check is passed


def _engine(*words: str) -> str:
    """What the engine itself says, both streams."""
    done = subprocess.run(
        ["docker", *words],
        text=True,
        check=True,
        timeout=120,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


@contextmanager
def running() -> Iterator[Stack]:
    """Build the stack from this checkout, start it, and take all of it away afterwards."""
    stack = Stack(page_port=free_port())
    try:
        stack.compose("up", "--build", "--detach", timeout_s=1500)
        stack.wait_until_well("db", "slack", "bot")
        yield stack
    finally:
        stack.compose("--profile", "replicas", "down", "--volumes", "--timeout", "10")
