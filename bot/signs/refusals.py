"""What servers refuse to start with, and the same fault in the words of other proxies.

Source: ngx_conf_file.c ngx_conf_read_file ("pread() ... failed (21: Is a directory)": Docker makes a folder
where a mounted file is missing), ngx_event_openssl.c ("cannot load certificate"), lua-nginx-module
ngx_http_lua_util.c ("failed to load the 'resty.core' module" ends the start), ngx_http_auth_basic_module.c (a
password file that is there and cannot be read: 500), varnish vcc_compile.c and mgt_vcl.c, Kong cmd/start.lua,
Envoy dns_resolver/cares and strict_dns_cluster.cc, Envoy http1/codec_impl.cc ("headers size exceeds limit"),
Apache mod_proxy_ajp ajp_msg.c, HAProxy "show errors" (h1.c, tune.bufsize) and ssl_sock.c,
http-proxy-middleware (errors.js), squid and varnishd assertions, IIS 413 (uploadReadAheadSize).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_NAME = r"(?P<name>[a-zA-Z][\w.-]{0,120})"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "config_invalid",
        r"(?P<text>p?read\(\) \"(?P<file>[^\"]{1,200})\" (?:failed \(21: |returned only \d+ bytes).{0,80})",
        "read()",
    ),
    says(
        "config_invalid",
        r"(?P<text>failed to load the 'resty\.core' module .{0,80})",
        "resty.core",
    ),
    says(
        "config_invalid",
        r"^(?:nginx: )?(?P<text>cannot load certificate(?: key)? \"(?!data:)[^\"$]{1,200}\": (?!.*\bwhile"
        r" ).{1,200})",
        "cannot load certificate",
    ),
    says(
        "config_invalid",
        r"(?P<text>CreateDirectory\(\) \"[^\"]{1,200}\" failed \([35]: .{0,80})",
        "createdirectory()",
    ),
    says(
        "config_invalid", r"(?P<text>VCL compilation failed|Message from VCC-compiler:.{0,80})", "vcl", "vcc-"
    ),
    says(
        "config_invalid",
        r"(?P<text>error parsing declarative config(?:uration)?(?: file)? .{0,160})",
        "declarative config",
    ),
    says(
        "name_unresolved",
        rf"dns resolution for {_NAME} failed with c-ares status (?P<reason>\d+)",
        "c-ares status",
    ),
    says(
        "name_unresolved",
        rf"DNS refresh rate reset for {_NAME}, \(failure\)",
        "dns refresh rate reset",
        reason="failure",
    ),
    says(
        "name_unresolved",
        rf"\[HPM\].{{0,120}} to (?:\w{{2,6}}://)?{_NAME}\S{{0,200}} [\[(](?P<reason>EAI_AGAIN|ENOTFOUND)",
        "[hpm]",
    ),
    says(
        "header_too_big",
        r"headers size exceeds limit|buffer full before end of headers"
        r"|ajp_msg_check_header\(\) incoming message is too big"
        r"|^\W*too big header while reading response header",
        "headers size exceeds",
        "buffer full before",
        "incoming message is too big",
        "too big header",
    ),
    says(
        "proxy_own_error",
        r"\[crit\].{0,40}open\(\) \"[^\"]{0,160}(?:passwd|password"
        r"|\.users)[^\"]{0,40}\" failed \(13: .{0,40}, client:",
        "passwd",
        "password",
        ".users",
        what="its password file",
    ),
    says(
        "status",
        r"\b(?:status|answers?|answer with|gets?|returns?|with) (?P<status>413)\b"
        r"(?! ?(?:ms|req|KB|MB)\b)(?! request)",
        "413",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>varnishd\[\d+\]: (?:Error: )?Child \(\d+\) (?:Panic at|died signal=(?P<signal>6"
        r"|11)).{0,80})",
        "panic at",
        "died signal=",
        proxy="varnish",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>\bkid\d+\| (?:assertion failed: .{1,160}|FATAL: Received Segment Violation.{0,40}))",
        "assertion failed",
        "segment violation",
        proxy="squid",
    ),
    # A proxy written in Go: its own frames are on the stack of the goroutine that died.
    says(
        "proxy_crashed",
        r"(?P<text>github\.com/(?:caddyserver/caddy|traefik/traefik|containous/traefik"
        r"|cloudflare/cloudflared)/\S{1,160}"
        r"\(0x[0-9a-f]{4,16}.{0,80})",
        "github.com/",
        proxy="go",
    ),
)
READERS: tuple[Reader, ...] = ()
