"""That the proxy itself runs in a container, by what it prints or by how people put it.

Source: docker-library images of nginx, haproxy, httpd, traefik, caddy, varnish; envoyproxy/envoy, kong,
apache/apisix, openresty images; haproxy src/errors.c (severity and the process' number, a small one only
in a container); linuxserver/reverse-proxy-confs ($upstream_app, $upstream_proto).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_PROXY = (
    r"(?P<proxy>nginx(?:[- ]proxy)?(?:[- ]manager)?|npm|swag|haproxy|traefik|caddy|cloudflared|apache"
    r"|httpd|envoy|openresty|varnish|kong|apisix|tyk(?:-gateway)?|krakend|(?:reverse[- ])?proxy)"
)
PATTERNS: tuple[Pattern, ...] = (
    # Docker's gateway as the client: the request came through a published port.
    says(
        "proxy_in_container",
        r"client: 172\.(?:1[7-9]|2[0-9]|3[01])\.0\.1,",
        "client: 172.",
        proxy="nginx",
    ),
    says(
        "proxy_in_container",
        r"^\[(?:WARNING|ALERT|NOTICE)\]\s{1,4}(?:\d{3}/\d{6} )?\(\d{1,2}\) : ",
        "[warning]",
        "[alert]",
        "[notice]",
        proxy="haproxy",
    ),
    says(
        "proxy_in_container",
        r"(?<![\w/.-])(?<!proxy )(?:envoyproxy/envoy|apache/apisix|openresty/openresty|tykio/tyk-gateway"
        r"|haproxytech/[\w-]{1,40}|(?:library/)?(?P<proxy>nginx|haproxy|traefik|caddy|httpd|varnish|kong)):"
        r"(?:v?\d[\w.-]{0,40}|alpine|latest|stable|mainline|lts)(?![\w/])",
        "envoyproxy/envoy:",
        "apache/apisix:",
        "openresty/openresty:",
        "tyk-gateway:",
        "haproxytech/",
        "nginx:",
        "haproxy:",
        "traefik:",
        "caddy:",
        "httpd:",
        "varnish:",
        "kong:",
    ),
    says(
        "proxy_in_container",
        rf"(?<!no )(?<!the other )\b{_PROXY}(?:'s)? (?:docker[- ])?(?:container|pod)\b"
        rf"|\b{_PROXY.replace('?P<proxy>', '?:')}[\w-]{{0,20}} docker[- ]compose\b",
        " container",
        " pod",
        "docker-container",
        " docker",
    ),
    says(
        "proxy_in_container",
        r"\b(?:moved|migrated|put|packed|ported|start(?:ed)?|dockeri[sz]ed|containeri[sz]ed) "
        rf"(?:just |only |the |our |my ){{0,2}}{_PROXY} (?:in|into|to|inside|as) (?:an? |its |the )?"
        r"(?:own |new )?(?:\w+ )?(?:docker|container|lxc|lxd|podman)\b",
        "docker",
        "container",
        "lxc",
        "lxd",
        "podman",
    ),
    says(
        "proxy_in_container",
        rf"\b{_PROXY} (?:itself )?(?:is |was )?(?:started|run|running|runs|launched|deployed|hosted"
        r"|installed) (?:with|in|by|using|inside|via|as|under) (?:an? |the |its own )?(?:docker|container"
        r"|podman)\b",
        "docker",
        "container",
        "podman",
    ),
    # linuxserver's SWAG exists as an image alone.
    says(
        "proxy_in_container",
        r"\$upstream_(?:app|proto)\b|\bswag (?:is |runs |itself )?(?:in|on) (?:its own |the |a )?(?:custom )?"
        r"(?:docker |bridge|proxynet|lsio|network)",
        "$upstream_app",
        "$upstream_proto",
        "swag ",
        proxy="swag",
    ),
)

READERS: tuple[Reader, ...] = ()
