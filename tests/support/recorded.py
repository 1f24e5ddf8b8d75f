"""Recorded incidents: what a real host said, kept as YAML, and played back through parsers and judge."""

import importlib
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ParseError
from bot.model.evidence import CommandOutput, Evidence, Gap, GapKind, HostClock
from bot.model.host import Host, Nginx, Release, Service
from bot.model.runbook import Runbook

CASES = Path(__file__).parents[1] / "cases"


#: Long logs are kept by their end; nothing within it is changed.
_LAST_LINES = {
    "kernel_log": 12,
    "error_log": 40,
    "access_log": 60,
    "app_journal": 60,
    "app_history": 200,
    "nginx_journal": 12,
}


#: A machine's kernel has much to say; kept is what may concern a service.
_TOLD_BY_KERNEL = re.compile(r"oom-kill:|Killed process|segfault|traps:|denied|DENIED")


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as blocks, so that a case can be read and compared."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def case_of(evidence: Evidence, host: Host, *, about: str, expected: dict[str, Any]) -> dict[str, Any]:
    """A recorded run as plain data; `expected` is what a person says of it, not what the judge said."""
    return {
        "about": about,
        "host": {"name": host.name, "service": asdict(host.service)},
        "clock": {
            "now": evidence.clock.now.astimezone(UTC).isoformat(),
            "utc_offset_min": evidence.clock.utc_offset_min,
        },
        "expected": expected,
        "steps": {step: _step(output) for step, output in sorted(evidence.outputs.items())},
        "gaps": [{"step": g.step, "kind": g.kind.name, "reason": g.reason} for g in evidence.gaps],
    }


def _step(output: CommandOutput) -> dict[str, Any]:
    argv = list(output.argv)
    if len(argv) > 2 and argv[:2] == ["sh", "-c"]:
        argv[2] = "…"
    elif len(argv) > 4 and argv[2:4] == ["sh", "-c"]:
        argv[4] = "…"
    lines = _tidy(output.stdout).split("\n")
    if output.step == "kernel_log":
        lines = [line for line in lines if _TOLD_BY_KERNEL.search(line)]
    stdout = "\n".join(lines[-_LAST_LINES.get(output.step, 10_000) :])
    step: dict[str, Any] = {"argv": argv, "exit_status": output.exit_status, "stdout": stdout}
    if output.stderr:
        step["stderr"] = _tidy(output.stderr)
    return step


def _tidy(text: str) -> str:
    """Spaces at line ends go: YAML blocks cannot hold them and no parser needs them."""
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def write(case: dict[str, Any], path: Path) -> None:
    """Store a case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(case, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000))


def read(path: Path) -> dict[str, Any]:
    """A case as plain data."""
    loaded: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    return loaded


def host_of(case: dict[str, Any]) -> Host:
    """The fleet's host of the case."""
    service = dict(case["host"]["service"])
    service["release"] = Release(**{**service["release"], "rollback": tuple(service["release"]["rollback"])})
    service["nginx"] = Nginx(**service["nginx"])
    service["logs"] = tuple(service.get("logs", ()))
    service["data"] = tuple(service["data"])
    return Host(name=case["host"]["name"], address="192.0.2.1", user="runbook", service=Service(**service))


def evidence_of(case: dict[str, Any], runbook: Runbook) -> Evidence:
    """The case's outputs, parsed as a run would parse them now."""
    outputs: dict[str, CommandOutput] = {}
    facts: dict[str, object] = {}
    gaps = [Gap(step=g["step"], kind=GapKind[g["kind"]], reason=g["reason"]) for g in case["gaps"]]
    not_ok = {gap.step for gap in gaps}
    for step in runbook.steps:
        said = case["steps"].get(step.id)
        if said is None:
            continue
        output = CommandOutput(
            step=step.id,
            argv=tuple(said["argv"]),
            exit_status=said["exit_status"],
            stdout=said["stdout"],
            stderr=said.get("stderr", ""),
        )
        outputs[step.id] = output
        if step.parse and step.id not in not_ok:
            try:
                facts[step.fact] = parser(step.parse)(output)
            except ParseError as error:
                gaps.append(Gap(step=step.id, kind=GapKind.UNREADABLE, reason=str(error)))
    clock = HostClock(
        now=datetime.fromisoformat(case["clock"]["now"]), utc_offset_min=case["clock"]["utc_offset_min"]
    )
    return Evidence(
        host=case["host"]["name"], clock=clock, outputs=outputs, facts=facts, gaps=tuple(gaps), host_key=None
    )


def parser(name: str) -> Any:
    """A parser by its name."""
    return getattr(importlib.import_module(f"bot.parsers.{name}"), name)
