"""A costly output keeps nobody waiting; what cannot be checked in time, or at all, is not shown."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cleaning import CleanersApart
from bot.cleaning.apart import AT_ONCE_BYTES
from bot.redact import KnownValues, clean
from tests.redact.adversarial import inputs
from tests.support.lag import measured_lag

KNOWN = KnownValues.of(["hunter2-of-the-fleet"])
LARGE = b"a line of a log with hunter2-of-the-fleet in it\n" * 2000
#: Programs in the place of ours: each answers the first frames as ours does, and then misbehaves.
_GREETS = (
    "import sys;from bot.cleaning import frames as f;from bot.redact import Cleaned;i=sys.stdin.buffer;"
    "o=sys.stdout.buffer;f.read(i);f.read(i);o.write(f.framed(f.of_cleaned(Cleaned(text=''))));o.flush();f.read(i);"
)
HANGS = (sys.executable, "-c", _GREETS + "i.read()")
DIES = (sys.executable, "-c", _GREETS + "sys.exit(1)")
RAVES = (sys.executable, "-c", _GREETS + "o.write(b'\\0\\0\\0\\3[1]');o.flush();i.read()")
IS_ABSENT = ("/no/such/program",)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these outputs take on a busy machine is not what is tested."""
    monkeypatch.setattr("bot.cleaning.apart.MOST_S", 60.0)
    monkeypatch.setattr("bot.cleaning.apart._START_S", 60.0)


@pytest.fixture
async def cleaners() -> AsyncIterator[CleanersApart]:
    made = CleanersApart(KNOWN)
    yield made
    await made.aclose()


async def test_a_large_output_is_cleaned_as_a_small_one_is(cleaners: CleanersApart) -> None:
    large, small, nothing = await cleaners.clean(LARGE, LARGE[:480], b"", within_s=60)

    assert large == clean(LARGE, known=KNOWN)
    assert small == clean(LARGE[:480], known=KNOWN)
    assert nothing.text == ""
    assert "hunter2" not in large.text


async def test_what_was_learned_since_is_hidden_there_too(cleaners: CleanersApart) -> None:
    learned = KnownValues.learned(["Tr0ub4dorX3kq"])
    raw = LARGE + b"tried Tr0ub4dorX3kq; password=Zq7-9fKd2mPw"

    with_it, without = [await cleaners.clean(raw, within_s=60, learned=each) for each in (learned, KNOWN)]

    assert "tried [REDACTED:known];" in with_it[0].text
    assert with_it[0].secrets == ("Zq7-9fKd2mPw",)
    assert "tried Tr0ub4dorX3kq;" in without[0].text


async def test_small_outputs_start_no_process() -> None:
    cleaners = CleanersApart(KNOWN, argv=IS_ABSENT)

    (cleaned,) = await cleaners.clean(LARGE[:AT_ONCE_BYTES], within_s=60)

    assert "hunter2" not in cleaned.text
    assert not cleaned.is_withheld


@pytest.mark.parametrize(
    ("argv", "within_s", "why"),
    [
        (HANGS, 1.0, "it took too long to check it for secrets"),
        (DIES, 60.0, "the check for secrets failed"),
        (RAVES, 60.0, "the check for secrets failed"),
        (IS_ABSENT, 60.0, "the check for secrets failed"),
    ],
    ids=["hangs", "dies", "raves", "is absent"],
)
async def test_what_cannot_be_checked_is_withheld(argv: tuple[str, ...], within_s: float, why: str) -> None:
    cleaners = CleanersApart(KNOWN, argv=argv, processes=1)

    answers = [await cleaners.clean(LARGE, within_s=within_s) for _ in range(2)]
    await cleaners.aclose()

    assert [(each.is_withheld, each.why) for (each,) in answers] == [(True, why)] * 2
    assert all("hunter2" not in each.text for (each,) in answers)


async def test_without_time_left_it_is_withheld_unread(cleaners: CleanersApart) -> None:
    (cleaned,) = await cleaners.clean(LARGE, within_s=-1)

    assert (cleaned.is_withheld, "hunter2" in cleaned.text) == (True, False)


async def test_one_that_was_cancelled_does_not_answer_the_next_question(cleaners: CleanersApart) -> None:
    waiting = asyncio.create_task(cleaners.clean(LARGE, within_s=60))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    (cleaned,) = await cleaners.clean(b"another output\n" * 4000, within_s=60)

    assert cleaned.text.startswith("another output\n")


async def test_the_loop_turns_while_the_worst_outputs_are_cleaned(cleaners: CleanersApart) -> None:
    worst = [inputs()[name] for name in ("password_blank_in_lines", "keys_and_colons_in_lines")]
    await cleaners.clean(worst[0], within_s=60)

    async with measured_lag() as lag:
        await asyncio.gather(*(cleaners.clean(*worst, within_s=60) for _ in range(3)))

    assert lag.p99_s < 0.2, lag


async def test_no_secret_of_the_bots_environment_is_handed_on(
    cleaners: CleanersApart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")

    await cleaners.clean(LARGE, within_s=60)

    (child,) = _children()
    told = _told_of(child)
    assert not any(b"xoxb" in each or b"hunter2" in each for each in told)


async def test_its_processes_end_with_it(cleaners: CleanersApart) -> None:
    await cleaners.clean(LARGE, within_s=60)
    assert _children() != []

    await cleaners.aclose()

    assert _children() == []


def _children() -> list[str]:
    """Our child processes that clean."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [pid for pid in pids if b"bot.cleaning" in _command_line(pid)]


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""  # another child, which ended meanwhile


def _told_of(pid: str) -> list[bytes]:
    return [Path(f"/proc/{pid}/{file}").read_bytes() for file in ("environ", "cmdline")]
