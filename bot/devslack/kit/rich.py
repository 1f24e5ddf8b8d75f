"""Rich text: sections, lists, quotes, preformatted, and the pieces of text in them."""

from collections.abc import Mapping

from bot.devslack.kit.checkers import anything, flag, listed, number, one_of, shape, typed
from bot.devslack.kit.look import Checker, Look


def _string(look: Look, value: object, pointer: str) -> None:
    look.kind(value, str, pointer)


_STYLE = shape(
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag
    )
)


def _piece(required: tuple[str, ...], **fields: Checker) -> Checker:
    return shape({"type": anything, "style": _STYLE} | fields, required=required)


PIECES: Mapping[str, Checker] = {
    "text": _piece(("text",), text=_string),
    "link": _piece(("url",), url=_string, text=_string, unsafe=flag),
    "emoji": _piece(("name",), name=_string, unicode=_string, skin_tone=number(), url=anything),
    "user": _piece(("user_id",), user_id=_string),
    "usergroup": _piece(("usergroup_id",), usergroup_id=_string),
    "channel": _piece(("channel_id",), channel_id=_string),
    "broadcast": _piece(("range",), range=one_of("here", "channel", "everyone")),
    "date": _piece(
        ("timestamp", "format"), timestamp=number(), format=_string, url=_string, fallback=_string
    ),
    "color": _piece(("value",), value=_string),
    "team": _piece(("team_id",), team_id=_string),
}

_ANY_PIECE = listed(typed("element_type", PIECES))
#: Preformatted text takes no mentions, no emoji, no dates: text stays literal.
_LITERAL = listed(typed("element_type", PIECES, "text", "link"))
_SECTION = shape({"type": anything, "elements": _ANY_PIECE}, required=("elements",))

PARTS: Mapping[str, Checker] = {
    "rich_text_section": _SECTION,
    "rich_text_list": shape(
        {
            "type": anything,
            "style": one_of("bullet", "ordered"),
            "elements": listed(typed("element_type", {"rich_text_section": _SECTION})),
            "indent": number(),
            "offset": number(),
            "border": one_of(0, 1),
        },
        required=("elements", "style"),
    ),
    "rich_text_preformatted": shape(
        {"type": anything, "elements": _LITERAL, "border": one_of(0, 1), "language": _string},
        required=("elements",),
    ),
    "rich_text_quote": shape(
        {"type": anything, "elements": _ANY_PIECE, "border": one_of(0, 1)}, required=("elements",)
    ),
}

RICH_TEXT_ELEMENTS = listed(typed("element_type", PARTS))
