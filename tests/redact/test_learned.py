"""What one output gave away is hidden in the next ones, in memory only and within bounds."""

import base64

import pytest

from bot.redact import KnownValues, Learned, LearnedByIncident, clean, mask
from bot.redact.learned import MOST_INCIDENTS, MOST_SECRETS
from tests.redact.corpus.measure import survivors
from tests.redact.corpus.secrets import Mint, known_forms

SECRET = Mint(11).of(18)


def learned_of(*lines: str) -> Learned:
    learned = Learned()
    for line in lines:
        learned.add(clean(line.encode()).secrets)
    return learned


def test_what_a_units_environment_gave_away_is_hidden_where_it_has_no_name() -> None:
    learned = learned_of(f"Environment=DB_PASSWORD={SECRET} PORT=3000")

    shown = clean(f"could not log in as shop/{SECRET}, giving up".encode(), known=learned.known)

    assert shown.text == "could not log in as shop/[REDACTED:known], giving up"


def test_it_is_hidden_in_every_encoding_and_when_it_is_wrapped() -> None:
    known = learned_of(f"password={SECRET}").known

    for line, encoded in known_forms(SECRET):
        shown = mask(line, known)
        assert survivors(SECRET, shown) == [], line
        assert survivors(encoded, shown)[4:] == [], line


def test_it_is_left_inside_a_longer_word() -> None:
    known = learned_of("password=abc12345").known

    assert mask("release xabc12345y is live", known) == "release xabc12345y is live"


@pytest.mark.parametrize(
    "value", ["correcthorse", "12345678", "web-01", "db2.shop.example", "myapp-2026", "a1b2"]
)
def test_a_value_that_something_else_may_be_called_is_not_carried_on(value: str) -> None:
    assert clean(f"password={value}".encode()).secrets == ()


def test_parameters_of_requests_are_not_carried_on() -> None:
    assert clean(f'"GET /a?token={SECRET} HTTP/1.1" 502'.encode()).secrets == ()


def test_the_secrets_of_an_output_that_was_withheld_are_hidden_too() -> None:
    secrets = [Mint(number).of(13) + "7" for number in range(30)]
    learned = learned_of("\n".join(f"password={each}" for each in secrets))

    shown = mask(" ".join(secrets), learned.known)

    assert not any(each in shown for each in secrets)


def test_no_more_than_its_bound_is_remembered_of_an_incident() -> None:
    learned = learned_of(*(f"password={Mint(number).of(13)}7" for number in range(MOST_SECRETS + 5)))

    assert len(learned.known.words) == MOST_SECRETS


def test_incidents_do_not_share_and_the_oldest_is_forgotten() -> None:
    incidents = LearnedByIncident()
    incidents.of("first").add([SECRET])

    assert incidents.of("second").known == KnownValues()
    assert incidents.of("first").known.words == (SECRET,)
    for number in range(MOST_INCIDENTS):
        incidents.of(f"later {number}")
    assert incidents.of("first").known == KnownValues()


def test_nothing_learned_shows_itself() -> None:
    cleaned = clean(f"password={SECRET}".encode())

    assert cleaned.secrets == (SECRET,)
    assert SECRET not in repr(cleaned) and SECRET not in repr(learned_of(f"password={SECRET}").known)


def test_learning_the_same_again_changes_nothing() -> None:
    learned = learned_of(f"password={SECRET}")
    before = learned.known

    learned.add([SECRET])

    assert learned.known is before
    assert base64.b64encode(SECRET.encode()).decode() in before.forms
