"""`localhost` is two addresses: refused at the first, nginx asks the second in the same request."""

from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError
from bot.rules import _address


def is_tried_on(error: NginxError, config: NginxConfig | None) -> bool:
    """Whether a refusal is of one of localhost's addresses; of a site that is well it cost nobody an answer.

    Source: ngx_http_proxy_module proxy_pass ("several addresses ... round-robin"), proxy_next_upstream.
    """
    if config is None or error.fault not in (Fault.REFUSED, Fault.DISABLED):
        return False
    place = _address.split(error.address)
    if place is None or place[0] not in ("127.0.0.1", "::1"):
        return False
    return f"localhost:{place[1]}" in config.addresses and error.address not in config.addresses
