"""A store was stopped, and not the app."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _deeper, _outage, _quote, _told, _whose


def told(signs: Signs) -> Finding | None:
    """A store rests that had run, and requests fail: then it is the store that has to be started."""
    stopped = next((s for s in reversed(signs.of("stopped")) if _deeper.is_store(s["who"])), None)
    resting = (u for u in signs.where("unit", active="inactive") if _deeper.is_store(u["unit"]))
    rests = next((u for u in resting if stopped or " since " in u.line), None)
    outage = _outage.any_sign(signs)
    if rests is None or outage is None:
        return None
    name = _whose.named(rests["unit"]) or rests["unit"]
    says = f"{name} was stopped, by order and cleanly, and not started again; the app may need it"
    advice = _quote.helps(name, "it only has to be started; the app itself was not stopped")
    check = f"whether the app needs {name}: its own log"
    return _told.likely("app_stopped_by_hand", 62, says, advice, stopped, rests, outage, next_check=check)
