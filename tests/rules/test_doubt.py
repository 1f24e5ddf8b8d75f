"""What is confirmed beside a rival."""

from dataclasses import replace

import pytest

from bot.model.sign import Piece, Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect
from bot.rules._doubt import doubted
from bot.signs import read

CONFIRMED, LIKELY, POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE


def finding(cause: str, certainty: Certainty) -> Finding:
    return Finding(
        cause=cause,
        certainty=certainty,
        says="it is so",
        because=(Line(step="pasted", text="a line"),),
        restart=RestartAdvice(effect=RestartEffect.USELESS, what="app", why="it comes back"),
    )


def certainties(*named: Finding) -> list[Certainty]:
    return [one.certainty for one in doubted(named, Signs(()))]


def test_a_rival_that_is_only_possible_leaves_it_confirmed() -> None:
    assert certainties(finding("wrong_port", CONFIRMED), finding("upstream_down", POSSIBLE)) == [
        CONFIRMED,
        POSSIBLE,
    ]


def test_a_rival_that_another_rule_leads_to_makes_it_likely_with_a_check_that_would_decide() -> None:
    first, _ = doubted([finding("wrong_port", CONFIRMED), finding("selinux_denied", LIKELY)], Signs(()))

    assert first.certainty is LIKELY
    assert first.next_check


def test_of_two_that_are_confirmed_neither_excludes_the_other() -> None:
    assert certainties(finding("disk_full", CONFIRMED), finding("wrong_port", CONFIRMED)) == [LIKELY, LIKELY]


def test_what_a_cause_brings_with_it_is_no_rival() -> None:
    named = finding("premature_close_crash", CONFIRMED), finding("app_crash_runtime", LIKELY)

    assert certainties(*named) == [CONFIRMED, LIKELY]


def test_no_outage_is_confirmed_of_a_site_that_is_well() -> None:
    well = read([Piece(text="The site works fine.")])
    assert well.has("site_well")
    outage, noise = (
        doubted([finding("dns_unresolved", CONFIRMED)], well),
        doubted([finding("client_side_tls_noise", CONFIRMED)], well),
    )

    assert [one.certainty for one in (*outage, *noise)] == [LIKELY, CONFIRMED]


def test_what_is_no_outage_is_not_confirmed_beside_a_502() -> None:
    fails = read([Piece(text='10.0.0.5 - - [30/Nov/2026:13:39:04 +0000] "GET / HTTP/1.1" 502 157')])

    (noise,) = doubted([finding("client_error_413", CONFIRMED)], fails)

    assert noise.certainty is LIKELY


_KILL = "Out of memory: Killed process 7 (puma) total-vm:9kB, anon-rss:9kB"
_REFUSED = "2026/11/30 13:39:04 [error] 6#6: *5 connect() failed (111: Connection refused) while connecting"
_BROKEN = "2026/11/30 13:39:04 [error] 6#6: *5 upstream prematurely closed connection while reading"
_OLD = "2026/11/30 02:11:04 [error] 6#6: *1 upstream sent too big header while reading"


def aged(proof: str, *texts: str) -> Certainty:
    """How sure a cause that is proved by a line is beside other lines."""
    signs = read([Piece(text="\n".join((proof, *texts)))])
    one = replace(finding("oom_kill", CONFIRMED), because=(Line(step="pasted", text=proof),))
    return doubted([one], signs)[0].certainty


@pytest.mark.parametrize(
    ("proof", "now", "certainty"),
    [
        pytest.param(f"[Mon Nov 30 13:20:00 2026] {_KILL}", _REFUSED, CONFIRMED, id="of this hour"),
        pytest.param(f"Nov 30 02:20:00 web kernel: {_KILL}", _REFUSED, POSSIBLE, id="of the night"),
        pytest.param(f"[91.3] {_KILL}", _REFUSED, CONFIRMED, id="without a date"),
        pytest.param(f"2026-11-30T11:39:05Z {_KILL}", _REFUSED, CONFIRMED, id="on a clock of another zone"),
        pytest.param(_OLD, f"{_OLD.replace('02:11', '13:38')}\n{_BROKEN}", CONFIRMED, id="seen again"),
        pytest.param(_OLD, _BROKEN, POSSIBLE, id="fails otherwise now"),
        pytest.param(
            _OLD.replace("02:11", "13:11") + " server: a.example.org,",
            _BROKEN + " server: b.example.org,",
            LIKELY,
            id="another server's",
        ),
    ],
)
def test_what_is_older_than_the_failures_of_now_does_not_prove_them(
    proof: str, now: str, certainty: Certainty
) -> None:
    assert aged(proof, now) is certainty


def test_an_end_of_the_app_lasts_while_its_unit_says_that_it_failed() -> None:
    failed = "● shop.service - Shop\n   Active: failed (Result: oom-kill) since Mon 2026-11-30 02:20:01 UTC"

    assert aged(f"Nov 30 02:20:00 web kernel: {_KILL}", failed, _REFUSED) is CONFIRMED


def test_of_a_proof_that_is_over_no_restart_is_advised() -> None:
    proof = f"[Tue Nov  3 13:20:00 2026] {_KILL}"
    advised = replace(
        finding("oom_kill", CONFIRMED),
        because=(Line(step="pasted", text=proof), Line(step="pasted", text=_REFUSED)),
        restart=RestartAdvice(effect=RestartEffect.TEMPORARY, what="app", why="it works until then"),
    )

    (one,) = doubted([advised], read([Piece(text=f"{proof}\n{_REFUSED}")]))

    assert (one.certainty, one.restart.answer) == (POSSIBLE, "Not known")


_HANGS = "2026/11/30 13:39:01 [error] 6#6: *4 upstream timed out (110: Connection timed out) while reading"


@pytest.mark.parametrize(("port", "is_sure"), [(8000, False), (2368, True)])
def test_of_two_upstreams_that_fail_it_is_not_known_which_one_a_start_is_for(
    port: int, *, is_sure: bool
) -> None:
    hangs = f'{_HANGS} response header from upstream, upstream: "http://127.0.0.1:{port}/"'
    deaf = f'{_REFUSED} to upstream, upstream: "http://127.0.0.1:2368/"'
    start = RestartAdvice(effect=RestartEffect.HELPS, what="app", why="it only has to be started")
    down = replace(finding("upstream_down", LIKELY), because=(Line(step="pasted", text=deaf),), restart=start)
    late = replace(finding("http_504_timeout", LIKELY), because=(Line(step="pasted", text=hangs),))

    first, _ = doubted([down, late], read([Piece(text=f"{hangs}\n{deaf}")]))

    assert first.restart.is_sure is is_sure
