"""Top-level blocks of a message or view: the surface they may stand on, and unique ids."""

from collections.abc import Mapping

from bot.devslack.kit.blocks import BLOCKS
from bot.devslack.kit.checkers import listed, typed
from bot.devslack.kit.look import Look

_PLAIN = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
)

#: Surface -> block types. Source: docs.slack.dev Block Kit reference, "available in surfaces".
SURFACES: Mapping[str, frozenset[str]] = {
    "message": frozenset(BLOCKS) - {"alert"},
    "view": _PLAIN | {"alert"},
    "home": _PLAIN | {"container"},
}


def block(look: Look, value: object, pointer: str) -> None:
    """One top-level block: its surface, type, ids, shape."""
    name = value.get("type") if isinstance(value, dict) else None
    if isinstance(name, str) and name in BLOCKS and name not in SURFACES[look.surface]:
        look.report("surface", f"{pointer}/type", f"unsupported type: {name}", code="wrong_surface")
    typed("block_type", BLOCKS)(look, value, pointer)
    if isinstance(value, dict):
        _ids(look, value, pointer)
        children = value.get("child_blocks")
        for index, child in enumerate(children if isinstance(children, list) else []):
            if isinstance(child, dict):
                _ids(look, child, f"{pointer}/child_blocks/{index}")


def _ids(look: Look, value: dict[str, object], pointer: str) -> None:
    block_id = value.get("block_id")
    if isinstance(block_id, str) and block_id:
        _unique(look, "block_id", block_id, look.block_ids, pointer)
    elements = value.get("elements")
    names: set[str] = set()
    for index, item in enumerate(elements if isinstance(elements, list) else []):
        name = item.get("action_id") if isinstance(item, dict) else None
        if isinstance(name, str):
            _unique(look, "action_id", name, names, f"{pointer}/elements/{index}")


def _unique(look: Look, key: str, name: str, seen: set[str], pointer: str) -> None:
    if name in seen:
        look.report(
            f"{key}_unique", f"{pointer}/{key}", f'{key} "{name}" already exists', code="duplicate_id"
        )
    seen.add(name)


BLOCK_LIST = listed(block)
