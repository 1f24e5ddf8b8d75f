"""Two real processes on PostgreSQL; one of them dies, and the other completes what it left, once."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Result, verify_ledger
from bot.demo import SampleHosts
from bot.devslack import DevSlack, Options
from bot.model.approval import ApprovalStatus
from bot.model.event import ActionEnded, Event, Intended, RunEnded, RunFailed, Voted
from bot.model.incident import Incident, Work, fold
from bot.model.lease import work_on
from bot.progress import INTERRUPTED
from bot.slack import manifest
from tests.support.people import APPROVER, People, has_button, words_of
from tests.support.postgres import PostgresServer
from tests.support.replicas import Replicas, slow_hosts
from tests.support.unhurried import UNHURRIED

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]

#: What becomes of one of them.
Way = Callable[[Replicas, SampleHosts], Awaitable[None]]
#: From the kill to the end of what was left, a look and an order of a slow host included.
TAKEN_OVER_WITHIN_S = 30.0


@pytest.fixture
async def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SampleHosts]:
    async with slow_hosts(tmp_path, monkeypatch) as running:
        yield running


@pytest.fixture
async def replicas(
    tmp_path: Path, samples: SampleHosts, postgres_server: PostgresServer
) -> AsyncIterator[Replicas]:
    async with AsyncExitStack() as undone:
        name = postgres_server.ledger()
        undone.callback(postgres_server.drop, name)
        slack = DevSlack(Options(manifest=manifest(), **UNHURRIED))
        undone.push_async_callback(slack.stop)
        await slack.start()
        people = People(slack.page_url)
        undone.push_async_callback(people.aclose)
        made = Replicas(
            folder=tmp_path,
            server=postgres_server,
            database=name,
            fleet=samples.fleet_path,
            slack=slack,
            people=people,
        )
        undone.push_async_callback(made.end_all)
        await asyncio.gather(made.start(), made.start())
        yield made


async def worker_of(replicas: Replicas) -> int:
    """Pid of who works on the one incident, in the middle of a look."""
    state = await replicas.state(lambda one: one.run is not None and one.run.steps)
    return await replicas.holder(work_on(state.id))


async def asked(replicas: Replicas) -> None:
    answer = await replicas.people.command("/502 web-01")
    assert answer["ok"], answer


async def approved(replicas: Replicas) -> None:
    card = await replicas.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )
    await replicas.people.click(card, "approve", user=APPROVER)


async def acting(replicas: Replicas, samples: SampleHosts) -> Incident:
    """The incident while the host carries out its order: what was only intended may never come to it."""

    async def carried_out() -> int:
        return samples.samples["web-01"].ran

    await replicas.until(carried_out, bool)
    return await replicas.state(lambda one: any(left.work is Work.SETTLE for left in one.undone))


def is_looked_at(state: Incident) -> bool:
    return state.verdict is not None and not state.undone


def is_mended(state: Incident) -> bool:
    return bool(state.verdict and state.verdict.is_healthy and not state.undone)


async def told(replicas: Replicas, words: str) -> list[dict[str, Any]]:
    """All that stands in Slack, once it says so."""
    return list(
        await replicas.people.until(lambda seen: seen if any(words in words_of(one) for one in seen) else [])
    )


def assert_each_message_once(seen: list[dict[str, Any]]) -> None:
    roots = [one for one in seen if not one["thread_ts"] and not one["ephemeral_to"]]
    keys = Counter(
        one["metadata"]["event_payload"]["key"] for one in seen if one["thread_ts"] and one["blocks"]
    )
    assert len(roots) == 1, [words_of(one)[:80] for one in roots]
    assert {key: count for key, count in keys.items() if count > 1} == {}


async def assert_ledger_is_whole(replicas: Replicas) -> None:
    async with replicas.ledger() as ledger:
        assert (await verify_ledger(ledger)).result is Result.OK


async def last(replicas: Replicas, kind: type[Event]) -> datetime:
    """When the latest event of the kind was written down, by the ledger's clock."""
    return [entry.at for entry in await replicas.entries() if isinstance(entry.event, kind)][-1]


async def killed_in_the_middle_of_a_look(replicas: Replicas, _: SampleHosts) -> None:
    await asked(replicas)
    worker = await worker_of(replicas)

    killed_at = time.time()
    await replicas.end(worker)
    state = await replicas.state(is_looked_at)
    # By the ledger's clock, this machine's: how soon it is seen here is no matter of the bot.
    took_s = (await last(replicas, RunEnded)).timestamp() - killed_at
    seen = await told(replicas, "Proof")

    print(f"\nkilled in the middle of a look: completed by the other after {took_s:.1f} s")
    assert took_s < TAKEN_OVER_WITHIN_S
    assert [run.failed.why if run.failed else None for run in state.runs] == [INTERRUPTED, None]
    assert state.ignored == 0
    assert_each_message_once(seen)
    await assert_ledger_is_whole(replicas)


async def killed_in_the_middle_of_an_action(replicas: Replicas, samples: SampleHosts) -> None:
    await asked(replicas)
    await approved(replicas)
    state = await acting(replicas, samples)

    worker = await replicas.holder(work_on(state.id))
    killed_at = time.time()
    await replicas.end(worker)
    await replicas.state(lambda one: any(each.outcome for each in one.approvals))
    took_s = (await last(replicas, ActionEnded)).timestamp() - killed_at
    state = await replicas.state(is_mended)
    seen = await told(replicas, "Checked again: healthy")

    print(f"\nkilled in the middle of an action: its outcome known to the other after {took_s:.1f} s")
    assert took_s < TAKEN_OVER_WITHIN_S
    assert [one.status for one in state.approvals] == [ApprovalStatus.DONE]
    kinds = Counter(type(entry.event) for entry in await replicas.entries())
    assert (kinds[Voted], kinds[Intended], state.ignored) == (1, 1, 0)
    assert samples.samples["web-01"].ran == 1
    assert replicas.select("SELECT * FROM hold") == []
    assert_each_message_once(seen)
    await assert_ledger_is_whole(replicas)


async def told_to_stop_in_the_middle_of_an_action(replicas: Replicas, samples: SampleHosts) -> None:
    await asked(replicas)
    await approved(replicas)
    state = await acting(replicas, samples)
    worker = await replicas.holder(work_on(state.id))

    told_at = time.monotonic()
    status = await replicas.end(worker, signal.SIGTERM)
    gone_s = time.monotonic() - told_at
    state = await replicas.state(is_mended)
    seen = await told(replicas, "Checked again: healthy")

    print(f"\ntold to stop in the middle of an action: gone after {gone_s:.1f} s")
    assert (status, samples.samples["web-01"].ran) == (0, 1)
    assert gone_s < TAKEN_OVER_WITHIN_S
    assert not [entry for entry in await replicas.entries() if isinstance(entry.event, RunFailed)]
    assert_each_message_once(seen)
    await assert_ledger_is_whole(replicas)


async def frozen_in_the_middle_of_a_look(replicas: Replicas, _: SampleHosts) -> None:
    await asked(replicas)
    worker = await worker_of(replicas)

    os.kill(worker, signal.SIGSTOP)
    await replicas.state(is_looked_at)
    await told(replicas, "Proof")
    os.kill(worker, signal.SIGCONT)
    # What it would still do, it would do before it has answered the next request, or the other has.
    await replicas.people.command("/502 web-02")
    await replicas.state(lambda one: one.host == "web-02" and is_looked_at(one))
    seen = await told(replicas, "Verdict on web-02")

    async with replicas.ledger() as ledger:
        names = await ledger.incidents()
        states = [fold(await ledger.entries(name)) for name in names]
    (frozen,) = [state for state in states if state.host == "web-01"]
    assert [run.failed.why if run.failed else None for run in frozen.runs] == [INTERRUPTED, None]
    assert frozen.ignored == 0
    keys = Counter(
        (one["thread_ts"], one["metadata"]["event_payload"]["key"])
        for one in seen
        if one["thread_ts"] and one["blocks"]
    )
    assert {key: count for key, count in keys.items() if count > 1} == {}
    await assert_ledger_is_whole(replicas)


#: The first one in every run, all with RUNBOOK_BOT_REPLICAS=all (`make replicas`).
WAYS = (
    killed_in_the_middle_of_an_action,
    killed_in_the_middle_of_a_look,
    told_to_stop_in_the_middle_of_an_action,
    frozen_in_the_middle_of_a_look,
)


def chosen() -> tuple[Way, ...]:
    return WAYS if os.environ.get("RUNBOOK_BOT_REPLICAS") == "all" else WAYS[:1]


@pytest.mark.parametrize("way", chosen(), ids=lambda way: way.__name__)
async def test_what_one_replica_leaves_the_other_completes_once(
    replicas: Replicas, samples: SampleHosts, way: Way
) -> None:
    await way(replicas, samples)
