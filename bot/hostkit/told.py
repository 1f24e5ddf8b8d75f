"""A look and a remedy as people read them, beside the one long line that the host reads. Pure."""

import shlex
from collections.abc import Sequence

from bot.command import SCRIPT
from bot.model.command import Command


def look_told(name: str, commands: Sequence[Command]) -> str:
    """Every step's commands in order, then the text of every script, once each."""
    scripts: dict[str, str] = {}
    lines = [f"# The look {name}: what it asks, and how long each answer may take."]
    for command in commands:
        after = f", after {' and '.join(command.after)}" if command.after else ""
        lines.append(f"\n{command.step}  ({command.timeout_s:g} s{after})")
        for argv in command.alternatives:
            if argv[:2] == SCRIPT and len(argv) > 3:
                scripts[argv[3]] = argv[2]
            lines.append(f"    {argv_told(argv)}")
    for script, text in sorted(scripts.items()):
        lines.append(f"\n## {script}.sh\n\n{text.rstrip()}")
    return "\n".join(lines) + "\n"


def order_told(name: str, commands: Sequence[Sequence[str]], timeout_s: float) -> str:
    """A remedy's commands in order."""
    lines = [f"# The remedy {name}: runs these in order, {timeout_s:g} s at most, until one fails.", ""]
    return "\n".join([*lines, *(argv_told(argv) for argv in commands)]) + "\n"


def argv_told(argv: Sequence[str]) -> str:
    """As one would type it; a script by its name."""
    words = [f"{argv[3]}.sh", *argv[4:]] if tuple(argv[:2]) == SCRIPT and len(argv) > 3 else argv
    return shlex.join(words)
