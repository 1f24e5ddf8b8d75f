"""Our SSH module: every host once with a cold pool, then once more with a warm one."""

import asyncio
import resource
import sys

from bench.work import COMMANDS, Farm, Stopwatch
from bot.model.command import Command, Ended, RawOutput
from bot.model.host import Fleet, Host, SshFiles
from bot.ssh import SshOptions, SshShell

STEPS = tuple(Command(step=f"s{number}", alternatives=(argv,)) for number, argv in enumerate(COMMANDS))


async def ask(shell: SshShell, host: Host, watch: Stopwatch) -> None:
    """One read; every command must have ended by itself."""
    ended = 0
    async for answer in shell.read(host, STEPS, deadline_s=60):
        if isinstance(answer, RawOutput):
            watch.heard()
            ended += answer.ended is Ended.EXITED
    if ended != len(STEPS):
        raise SystemExit(f"{host.name}: {ended} of {len(STEPS)} commands ended")


async def run(path: str) -> None:
    """Cold, then warm; one line of figures each."""
    farm = Farm.load(path)
    hosts = {
        target.name: Host(name=target.name, address="127.0.0.1", port=target.port, user=farm.user)
        for target in farm.targets
    }
    files = SshFiles(identity=farm.identity, known_hosts=farm.known_hosts)
    shell = SshShell(Fleet(hosts=hosts, ssh=files), options=SshOptions(max_connections=len(hosts)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for _ in ("cold", "warm"):
        watch = Stopwatch()
        await asyncio.gather(*(ask(shell, host, watch) for host in hosts.values()))
        watch.say(base_mb=before)
    await shell.aclose()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
