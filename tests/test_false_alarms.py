"""A host that is well is never called anything else, whatever old or foreign things its logs hold."""

import random
import re
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.judge import judge
from bot.model.evidence import Evidence
from bot.model.verdict import Verdict
from tests.support import asked, recorded
from tests.support.field.old_errors import lines

WELL = recorded.read(recorded.CASES / "502" / "healthy.yaml")
_WELL_ANSWERED = '10.0.0.9 - - [20/Nov/2026:23:50:00 +0000] "GET / HTTP/1.1" 200 9 "-" "x"\n'
#: Minutes east of UTC of a host's logs.
ZONES = (0, 330, -480, 60, 845)


def _verdict(error_log: list[str], offset_min: int) -> Verdict:
    """Of the recorded healthy host with this error log, whose app and nginx have run for months."""
    runbook = asked.runbook()
    evidence = recorded.evidence_of(WELL, runbook)
    facts = {
        **evidence.facts,
        "error_log": asked.fact("error_log", "\n".join(error_log) + "\n"),
        "access_log": asked.fact("access_log", _WELL_ANSWERED),
        "unit": asked.fact("unit", _long_ago("unit")),
        "nginx_unit": asked.fact("nginx_unit", _long_ago("nginx_unit")),
    }
    facts.pop("host_clock", None)
    clock = replace(evidence.clock, utc_offset_min=offset_min)
    seen: Evidence = replace(evidence, facts=facts, clock=clock)
    return judge(seen, host=recorded.host_of(WELL), causes=runbook.causes, remedies=runbook.remedies)


def _long_ago(step: str) -> str:
    text: str = WELL["steps"][step]["stdout"]
    return re.sub(r"Timestamp=\w+ 20\d\d-\d\d-\d\d", "Timestamp=Mon 2026-08-03", text)


@pytest.mark.parametrize("seed", range(200))
def test_old_errors_and_daily_noise_are_no_alarm(seed: int) -> None:
    chance = random.Random(seed)
    offset_min = chance.choice(ZONES)
    now = recorded.evidence_of(WELL, asked.runbook()).clock.now
    local = now.astimezone(timezone(timedelta(minutes=offset_min))).replace(tzinfo=None)

    log = lines(local, chance, newest=timedelta(minutes=chance.uniform(10, 600)), count=40)

    verdict = _verdict(log, offset_min)
    assert verdict.is_healthy, (verdict.says, verdict.found)


@pytest.mark.parametrize("offset_min", ZONES)
def test_the_same_errors_are_an_alarm_while_they_are_new(offset_min: int) -> None:
    now = recorded.evidence_of(WELL, asked.runbook()).clock.now
    local = now.astimezone(timezone(timedelta(minutes=offset_min))).replace(tzinfo=None)

    log = lines(local, random.Random(1), newest=timedelta(0), count=40)

    assert not _verdict(log, offset_min).is_healthy
