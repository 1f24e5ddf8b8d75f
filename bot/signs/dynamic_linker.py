"""A program that the dynamic linker does not begin: a library or symbol it was built against is not there.

Source: glibc elf/dl-error-skeleton.c ("error while loading shared libraries"), dl-lookup.c ("symbol lookup
error", "undefined symbol"), dl-version.c ("version `…' not found (required by …)"); musl ldso/dynlink.c
("Error relocating", "Error loading shared library"); Apple dyld ("Library not loaded", "Symbol not found").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_SAYS = (
    r"(?:symbol lookup error:|error while loading shared libraries:"
    r"|\S{1,200}: version [`'\"]\S{1,40} not found \(required by)"
)
_RELOCATES = r"Error (?:relocating|loading shared library \S{1,200} No such file or directory \(needed by) ?"
_PROXIES = r"(?:nginx|openresty|tengine|angie|freenginx|haproxy|apache2|httpd|caddy|envoy|varnishd)"
_FPM = r"php-?fpm[\d.]*"
#: What is typed by hand, and is no service.
_TOOLS = (
    r"(?:curl|wget|openssl|git|ssh|docker|ls|bash|sh|sudo|apt|apt-get|dpkg|yum|dnf|rpm|vim?|make|gcc|strace)"
)
_PATH = r"(?:/(?:[\w.+-]{1,60}/){0,9})?"
_WORDS = (
    "symbol lookup error",
    "loading shared librar",
    "not found (required by",
    "error relocating",
    "error loading shared library",
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "nginx_start_failed",
        rf"(?P<what>(?:^|[\s`'\"(]){_PATH}{_PROXIES}: {_SAYS}.{{0,200}}"
        rf"|\b{_RELOCATES}{_PATH}{_PROXIES}\b.{{0,200}})",
        *_WORDS,
    ),
    says(
        "fpm_dies",
        rf"(?P<text>(?:^|[\s`'\"(]){_PATH}{_FPM}: {_SAYS}.{{0,200}}|\b{_RELOCATES}{_PATH}{_FPM}\b.{{0,200}})",
        *_WORDS,
    ),
    says(
        "app_failed",
        rf"(?P<text>(?:^|[\s`'\"(]){_PATH}(?!(?:{_TOOLS}|{_PROXIES}|{_FPM}):)[\w.+-]{{1,60}}: {_SAYS}"
        r".{0,200}"
        rf"|\b{_RELOCATES}{_PATH}(?!(?:{_TOOLS}|{_PROXIES}|{_FPM})\b)"
        rf"[\w.+-]{{1,60}}: .{{0,100}}symbol not found"
        r"|^dyld(?:\[\d{1,9}\])?: (?:Library not loaded|Symbol not found).{0,200})",
        *_WORDS,
        "dyld",
        app="binary",
    ),
)
READERS: tuple[Reader, ...] = ()
