"""Apache httpd: names it is to dial and cannot look up, among them a port with a path behind it.

Source: mod_proxy's proxy_util.c ap_proxy_determine_connection ("DNS lookup failure for: "); httpd.apache.org
mod_proxy "ProxyPass": a slash at the end of one of its arguments alone joins path and address.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "path_glued": "a proxy takes the beginning of a path for a part of the address; fields: address, path",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "name_unresolved",
        r"\(EAI \d+\).{0,80}: \w+: (?P<reason>error looking up|failed to resolve).{0,20}"
        r"(?P<name>[\w.-]+)",
        "(eai",
    ),
    says(
        "path_glued",
        r"DNS lookup failure for: (?P<address>[\w.-]+:\d{2,5})(?P<path>(?=[\w.-]*[a-z])[\w.-]{1,60})",
        "dns lookup failure",
    ),
    says(
        "name_unresolved",
        r"(?P<reason>DNS lookup failure) for: (?P<name>[\w.-]+)(?!:\d{2,5}[\w.-]*[a-z])(?![\w.-])",
        "dns lookup failure",
    ),
)
READERS: tuple[Reader, ...] = ()
