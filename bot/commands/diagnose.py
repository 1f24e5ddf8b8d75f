"""`diagnose`: judges text without a host."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bot import pasted, terminal
from bot.commands.say import say
from bot.diagnose import diagnose as judged
from bot.errors import BadRequest, FileError
from bot.explain import mend_of
from bot.model.verdict import Verdict
from bot.redact import mask


def diagnose(files: Sequence[Path], *, as_lines: bool) -> int:
    """0 a cause was named for every case, 1 not for all, 2 something could not be read (and is said)."""
    status = 0
    for case in _cases(files):
        if isinstance(case, BadRequest):
            sys.stderr.write(f"runbook-bot: {case}\n")
            status = 2
            continue
        verdict = judged(case.pieces)
        if as_lines:
            say(json.dumps(answer(case.id, verdict), ensure_ascii=False))
        else:
            terminal.show_verdict(verdict, Console(), title=str(case.id) or "")
        status = max(status, int(verdict.cause == "unknown"))
    return status


def answer(name: str | int, verdict: Verdict) -> dict[str, object]:
    """The verdict with the keys that programs rely on; quoted lines without secrets."""
    return {
        "id": name,
        "cause": verdict.cause,
        "certainty": verdict.certainty.value,
        "ranked": verdict.ranked,
        "restart": verdict.restart.effect.value,
        "restart_what": verdict.restart.what,
        "restart_why": verdict.restart.why,
        "remedy": mend_of(verdict)[1] or None,
        "says": verdict.says,
        "because": [mask(line.text) for line in (verdict.found[0].because if verdict.found else ())],
        "next_check": verdict.next_check,
    }


def _cases(files: Sequence[Path]) -> Iterator[pasted.Case | BadRequest]:
    if not files or files == [Path("-")]:
        if sys.stdin.isatty():
            sys.stderr.write("Paste the text, then press Ctrl-D on an empty line.\n")
        yield from _of_text("standard input", sys.stdin.buffer.read())
        return
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise FileError(f"{file}: cannot be read: {error.strerror}") from error
        yield from _of_text(str(file), content)


def _of_text(name: str, content: bytes) -> Iterator[pasted.Case | BadRequest]:
    text = content.decode(errors="replace")
    if pasted.is_json_lines(text):
        yield from pasted.cases(text.split("\n"))
        return
    try:
        yield pasted.text_case(name, text)
    except BadRequest as error:
        yield error
