"""parallel-ssh (libssh2), one exec a host. It checks no host keys. Runs in the peers' environment."""

import sys

# Only the peers' environment has it.
from pssh.clients import ParallelSSHClient  # type: ignore[import-not-found]
from pssh.config import HostConfig  # type: ignore[import-not-found]

from bench.work import BATCH, Farm, Stopwatch


def run(path: str) -> None:
    """All hosts; one line of figures."""
    farm, watch = Farm.load(path), Stopwatch()
    config = [HostConfig(port=target.port) for target in farm.targets]
    client = ParallelSSHClient(
        ["127.0.0.1"] * len(config),
        user=farm.user,
        pkey=farm.identity,
        host_config=config,
        pool_size=len(config),
        allow_agent=False,
    )
    for host in client.run_command(BATCH):
        for _ in host.stdout:
            watch.heard()
        if host.exit_code:
            raise SystemExit(f"parallel-ssh ended with {host.exit_code}")
    watch.say()


if __name__ == "__main__":
    run(sys.argv[1])
