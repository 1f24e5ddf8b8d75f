"""A web server or proxy fails a request by itself: its filters, its password file, its loops, its plugins.

Source: ngx_http_auth_basic_module.c (any error but ENOENT is 500), ngx_http_xslt_filter_module.c,
ngx_http_image_filter_module.c, ngx_http_auth_request_module.c; lighttpd mod_rewrite.c ("ENDLESS LOOP");
Apache proxy_util.c (ap_proxy_connection_create); Envoy ext_authz ("ext_authz_error", UAEX); Traefik plugins
(plugins-storage, yaegi); common phrases of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "same_without_app": "a 500 comes for static files or fixed answers, or with the app off; fields: what",
}


def _own(what: str, regex: str, *words: str) -> Pattern:
    return says("proxy_own_error", regex, *words, what=what)


_SAME = (
    r"(?:no difference|(?:the|is|its|it's|exactly) same|same (?:page|error|answer|500)|still|unchanged"
    r"|also 500)"
)
PATTERNS: tuple[Pattern, ...] = (
    _own("password", r"open\(\) \"[^\"]*htpasswd[^\"]*\" failed \(13:", "htpasswd"),
    _own(
        "filter",
        r"\b(?:xmlParseChunk|xmlCtxtReadMemory|xsltApplyStylesheet|xsltParseStylesheet\w*"
        r"|gdImage\w+)\(\) failed"
        r"|\[error\].{0,80}\bimage filter: ",
        "xmlparse",
        "xmlctxt",
        "xslt",
        "gdimage",
        "image filter",
    ),
    # Without SSLProxyEngine it gives 500 before it dials.
    _own("tls", r"\bAH00961: |failed to enable ssl support for ", "ah00961", "enable ssl support"),
    _own("cycle", r"ENDLESS LOOP IN rewrite-rule DETECTED", "endless loop"),
    _own(
        "auth",
        r"\b5\d\d UAEX\b|\bext_authz_error\b",
        "uaex",
        "ext_authz_error",
    ),
    _own(
        "plugin",
        r"(?:plugins-(?:storage|local)|\byaegi\b|traefik/plugin)[^\n]{0,120}\bpanic\b|\bpanic\b[^\n]{0,120}"
        r"(?:plugins-(?:storage|local)|\byaegi\b)",
        "panic",
    ),
    says(
        "same_without_app",
        r"^(?=.*\b500\b(?! ?(?:requests|users|clients|k\b|[MG]B|ms)))"
        r"(?P<what>.*(?:\b(?:with|when|if|while|even)\b.{0,12}\b(?:back-?end|app|upstream|container|service)\b.{0,20}"
        r"\b(?:down|off|stopped)\b|\b(?:back-?end|app|upstream|container|service)\b.{0,16}\b(?:stopped|off|up)\b)"
        rf".{{0,40}}\b{_SAME}.*)",
        "down",
        " off",
        "stopped",
        " up",
    ),
    says(
        "same_without_app",
        r"(?P<what>\b(?:even|including|also|as well)\b.{0,24}(?:\bstatic\b|\.(?:png|css|ico|jpg|svg|txt)\b)"
        r".{0,40}\b(?:gives?|gets?|returns?|is|are|with|answers?)\b.{0,10}\b500\b)",
        "500",
    ),
    says(
        "same_without_app",
        r"\b500\b.{0,80}(?P<what>\b(?:even|including|also) (?:for|on|with|at|from|in|by) .{0,50}"
        r"(?:\bstatic\b|\.(?:png|css|ico|jpg|svg|txt|html)\b|\breturn 2\d\d\b))",
        "500",
    ),
)
READERS: tuple[Reader, ...] = ()
