"""What pasted text says of the proxy itself: which trouble stands beside its lines, and what is its own."""

from bot.model.sign import Sign, Signs
from bot.rules import _outage

#: Signs that tell of no trouble.
NEUTRAL = frozenset(
    {
        "noise",
        "client_tls",
        "client_gone",
        "conf",
        "dials",
        "config_valid",
        "started",
        "listening",
        "process",
        "proxy_in_container",
        "compose_service",
        "published",
        "serves_port",
        "on_network",
        "networks_told",
        "took",
        "worker_booted",
        "answers",
        "resolves",
        "proxy_version",
        "service",
        "endpoints",
        "ingress_backend",
        "pod_labels",
        "speaks",
        "own_file_denied",
        "nginx_worker_stays",
        "proxy_setting",
        "address_moved",
        "sporadic",
        "reload_told",
        "released",
        "stopped",
        "starting",
        "address_old",
        "config_old",
        "config_beside",
        "container_renewed",
        "not_started",
        "restart_mended",
        "restart_told",
        "nginx_runs",
        "unit_started",
        "clock_shown",
        "opened_as",
        "loopback_only",
        "store_up",
        "release_link",
        "release_used",
        "resolver_needed",
        "policy_label",
        "log_old",
        "clock_wrong",
        "stopped_told",
        "answers_itself",
        "dials_itself",
        "system",
        "with_cookies",
        "soon_well",
        "under_load",
        "after_reboot",
        "with_uploads",
        "port_blamed",
        "asked_from",
        "mended_by",
        "closed_by_default",
        "version_decides",
        "containers_listed",
        "profile",
        "up_on_loopback",
        "others_too",
        "mount_old",
        "port_left_open",
        "own_address",
        "neighbour",
        "dependency_back",
        "kills_denied",
        "scheme_told",
        "http2_told",
        "mutual_tls",
        "check_nameless",
        "cert_renewed",
        "trusts_kept",
        "long_answer_head",
        "big_bodies_fail",
        "cors_blocked",
        "fpm_404",
        "site_well",
        "front_refuses",
        "probe_broken",
        "file_of_image",
        "name_now",
        "none_failed",
        "loopback_asked",
        "label_protocol",
        "http2_meant",
        "tls_to_others",
        "verify_off_meant",
        "head_limit_set",
    }
)
#: Why an app fails, by its own words or its supervisor's; deeper than what a proxy notes.
APP_ENDS = (
    "worker_timeout",
    "out_of_memory",
    "killed",
    "crashed",
    "heap_exhausted",
    "no_memory",
    "app_failed",
    "missing_module",
    "migration_failed",
    "pool_exhausted",
    "start_limit",
    "fd_limit",
    "disk_full",
    "handler_died",
    "connections_limit",
)


def troubles(signs: Signs, *but: str) -> tuple[Sign, ...]:
    """Signs of trouble of other kinds than `but`; a state that is good is none."""
    return tuple(sign for sign in signs.all if sign.kind not in but and _is_trouble(sign))


def _is_trouble(sign: Sign) -> bool:
    if sign.kind == "status":
        return sign["status"] >= "500"
    if sign.kind == "unit":
        return sign["active"] not in ("", "active")
    if sign.kind == "container":
        return sign["state"] != "up"
    if sign.kind == "pod":
        return sign["status"].lower() not in ("running", "completed")
    if sign.kind == "proxy_crashed":
        return "ignore long locked" not in sign.line  # its cache's list was walked while an entry was in use
    if sign.kind == "health":
        return sign["state"] == "unhealthy"
    return sign.kind not in NEUTRAL


def deeper(signs: Signs) -> Sign | None:
    """Why the app does not answer, by its own words or its supervisor's."""
    return signs.first(*APP_ENDS)


def is_nginx(sign: Sign) -> bool:
    """Whether a line is nginx's own: its table says so, or its wording."""
    return sign["proxy"] in ("", "nginx") and "AH0" not in sign.line


def upstream_trouble(signs: Signs) -> Sign | None:
    """The first sign that requests fail at a proxy because of the upstream."""
    return _outage.any_sign(signs)


def setting(signs: Signs, directive: str) -> Sign | None:
    """A directive of a pasted configuration."""
    return next(iter(signs.where("conf", directive=directive)), None)


def deaf(signs: Signs) -> Sign | None:
    """Nobody listens on a port of the web, and nothing tells of an app behind it."""
    if signs.has("dials", "started", "container", "compose_service"):
        return None
    deaf = next((s for s in signs.of("not_listening") if s["port"] in ("80", "443")), None)
    asked = (s for s in signs.of("answers_not") if "refused" in s["reason"].lower())
    return deaf or next((s for s in asked if s["target"].endswith((":80", ":443"))), None)
