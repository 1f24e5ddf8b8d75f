"""Fifteen commands on each of N real OpenSSH servers on loopback: ours against what people use today.

    python -m bench                      1 and 50 hosts, every way
    python -m bench --hosts 1,10 --skip ansible --write docs/reference/performance.md

Client and servers share this machine, so wall times of many hosts hold the servers' own CPU; the
client's CPU a host is the figure that carries to other machines. Peers are installed into an
environment of their own below the user's cache folder.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from statistics import median_low

from bench.figures import OURS, PLAY, PSSH, RAW, SSH, WARM, Figures, goal_lines, goals, table_lines
from bench.work import Farm, Target
from tests.support import sshd

PEERS = ("parallel-ssh==2.14.0", "ansible-core==2.18.6")
ROOT = Path(__file__).parent.parent


def main() -> None:
    """Measure, print, and write the docs' page when asked."""
    given = _arguments()
    # A bench that is ended takes its servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    counts = sorted({int(word) for word in given.hosts.split(",")})
    peers = None if given.skip == "peers" else _peers()
    table: dict[tuple[str, int], Figures] = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as folder, farm(Path(folder), count) as path:
            for way, seen in _measure(path, count, peers, given):
                table[way, count] = seen
                print(_line(way, count, seen), flush=True)
    found = goals(table, counts[-1])
    text = "\n".join([*table_lines(table, counts), "", *goal_lines(found)])
    print("\n" + text)
    if given.write:
        Path(given.write).write_text(_page(text), "utf-8")


def _line(way: str, count: int, seen: Figures) -> str:
    return f"{count:4} hosts  {way:34} {seen.wall_s:7.2f} s  {seen.cpu_s * 1000 / count:7.1f} ms CPU a host"


@contextmanager
def farm(folder: Path, count: int) -> Iterator[Path]:
    """So many servers; gives the file that describes them."""
    identity = sshd.make_identity(folder)
    # Sessions begin in an empty home: what a shell there would run first (a ~/.bashrc that looks for
    # interpreters takes longer than all commands together) is whoever measures', and no way's cost.
    home = f"HOME={folder}"
    servers: list[sshd.Sshd] = []
    try:
        for number in range(count):
            servers.append(sshd.start(folder / f"h{number}", identity, environment=home))
            servers[-1].name = f"h{number}"
        known = folder / "known_hosts"
        known.write_text("".join(f"{server.known_line}\n" for server in servers))
        targets = [Target(name=server.name, port=server.port) for server in servers]
        described = Farm(user=sshd.USER, identity=str(identity.path), known_hosts=str(known), targets=targets)
        described.save(folder / "farm.json")
        yield folder / "farm.json"
    finally:
        for server in servers:
            server.stop()


def _measure(
    path: Path, count: int, peers: Path | None, given: argparse.Namespace
) -> Iterator[tuple[str, Figures]]:
    runs = given.runs if count <= 50 else 1
    ours = [_run([sys.executable, "-m", "bench.way_ours", str(path)]) for _ in range(runs)]
    yield OURS, _middle([lines[0] for lines in ours])
    yield WARM, _middle([lines[1] for lines in ours])
    yield SSH, _middle([_run([sys.executable, "-m", "bench.way_ssh", str(path)])[0] for _ in range(runs)])
    if peers is None:
        return
    python = str(peers / "bin" / "python")
    yield PSSH, _middle([_run([python, "-m", "bench.way_parallel_ssh", str(path)])[0] for _ in range(runs)])
    if given.skip != "ansible":
        yield RAW, _run([python, "-m", "bench.way_ansible", str(path), "raw"])[0]
        yield PLAY, _run([python, "-m", "bench.way_ansible", str(path), "playbook"])[0]


def _run(argv: list[str]) -> list[Figures]:
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    done = subprocess.run(argv, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [Figures(**json.loads(line)) for line in done.stdout.splitlines()]


def _middle(runs: list[Figures]) -> Figures:
    wall_s = median_low(run.wall_s for run in runs)
    return next(run for run in runs if run.wall_s == wall_s)


def _peers() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "runbook-bot" / f"bench-peers-{sha256(repr(PEERS).encode()).hexdigest()[:12]}"
    if not (folder / "ready").exists():
        print(f"installing {', '.join(PEERS)} into {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *PEERS]
        subprocess.run(install, check=True)
        (folder / "ready").touch()
    return folder


def _page(text: str) -> str:
    cores = os.cpu_count()
    return (
        "# What a round trip costs\n\n"
        "Made by `make bench ARGS='--write docs/reference/performance.md'`; do not edit.\n\n"
        f"Fifteen read-only commands a host, one of them sleeping 0.2 s; every host a real OpenSSH server on "
        f"loopback, ed25519 keys, known hosts checked (parallel-ssh checks none). Client and servers share "
        f"{cores} cores, so the wall time of many hosts is mostly theirs; client CPU a host carries to other "
        "machines. The first result of ssh is its first byte, of whichever command; ours is a whole result "
        "that says whose it is. Ansible's figures include its own start, which every invocation pays.\n\n"
        f"{text}\n"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--hosts", default="1,50", help="comma list of numbers of hosts (1,50)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each quick way; the median counts (3)")
    parser.add_argument("--skip", choices=["none", "ansible", "peers"], default="none")
    parser.add_argument("--write", help="file for the docs' table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
