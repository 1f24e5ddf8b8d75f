"""probe.sh on HAProxy's files: what it passes requests to in HTTP, and nothing else."""

# Files stand in few lines.
# ruff: noqa: E501

import subprocess

import pytest

from tests.support.scripts import SENT
from tests.test_runbook_scripts import SHELLS

HTTP = "defaults\n  mode http\n"
#: Files of HAProxy -> what is asked of them.
FILES = {
    "the mode of the defaults": (f"{HTTP}backend b\n  server a 10.0.0.1:80\n", ["http 10.0.0.1:80"]),
    "tcp by the defaults": ("defaults\n  mode tcp\nbackend db\n  server a 10.0.0.1:3306 check\n", []),
    "tcp where nothing is said": ("backend db\n  server a 10.0.0.1:3306\n", []),
    "a section says otherwise": (
        "defaults\n  mode tcp\nbackend web\n  mode http\n  server a 10.0.0.1:80\nbackend db\n  server a 10.0.0.1:6379\n",
        ["http 10.0.0.1:80"],
    ),
    "tcp in one section of http": (
        f"{HTTP}listen db\n  bind :3306\n  mode tcp\n  server a 10.0.0.1:3306\nlisten web\n  server a 10.0.0.1:80\n",
        ["http 10.0.0.1:80"],
    ),
    "the last defaults count": (
        f"{HTTP}backend a\n  server a 10.0.0.1:1\ndefaults\n  timeout connect 5s\nbackend b\n  server b 10.0.0.1:2\n",
        ["http 10.0.0.1:1"],
    ),
    "named defaults": (
        "defaults web\n  mode http\ndefaults db from web\n  mode tcp\n"
        "backend a from web\n  server a 10.0.0.1:1\nbackend b from db\n  server b 10.0.0.1:2\n"
        "backend c\n  server c 10.0.0.1:3\ndefaults more from web\nbackend d\n  server d 10.0.0.1:4\n",
        ["http 10.0.0.1:1", "http 10.0.0.1:4"],
    ),
    "nameless defaults from named ones": (
        "defaults web\n  mode http\ndefaults from web\n  timeout client 9s\nbackend a\n  server a 10.0.0.1:1\n",
        ["http 10.0.0.1:1"],
    ),
    "servers that are off": (
        f"{HTTP}backend b\n  server a 10.0.0.1:1 check disabled\n  server b 10.0.0.1:2 backup\n"
        "backend c\n  disabled\n  server c 10.0.0.1:3\n"
        "backend d\n  default-server disabled\n  server d 10.0.0.1:4\n  server e 10.0.0.1:5 enabled\n",
        ["http 10.0.0.1:2", "http 10.0.0.1:5"],
    ),
    "a server called disabled": (f"{HTTP}backend b\n  server disabled 10.0.0.1:1\n", ["http 10.0.0.1:1"]),
    "addresses that the environment gives": (
        f'{HTTP}backend b\n  server a "${{APP}}":8000\n  server b $APP:80\n  server c "10.0.0.1:${{PORT}}"\n'
        '  server d "10.0.0.1":81\n',
        ["http 10.0.0.1:81"],
    ),
    "a mode that the environment gives": (
        'defaults\n  mode "${MODE}"\nbackend b\n  server a 10.0.0.1:80\n',
        [],
    ),
    "TLS": (
        f"{HTTP}backend b\n  server a 10.0.0.1:1 ssl verify none\n  server b 10.0.0.1:2 check check-ssl\n"
        "backend c\n  default-server ssl verify none\n  server c 10.0.0.1:3\n  server d 10.0.0.1:4 no-ssl\n",
        ["https 10.0.0.1:1", "http 10.0.0.1:2", "https 10.0.0.1:3", "http 10.0.0.1:4"],
    ),
    "every kind of address": (
        f"{HTTP}backend b\n  server a unix@/run/a.sock\n  server b /run/b.sock\n  server c ipv6@::1:80\n"
        "  server d [::1]:81\n  server e 10.0.0.1\n  server f abns@x\n  server g app.internal:82 #:83\n  server h *:84\n",
        [
            "http unix:/run/a.sock",
            "http unix:/run/b.sock",
            "http ::1:80",
            "http [::1]:81",
            "http app.internal:82",
        ],
    ),
    "servers that are no servers of requests": (
        f"{HTTP}backend b\n  server a 10.0.0.1:1\npeers mates\n  server p 10.0.0.1:1024\n"
        "ring logs\n  server r 10.0.0.1:514\nfrontend f\n  bind :80\n",
        ["http 10.0.0.1:1"],
    ),
}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize(("text", "asked"), FILES.values(), ids=FILES.keys())
def test_what_haproxy_passes_requests_to_is_asked(
    text: str, asked: list[str], shell: tuple[str, ...]
) -> None:
    functions = SENT["probe.sh"].partition("\ncase $1 in\n")[0]

    done = subprocess.run(
        [*shell, "-c", f"{functions}\nof_haproxy"],
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert [line.replace("\t", " ") for line in done.stdout.splitlines()] == asked
    assert not done.stderr
