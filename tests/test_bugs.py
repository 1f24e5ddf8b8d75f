"""A bug in one parser or rule costs its own answer alone, is told, and lets nothing be called healthy."""

import functools
import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.commands import diagnose as command
from bot.diagnose import diagnose, rules_of_text
from bot.investigate import Pass, investigate
from bot.judge import judge
from bot.model.evidence import Evidence, Gap, GapKind
from bot.model.sign import Piece
from bot.model.verdict import Certainty, Verdict
from bot.store import SqliteLedger
from tests.support import asked, recorded
from tests.support.office import CATALOG, HOST, Office
from tests.support.replay import ReplayShell
from tests.test_collect import UNIT, Says, run

pytestmark = pytest.mark.usefixtures("bugs_as_for_users")

WORDS = r"internal error: KeyError('port')"
BIG_HEADER = "upstream sent too big header while reading response header from upstream"


def broken(what: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(what)
    def ends(*_: object, **__: object) -> object:
        return {}["port"]

    return ends


def break_(patch: pytest.MonkeyPatch, module: str) -> None:
    """The parser or rule of a module, which bears its name."""
    owner, name = importlib.import_module(module), module.rpartition(".")[2]
    patch.setattr(owner, name, broken(getattr(owner, name)))


def judged(case: str) -> Verdict:
    told, book = recorded.read(recorded.CASES / "502" / f"{case}.yaml"), asked.runbook()
    evidence = recorded.evidence_of(told, book)
    return judge(evidence, host=recorded.host_of(told), causes=book.causes, remedies=book.remedies)


async def test_of_a_broken_parser_the_other_steps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [replace(UNIT, id=name, parse=name) for name in ("disks", "kernel_log")]
    break_(monkeypatch, "bot.parsers.disks")

    _, evidence = await run(Says(disks="x", kernel_log="[1.0] eth0: up"), *steps)

    assert isinstance(evidence, Evidence)
    (gap,) = evidence.gaps
    assert (gap.step, gap.kind) == ("disks", GapKind.BUG) and WORDS in gap.reason
    assert evidence.facts.keys() == {"kernel_log"}


def test_of_a_broken_rule_the_others_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    before = judged("wrong_port")
    break_(monkeypatch, "bot.rules.header_too_big")

    after = judged("wrong_port")

    assert (after.cause, after.certainty) == (before.cause, before.certainty) and before.cause == "wrong_port"
    (gap,) = set(after.unchecked) - set(before.unchecked)
    assert gap.step == "header_too_big" and WORDS in gap.reason


def test_nothing_is_healthy_where_a_rule_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged("healthy").cause == "healthy"
    break_(monkeypatch, "bot.rules.wrong_port")

    verdict = judged("healthy")

    assert verdict.cause == "unknown" and "wrong_port: internal error" in verdict.says


async def test_the_log_names_what_broke_and_the_incident_gets_its_verdict(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_(monkeypatch, "bot.rules.header_too_big")
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        world = Office(ledger=ledger, shell=ReplayShell("wrong_port")).world(ledger)
        this = Pass(incident="inc-1", run=1, reason="ask")

        with capture_logs() as log:
            looked = await investigate(this, HOST, CATALOG.runbooks["502"], world)

    assert looked.ended.verdict.cause == "wrong_port"
    (line,) = [one for one in log if one["log_level"] == "error"]
    assert line["part"] == "header_too_big" and WORDS in line["why"]


def test_text_is_judged_by_the_rules_that_work(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [Piece(text=BIG_HEADER)]
    assert diagnose(pieces).cause == "header_too_big"
    monkeypatch.setitem(rules_of_text(), "header_too_big", broken(rules_of_text()["header_too_big"]))

    verdict = diagnose(pieces)

    assert verdict.certainty is Certainty.POSSIBLE
    assert [(gap.step, gap.kind) for gap in verdict.unchecked] == [("header_too_big", GapKind.BUG)]


@pytest.mark.parametrize("as_lines", [True, False])
def test_a_text_that_breaks_the_judge_ends_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], as_lines: bool
) -> None:
    def meets(pieces: Sequence[Piece]) -> Verdict:
        return diagnose(pieces) if pieces[0].text != "bad" else {}["port"]

    monkeypatch.setattr(command, "judged", meets)
    texts = enumerate((BIG_HEADER, "bad", BIG_HEADER))
    lines = [{"id": number, "evidence": [{"text": text}]} for number, text in texts]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, lines)))

    status = command.diagnose([tmp_path / "cases.jsonl"], as_lines=as_lines)

    out, err = capsys.readouterr()
    assert out.count("header_too_big") >= 2
    assert status == 2 and err.startswith(f"runbook-bot: 1: not judged: {WORDS}") and "Traceback" not in err


def test_it_says_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rules._port_dialled.Finding", broken(Gap))

    verdict = judged("wrong_port")

    (why,) = [gap.reason for gap in verdict.unchecked if gap.step == "wrong_port"]
    assert " at bot/rules/" in why and why.rpartition(":")[2].isdigit()
