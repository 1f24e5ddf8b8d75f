"""Proxies whose image writes nginx's files itself: https-portal by its DOMAINS, nginx-proxy by its template.

Such a file is nobody's own: what is wrong in it comes from the image's version or from what it was told.

Source: github.com/SteveLTN/https-portal README (DOMAINS: `name -> target #stage`, `name => target` redirects)
and fs_overlay/opt/certs_manager/models/domain.rb; nginx-proxy/nginx-proxy nginx.tmpl in its versions
(comments in an upstream block); ngx_http_upstream_module.c (an upstream takes one name).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "file_made": "a line that a proxy's image writes into nginx's file itself; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "dials",
        r"\bDOMAINS['\"]?\s?[=:].{0,400}?\s->\s{0,3}(?P<protocol>https?)://(?P<target>(?:[\w.-]{1,100}"
        r"|\[[0-9a-f:]+\])(?::\d{1,5})?)",
        "domains",
        directive="told",
    ),
    says(
        "file_made",
        r"^\s*(?P<what># (?:Cannot connect to network '[^']{1,80}' of this container|Fallback entry"
        r"|Container: \S{1,80}|Exposed ports: .{0,80}|Default virtual port: \d+"
        r"|\s{2,8}(?:exposed ports|default port|using port): .{0,80})"
        r"|## Can be connect(?:ed)? with \"[^\"]{1,80}\" network)",
        "# cannot connect",
        "# fallback entry",
        "# container: ",
        "exposed ports: ",
        "default virtual port",
        " default port: ",
        " using port: ",
        "## can be connect",
    ),
)
READERS: tuple[Reader, ...] = ()
