"""Modal and home views around their blocks."""

from bot.devslack.kit.checkers import anything, flag, one_of, plain, shape, string

view_shape = shape(
    {
        "type": one_of("modal", "home"),
        "title": plain("modal_title"),
        "submit": plain("modal_button"),
        "close": plain("modal_button"),
        # the blocks are looked at one by one, with their surface
        "blocks": anything,
        "private_metadata": string("private_metadata", minimum=0),
        "callback_id": string("callback_id", minimum=0),
        "external_id": string("external_id", minimum=0),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    required=("type", "blocks"),
)
