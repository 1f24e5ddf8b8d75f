"""A host that repeats itself without end, or says something new in each line, is judged in time."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot import catalog
from bot.judge import judge
from bot.settings import shipped_runbooks
from tests.support import recorded
from tests.support.hostile import IS_FULL
from tests.support.replay import case_names
from tests.support.spent import cpu_s

RUNBOOK = catalog.load(shipped_runbooks()).runbooks["502"]
#: Characters of each step; judging that is quadratic takes seconds here, the slowest case a fifth of one.
SIZE = 64 * 1024
MOST_S = 0.6
#: What `_yardstick` takes on the machine that this is said of, while nobody else works there.
YARD_S = 0.05


def repeated(text: str) -> str:
    return (text * (SIZE // len(text) + 1))[:SIZE] if text else ""


def varied(text: str) -> str:
    """The text again and again, with other numbers each time."""
    found: list[str] = []
    size = turn = 0
    while text and size < SIZE:
        found.append(re.sub(r"(?<=[\w/]{4})\d+|\d{3,}", partial(_moved, by=turn), text))
        size, turn = size + len(found[-1]), turn + 1
    return "".join(found)[:SIZE]


def _moved(number: re.Match[str], *, by: int) -> str:
    return str(int(number[0][:9]) + by)


def grown_case(name: str, grown: Callable[[str], str]) -> dict[str, Any]:
    case = recorded.read(recorded.CASES / "502" / f"{name}.yaml")
    steps = {step: {**said, "stdout": grown(said["stdout"])} for step, said in case["steps"].items()}
    return {**case, "steps": steps}


#: Those with most to say of sockets, paths, times and processes; `make hostile` takes all.
SOME = (
    *("unix_slow_upstream", "unix_socket_permission", "app_crash", "slow_upstream", "oom_kill"),
    "php_dynamic_pool_full",
)


@pytest.mark.parametrize("grown", [repeated, varied], ids=lambda each: each.__name__)
def test_no_recorded_trouble_is_slow_to_judge_when_it_is_told_a_thousand_times(
    grown: Callable[[str], str],
) -> None:
    slow = {}
    for case in case_names() if IS_FULL else SOME:
        told = grown_case(case, grown)
        evidence, host = recorded.evidence_of(told, RUNBOOK), recorded.host_of(told)
        judged = partial(judge, evidence, host=host, causes=RUNBOOK.causes, remedies=RUNBOOK.remedies)
        if cpu_s(judged, tries=2) > MOST_S and (spent := cpu_s(judged, tries=3) / slowness()) > MOST_S:
            slow[case] = round(spent, 2)

    assert slow == {}


def slowness() -> float:
    """How much longer this machine takes at this moment: it may be an older one, and others share it."""
    return max(1.0, cpu_s(_yardstick) / YARD_S)


_LINE = "2026/11/20 11:59:58 [error] 156#156: *5 connect() failed (111: Connection refused) 127.0.0.1:3000 "


def _yardstick() -> None:
    """What judging does: words, numbers and places of a text, looked for again and again."""
    for _ in range(40):
        words = [word.strip(".:").lower() for word in (_LINE * 150).split()]
        assert len(set(words)) == 11
        assert len(re.findall(r"(\w+)\.(\d+)", _LINE * 150)) == 300
