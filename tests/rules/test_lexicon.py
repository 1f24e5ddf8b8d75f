"""What the words of a text lean to."""

import json
from pathlib import Path

import pytest

from bot.catalog import names_of_code
from bot.rules._lexicon import lean, lexicon, words_of

#: As tools.lexicon reads them: every fifth is not learnt from.
WRITTEN = Path(__file__).parent.parent / "cases/written"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("OutOfMemoryError", {"out", "of", "memory", "memo~", "error", "erro~"}),
        ("pm.max_children", {"pm", "max", "children", "chil~"}),
        ("port 8080", {"port", "8080"}),
        ("10.0.0.7 2026-11-29 10:04:11 2026/11/29", set()),
        ("Größe überschritten", {"größe", "größ~", "überschritten", "über~"}),
        ("a 1234567 -- !", set()),
        ("", set()),
    ],
)
def test_words_and_numbers_count_but_no_addresses_and_times(text: str, words: set[str]) -> None:
    assert words_of(text) == words


def test_every_cause_of_the_table_is_one_and_every_row_has_points_by_place() -> None:
    table = lexicon()

    assert set(table.causes) <= frozenset(names_of_code().rules)
    assert len(table.start) == len(table.causes)
    for rarity, row in table.words.values():
        assert rarity > 0
        assert set(row) <= set(range(len(table.causes)))


def test_words_lean_to_the_cause_they_were_seen_with() -> None:
    points = lean("the kernel killed the process, the OOM killer says, memory cgroup out of memory").points

    assert max(points, key=lambda cause: points[cause]) == "oom_kill"


def test_a_text_said_twice_leans_no_more_than_said_once() -> None:
    text = "the certificate of the upstream does not match the name that nginx asks for"

    assert lean(f"{text}\n{text}") == lean(text)


def test_the_word_that_leans_most_is_one_of_the_text() -> None:
    text = "sometimes the worker is killed, gunicorn writes WORKER TIMEOUT after thirty seconds"

    word = lean(text).strongest("upstream_timeout_worker_kill")

    assert word
    assert word in text.lower()


def test_words_nobody_has_seen_lean_to_nothing() -> None:
    leaning = lean("zzyzx qwrtp")

    assert leaning.known == ()
    assert leaning.strongest("oom_kill") == ""


def test_alone_it_knows_the_cause_of_cases_it_did_not_learn_from() -> None:
    written = [
        json.loads(line) for path in sorted(WRITTEN.glob("*.jsonl")) for line in path.read_text().splitlines()
    ][::5]
    first = three = 0
    for case in written:
        points = lean("\n".join(piece["text"] for piece in case["evidence"])).points
        best = sorted(points, key=lambda cause: -points[cause])[:3]
        first += best[0] == case["cause_label"]
        three += case["cause_label"] in best

    assert first >= 0.76 * len(written)
    assert three >= 0.91 * len(written)
