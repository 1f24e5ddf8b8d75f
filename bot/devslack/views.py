"""Open modals: making, replacing, stacking."""

from bot.devslack.parts import Parts
from bot.devslack.seed import TEAM
from bot.devslack.wire import Payload
from bot.devslack.world import APP_ID, BOT_ID, View

_DEFAULTS: Payload = {
    "callback_id": "",
    "external_id": "",
    "private_metadata": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "submit": None,
    "close": None,
}


def stack_of(parts: Parts, user: str) -> list[View]:
    """This person's open modals, the lowest first."""
    return parts.world.views.setdefault(user, [])


def made(parts: Parts, user: str, payload: Payload, *, above: list[View]) -> View:
    """A view with Slack's own fields filled in, to lie above these open ones."""
    view_id = parts.ids.next("V")
    own: Payload = {
        "id": view_id,
        "team_id": TEAM,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
        "app_installed_team_id": TEAM,
        "root_view_id": above[0].id if above else view_id,
        "previous_view_id": above[-1].id if above else None,
        "hash": f"{parts.ids.ts()}.{parts.ids.secret(4)}",
        "state": {"values": {}},
    }
    return View(user=user, payload=_DEFAULTS | payload | own)


def replaced(parts: Parts, view: View, payload: Payload) -> None:
    """New content for an open view: id and place stay, the hash is new, what was typed stays."""
    kept = {
        key: view.payload[key]
        for key in (
            "id",
            "team_id",
            "app_id",
            "bot_id",
            "app_installed_team_id",
            "root_view_id",
            "previous_view_id",
            "state",
        )
    }
    fresh = {"hash": f"{parts.ids.ts()}.{parts.ids.secret(4)}"}
    view.payload = _DEFAULTS | payload | kept | fresh
    view.errors = {}
    parts.world.show_views(view.user)
