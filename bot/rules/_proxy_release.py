"""Whose version was changed: the proxy's own, or the app's behind it."""

import re

from bot.model.sign import Sign, Signs

_PROXIES = (
    r"(?:nginx(?:-proxy)?|openresty|tengine|haproxy|envoy|istio(?:-proxy)?|traefik|caddy|apache2?|httpd"
    r"|kong|apisix"
    r"|varnish|squid|contour|cloudflared|arr|yarp|nginx proxy manager|npm|swag|linkerd(?:-proxy)?"
    r"|ingress-nginx)"
)
_PART = r"(?:[ -](?:ingress|controller|gateway|proxy|sidecar|image|plus|ce|package|cache|version|release))?"
_VERSION = r"v?\d{1,4}\.(?:\d{1,5}|x)\b"
#: Its name stands right before the version, or the version is said to be the proxy's by what it is.
_OWN = re.compile(
    rf"(?<![\w.-]){_PROXIES}{_PART}[\s:/=]{{1,2}}(?:from |version |tag |to )?{_VERSION}"
    rf"|\b(?:controller|sidecar|(?:reverse )?proxy) {_VERSION}"
    rf"|{_VERSION}\S{{0,12}} (?:of the )?(?:controller|proxy|sidecar|ingress)\b",
    re.IGNORECASE,
)
#: The app behind it is the same and well, somebody writes.
_APP_WELL = re.compile(
    r"\b(?:backends?|app(?:lication)?|origin|upstream|pods?|service)\b[^.;]{0,50}?\b(?:unchanged|the same"
    r"|untouched"
    r"|as before|nothing unusual|no gap|is same|same for|valid|correct)\b"
    r"|\btargets? (?:are |is )?healthy\b|\bsame (?:backend|app|origin|upstream|pods?|service|digest)\b"
    r"|\b(?:directly|direct|bypassing \w+|past \w+)\b[^.;]{0,25}\b(?:fine|ok|works?|200)\b",
    re.IGNORECASE,
)
#: Lines of the app's own end or of its code.
_APPS = ("app_failed", "missing_module", "app_error", "exited", "migration_failed", "backing_off")


def names_header(signs: Signs) -> bool:
    """The proxy says which header it refuses: newer ones are stricter by design, the answer is at fault."""
    return any(s["header"] or "upstream sent" in s.line for s in signs.of("answer_invalid"))


def is_own(back: Sign) -> bool:
    """The version that works is named as the proxy's."""
    return _OWN.search(back.line) is not None


def older_works(signs: Signs) -> Sign | None:
    """An older version works, and it is the proxy's that was changed."""
    named = next((s for s in signs.of("went_back") if is_own(s)), None)
    if named is not None:
        return named
    back = next(iter(signs.of("went_back")), None)
    if back is None or signs.has(*_APPS):
        return None
    fails_itself = signs.has("proxy_crashed", "proxy_own_error", "proxy_faulty")
    return back if fails_itself or _APP_WELL.search(back.line) else None
