from pathlib import Path

import pytest

from bot.redact import KnownValues, clean, mask
from tests.redact.corpus.measure import survivors
from tests.redact.corpus.secrets import HARD, KINDS, Sample, known_forms, samples


def _lines(*names: str) -> list[str]:
    folder = Path(__file__).parent / "corpus"
    return [line for name in names for line in (folder / name).read_text(encoding="utf-8").splitlines()]


#: As hosts printed them, and as they print ids, digests and fingerprints of every kind.
_NORMAL = _lines("normal.txt", "operations.txt")
#: Settings and sentences about secrets, with values that look like some.
_HARD_NEGATIVES = _lines("hard_negatives.txt")
_SAMPLES = samples()


def _leaks(sample: Sample) -> bool:
    shown = clean(sample.text.encode()).text
    return any(survivors(secret, shown) for secret in sample.secrets)


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(KINDS) >= 54
    assert len(_NORMAL) >= 660
    assert len(_HARD_NEGATIVES) >= 70
    assert {sample.kind for sample in _SAMPLES} == KINDS
    assert all(
        any(survivors(s, sample.text) for s in sample.secrets) or "\\n" in sample.text for sample in _SAMPLES
    )


@pytest.mark.parametrize("kind", sorted(HARD))
def test_no_window_of_a_hard_kind_survives(kind: str) -> None:
    leaking = [sample.text for sample in _SAMPLES if sample.kind == kind and _leaks(sample)]

    assert leaking == []


def test_at_least_95_of_100_secrets_leave_no_window() -> None:
    leaking = [sample for sample in _SAMPLES if _leaks(sample)]

    assert len(leaking) <= 0.05 * len(_SAMPLES), sorted({sample.kind for sample in leaking})


@pytest.mark.parametrize("value", ["my-Secret/value+1", "t0p;\"quoted' & <odd>", "xyzzy-42-plugh-Å"])
def test_a_known_value_is_hidden_in_every_encoding(value: str) -> None:
    known = KnownValues.of([value])

    for line, encoded in known_forms(value):
        assert survivors(value, clean(line.encode(), known=known).text) == []
        assert survivors(encoded, mask(line, known))[4:] == [], encoded


def test_a_known_value_is_hidden_a_thousand_times() -> None:
    known = KnownValues.of([f"plain words {number:04} here" for number in range(50)])
    text = "\n".join(f"line {n} plain words {n % 50:04} here and more" for n in range(1000))

    assert "plain words" not in mask(text, known)


def test_normal_lines_stay_as_they_are() -> None:
    altered = [line for line in _NORMAL if clean(line.encode()).text != line]

    assert len(altered) <= 0.005 * len(_NORMAL), altered


def test_few_lines_that_only_look_like_secrets_are_altered() -> None:
    altered = [line for line in _HARD_NEGATIVES if clean(line.encode()).text != line]

    assert len(altered) <= 0.15 * len(_HARD_NEGATIVES), altered


def test_masking_again_changes_nothing() -> None:
    for sample in _SAMPLES:
        once = mask(sample.text)
        assert mask(once) == once, sample.text


def test_masking_what_was_cleaned_changes_nothing() -> None:
    for sample in _SAMPLES:
        shown = clean(sample.text.encode()).text
        assert mask(shown) == shown, sample.text


def test_a_database_url_without_a_password_stays_readable() -> None:
    line = "DATABASE_URL=postgresql://myapp@10.88.0.250/myapp"

    assert clean(line.encode()).text == line
