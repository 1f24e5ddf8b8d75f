"""Rule memory_rlimit."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, probe, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "memory_rlimit",
            app_journal=said(
                "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"
            ),
            resources="# meminfo\nMemTotal: 1000 kB\nMemAvailable: 800 kB\n",
        )
    )

    assert answer.cause == "memory_rlimit"
    assert answer.certainty is Certainty.LIKELY
    assert "heap out of memory" in quoted(answer)
    assert answer.restart.effect is RestartEffect.TEMPORARY


@pytest.mark.parametrize("what", ["Java heap space", "GC overhead limit exceeded"])
def test_names_the_full_heap_of_a_jvm_and_its_own_limit(what: str) -> None:
    words = f'Exception in thread "pool-1-thread-1" java.lang.OutOfMemoryError: {what}'

    answer = finding(ask("memory_rlimit", app_journal=said(words)))

    assert answer.says.startswith("the heap of its JVM is full")
    assert "-Xmx" in (answer.mend or "")
    assert "jmap" in (answer.next_check or "")


_HEAP = 'Exception in thread "pool-1-thread-1" java.lang.OutOfMemoryError: Java heap space'
_LATE = error("upstream timed out (110: Connection timed out) while reading response header from upstream")


def test_a_request_that_fills_the_heap_is_not_answered() -> None:
    well = probe("answered", status=200)

    answer = finding(
        ask("memory_rlimit", app_journal=said(_HEAP), error_log=_LATE, upstreams=well, front=well)
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert answer.says.startswith("the heap of its JVM is full, and a request for / stays without an answer")
    assert answer.restart.effect is RestartEffect.USELESS
    assert "upstream timed out" in quoted(answer)


def test_a_heap_that_was_full_before_a_request_is_not_why_it_is_late() -> None:
    well = probe("answered", status=200)
    before = said(_HEAP).replace("11:59:51", "11:50:00")

    answer = finding(ask("memory_rlimit", app_journal=before, error_log=_LATE, upstreams=well, front=well))

    assert answer.certainty is Certainty.POSSIBLE
    assert "stays without" not in answer.says


NOT_SO = {
    "it does not say so": {"app_journal": said("ready")},
    "the kernel killed for memory": {
        "app_journal": said("MemoryError"),
        "kernel_log": "[Fri Nov 20 11:59:51 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/system.slice/myapp.service,task_memcg=/system.slice/myapp.service,task=python3,pid=99,uid=990\n",
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("memory_rlimit", **texts)

    assert not isinstance(answer, Finding), answer
