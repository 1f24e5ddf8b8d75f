"""A restart that brought service back, by the report, helps for a while: of the very program it names."""

from dataclasses import replace

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding, RestartAdvice, RestartEffect
from bot.rules import _quote, _whose

#: Kinds that tell of a restart that mended -> whose it is where no program is named.
_UNNAMED = {"restart_mended": _whose.APP, "reload_mended": "nginx"}
#: Words for a proxy that is not named.
_PROXIES = ("proxy", "gateway", "ingress", "frontend", "front-end")


def brought_back(signs: Signs) -> RestartAdvice | None:
    """The restart that helped, where the report tells of one program's alone."""
    whose = {_program(sign) for sign in signs.of("restart_told")} or {
        _whose.named(sign["what"]) or _UNNAMED[sign.kind] for sign in signs.of(*_UNNAMED)
    }
    if len(whose) != 1:
        return None
    return _quote.temporary(
        next(iter(whose)), "by the report it brought service back; what made it fail is still there"
    )


def of_proxy(signs: Signs) -> RestartAdvice | None:
    """The same, where it was the proxy that was restarted."""
    told = brought_back(signs)
    return told if told is not None and told.what not in (_whose.APP, "php-fpm") else None


def heeding(signs: Signs, first: Finding) -> Finding:
    """The finding, with the report's restart in the place of one of which nothing is known.

    A rule that is sure of its advice knows why; what helped somebody once is no reason against it.
    """
    advice = first.restart
    if advice.effect is not RestartEffect.USELESS or advice.is_sure:
        return first
    told = brought_back(signs)
    return first if told is None else replace(first, restart=told)


def _program(sign: Sign) -> str:
    who = sign["who"].lower()
    return _whose.named(who) or ("proxy" if who in _PROXIES else _whose.APP)
