"""What mends a finding over text, where its lines or the product in front say it better than its rule.

A rule's "Mended by" holds for every host with that cause. Pasted text often shows more: the very fault among
several (OpenSSL's number), or a proxy that has none of nginx's directives (mends.toml).

Source: openssl-verify(1) "Diagnostics" (2 and 18 to 21 trust, 10 date, 22 depth, 62 name);
ngx_http_upstream.c "upstream SSL certificate does not match"; ngx_http_proxy_module proxy_ssl_verify_depth;
ngx_core_module user, worker_rlimit_nofile (of worker processes); systemd.exec(5) LimitNOFILE=;
ngx_http_limit_conn_module; ngx_http_core_module resolver (ipv6=); uWSGI "Options" chmod-socket, chown-socket;
httpd.apache.org mod_proxy ProxyPass ("the same trailing slash"), mod_ssl SSLProxyEngine, mod_fcgid
FcgidIOTimeout; systemctl(1) unmask; execve(2) ENOEXEC; signal(7) SIGILL.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _which_proxy

#: Cause -> product in front -> what completes "Mended by".
BY_PRODUCT: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("mends.toml").read_text()
)


@dataclass(frozen=True, kw_only=True)
class _ByWords:
    """What mends these causes where one of the quoted lines has these words."""

    causes: frozenset[str]
    words: re.Pattern[str]
    mend: str
    #: The row is only for text that shows one of these; empty: whatever stands in front.
    products: frozenset[str] = frozenset()

    def fits(self, finding: Finding, product: str) -> bool:
        if finding.cause not in self.causes or (self.products and product not in self.products):
            return False
        return any(self.words.search(line.text) for line in finding.because)


def _row(cause: str, words: str, mend: str, *products: str) -> _ByWords:
    """`cause` may be several, with a blank between."""
    return _ByWords(
        causes=frozenset(cause.split()), words=re.compile(words), mend=mend, products=frozenset(products)
    )


_DEPTH = r"\b22:certificate chain too long|\bcertificate chain too long\b"
#: Of two that fit the first holds.
_ROWS: tuple[_ByWords, ...] = (
    _row(
        "tls_verify_failed",
        _DEPTH,
        "a larger tls_verify_depth of Kong's Service, or lua_ssl_verify_depth: the chain is longer than that",
        "kong",
    ),
    _row(
        "tls_verify_failed",
        _DEPTH,
        "a larger SSLProxyVerifyDepth (1 unless set): the chain is longer than it allows",
        "apache",
    ),
    _row(
        "tls_verify_failed",
        _DEPTH,
        "a larger proxy_ssl_verify_depth (1 unless set): the chain is longer than it allows",
        "nginx",
        "nginx-proxy",
    ),
    _row(
        "tls_verify_failed",
        r"verify error: \((?:10|9):",
        "a certificate whose dates hold at the upstream, and a right clock on both sides; or proxy_ssl_verify"
        " off where that is bearable",
        "nginx",
    ),
    _row(
        "tls_verify_failed",
        r"verify error: \((?:2|18|19|20|21):",
        "proxy_ssl_trusted_certificate with the chain's root (a self-signed one is its own), and the upstream"
        " sending its intermediate ones; or proxy_ssl_verify off where that is bearable",
        "nginx",
    ),
    _row(
        "tls_verify_failed",
        r"verify error: \(62:|upstream SSL certificate does not match",
        "proxy_ssl_name with a name of the certificate, or a certificate with the name that is asked for",
        "nginx",
    ),
    _row(
        "rate_limited_503",
        r"[Ll]imiting connections|\blimit_conn\b",
        "a larger number in limit_conn (by HTTP/2 each request under way counts as a connection), a key that"
        " tells clients apart behind a balancer (real_ip), or fewer requests at once",
    ),
    _row(
        "fd_limit",
        r"\[emerg\].{0,300}\(24: ",
        "a higher LimitNOFILE= of nginx's unit (ulimits of its container) and a start, or fewer log files and"
        " sockets: it is the master that fails, and worker_rlimit_nofile is for the workers alone",
    ),
    _row(
        "socket_permission",
        r"\buwsgi://unix:",
        "chmod-socket = 660 and chown-socket with nginx's group in uWSGI's own configuration, or nginx's user"
        " in the socket's group; and search permission on each directory above it",
    ),
    _row(
        "proxy_500_not_502",
        r"No protocol handler was valid",
        "the module of that scheme loaded (a2enmod proxy_http, proxy_fcgi, proxy_uwsgi …), or the scheme"
        " written right in ProxyPass; then a restart of Apache",
    ),
    _row(
        "stale_pid_or_socket",
        r"No space left on device",
        "`ipcrm` of what no living process has (`ipcs -s -p`), while the program is down; a higher kernel.sem"
        " or kernel.shmmni where all of it is in use",
    ),
    _row(
        "php_fpm_down",
        r"(?i)hhvm",
        "starting HHVM, and enabling it so that it comes up at boot; its own log says why it is away",
    ),
    _row(
        "firewall_or_no_route",
        r"conntrack: table full",
        "a larger net.netfilter.nf_conntrack_max with a hash table to match, shorter time-outs for idle ones,"
        " fewer new connections (keep-alive)",
    ),
    _row(
        "rate_limited_503",
        r"\bUO\b|overflow",
        "larger thresholds in the cluster's circuit_breakers (max_requests, max_pending_requests,"
        " max_connections), or an app that answers sooner",
    ),
    _row(
        "wrong_address",
        r"DNS lookup failure for:(?:\s|<[^>]{0,20}>){0,4}[\w.-]{1,120}:\d{1,5}[A-Za-z]",
        "a trailing slash on both arguments of ProxyPass, or on neither: port and path ran together",
    ),
    _row(
        "host_not_found_at_start nginx_config_invalid dns_unresolved",
        r"host not found in resolver",
        "an address that answers in `resolver` (a nameserver of /etc/resolv.conf), or the right name of the"
        " DNS service; then a start of nginx",
    ),
    _row(
        "proxy_500_not_502",
        r"\bAH00961\b|failed to enable ssl support",
        "SSLProxyEngine on in the virtual host that dials https://, or http:// where the far end speaks no"
        " TLS; then a reload of Apache",
    ),
    _row(
        "permission_user",
        r"\bget(?:pw|gr)nam\(",
        "nginx's `user` directive with a user and group that exist there, or making them (useradd --system)",
    ),
    _row(
        "nginx_config_invalid",
        r"failed to load the 'resty\.",
        "lua-resty-core and the Lua module of one release, from one source (OpenResty's or the system's);"
        " or the load of the Lua module left out",
    ),
    _row(
        "nginx_down systemd_unit_error",
        r"(?i)\bmasked\b",
        "asking who or what masked the unit and why; then `systemctl unmask UNIT`, and a start",
    ),
    _row(
        "http_504_timeout",
        r"\bmod_fcgid: ",
        "what the slow request waits for; a longer FcgidIOTimeout, and FcgidBusyTimeout above it, where it"
        " must take that long",
    ),
    _row(
        "app_crash_startup",
        r"(?i)\billegal instruction\b|\bSIGILL\b|status=4/ILL|\btrap invalid opcode",
        "a build for this processor: another tag of the image, an older or generic build of the program or of"
        " the library that its trace names",
    ),
    _row(
        "exec_missing",
        r"(?i)\bexec format error\b",
        "an image or program built for this machine's processor (`uname -m`): the right tag, or --platform at"
        " its build; for a script the interpreter in its first line, saved without a byte order mark",
    ),
    _row(
        "ipv6_mismatch",
        r"101: Network is unreachable",
        "the far end's IPv4 address alone (`resolver … ipv6=off`, no AAAA record), or a way out by IPv6 where"
        " the proxy runs",
    ),
)
_CAUSES = frozenset(BY_PRODUCT).union(*(row.causes for row in _ROWS))
#: A name that the proxy's own machine has to resolve is asked for there.
_RESOLVED_BY_SYSTEM = frozenset({"apache", "caddy", "traefik"})


def told(found: Sequence[Finding], signs: Signs) -> tuple[Finding, ...]:
    """The findings with what mends them here; those that say it themselves are left as they are."""
    is_asked = any(not one.mend and one.cause in _CAUSES for one in found)
    product = _which_proxy.in_front(signs) if is_asked else ""
    return tuple(one if one.mend else _with_mend(one, product) for one in found)


def _with_mend(finding: Finding, product: str) -> Finding:
    if finding.cause not in _CAUSES:
        return finding
    by_words = next((row.mend for row in _ROWS if row.fits(finding, product)), None)
    mend = by_words or BY_PRODUCT.get(finding.cause, {}).get(product)
    if finding.cause == "dns_unresolved" and product in _RESOLVED_BY_SYSTEM and finding.next_check:
        check = (
            f"`getent hosts NAME` on the host, or in the container, where {_which_proxy.NAMES[product]} runs"
        )
        return replace(finding, mend=mend, next_check=check)
    return replace(finding, mend=mend) if mend else finding
