"""Tables: rows, columns, size."""

from collections.abc import Callable

from bot.devslack.kit.checkers import anything, items, number, shape, string, typed
from bot.devslack.kit.look import Checker, Look
from bot.devslack.kit.rich import RICH_TEXT_ELEMENTS

_CELL = typed(
    "element_type",
    {
        "raw_text": shape({"type": anything, "text": string("section_text", minimum=0)}, required=("text",)),
        "raw_number": shape({"type": anything, "value": anything, "text": anything}, required=("value",)),
        "rich_text": shape(
            {"type": anything, "elements": RICH_TEXT_ELEMENTS, "block_id": anything}, required=("elements",)
        ),
    },
)
_Block = Callable[..., Checker]


def table(block: _Block) -> Checker:
    """The `table` block: at most 100 rows of 20 cells, one a message."""
    inner = block(
        ("rows",),
        rows=items("table_rows", items("table_columns", _CELL)),
        column_settings=anything,
    )

    def look_at(look: Look, value: object, pointer: str) -> None:
        look.tables += 1
        inner(look, value, pointer)

    return look_at


def data_table(block: _Block) -> Checker:
    """The `data_table` block: 2 … 201 rows of 20 cells, 20,000 characters."""
    inner = block(
        ("rows",),
        rows=items("data_table_rows", items("data_table_columns", _CELL)),
        page_size=number("data_table_page", minimum=1),
        caption=anything,
        row_header_column_index=number(),
        column_settings=anything,
    )

    def look_at(look: Look, value: object, pointer: str) -> None:
        inner(look, value, pointer)
        rows = value.get("rows") if isinstance(value, dict) else None
        if isinstance(rows, list) and len(rows) < 2:
            look.report(
                "data_table_two_rows", f"{pointer}/rows", "no fewer than 2 items required", code="too_few"
            )
        if isinstance(rows, list) and _characters(rows) > 20_000:
            look.report(
                "data_table_size", f"{pointer}/rows", "must be less than 20001 characters", code="too_long"
            )

    return look_at


def _characters(rows: list[object]) -> int:
    cells = [cell for row in rows if isinstance(row, list) for cell in row if isinstance(cell, dict)]
    return sum(len(str(cell.get("text") or cell.get("value") or cell.get("elements", ""))) for cell in cells)
