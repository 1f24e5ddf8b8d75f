"""What a verdict looks like in a terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot import terminal
from bot.model.event import ApprovalClosed, Closing, RunEnded
from bot.model.evidence import Gap, GapKind
from bot.model.incident import Incident, fold
from bot.model.verdict import Certainty, Line, Verdict
from tests.support.incidents import broken, chained, opened, proposed, ran

PROOF = Line(step="app_journal", text="ModuleNotFoundError: No module named 'payments_v2'")
BAD = replace(
    broken("deploy_bad_release").found[0], says="release 2 has not worked", because=(PROOF,), weight=100
)
DIES = replace(
    broken("app_crash_startup").found[0],
    says="it dies at once",
    because=(PROOF, Line(step="unit", text="NRestarts=3")),
    certainty=Certainty.LIKELY,
    weight=80,
)
VERDICT = replace(broken("deploy_bad_release"), says=BAD.says, found=(BAD, DIES))


def printed(verdict: Verdict, *, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    terminal.show_verdict(verdict, console, title="case")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_headline_and_a_quoted_line_stand_there_once(width: int) -> None:
    said = printed(VERDICT, width=width)

    assert said.count("release 2 has not worked") == 1
    assert said.count("payments_v2") == 1
    assert "NRestarts=3" in said and "it dies at once" in said


def test_a_quoted_line_holds_nothing_that_a_terminal_would_obey() -> None:
    line = Line(step="pasted", text="died \x1b]0;owned\x07\x1b[2J of it")
    verdict = replace(VERDICT, found=(replace(BAD, because=(line,)),))

    assert "died ]0;owned[2J of it" in printed(verdict)


def test_causes_that_find_no_room_are_counted() -> None:
    many = tuple(replace(DIES, cause=f"cause_{number}") for number in range(5))

    assert "and 2 more, less likely" in printed(replace(VERDICT, found=many))


def test_what_only_follows_from_the_first_finding_is_said_to() -> None:
    said = printed(VERDICT)

    assert "2. app_crash_startup (likely, as a consequence) it dies at once" in said
    assert "1. deploy_bad_release (confirmed)" in said


def test_what_stands_beside_it_is_not() -> None:
    other = replace(DIES, cause="sudo_missing", weight=-50)

    assert "consequence" not in printed(replace(VERDICT, found=(BAD, other)))


def unasked(host: str, why: str = "connection refused; is sshd running") -> Incident:
    reason = Line(step="connect", text=f"{host} (192.0.2.1 port 22): {why}")
    finding = replace(
        broken("host_unreachable").found[0],
        says=f"{host} could not be asked: {reason.text}",
        because=(reason,),
    )
    gaps = tuple(Gap(step=step, kind=GapKind.UNREACHABLE, reason=reason.text) for step in ("front", "unit"))
    verdict = replace(
        broken("host_unreachable"),
        says=finding.says,
        found=(finding,),
        ruled_out=(),
        unchecked=gaps,
        remedies=(),
    )
    return fold(chained((opened(host), *ran(1, verdict)), incident=f"inc-{host}"))


def shown(*incidents: Incident, titles: dict[str, str] | None = None) -> str:
    console = Console(file=io.StringIO(), width=100)
    terminal.show_all(incidents, console, titles or {})
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_hosts_that_could_not_be_asked_for_one_reason_say_it_once() -> None:
    said = shown(unasked("web-01"), unasked("web-02"), unasked("web-03", why="no route to host"))

    assert "2 hosts could not be asked: connection refused; is sshd running" in said
    assert said.count("connection refused") == said.count("no route to host") == 1
    assert all(f"{host} (192.0.2.1 port 22)" in said for host in ("web-01", "web-02"))
    assert all(incident in said for incident in ("inc-web-01", "inc-web-02", "inc-web-03"))


def test_steps_that_fail_for_the_reason_of_the_headline_are_only_counted() -> None:
    said = shown(unasked("web-01"))

    assert "the other 2 steps for the reason above" in said and said.count("connection refused") == 1


def test_a_remedy_that_is_not_offered_goes_by_its_title() -> None:
    started, answer, ended = ran(1, broken())
    assert isinstance(ended, RunEnded)
    why = {"rollback_release": "no policy rule allows rollback_release"}
    incident = fold(chained((opened(), started, answer, replace(ended, not_offered=why))))

    said = shown(incident, titles={"rollback_release": "roll back to the release before"})

    assert "“roll back to the release before” fits, but is not offered" in said


def test_an_expired_offer_leads_to_a_fresh_one() -> None:
    expired = ApprovalClosed(approval="a1", how=Closing.EXPIRED, why="nobody approved it in time")
    incident = fold(chained((opened(), *ran(1, broken()), proposed(), expired)))

    assert "run the check again for a fresh offer" in shown(incident)
