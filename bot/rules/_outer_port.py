"""A proxy that finds containers by labels is told a port as the host has it.

Source: doc.traefik.io "Docker provider" (loadbalancer.server.port is the container's own); nginx-proxy's
README, VIRTUAL_PORT.
"""

from bot.model.sign import Sign, Signs


def of(signs: Signs, told: Sign) -> Sign | None:
    """The mapping of the same service whose outer port a proxy is told; the proxy goes to the inner one."""
    here = [s for s in signs.of("published") if _service_at(signs, s) == _service_at(signs, told)]
    if any(s["port"] == told["port"] for s in here):
        return None
    return next((s for s in here if s["host_port"] == told["port"]), None)


def _service_at(signs: Signs, sign: Sign) -> tuple[int, Sign | None]:
    """Piece, and the service of a compose file within which a line stands."""
    heads = [s for s in signs.of("compose_service") if s.at[0] == sign.at[0] and s.at <= sign.at]
    return sign.at[0], heads[-1] if heads else None
