"""A version put in place, by tools and by people; a defect of the proxy itself. Gone back: releases_back.py.

Source: helm upgrade, kubectl rollout, docker and compose pull, capistrano, heroku and similar deploy logs;
nginx ngx_process.c "exited on signal", HAProxy src/debug.c, haproxy.c, Envoy assert.cc and
signal_action.cc, Apache mpm_common.c "exit signal", Go's runtime for Traefik and Caddy.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "proxy_crashed": "a proxy's own process died of a defect; fields: proxy, signal, text",
    "proxy_faulty": "a proxy's own scripts or code fail on a request; fields: proxy, text",
    "proxy_version": "which version of a proxy it is, or changed to; fields: proxy, version",
}
_PROXIES = (
    r"(?P<proxy>nginx(?: plus)?|openresty|tengine|ingress[- ]nginx|apisix|kong|haproxy|envoy"
    r"|istio(?:-proxy)?|traefik|caddy|apache2?|httpd|varnish|contour)"
)
_VERSION = r"v?(?P<version>\d+\.\d+[\w.+-]*)"

PATTERNS: tuple[Pattern, ...] = (
    # put in place
    says(
        "released",
        r"\b(?:after|since|following|upon|when|as of) (?:an? |the |i |we |my |this )?(?:an? "
        r"|the )?(?:(?:latest|last|newest|recent) )?(?:upgrad\w*|updat\w*|deploy\w*|releas\w*|merg\w*"
        r"|pull\w*(?! (?:(?:or|and) push|(?:an? )?(?:large|huge|many|several|lots)))"
        r"|(?:switch|mov)\w*(?! (?:\S+ )?to (?:the )?(?:nginx|caddy|traefik|haproxy|apache)\b)"
        r"|migrat\w* to|install\w* (?:the )?(?:new|latest)"
        r"|rebuild\w*)\b(?!.{0,25}\b(?:conf|config\w*|settings?|cert\w*|dns|domain|password|hosts?|tunnels?|urls?|https?|(?:mac|ip)vlan|networks?"
        r"|vpn|sockets?|mode|ports?|targets?|ingress\w*|os|distro|ubuntu|debian|fedora|centos|rhel|macos|windows)\b)(?:.{0,60}?\b(?:to|from"
        r"|of|version) (?P<version>v?\d+\.\d+[\w.-]*))?",
        "after",
        "since",
        "following",
        "upon",
        "when",
        "as of ",
    ),
    says(
        "released",
        r"(?:Release \"(?P<name>[^\"]+)\" has been upgraded|REVISION: (?P<version>\d+)"
        r"|Upgraded? (?:[\w.+-]+) (?:from )?\S+ (?:to|->) \S+)",
        "has been upgraded",
        "revision: ",
        "upgrade",
    ),
    says(
        "released",
        r"Status: Downloaded newer image for (?P<name>\S+)"
        r"|deployment\.apps/(?:\S+) (?:image updated|configured|restarted)"
        r"|Successfully (?:deployed|released)|Deploy(?:ing|ed) (?:release|version|revision|tag"
        r"|commit) (?P<version>\S*\d\S*)|New release found|Recreating \S+|Release v\d+ created"
        r"|git (?:pull|checkout) \S+|Updating [0-9a-f]{7,}\.\.[0-9a-f]{7,}",
        "newer image",
        "deployment.apps/",
        "successfully",
        "deploy",
        "new release",
        "recreating",
        "release v",
        "git ",
        "updating ",
    ),
    # the way by which it is put in place is new, and so is what came by it
    says(
        "released",
        r"\b(?:deploy(?:ment)?|release|rollout) (?:no\.? ?|nr\.? ?|number |# ?)\d"
        r"|\b(?:CI|CI/CD|pipeline|deploy(?:ment)?s?|Dockerfile|build (?:job|script|process))"
        r"(?: (?:pipeline|process|script|job|workflow))? (?:was|were|has been|have been|got|is now|are now) "
        r"(?:recently |just )?(?:changed|switched|moved|migrated|rewritten|rebuilt|replaced)\b"
        r"|\b(?:changed|switched|moved|migrated|rewrote) (?:our|my|the) (?:CI(?:/CD)?|pipeline"
        r"|deploy(?:ment)?s?|Dockerfile|build (?:job|script|process))\b"
        r"|\bfirst (?:deploy(?:ment)?|release|rollout) (?:with|by|via|through|from|since|after)\b",
        "deploy",
        "release",
        "rollout",
        "ci ",
        "ci/cd",
        "pipeline",
        "dockerfile",
        "build ",
    ),
    # a proxy's own defect
    says(
        "proxy_crashed",
        # A function of nginx's own, or somebody's words.
        r"(?P<text>\b(?:SIGSEGV|SIGABRT|segfault\w*|segmentation fault|crash\w*) (?:in|at|inside) ngx_\w+.*"
        r"|\b(?:nginx|openresty|haproxy|envoy|traefik|caddy)(?: \w+){0,4} (?:segfault(?:s|ed|ing)"
        r"|seg(?:mentation )?faults?)\b(?! at ).*)",
        " ngx_",
        "segfault",
        "segmentation fault",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>(?:worker|cache manager|cache loader) process \d+ exited on signal "
        r"(?P<signal>4|6|7|8|11)\b.*)",
        "exited on signal",
        proxy="nginx",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>\b(?:nginx|openresty|haproxy|envoy|httpd|apache2|caddy"
        r"|traefik)(?:\[\d+\])?:? (?:segfault at|general protection).*)",
        "segfault at",
        "general protection",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>(?:Process|Main process|Child) .*\((?:nginx|haproxy|envoy|caddy|traefik|httpd"
        r"|apache2)\) of user \d+ dumped core.*)",
        "dumped core",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>Current worker (?:#\d+ )?\(?\d+\)? exited with code 1(?:34|35|39|32)\b.*"
        r"|A bogus [A-Z]+ \[.{1,60} is spinning at \d+ calls per second and refuses to die.*"
        r"|A worker process unexpectedly died.*|FATAL: bug condition .*"
        r"|WARNING! thread \d+ is about to kill the process.*|Thread \d+ is about to kill)",
        "current worker",
        "a worker process unexpectedly",
        "bug condition",
        "refuses to die",
        "about to kill",
        proxy="haproxy",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>Caught (?:Segmentation fault|Aborted"
        r"|Illegal instruction), suspect faulting address.*|assert failure: .*|ASSERT failed.*"
        r"|panic: corrupted.*envoy.*)",
        "suspect faulting address",
        "assert failure",
        "assert failed",
        proxy="envoy",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>\[alert\].*(?:open socket #\d+ left in connection"
        r"|shared memory zone \S+ was locked by|zero size buf in (?:output"
        r"|writer|chain writer)|http request count is zero|the event \"\S+\" was already closed"
        r"|ignore long locked inactive cache entry).*)",
        "left in connection",
        "was locked by",
        "zero size buf",
        "count is zero",
        "was already closed",
        "ignore long locked",
        proxy="nginx",
    ),
    says(
        "proxy_crashed",
        r"(?P<text>ngx_slab_alloc\(\) failed: corrupted.*|(?:nginx"
        r"|openresty): .*Assertion `.*' failed.*|lj_\w+.*Assertion.*"
        r"|PANIC: unprotected error in call to Lua API.*)",
        "slab_alloc",
        "assertion",
        "unprotected error",
        proxy="nginx",
    ),
    says(
        "proxy_faulty",
        r"(?P<text>failed to run \w+_by_lua.*|lua (?:entry thread|user thread"
        r"|coroutine)[^:]*: (?:aborted: )?runtime error.*|attempt to (?:index|call|yield"
        r"|concatenate|perform arithmetic) .{0,80}(?:nil|C-call).*)",
        "_by_lua",
        "runtime error",
        "attempt to",
        proxy="openresty",
    ),
    says(
        "proxy_version",
        # The version up to which it works is not the one that is there.
        r"(?<!through )(?<!until )(?<!before )(?<!up to )(?<!from )"
        + _PROXIES
        + r"(?: version:? |[/: ]v?|, version )"
        + r"(?P<version>\d+\.\d+(?:\.\d+)?[\w.+-]*)",
        "nginx",
        "openresty",
        "tengine",
        "apisix",
        "kong",
        "haproxy",
        "envoy",
        "istio",
        "traefik",
        "caddy",
        "apache",
        "httpd",
        "varnish",
        "contour",
    ),
    says(
        "released",
        r"\b(?:updat|upgrad)\w* (?:to|from) (?:\S+ ){1,4}?.{0,40}\b(?:breaks?|broke)\b",
        "break",
        "broke",
    ),
    says(
        "proxy_blamed",
        rf"\b(?:updat|upgrad)\w* (?:to|of) {_PROXIES} v?\d\S*.{{0,40}}\b(?P<text>breaks?|broke)\b",
        "break",
        "broke",
    ),
)

_CHILD = re.compile(
    r"child pid (?P<pid>\d+) exit signal (?:Segmentation fault|Aborted?|Bus error"
    r"|Illegal instruction) \((?P<signal>\d+)\).*",
    re.IGNORECASE,
)
#: mod_wsgi's processes are Apache's children too, and run the app.
_DAEMON = re.compile(r"mod_wsgi \(pid=(?P<pid>\d+), process='[^']|headers received from daemon process")


def _apaches_children(piece: Piece) -> Iterator[Sign]:
    """Children of Apache's that died, unless they, or those that lost an answer, are an app's daemons."""
    if "exit signal" not in piece.text:
        return
    daemons = {found["pid"] for found in _DAEMON.finditer(piece.text)}
    for line in piece.text.split("\n"):
        found = _CHILD.search(line)
        if found and found["pid"] not in daemons and None not in daemons:
            fields = {"proxy": "apache", "signal": found["signal"], "text": found[0]}
            yield Sign(kind="proxy_crashed", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_apaches_children,)
