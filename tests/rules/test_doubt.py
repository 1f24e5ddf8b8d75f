"""What is confirmed beside a rival."""

from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect
from bot.rules._doubt import doubted

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
    return [one.certainty for one in doubted(named, is_well=False)]


def test_a_rival_that_is_only_possible_leaves_it_confirmed() -> None:
    assert certainties(finding("wrong_port", CONFIRMED), finding("upstream_down", POSSIBLE)) == [
        CONFIRMED,
        POSSIBLE,
    ]


def test_a_rival_that_another_rule_leads_to_makes_it_likely_with_a_check_that_would_decide() -> None:
    first, _ = doubted([finding("wrong_port", CONFIRMED), finding("selinux_denied", LIKELY)], is_well=False)

    assert first.certainty is LIKELY
    assert first.next_check


def test_of_two_that_are_confirmed_neither_excludes_the_other() -> None:
    assert certainties(finding("disk_full", CONFIRMED), finding("wrong_port", CONFIRMED)) == [LIKELY, LIKELY]


def test_what_a_cause_brings_with_it_is_no_rival() -> None:
    named = finding("premature_close_crash", CONFIRMED), finding("app_crash_runtime", LIKELY)

    assert certainties(*named) == [CONFIRMED, LIKELY]


def test_no_outage_is_confirmed_of_a_site_that_is_well() -> None:
    outage, noise = (
        doubted([finding("dns_unresolved", CONFIRMED)], is_well=True),
        doubted([finding("client_side_tls_noise", CONFIRMED)], is_well=True),
    )

    assert [one.certainty for one in (*outage, *noise)] == [LIKELY, CONFIRMED]
