"""Real hosts that may be broken: faults are set and healed by the program in RUNBOOK_BOT_TEST_LAB."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot import yamlfile
from tests.support.people import NO_TLS

#: The one that is broken.
HOST = os.environ.get("RUNBOOK_BOT_TEST_HOST", "web-04")
#: Seconds that setting or healing a fault may take on a busy machine.
_WITHIN_S = 300
#: Who asks and who approves in the local Slack's default workspace.
POLICY = {
    "people": {
        "requester": {"slack": ["U0REQUESTER"]},
        "approver": {"slack": ["U0APPROVER"]},
    },
    "groups": {"sre": {"people": ["approver"], "slack_usergroup": "S0SRE"}},
    "rules": [
        {
            "name": "mend",
            "do": [
                "restart_unit",
                "start_unit",
                "reload_nginx",
                "start_nginx",
                "restart_nginx",
                "rollback_release",
            ],
            "approve": {"from": ["sre"], "count": 1},
        }
    ],
}
RELEASE = {
    "link": "/srv/app/current",
    "directory": "/srv/app/releases",
    "rollback": ["/usr/local/sbin/app-rollback"],
}


def given_fleet() -> Path:
    """The fleet file of the hosts that tests may break."""
    return Path(os.environ["RUNBOOK_BOT_TEST_FLEET"])


def write_fleet(folder: Path) -> Path:
    """The given fleet with absolute paths, the hosts' release layout and a policy, in `folder`."""
    given = given_fleet()
    fleet: Any = yamlfile.read(given)
    for key in ("identity", "known_hosts"):
        fleet["ssh"][key] = str((given.parent / fleet["ssh"][key]).resolve())
    for host in fleet["hosts"].values():
        host["service"].setdefault("release", RELEASE)
    fleet["policy"] = POLICY
    path = folder / "fleet.yaml"
    path.write_text(yaml.safe_dump(fleet))
    return path


@dataclass(frozen=True, kw_only=True)
class Lab:
    """The program that breaks and heals the hosts."""

    program: str

    @classmethod
    def given(cls) -> "Lab | None":
        """None when hosts can only be read, not broken."""
        program = os.environ.get("RUNBOOK_BOT_TEST_LAB")
        return cls(program=program) if program else None

    async def fault(self, name: str, host: str) -> None:
        await self._run("fault", name, host)

    async def heal(self, host: str) -> None:
        await self._run("heal", host)

    async def shell(self, host: str, script: str, *, stdin: bytes = b"") -> str:
        """Run a script as root on a host, beside the bot; its standard output."""
        return await self._run("exec", host, "sh", "-c", script, stdin=stdin)

    def command(self, host: str, *argv: str) -> list[str]:
        """The command line that runs argv as root on a host."""
        return [self.program, "exec", host, *argv]

    async def _run(self, *words: str, stdin: bytes = b"") -> str:
        process = await asyncio.create_subprocess_exec(
            self.program,
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(_WITHIN_S):
                out, _ = await process.communicate(stdin)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return out.decode(errors="replace")


async def visit(address: str, times: int = 3) -> list[int]:
    """Ask the site as a visitor does; HTTP statuses, 0 where none came."""
    seen = []
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=20) as client:
        for _ in range(times):
            try:
                seen.append((await client.get(f"http://{address}/")).status_code)
            except httpx.HTTPError:
                seen.append(0)
    return seen
