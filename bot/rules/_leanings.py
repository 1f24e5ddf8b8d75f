"""The table of leanings: which causes a sign or a word fits, in points (`leanings.toml`).

Source: what the programs log in each of these states, as the rule of the cause cites it; where one line
stands for several causes, how often labelled cases settled on each.
"""

import re
import tomllib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from bot.rules._hinted import Hinted

TABLE = Path(__file__).with_name("leanings.toml")
_READ = tomllib.loads(TABLE.read_text())
#: Cause -> what its frequency alone is worth, beside a rare one.
FREQUENCY: Mapping[str, int] = _READ["frequency"]
#: Theme -> names of the features that belong to it.
GROUPS: Mapping[str, tuple[str, ...]] = {name: tuple(rows) for name, rows in _READ["signs"].items()}
#: Letters that stand for themselves, and not for a class (`\\S`) or a group (`(?P<`).
_CAPITAL = re.compile(r"(?<![\\?])[A-Z]")
#: Expressions of words, each a row of its own; for text in lower case, which is searched faster.
WORDS: Mapping[str, Hinted] = {
    row["says"]: Hinted(re.compile(_CAPITAL.sub(lambda letter: letter[0].lower(), row["says"])))
    for row in _READ["words"]
}
#: Name of a feature, or expression of a word -> cause -> points.
LEANINGS: Mapping[str, Mapping[str, int]] = dict(
    chain(
        *(rows.items() for rows in _READ["signs"].values()),
        ((row["says"], row["points"]) for row in _READ["words"]),
    )
)
