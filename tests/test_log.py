"""Lines of the log are JSON for machines, and name the incident they are about."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.engine import Engine
from bot.errors import LedgerUnavailable
from bot.slack.blocks import Urgency
from bot.slack.failures import Away
from bot.slack.sender import Job, Sender
from bot.slack.setup import SystemTime
from tests.redact.corpus.measure import survivors
from tests.support.alone import Alone
from tests.support.logged import logged


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What goes to standard error, by default as JSON; everybody else's logging is put back afterwards."""
    with logged(monkeypatch) as stream:
        log.set_up(getattr(request, "param", "json"))
        yield stream


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Breaking:
    """Work in which a library deep below writes a line, and the ledger goes away once."""

    def __init__(self) -> None:
        self.failures = 1

    async def carry_on(self, incident: str, **_: object) -> None:
        logging.getLogger("bot.somewhere").warning("looked at %s", "something")
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise LedgerUnavailable("away")


async def test_every_line_written_while_an_incident_is_worked_on_names_it(written: io.StringIO) -> None:
    work = Breaking()
    work.failures = 0
    engine = Engine(work.carry_on, None, Alone())  # type: ignore[arg-type]  # nothing is recovered

    engine.submit("inc-1")
    engine.submit("inc-2")
    await engine.idle()
    logging.getLogger("bot.somewhere").warning("about nothing")

    said = [(line["event"], line.get("incident")) for line in lines(written)]
    assert said == [
        ("looked at something", "inc-1"),
        ("looked at something", "inc-2"),
        ("about nothing", None),
    ]


async def test_a_ledger_that_is_away_is_told_with_the_incident(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.engine.BACKOFF_S", (0.0,))
    engine = Engine(Breaking().carry_on, None, Alone())  # type: ignore[arg-type]  # nothing is recovered

    engine.submit("inc-7")
    await engine.idle()

    (line,) = [line for line in lines(written) if line["event"] == "ledger unavailable"]
    assert (line["incident"], line["why"], line["level"]) == ("inc-7", "away", "warning")
    assert str(line["timestamp"]).endswith("Z")


async def test_a_message_to_slack_is_logged_under_its_own_incident(written: io.StringIO) -> None:
    sender = Sender(SystemTime())

    async def away_once(tries: list[int]) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise Away("gone")
        return "1.0"

    def job(incident: str) -> Job:
        tries: list[int] = []
        return Job(
            name=(incident, "root"),
            what="update",
            channel="C1",
            urgency=Urgency.PROGRESS,
            send=lambda: away_once(tries),
        )

    with structlog.contextvars.bound_contextvars(incident="inc-1"):
        first = asyncio.create_task(sender.send(job("inc-1")))
        await asyncio.sleep(0)  # its task makes the channel's worker
    await asyncio.gather(first, sender.send(job("inc-2")))
    await sender.stop()

    assert [line["incident"] for line in lines(written)] == ["inc-1", "inc-2"]


HOSTILE = (
    'ok\n{"event": "approved", "level": "info"}',
    "ok\r\n2026-01-01T00:00:00Z [info     ] approved",
    "\x1b[2J\x1b]0;title\x07cleared",
    "a\u202egnp.exe\u2028next",
    "x" * 50_000,
    "\x00\x85\u2029",
)


@pytest.mark.parametrize("written", ["json", "console"], indirect=True)
@pytest.mark.parametrize("text", HOSTILE, ids=["json", "line", "escapes", "bidi", "long", "controls"])
def test_whatever_an_event_holds_it_is_one_line(text: str, written: io.StringIO) -> None:
    logging.getLogger("bot.somewhere").warning("refused: %s", text)
    structlog.get_logger("bot.engine").warning("trouble", host=text, why=ValueError(text))

    said = [line for line in written.getvalue().split("\n") if line]
    assert len(said) == 2
    assert all(len(line) < 6 * log.MOST_CHARS for line in said)
    assert not any(char in "\x00\r\x07\x85\u2028\u2029\u202e" for line in said for char in line)
    assert "\x1b[2J" not in written.getvalue()


@pytest.mark.parametrize("written", ["console"], indirect=True)
def test_a_traceback_cannot_pose_as_events(written: io.StringIO) -> None:
    try:
        _raise("x\n2026-01-01T00:00:00Z [info     ] approved by ann")
    except ValueError:
        logging.getLogger("bot.somewhere").exception("that failed")

    _, *rest = [line for line in written.getvalue().split("\n") if line]
    assert all(line.startswith("    | ") for line in rest)
    assert any("approved by ann" in line for line in rest)


def _raise(says: str) -> None:
    raise ValueError(says)


#: Ways to leave a secret behind; the program goes on or ends after each.
CRASHES = {
    "uncaught": "raise RuntimeError(SECRET)",
    "uncaught with a cause": "try: int(SECRET)\nexcept ValueError as e: raise RuntimeError('x') from e",
    "in a group": "raise ExceptionGroup('two', [ValueError(SECRET), KeyError(SECRET)])",
    "in a thread": "t = threading.Thread(target=lambda: int(SECRET)); t.start(); t.join()",
    "in a task nobody awaits": "async def f():\n"
    "  asyncio.create_task(g()); await asyncio.sleep(0.01); gc.collect()\n"
    "async def g(): raise ValueError(SECRET)\nasyncio.run(f())",
    "in a callback": "l = asyncio.new_event_loop(); l.call_soon(int, SECRET);"
    "l.call_soon(l.stop); l.run_forever()",
    "in a destructor": "class D:\n  def __del__(self): raise ValueError(SECRET)\nD()\ngc.collect()",
    "logged": "logging.getLogger('bot').error('said %s', SECRET)",
    "logged with its traceback": "try: int(SECRET)\n"
    "except ValueError: logging.getLogger('bot').exception('x')",
    "logged by a library": "logging.getLogger('sqlalchemy').warning('to %s', 'postgresql://u:' + SECRET)",
    "as a value": "structlog.get_logger().error('x', url=SECRET, all=[SECRET], map={'a': SECRET})",
    "in base64": "logging.getLogger('bot').error(base64.b64encode(b'x' + SECRET.encode()).decode())",
    "in a URL": "logging.getLogger('bot').error(urllib.parse.quote(SECRET))",
    "as bytes": "logging.getLogger('bot').error('%r', SECRET.encode())",
    "as a warning": "logging.captureWarnings(True); warnings.warn(SECRET)",
    "in a name": "globals()[SECRET]",
    "by assertion": "assert False, SECRET",
    "by exit": "logging.getLogger('bot').critical(SECRET); sys.exit(3)",
    "by a wrong argument": "float(SECRET)",
    "of a stranger": "logging.getLogger('bot').error('token=ghp_' + 'a1B2' * 9)",
}
_PROGRAM = """
import asyncio, base64, gc, json, logging, sys, threading, urllib.parse, warnings, structlog
from bot import log
from bot.redact import KnownValues
SECRET = sys.stdin.read()
log.set_up(sys.argv[1], known=KnownValues.of([SECRET]))
exec(sys.argv[2])
"""


@pytest.mark.parametrize("how", CRASHES)
def test_no_way_to_crash_or_log_shows_a_secret(how: str) -> None:
    secret = "s3cr3t/of+the bot"
    form = "json" if len(how) % 2 else "console"

    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, form, CRASHES[how]], input=secret, capture_output=True, text=True
    )

    said = ran.stdout + ran.stderr
    assert "REDACTED:" in said or how in {"in a name"}, said
    assert survivors(secret, said) == []
    assert "ghp_" not in said


def test_a_command_has_such_a_log_and_a_program_around_it_keeps_its_own() -> None:
    program = (
        "import logging, sys; from bot.log import set_up_unless_done; from bot.redact import KnownValues\n"
        "if sys.argv[1] == 'own': logging.basicConfig(format='own %(message)s')\n"
        "set_up_unless_done('json', known=KnownValues.of(['hunter2-of-the-fleet']))\n"
        "logging.getLogger('bot').warning('it is hunter2-of-the-fleet')"
    )

    said = [
        subprocess.run([sys.executable, "-c", program, whose], capture_output=True, text=True).stderr
        for whose in ("ours", "own")
    ]

    assert "it is [REDACTED:known]" in said[0]
    assert said[1] == "own it is hunter2-of-the-fleet\n"


def test_the_password_of_a_database_that_is_away_is_not_shown(tmp_path: Path) -> None:
    for name in ("id_runbook", "known_hosts"):
        (tmp_path / name).touch(mode=0o600)
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(
        "hosts: {web-01: {address: 127.0.0.1, user: bot}}\n"
        "ssh: {identity: ./id_runbook, known_hosts: ./known_hosts}\n"
    )
    url = "postgresql://bot:s3cr3t-of-the-database@127.0.0.1:9/bot"

    ran = subprocess.run(
        [sys.executable, "-m", "bot", "check", "502", "web-01", "--fleet", fleet, "--ledger", url],
        capture_output=True, text=True,
    )  # fmt: skip

    assert ran.returncode == 2
    assert "s3cr3t" not in ran.stdout + ran.stderr


def test_nobody_else_can_dump_or_read_its_memory() -> None:
    program = (
        "import resource, ctypes; from bot.memory import keep_private; keep_private();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "(0, 0) 0"
