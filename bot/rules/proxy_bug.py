"""The proxy's own software is defective."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _outage, _proxy_release, _quote, _told


def proxy_bug(signs: Signs) -> Finding | None:
    """A defect of the proxy's software: its workers crash, or a version of it behaves as no other does.

    Why: the proxy logs that its own worker died of SIGSEGV or SIGABRT or hit an assertion; or the fault came
    and went with the proxy's version while the app stayed as it was.
    Ruled out when: the crashes are the app's, or nothing is said of the proxy's version.
    Mistaken when: a third-party module, a full shared zone or broken memory of the host crashes it.
    Mended by: another version of the proxy or of the module that crashes; until then an option that avoids
    it.
    Not mended by: a restart of the app; a restart of the proxy beyond the next such request.
    Source: ngx_process.c ngx_process_get_status; HAProxy debug.c; Envoy assert.h; Apache mpm_common.c.
    """
    crashed = signs.first("proxy_crashed")
    older = _proxy_release.older_works(signs)
    if older is not None and not signs.has(*_ALREADY_SAID) and not _proxy_release.names_header(signs):
        says = "an older version of the proxy does not have it, with the same configuration and app"
        seen = crashed or _outage.any_sign(signs)
        return _told.likely("proxy_bug", 91, says, _COMES_BACK, older, seen, next_check=_CHECK)
    if crashed is not None:
        says = "the proxy's own process dies of a defect in it or in one of its modules"
        if signs.has("out_of_memory", "app_failed", "worker_timeout", "migration_failed"):
            return _told.possible("proxy_bug", 48, says, _COMES_BACK, crashed, next_check=_CHECK)
        return _told.likely("proxy_bug", 86, says, _COMES_BACK, crashed, next_check=_CHECK)
    fixed = next(iter(signs.where("connections_limit", limit=_OF_CACHE_MANAGER)), None)
    set_to = next(iter(signs.where("conf", directive="worker_connections")), None)
    if fixed is not None and set_to is not None and _OF_CACHE_MANAGER not in set_to["value"]:
        says = "the limit is not the one that is set: a module runs in nginx's cache manager, which has 512"
        return _told.likely("proxy_bug", 78, says, _COMES_BACK, fixed, set_to, next_check=_CHECK)
    faulty = signs.first("proxy_faulty")
    if faulty is not None and not signs.has("name_unresolved", "dial_refused", "config_invalid"):
        says = "the proxy's own code or plugin fails on the request"
        return _told.likely("proxy_bug", 70, says, _COMES_BACK, faulty, next_check=_CHECK)
    late = signs.first("frame_after_end")
    if late is not None:
        says = "nginx fails the call over an HTTP/2 frame after the stream's end, which RFC 9113 allows"
        return _told.likely("proxy_bug", 68, says, _COMES_BACK, late, next_check=_FRAMES)
    blamed = signs.first("proxy_blamed")
    if blamed is not None and not signs.has("config_invalid", "header_too_big", "name_at_start"):
        says = "who has it writes that the proxy's own software is at fault"
        return _told.likely("proxy_bug", 66, says, _COMES_BACK, blamed, next_check=_CHECK)
    gives_up = signs.first("proxy_gives_up")
    if gives_up is not None and not signs.has("config_invalid", "header_too_big", "answer_timeout"):
        says = "the proxy closes first, towards an app that takes the request and answers it"
        return _told.possible("proxy_bug", 56, says, _COMES_BACK, gives_up, next_check=_CHECK)
    decides = signs.first("version_decides")
    if decides is not None and not signs.has("answer_not_protocol", "tls_not_spoken", "config_invalid"):
        says = "only one version of HTTP fails, so it is how the proxy handles that version"
        return _told.likely("proxy_bug", 64, says, _COMES_BACK, decides, next_check=_CHECK)
    made = _made_wrong(signs)
    if made:
        says = "since an update the proxy's image writes a file that its own nginx refuses"
        return _told.likely("proxy_bug", 89, says, _SAME_FILE, *made, next_check=_CHECK)
    changed = _version_of_proxy(signs)
    if changed is None:
        return None
    says = "it came, or went, with a version of the proxy"
    if signs.has("config_invalid", "header_too_big", "answer_invalid", "dial_denied", "name_at_start"):
        return _told.possible("proxy_bug", 36, says, _COMES_BACK, changed, next_check=_CHECK)
    seen = _outage.any_sign(signs)
    return _told.possible("proxy_bug", 54, says, _COMES_BACK, changed, seen, next_check=_CHECK)


#: What the new version refuses in the configuration, or its limit, is known by its line.
_ALREADY_SAID = (
    "header_too_big",
    "dial_denied",
    "name_at_start",
    "out_of_memory",
    "config_invalid",
    "tls_alert",
    "tls_not_spoken",
    "tls_unverified",
)
#: Connections of nginx's cache manager, fixed in ngx_process_cycle.c.
_OF_CACHE_MANAGER = "512"
_COMES_BACK = _quote.useless("nginx", "the same request meets the same defect")
_SAME_FILE = _quote.useless("nginx", "the image writes the same file at each start")
_FRAMES = "the same call past nginx, and its changelog on gRPC: does a newer nginx pass it?"
_CHECK = "the proxy's changelog for this version, and the same request against the version before"
_NAMES = "nginx|openresty|tengine|haproxy|envoy|istio|traefik|caddy|apache|httpd|kong|apisix|varnish|contour"


def _made_wrong(signs: Signs) -> tuple[Sign, ...]:
    """Something was updated, and a file that the image writes has an upstream without a name."""
    refused = next((s for s in signs.of("config_invalid") if _BARE in s.line), None)
    made, new = signs.first("file_made"), signs.first("released", "by_version", "went_back")
    if refused is None or made is None or new is None:
        return ()
    return refused, made, new


#: nginx's words for an upstream that was given no name.
_BARE = 'invalid number of arguments in "upstream"'


def _version_of_proxy(signs: Signs) -> Sign | None:
    """A line about a changed or a good old version that names a proxy beside it."""
    for sign in signs.of("went_back", "released"):
        beside = re.escape(sign["version"].lower())
        near = rf"(?:{_NAMES})\b.{{0,40}}{beside}|{beside}.{{0,40}}\b(?:{_NAMES})"
        if sign["version"] and re.search(near, sign.line.lower()):
            return sign
    return None
