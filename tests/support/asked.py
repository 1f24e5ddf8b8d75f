"""Ask one rule about outputs as a host would write them; the runbook says which parser reads which."""

import functools
import inspect
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.catalog import load
from bot.model.evidence import CommandOutput, HostClock
from bot.model.host import Host, Service
from bot.model.runbook import Runbook
from bot.model.verdict import Finding, RuledOut
from tests.support.recorded import parser

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
HOST = Host(
    name="web-01",
    address="192.0.2.1",
    user="runbook",
    service=Service(unit="myapp.service", health="/livez"),
)


@functools.cache
def runbook(name: str = "502") -> Runbook:
    """One of the project's own."""
    return load(Path(__file__).parents[2] / "runbooks").runbooks[name]


def output(step: str, text: str, *, exit_status: int = 0, stderr: str = "") -> CommandOutput:
    return CommandOutput(step=step, argv=("x",), exit_status=exit_status, stdout=text, stderr=stderr)


def fact(step: str, text: str) -> object:
    """What the runbook's parser of that step reads in the text."""
    parse = next(s.parse for s in runbook().steps if s.id == step)
    assert parse is not None
    return parser(parse)(output(step, text))


def ask(cause: str, **texts: str) -> Finding | RuledOut | None:
    """The rule's answer; steps that are not given are missing, as if they were gaps."""
    rule: Any = getattr(__import__(f"bot.rules.{cause}", fromlist=[cause]), cause)
    special: dict[str, object] = {"clock": HostClock(now=NOW), "host": HOST, "gaps": (), "ran_as_root": ()}
    facts = {step: fact(step, text) for step, text in texts.items()}
    unknown = set(facts) - set(inspect.signature(rule).parameters)
    assert not unknown, f"rule {cause} does not look at {unknown}"
    arguments = {name: special.get(name, facts.get(name)) for name in inspect.signature(rule).parameters}
    answer: Finding | RuledOut | None = rule(**arguments)
    return answer


def unit(**changed: object) -> str:
    """`systemctl show` of an app that runs well; keywords are systemd's property names."""
    properties = {
        "Id": "myapp.service",
        "LoadState": "loaded",
        "ActiveState": "active",
        "SubState": "running",
        "Result": "success",
        "NRestarts": 0,
        "ExecMainCode": 0,
        "ExecMainStatus": 0,
        "ExecMainStartTimestamp": "Fri 2026-11-20 11:00:00 UTC",
        "ExecMainExitTimestamp": "",
        "MainPID": 100,
        "ActiveEnterTimestamp": "Fri 2026-11-20 11:00:00 UTC",
        "InactiveEnterTimestamp": "",
        "StateChangeTimestamp": "Fri 2026-11-20 11:00:00 UTC",
        "ControlGroup": "/system.slice/myapp.service",
        "LimitNOFILE": 1024,
    }
    return "\n".join(f"{name}={value}" for name, value in {**properties, **changed}.items())


def crashing(**changed: object) -> str:
    """The same of an app that dies a second after each start."""
    dying: dict[str, object] = {
        "ActiveState": "activating",
        "SubState": "auto-restart",
        "Result": "exit-code",
        "NRestarts": 4,
        "ExecMainCode": 1,
        "ExecMainStatus": 1,
        "ExecMainStartTimestamp": "Fri 2026-11-20 11:59:50 UTC",
        "ExecMainExitTimestamp": "Fri 2026-11-20 11:59:51 UTC",
        "MainPID": 0,
    }
    return unit(**{**dying, **changed})


def stopped(**changed: object) -> str:
    """The same of an app that was stopped cleanly."""
    resting: dict[str, object] = {
        "ActiveState": "inactive",
        "SubState": "dead",
        "MainPID": 0,
        "ExecMainCode": 1,
        "InactiveEnterTimestamp": "Fri 2026-11-20 11:58:00 UTC",
    }
    return unit(**{**resting, **changed})


def nginx(**changed: object) -> str:
    """nginx's unit, running."""
    return unit(Id="nginx.service", ControlGroup="/system.slice/nginx.service", **changed)


def error(message: str, *, level: str = "error", upstream: str = "http://127.0.0.1:3000/") -> str:
    """A line of nginx's error log about a request for `/`."""
    return (
        f"2026/11/20 11:59:58 [{level}] 156#156: *5 {message}, client: 10.0.0.9, server: _, "
        f'request: "GET / HTTP/1.1", upstream: "{upstream}", host: "example.org"\n'
    )


REFUSED = "connect() failed (111: Connection refused) while connecting to upstream"


def probe(  # the columns of a probe
    result: str,
    *,
    status: object = "-",
    path: str = "/",
    address: str = "127.0.0.1:3000",
    protocol: str = "http",
    ms: int = 5,
    header: int = 120,
    detail: str = "",
) -> str:
    """A line of probe.sh."""
    fields = ("probe", protocol, address, path, result, status, 0, ms, header, detail)
    return "\t".join(str(field) for field in fields) + "\n"


WELL = probe("answered", status=200) + probe("answered", status=200, path="/livez")


def said(*messages: str, program: str = "python3") -> str:
    """Lines of the journal, all at 11:59:51."""
    return "".join(f"2026-11-20T11:59:51+0000 web-01 {program}[99]: {text}\n" for text in messages)


def systemd(*messages: str) -> str:
    """Lines that systemd wrote about the unit."""
    return said(*messages, program="systemd")


def listens(address: str = "127.0.0.1:3000", *, by: str = "python3", pid: int = 100, waiting: int = 0) -> str:
    """A line of `ss -Hltnp`."""
    return f'LISTEN {waiting} 128 {address} 0.0.0.0:* users:(("{by}",pid={pid},fd=3))\n'


def finding(answer: Finding | RuledOut | None) -> Finding:
    """The answer, which must be a finding that quotes something."""
    assert isinstance(answer, Finding), answer
    assert all(line.text.strip() for line in answer.because)
    return answer


def quoted(answer: Finding) -> str:
    """All that it quotes."""
    return "\n".join(line.text for line in answer.because)
