"""Which part of nginx's configuration serves the site that is asked about."""

from bot.parsers.nginx_config import NginxConfig


def addresses_of_site(config: NginxConfig, site: str) -> frozenset[str]:
    """Addresses the site's server block may dial; empty when it cannot be told."""
    block = _block_of(config, site)
    if block is None:
        return frozenset()
    inside = tuple(d for d in config.directives if d.server == block)
    groups = tuple(d for d in config.directives if d.within and d.within[-1][:1] == ("upstream",))
    return frozenset(NginxConfig(directives=(*groups, *inside)).addresses)


def other_servers(config: NginxConfig, site: str) -> frozenset[str]:
    """First names of the server blocks that are not the site's; nginx logs them as `server:`."""
    ours = _block_of(config, site)
    if ours is None or not addresses_of_site(config, site):
        return frozenset()
    names = {d.server: d.arguments[0] for d in reversed(config.named("server_name")) if d.arguments}
    return frozenset(name for block, name in names.items() if block != ours) - {names.get(ours, "")}


def _block_of(config: NginxConfig, site: str) -> int | None:
    for directive in config.named("server_name"):
        if site in directive.arguments and "server" in [w[0] for w in directive.within if w]:
            return directive.server
    listens = [d for d in config.named("listen") if d.server is not None]
    default = [d for d in listens if "default_server" in d.arguments] or listens
    return default[0].server if default else None
