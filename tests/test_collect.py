"""A runbook's steps on a host: what is asked, in which order, and what an answer is worth."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.collect import Senses, StepResult, collect
from bot.errors import (
    HostKeyRejected,
    HostKeyUnknown,
    HostKitDrifted,
    HostUnreachable,
    SshAuthFailed,
    SshBroken,
)
from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.evidence import GapKind
from bot.model.host import Host, Service
from bot.model.runbook import Group, Runbook, Step
from bot.redact import KnownValues, Learned
from bot.steps import steps_for
from tests.support.office import HOST, NoOutside

UNIT = Step(
    id="unit", group="g", title="t", run=("systemctl", "show", "{{ service.unit }}"), needs=("service.unit",)
)
BOX = replace(
    UNIT,
    id="container",
    run=("docker",),
    needs=("service.container",),
    parse="container_state",
    gives="unit",
)
KERNEL = Step(id="kernel_log", group="g", title="t", run=("dmesg",), after=("unit",), only="oom|segfault")


class Says:
    """A shell whose every step says its own thing, in this order."""

    def __init__(self, **said: str) -> None:
        self._said = said

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        for step, text in self._said.items():
            async for answer in Answers(stdout=text.encode(), step=step).read(
                host, commands[:1], deadline_s=deadline_s
            ):
                yield answer


class Answers:
    """A shell that gives one answer to every command, and remembers what it was asked."""

    def __init__(self, trouble: Exception | None = None, **answer: object) -> None:
        self.asked: list[Command] = []
        self._trouble, self._answer = trouble, answer

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        self.asked += commands
        if self._trouble:
            raise self._trouble
        yield Hello(clock_at=datetime(2026, 1, 2, tzinfo=UTC), skew_s=0.0, host_key="SHA256:k", after_s=0.1)
        for command in commands:
            plain = RawOutput(
                step=command.step,
                argv=command.alternatives[0],
                alternative=0,
                ended=Ended.EXITED,
                exit_status=0,
                stdout=b"",
                stderr=b"",
                duration_s=0.1,
            )
            yield replace(plain, **self._answer)


def book(*steps: Step) -> Runbook:
    group = Group(id="g", title="g")
    return Runbook(
        name="x", title="x", about="", groups=(group,), steps=steps, causes=(), remedies={}, digest="d"
    )


async def run(shell: Answers | Says, *steps: Step, host: Host = HOST) -> tuple[dict[str, StepResult], object]:
    told: dict[str, StepResult] = {}
    senses = Senses(shell=shell, prober=NoOutside(), known=KnownValues.of(["hunter2-of-the-fleet"]))  # type: ignore[arg-type]
    evidence = await collect(host, book(*steps), senses, on_step=lambda one: told.update({one.step: one}))
    return told, evidence


async def test_a_step_waits_only_for_steps_that_are_asked() -> None:
    with_unit, without = Answers(), Answers()

    await run(with_unit, UNIT, KERNEL)
    told, _ = await run(without, UNIT, KERNEL, host=replace(HOST, service=Service()))

    assert [command.after for command in with_unit.asked] == [(), ("unit",)]
    assert [(command.step, command.after) for command in without.asked] == [("kernel_log", ())]
    gap = told["unit"].gap
    assert gap and gap.kind is GapKind.NOT_ASKED and "service.unit" in gap.reason


async def test_one_of_two_steps_for_one_fact_is_asked_and_the_other_leaves_no_gap() -> None:
    unit = replace(UNIT, parse="unit_state")
    boxed = replace(HOST, service=Service(container="shop"))

    of_unit, evidence = await run(Answers(stdout=b"ActiveState=active\n"), unit, BOX)
    of_box, boxed_evidence = await run(Answers(stdout=b"Name=/shop\nStatus=paused\n"), unit, BOX, host=boxed)
    of_none, _ = await run(Answers(), unit, BOX, host=replace(HOST, service=Service()))

    assert list(of_unit) == ["unit"] and list(of_box) == ["container"] and list(of_none) == ["unit"]
    assert evidence.gaps == boxed_evidence.gaps == ()  # type: ignore[attr-defined]
    assert boxed_evidence.facts["unit"].name == "shop"  # type: ignore[attr-defined]
    assert [step.id for step in steps_for(boxed, book(unit, BOX))] == ["container"]


async def test_what_is_asked_of_a_unit_alone_is_no_gap_where_a_container_is_named() -> None:
    unit = replace(UNIT, parse="unit_state")
    related = replace(UNIT, id="related_units", parse=None)
    boxed = replace(HOST, service=Service(container="shop"))
    answer = b"Name=/shop\nStatus=paused\n"

    _, evidence = await run(Answers(stdout=answer), unit, BOX, related, host=boxed)
    _, of_none = await run(Answers(), unit, BOX, related, host=replace(HOST, service=Service()))

    assert evidence.gaps == ()  # type: ignore[attr-defined]
    assert [gap.step for gap in of_none.gaps] == ["unit", "related_units"]  # type: ignore[attr-defined]


async def test_of_a_long_log_only_the_lines_that_matter_are_kept() -> None:
    told, _ = await run(Answers(stdout=b"usb 1-1: new device\noom-kill: x\nusb 1-2\nsegfault at 0\n"), KERNEL)

    assert told["kernel_log"].text == "oom-kill: x\nsegfault at 0"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"ended": Ended.TIMED_OUT, "exit_status": None}, GapKind.TIMED_OUT),
        ({"ended": Ended.LOST, "exit_status": None}, GapKind.LOST),
        ({"ended": Ended.NOT_FOUND, "exit_status": None}, GapKind.NOT_FOUND),
        ({"ended": Ended.REFUSED, "exit_status": None}, GapKind.REFUSED),
        ({"ended": Ended.EXITED, "exit_status": None}, GapKind.LOST),
        ({"ended": Ended.EXITED, "exit_status": 3}, GapKind.FAILED),
    ],
)
async def test_what_is_no_answer_is_a_gap_with_its_reason(answer: dict[str, object], kind: GapKind) -> None:
    told, _ = await run(Answers(**answer), KERNEL)

    gap = told["kernel_log"].gap
    assert gap and gap.kind is kind and gap.reason


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (HostUnreachable("no route"), GapKind.UNREACHABLE),
        (SshAuthFailed("key refused"), GapKind.AUTH),
        (HostKeyRejected("key changed"), GapKind.HOST_KEY),
        (HostKeyUnknown("key unknown"), GapKind.HOST_KEY_UNKNOWN),
        (SshBroken("no SSH"), GapKind.UNREACHABLE),
        (HostKitDrifted("another kit"), GapKind.KIT),
    ],
)
async def test_a_host_that_cannot_be_asked_is_a_gap_for_every_step(error: Exception, kind: GapKind) -> None:
    told, _ = await run(Answers(trouble=error), UNIT, KERNEL)

    assert {(step, one.gap.kind, one.gap.reason) for step, one in told.items() if one.gap} == {
        ("unit", kind, str(error)),
        ("kernel_log", kind, str(error)),
    }


async def test_a_declared_secret_is_not_kept() -> None:
    told, _ = await run(Answers(stdout=b"oom: hunter2-of-the-fleet was here"), KERNEL)

    assert "hunter2" not in told["kernel_log"].text


SECRET = "Tr0ub" + "4dorX3kq"
GIVES_AWAY = f"Environment=DB_PASSWORD={SECRET}\n"
BARE = f"shop/{SECRET} was turned away\n"


@pytest.mark.parametrize("order", [("unit", "disk"), ("disk", "unit")], ids=["before", "after"])
async def test_what_one_step_gave_away_no_fact_and_no_other_step_shows(order: tuple[str, str]) -> None:
    said = {"unit": GIVES_AWAY, "disk": BARE}
    shell = Says(**{step: said[step] for step in order})
    learned = Learned()
    senses = Senses(shell=shell, prober=NoOutside(), known=KnownValues(), learned=learned)  # type: ignore[arg-type]

    disk = replace(UNIT, id="disk", run=("df",), needs=())
    evidence = await collect(HOST, book(UNIT, disk), senses, on_step=lambda _: None)

    assert evidence.outputs["disk"].stdout == "shop/[REDACTED:known] was turned away\n"
    assert senses.hide(BARE) == evidence.outputs["disk"].stdout


async def test_what_a_fact_quotes_is_read_again_without_what_a_later_step_gave_away() -> None:
    """The line stands in the fact, and so would in the verdict."""
    line = f"2026/11/20 10:00:00 [error] 1#1: *1 connect() failed ({SECRET}) while connecting to upstream\n"
    shell = Says(error_log=line, unit=GIVES_AWAY)
    senses = Senses(shell=shell, prober=NoOutside(), known=KnownValues())  # type: ignore[arg-type]
    log = replace(UNIT, id="error_log", run=("tail",), needs=(), parse="nginx_error_log")

    evidence = await collect(HOST, book(log, UNIT), senses, on_step=lambda _: None)

    assert "while connecting to upstream" in repr(evidence.facts["error_log"])
    assert SECRET not in repr(evidence)


class Refused(Says):
    """What it says of `disk` it says on the way out."""

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        async for answer in super().read(host, commands, deadline_s=deadline_s):
            is_disk = isinstance(answer, RawOutput) and answer.step == "disk"
            yield replace(answer, exit_status=3, stderr=answer.stdout) if is_disk else answer  # type: ignore[type-var]


async def test_no_gap_tells_what_a_later_step_gave_away() -> None:
    senses = Senses(shell=Refused(disk=BARE, unit=GIVES_AWAY), prober=NoOutside(), known=KnownValues())  # type: ignore[arg-type]
    disk = replace(UNIT, id="disk", run=("df",), needs=())

    evidence = await collect(HOST, book(disk, UNIT), senses, on_step=lambda _: None)

    assert [gap.reason for gap in evidence.gaps] == ["exit status 3: shop/[REDACTED:known] was turned away"]
