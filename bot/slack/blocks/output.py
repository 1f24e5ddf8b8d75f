"""A run's full output as one text file."""

from collections.abc import Mapping

from bot.model.incident import Incident, Run
from bot.slack.blocks.groups import state
from bot.slack.blocks.message import Upload
from bot.slack.blocks.text import name, shell


def upload(incident: Incident, run: Run) -> Upload | None:
    """The file of a finished run; None when no step left any output."""
    if not run.is_over or not any(step.event.evidence for step in run.steps):
        return None
    host = name(incident.host or "host").replace("/", "-").replace(":", "-")
    return Upload(
        key=f"file:{run.number}",
        run=run.number,
        name=f"{host}-run-{run.number}.txt",
        title=f"Full output of run {run.number} on {host}",
    )


def full_output(incident: Incident, run: Run, texts: Mapping[str, str]) -> bytes:
    """Every step in the order it answered: command, how it ended, and all that it said (UTF-8)."""
    parts = [f"{incident.runbook} on {incident.host}, run {run.number}, incident {incident.id}\n"]
    for step in run.steps:
        event = step.event
        body = texts.get(event.evidence, "(erased)") if event.evidence else "(no output)"
        parts.append(f"\n===== {event.step}: {state(event)}, at {step.at:%Y-%m-%d %H:%M:%S} UTC\n")
        parts.append(f"$ {shell(event.argv)}\n")
        if event.omitted_bytes:
            parts.append(f"({event.omitted_bytes} bytes in the middle were left out on the host)\n")
        parts.append(f"not checked: {event.gap}\n" if event.gap else "")
        parts.append(body if body.endswith("\n") else f"{body}\n")
    return "".join(parts).encode("utf-8", "replace")
