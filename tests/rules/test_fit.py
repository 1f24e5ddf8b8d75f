"""How well causes fit a text that no rule settles."""

from collections.abc import Sequence

import pytest

from bot.catalog import names_of_code
from bot.model.sign import Piece
from bot.model.verdict import Line
from bot.rules._checks import CHECKS
from bot.rules._fit import rank
from bot.rules._kin import KIN
from bot.rules._leanings import FREQUENCY, GROUPS, LEANINGS
from bot.signs import read
from bot.signs.tables import KINDS
from tests.support.told import told_cases

KNOWN = frozenset(names_of_code().rules)


def ranked(*texts: str) -> list[str]:
    """Causes by their fit alone, the best first."""
    return [fit.cause for fit in rank(read([Piece(text=text) for text in texts])).fits]


def test_every_name_in_the_tables_is_a_cause() -> None:
    rows: Sequence[frozenset[str]] = [frozenset(row) for row in LEANINGS.values()]

    assert frozenset().union(*rows) <= KNOWN
    assert frozenset(FREQUENCY) == KNOWN
    assert frozenset(CHECKS) == KNOWN


def test_every_leaning_is_of_a_kind_of_sign_that_exists() -> None:
    several = {"containers", "kubernetes"}

    names = [name for group in GROUPS.values() for name in group]

    assert {name.partition(":")[0] for name in names} - several <= set(KINDS)
    assert len(names) == len(set(names))


def test_every_cause_has_two_look_alikes_at_least_and_is_not_its_own() -> None:
    assert frozenset(KIN) == KNOWN
    assert all(len(set(akin)) >= 2 and set(akin) <= KNOWN - {cause} for cause, akin in KIN.items())


def test_without_any_rule_the_right_cause_is_among_three_in_nine_of_ten_cases() -> None:
    cases = [case for case in told_cases() if case.first]

    among = [case for case in cases if case.first in [fit.cause for fit in rank(read(case.pieces)).fits][:3]]

    assert len(among) >= 0.9 * len(cases)


def test_what_stands_beside_a_refusal_decides_what_it_fits() -> None:
    refused = "connect() failed (111: Connection refused) while connecting to upstream"

    assert ranked(f'{refused}, upstream: "http://127.0.0.1:3000/"')[0] in ("wrong_port", "upstream_down")
    assert ranked(f'{refused}, upstream: "fastcgi://127.0.0.1:9000"')[0] == "php_fpm_down"
    assert ranked(f'{refused}, upstream: "http://[::1]:3000/"')[0] == "ipv6_mismatch"
    assert (
        ranked(refused, "Main process exited, code=killed, status=9/KILL", "oom-kill: Killed process 4")[0]
        == "oom_kill"
    )


def test_each_fit_quotes_the_line_that_leans_to_it_most() -> None:
    found = rank(read([Piece(text="hello\nwe changed the firewall on Monday\nbye")])).fits

    assert found[0].cause == "firewall_or_no_route"
    assert found[0].line.text == "we changed the firewall on Monday"


def test_what_was_named_or_ruled_out_does_not_come_again() -> None:
    signs = read([Piece(text="we changed the firewall on Monday")])
    said = Line(step="pasted", text="no route to host")

    others = [fit.cause for fit in rank(signs).beside([("dns_stale", said)], excluded={"wrong_address"})]

    assert others[0] == "firewall_or_no_route"
    assert len(set(others)) == len(others)
    assert not {"dns_stale", "wrong_address"} & set(others)


@pytest.mark.parametrize("text", ["", "hello", "\n\n", "0"])
def test_nothing_fits_a_text_that_says_nothing(text: str) -> None:
    assert ranked(text) == []
