"""The table of `pm2 ls`.

    │ 0  │ api │ default │ 1.0.0 │ fork │ 4242 │ 0s │ 15 │ errored │ 0% │ …

Source: pm2 lib/API/UX/pm2-ls.js, constants.js (states).
"""

import re
from collections.abc import Iterable, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_STATE = re.compile(r"[│|]\s*(?P<state>online|errored|stopped|stopping|launching|waiting restart)\s*[│|]")
_ACTIVE = {"online": "active", "errored": "failed", "stopped": "inactive", "stopping": "inactive"}
#: id, name, mode, status and more: fewer cells are another table.
_FEWEST_CELLS = 5


@given(_STATE, ("│", "|"))
def pm2_table(piece: Piece) -> Iterable[Sign]:
    """A `unit` for each row, `sub` is pm2's own word; for one that is up also a `pod` with its restarts."""
    for line in piece.text.split("\n"):
        row = _STATE.search(line)
        cells = [cell.strip() for cell in re.split("[│|]", line) if cell.strip()]
        if row is None or len(cells) < _FEWEST_CELLS:
            continue
        name = next((cell for cell in cells if not cell.isdigit()), "")
        fields = {"unit": name, "active": _ACTIVE.get(row["state"], "activating"), "sub": row["state"]}
        yield Sign(kind="unit", line=line.strip(), fields=fields)
        before = cells[cells.index(row["state"]) - 1]
        if row["state"] == "online" and before.isdigit():
            again = {"name": name, "status": row["state"], "restarts": before}
            yield Sign(kind="pod", line=line.strip(), fields=again)


READERS: tuple[Reader, ...] = (pm2_table,)
