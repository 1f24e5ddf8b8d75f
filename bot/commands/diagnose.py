"""`diagnose`: judges text without a host."""

import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path

from rich.console import Console

from bot import bugs, pasted, terminal
from bot.commands.say import say
from bot.diagnose import diagnose as judged
from bot.errors import BadRequest, BotError, FileError
from bot.explain import mend_of
from bot.model.verdict import Verdict
from bot.redact import mask

#: A verdict as one line of JSON, and whether it names a cause.
_Line = tuple[str, bool]
#: With fewer cases one process is done before others have loaded the rules.
_WORTH_SHARING = 400
#: Cases handed out at once; a process gets so many at a time.
_BATCH, _SHARE = 1600, 20
#: Bytes of a file that tell text from other things.
_HEAD = 4096


def diagnose(files: Sequence[Path], *, as_lines: bool) -> int:
    """0 a cause was named for every case, 1 not for all, 2 something could not be read (and is said)."""
    if as_lines:
        return max((_say_line(one) for one in _lines(_cases(files))), default=0)
    return max((_show(case) for case in _cases(files)), default=0)


def _show(case: pasted.Case | BotError) -> int:
    if isinstance(case, BotError):
        return _complain(case)
    verdict = _judged(case)
    if isinstance(verdict, BotError):
        return _complain(verdict)
    terminal.show_verdict(verdict, Console(), title=str(case.id) or "")
    return int(verdict.cause == "unknown")


def _say_line(one: _Line | BotError) -> int:
    if isinstance(one, BotError):
        return _complain(one)
    line, is_named = one
    say(line)
    return int(not is_named)


def _complain(error: BotError) -> int:
    sys.stderr.write(f"runbook-bot: {error}\n")
    return 2


def _lines(cases: Iterator[pasted.Case | BotError]) -> Iterator[_Line | BotError]:
    """A line for each case in their order; many cases are judged on all cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    batch = list(islice(cases, _BATCH))
    if cores == 1 or len(batch) < _WORTH_SHARING:
        yield from map(_line, batch)
        yield from map(_line, cases)
        return
    with ProcessPoolExecutor(max_workers=cores, initializer=_follow_parent) as pool:
        try:
            while batch:
                yield from _handed_out(pool, batch)
                batch = list(islice(cases, _BATCH))
        except BrokenProcessPool as error:
            raise BadRequest(
                "a process that judged cases was killed, by the kernel for want of memory if by nobody else;"
                " the cases after the last line above are not judged: give them again, fewer at a time"
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _handed_out(
    pool: ProcessPoolExecutor, batch: Sequence[pasted.Case | BotError]
) -> Iterator[_Line | BotError]:
    """The batch's lines; Ctrl-C waits meanwhile, for a process that is just begun would die of it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.map(_line, batch, chunksize=_SHARE)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _follow_parent() -> None:
    """In a process of the pool: ends when the first one is gone, however that ended.

    Ctrl-C reaches every process of a terminal and is the first one's to heed; that this one was killed
    reaches nobody, and a pool would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _line(case: pasted.Case | BotError) -> _Line | BotError:
    if isinstance(case, BotError):
        return case
    verdict = _judged(case)
    if isinstance(verdict, BotError):
        return verdict
    return json.dumps(answer(case.id, verdict), ensure_ascii=False), verdict.cause != "unknown"


def _judged(case: pasted.Case) -> Verdict | BotError:
    try:
        return judged(case.pieces)
    except Exception as error:  # a bug that one text meets: the other texts are judged as before
        return BotError(f"{case.id or 'the text'}: not judged: {bugs.words(error)}")


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


def _cases(files: Sequence[Path]) -> Iterator[pasted.Case | BotError]:
    """Cases in the order they were given; what cannot be read stands in its place and ends nothing."""
    if not files or files == [Path("-")]:
        if sys.stdin.isatty():
            sys.stderr.write("Paste the text, then press Ctrl-D on an empty line.\n")
        yield from _of_text("standard input", sys.stdin.buffer.read())
        return
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            yield FileError(f"{file}: cannot be read: {error.strerror}")
            continue
        yield from _of_text(str(file), content)


def _of_text(name: str, content: bytes) -> Iterator[pasted.Case | BotError]:
    if b"\0" in content[:_HEAD]:
        yield BadRequest(f"{name} is no text, it has NUL bytes; give the log as a text file")
        return
    text = content.decode(errors="replace")
    if pasted.is_json_lines(text):
        yield from pasted.cases(text.split("\n"))
        return
    try:
        yield pasted.text_case(name, text)
    except BadRequest as error:
        yield error
