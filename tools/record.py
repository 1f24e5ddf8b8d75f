r"""Records what a real host answers to a checklist, as a sample host replays it.

    python -m tools.record --fleet fleet.yaml --host web-01 --out bot/demo/samples/bad_release.yaml \
        --only kernel_log=oom

`--only STEP=REGEX` keeps the matching lines of a step that also tells of other things.

The host must keep its clock in UTC. Everything it says is written down as it is: take hosts that hold
nothing secret, and read the file before it goes anywhere.
"""

import argparse
import asyncio
import re
from pathlib import Path
from typing import Any

import yaml

from bot import catalog, fleet
from bot.command import commands_of, missing, values_of
from bot.demo.recording import load
from bot.model.command import Ended, Hello, RawOutput
from bot.model.host import Fleet, Host
from bot.model.runbook import Runbook
from bot.ssh.shell import SshShell
from bot.ssh.wire import EXITED, NOT_STARTED, TIMED_OUT

_HOW = {Ended.EXITED: EXITED, Ended.REFUSED: EXITED, Ended.TIMED_OUT: TIMED_OUT, Ended.NOT_FOUND: NOT_STARTED}


class _Dumper(yaml.SafeDumper):
    """Multi-line texts as blocks, so that people can read a recording."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if "\n" not in value else '"' if "\t" in value else "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


async def record(loaded: Fleet, host: Host, runbook: Runbook) -> dict[str, Any]:
    """One run of the runbook's steps as a recording's content."""
    values = values_of(host)
    asked = [step for step in runbook.steps if step.probe is None and not missing(step.needs, values)]
    shell = SshShell(loaded)
    steps: dict[str, object] = {}
    at = 0.0
    try:
        async for item in shell.read(host, [commands_of(step, values) for step in asked], deadline_s=30):
            if isinstance(item, Hello):
                at = round(item.clock_at.timestamp(), 3)
            else:
                steps[item.step] = _answer(item)
    finally:
        await shell.aclose()
    return {"host": host.name, "at": at, "steps": {step.id: steps[step.id] for step in asked}}


def _answer(raw: RawOutput) -> dict[str, object]:
    answer = {
        "alternative": raw.alternative,
        "how": _HOW[raw.ended],
        "status": raw.exit_status or 0,
        "duration_s": round(raw.duration_s, 3),
        "omitted_bytes": raw.omitted_bytes,
        "stdout": raw.stdout.decode(),
        "stderr": raw.stderr.decode(),
    }
    return {key: value for key, value in answer.items() if value or key in ("how", "duration_s")}


def _narrow(answer: dict[str, Any], pattern: re.Pattern[str]) -> None:
    lines = answer.get("stdout", "").splitlines(keepends=True)
    answer["stdout"] = "".join(line for line in lines if pattern.search(line))


def main() -> None:
    """Record one host into one file and read it back."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("fleet", "host", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--runbooks", default="runbooks")
    parser.add_argument("--runbook", default="502")
    given = parser.parse_args()
    loaded, _ = fleet.load(Path(given.fleet))
    runbook = catalog.load(Path(given.runbooks)).runbooks[given.runbook]
    content = asyncio.run(record(loaded, fleet.host_named(loaded, given.host), runbook))
    for step, pattern in (each.split("=", 1) for each in given.only):
        _narrow(content["steps"][step], re.compile(pattern))
    out = Path(given.out)
    out.write_text(yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000))
    print(f"{out}: {len(load(out).answers)} steps, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
