"""How long nginx waits for an answer from one place, as its configuration has it there."""

import re

from bot.parsers.nginx_config import Directive, NginxConfig

#: ngx_http_proxy_module, ngx_http_fastcgi_module, ngx_http_uwsgi_module, …: all wait a minute by default.
_DEFAULT_S = 60.0


class ReadTimeouts:
    """What `proxy_read_timeout` and its kin say for each place that is dialled.

    The configuration is walked once, for a host may have thousands of sites.
    """

    def __init__(self, config: NginxConfig) -> None:
        self._found: dict[tuple[str, str], set[float | None]] = {}
        groups = config.groups
        told = {module: _Told(config, module) for module in _OF_MODULE}
        for place in config.passes:
            module = place.name.removesuffix("_pass")
            seconds = told[module].at(place)
            for address in config.addresses_of(place, groups):
                self._found.setdefault((module, address), set()).add(seconds)

    def of(self, address: str, protocol: str) -> float | None:
        """Seconds; None where it differs between places that dial it, or cannot be told."""
        found = self._found.get((_MODULES.get(protocol, protocol or "proxy"), address), set())
        return next(iter(found)) if len(found) == 1 else None


_MODULES = {"http": "proxy", "https": "proxy", "tcp": "proxy", "grpcs": "grpc"}
_OF_MODULE = ("proxy", "fastcgi", "uwsgi", "scgi", "grpc")


class _Told:
    """The directives of one module, by the server block they stand in."""

    def __init__(self, config: NginxConfig, module: str) -> None:
        self._by_server: dict[int | None, list[Directive]] = {}
        for one in config.named(f"{module}_read_timeout"):
            self._by_server.setdefault(one.server, []).append(one)
        general = self._by_server.get(None, [])
        self._general = max(general, key=lambda one: len(_blocks(one)), default=None)

    def at(self, place: Directive) -> float | None:
        """Of the blocks around the place the innermost that says one; included files may have no block."""
        if place.server is None:  # it stands in a snippet, and which server includes that is not known here
            return None if self._by_server else _DEFAULT_S
        inside = _blocks(place)
        around = [o for o in self._by_server.get(place.server, ()) if inside[: len(_blocks(o))] == _blocks(o)]
        nearest = max(around, key=lambda one: len(_blocks(one)), default=self._general)
        return _seconds(nearest) if nearest is not None else _DEFAULT_S


def _blocks(directive: Directive) -> tuple[tuple[str, ...], ...]:
    return tuple(block for block in directive.within if block != ("http",))


_PART = re.compile(r"(\d{1,9})(ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _seconds(directive: Directive) -> float | None:
    """`90`, `1m30s`; None for what is no time. Source: ngx_parse_time."""
    text = "".join(directive.arguments[:1])
    if not re.fullmatch(f"(?:{_PART.pattern})+", text):
        return None
    return sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
