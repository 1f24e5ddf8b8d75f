"""How the table of leanings is written down: bot/rules/leanings.toml."""

from collections.abc import Mapping

from bot.rules._leanings import GROUPS, WORDS

_HEAD = """\
# Which causes a sign or a word fits, and how well: the ranking of what no rule settles.
#
# Points add up over the different rows that a text shows: 30 a sign that is typical of the cause, 20 one that
# often comes with it, 10 one that fits; below 0 it speaks against it. A name is a sign's kind, or a kind and
# what it says more precisely (bot/rules/_features.py). `python -m tools.settle FILE...` settles the points on
# labelled cases, drawn towards what stands here: a new row is written by hand, from what the program logs in
# that state, and settled with the next cases.
"""


def written(rows: Mapping[str, Mapping[str, int]]) -> str:
    """The file with the points of `rows`; `""` is the row of the causes' frequency."""
    parts = [_HEAD, "# What a cause's frequency alone is worth, beside a rare one.\n[frequency]"]
    parts += [f"{cause} = {points}" for cause, points in sorted(rows[""].items())]
    for group, names in GROUPS.items():
        parts.append(f"\n[signs.{group}]")
        parts += [f"{_key(name)} = {_points(rows[name])}" for name in names if rows.get(name)]
    parts.append("\n# Words in lines that no table of wordings reads; they are weaker than signs.")
    for word in WORDS:
        parts.append(f"[[words]]\nsays = '''{word}'''\npoints = {_points(rows[word])}")
    return "\n".join(parts) + "\n"


def _key(name: str) -> str:
    return f'"{name}"' if ":" in name else name


def _points(row: Mapping[str, int]) -> str:
    best = sorted(row.items(), key=lambda one: (-one[1], one[0]))
    return "{ " + ", ".join(f"{cause} = {points}" for cause, points in best) + " }" if best else "{}"
