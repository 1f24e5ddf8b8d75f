"""Learns the lexicon from labelled cases: `python -m tools.lexicon FILE…` writes the table anew.

Learnt from are the told and the written cases of this repository and the files named, which have one JSON
object a line as tools.accuracy reads them. The table that is there was learnt with public threads as well,
which are not kept here: without such files a new one knows real words less well, so that has to be asked for
(`--alone`). Every fifth written case is kept out: tests/rules/test_lexicon.py measures on those. Needs
scikit-learn (`pip install --group lexicon`), which nothing else here needs.

The model is a multinomial logistic regression over which words a text has, weighed by their rarity, each text
of length one. Small weights are left out: they are most of the table and change hardly any order.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.rules._leanings import FREQUENCY
from bot.rules._lexicon import TABLE, words_of
from tests.support.told import told_cases

WRITTEN = Path(__file__).parent.parent / "tests/cases/written"
#: A word has to be in so many cases.
_LEAST_CASES = 3
#: A weight below it, as a natural logarithm of the odds, is left out.
_LEAST_WEIGHT = 0.7
#: Points for each factor of e of the odds: what it is worth beside a point of the leanings (decision 0021).
_SCALE = 15
#: How little the weights are drawn to nought.
_FREEDOM = 10.0
#: A told case is short and made for one wording: it counts for less.
_TOLD_WEIGHT = 0.5
_STEPS = 300
_ALONE = "--alone"


@dataclass(frozen=True)
class Case:
    """The words of one labelled text, and what it counts for."""

    words: frozenset[str]
    cause: str
    weight: float = 1.0


def of_files(paths: Sequence[Path]) -> list[Case]:
    """The labelled cases of files, in their order."""
    return [_case(json.loads(line)) for path in paths for line in path.read_text().splitlines() if line]


def _case(row: Mapping[str, object]) -> Case:
    pieces = row["evidence"]
    assert isinstance(pieces, list)
    return Case(frozenset(words_of("\n".join(piece["text"] for piece in pieces))), str(row["cause_label"]))


def told() -> Iterator[Case]:
    """The told cases that name a first cause."""
    for case in told_cases():
        if case.first:
            text = "\n".join(piece.text for piece in case.pieces)
            yield Case(frozenset(words_of(text)), case.first, _TOLD_WEIGHT)


def learn(cases: Sequence[Case]) -> dict[str, dict[str, list[float]] | list[str] | list[float]]:
    """The table: causes, their points at the start, and of each word its rarity, places and points."""
    cases = [case for case in cases if case.cause in FREQUENCY]
    counter = TfidfVectorizer(analyzer=sorted, min_df=_LEAST_CASES, binary=True)
    seen = counter.fit_transform([case.words for case in cases])
    model = LogisticRegression(C=_FREEDOM, max_iter=_STEPS)
    model.fit(seen, [case.cause for case in cases], sample_weight=[case.weight for case in cases])
    words = {}
    for word, column in sorted(counter.vocabulary_.items()):
        rarity = float(counter.idf_[column])
        row = [
            part
            for at, weight in enumerate(model.coef_[:, column])
            if abs(weight) >= _LEAST_WEIGHT
            for part in (at, round(_SCALE * rarity * weight))
        ]
        words[word] = [round(rarity**2, 1), *row]
    start = [round(_SCALE * value, 1) for value in model.intercept_]
    return {"causes": list(model.classes_), "start": start, "words": words}


def as_text(table: Mapping[str, object]) -> str:
    """One row a word, so that a difference can be read."""
    words = table["words"]
    assert isinstance(words, dict)
    rows = ",\n".join(
        f"{json.dumps(word, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
        for word, row in words.items()
    )
    head = f'{{"causes":{json.dumps(table["causes"])},\n"start":{json.dumps(table["start"])},\n'
    return f'{head}"words":{{\n{rows}\n}}}}\n'


def main() -> None:
    """Learns the table and writes it; without files only when that is asked for."""
    names = sys.argv[1:]
    if not names:
        sys.exit(
            "name files of labelled threads: the table that is there was learnt with some, and a new one"
            ' would be the poorer: make lexicon FILES="…" (FILES=--alone: from the repository\'s cases)'
        )
    written = of_files(sorted(WRITTEN.glob("*.jsonl")))
    learnt = [case for at, case in enumerate(written) if at % 5]
    others = [*of_files([Path(name) for name in names if name != _ALONE]), *told()]
    TABLE.write_text(as_text(learn([*learnt, *others])))
    print(f"{TABLE.name}: learnt from {len(learnt)} written cases and {len(others)} others")


if __name__ == "__main__":
    main()
