"""Names that a proxy or cache looks up when it starts, in other places than nginx's upstreams.

Source: ngx_syslog.c, ngx_http_core_module.c (listen), ngx_http_realip_module.c, ngx_resolver.c,
ngx_http_upstream.c "host not found", ngx_stream_proxy_module.c; HAProxy src/tools.c, src/server.c ("invalid
address", "could not resolve address"); Varnish lib/libvcc/vcc_utils.c; mod_jk jk_ajp_common.c, jk_connect.c;
lighttpd src/sock_addr.c; Apache server/vhost.c AH00547; HAProxy src/log.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_NAME = r"(?P<name>[\w.*-]+(?::\d+)?)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "name_at_start",
        rf"host not found in (?!.{{0,80}} of the \"listen)(?!upstream|resolver)(?:(?:syslog server"
        rf"|set_real_ip_from"
        rf"|OCSP responder|[a-z_]{{3,40}}) )?\"{_NAME}\"?",
        "host not found in",
    ),
    says("name_at_start", rf"\[emerg\].{{0,60}}could not resolve host \"?{_NAME}", "could not resolve host"),
    says(
        "name_at_start",
        rf"invalid address: '{_NAME}' in",
        "invalid address",
    ),
    says(
        "name_at_start",
        rf"Backend host\W{{1,4}}{_NAME}\W{{1,4}}could not be resolved to an IP address",
        "could not be resolved to",
    ),
    says(
        "name_at_start",
        rf"(?:jk_resolve|ajp_validate|jk_ajp_common)\S*.{{0,60}}(?:can't|cannot|failed to|could not) "
        rf"resolve(?: tomcat)?(?: host)?(?: name| address)?:? ?'?{_NAME}?",
        "resolve",
    ),
    says(
        "name_at_start",
        rf"\((?:sock_addr|network|server)\.c\.\d+\).{{0,30}}(?:getaddrinfo|could not resolve)[^:]{{0,30}}:? "
        rf".{{0,60}}'?{_NAME}'?",
        "getaddrinfo",
        "could not resolve",
    ),
)
READERS: tuple[Reader, ...] = ()
