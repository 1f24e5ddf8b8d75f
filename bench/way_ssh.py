"""OpenSSH's client as shipped, one exec a host, all hosts at once."""

import asyncio
import sys

from bench.work import BATCH, Farm, Stopwatch, Target


def argv(farm: Farm, target: Target) -> list[str]:
    """The command line: strict host keys, one key, no settings of whoever runs this."""
    options = ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes"]
    options.append(f"UserKnownHostsFile={farm.known_hosts}")
    given = [word for option in options for word in ("-o", option)]
    login = ["-i", farm.identity, "-p", str(target.port), f"{farm.user}@127.0.0.1"]
    return ["ssh", "-F", "/dev/null", *given, *login]


async def ask(farm: Farm, target: Target, watch: Stopwatch) -> None:
    """One client process to its end."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv(farm, target), BATCH, stdout=pipe, limit=1 << 20)
    assert process.stdout is not None
    while await process.stdout.read(65_536):
        watch.heard()
    if await process.wait():
        raise SystemExit(f"{target.name}: ssh ended with {process.returncode}")


async def run(path: str) -> None:
    """All hosts; one line of figures."""
    farm, watch = Farm.load(path), Stopwatch()
    await asyncio.gather(*(ask(farm, target, watch) for target in farm.targets))
    watch.say()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
