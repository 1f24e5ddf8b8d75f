"""Cases of pasted text with what must come of them: tests/cases/told/*.yaml."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.model.sign import Piece

FOLDER = Path(__file__).parents[1] / "cases/told"
_KEYS = {"name", "evidence", "first", "certainty", "restart", "among", "never"}


@dataclass(frozen=True, kw_only=True)
class ToldCase:
    """One text and what its verdict must and must not say."""

    file: str
    name: str
    pieces: tuple[Piece, ...]
    first: str | None
    certainty: str | None
    restart: str | None
    among: tuple[str, ...]
    never: tuple[str, ...]


def told_cases() -> list[ToldCase]:
    """All cases, by file and in their order. Raises ValueError for a case that asks for nothing."""
    return [
        _case(path.stem, item)
        for path in sorted(FOLDER.glob("*.yaml"))
        for item in yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    ]


def _case(file: str, item: dict[str, Any]) -> ToldCase:
    if unknown := set(item) - _KEYS:
        raise ValueError(f"{file}: {item.get('name')}: unknown {sorted(unknown)}")
    if not (item.get("first") or item.get("among") or item.get("never")):
        raise ValueError(f"{file}: {item.get('name')} asks for nothing")
    return ToldCase(
        file=file,
        name=item["name"],
        pieces=tuple(Piece(text=one["text"], kind=one.get("kind", "")) for one in item["evidence"]),
        first=item.get("first"),
        certainty=item.get("certainty"),
        restart=item.get("restart"),
        among=tuple(item.get("among", ())),
        never=tuple(item.get("never", ())),
    )
