"""What people write of when and for whom it fails -> the cause. Rows as in `_circumstance.py`."""

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _dialling, _quote
from bot.rules._circumstance import Row, all_of


def _other_policy(signs: Signs) -> tuple[Sign, ...]:
    """Only the system differs, or the proxy's own user is answered where SELinux enforces as it comes."""
    differs, asked = signs.first("policy_differs"), signs.first("asked_as_proxy")
    redhat = next(iter(signs.where("system", family="redhat")), None)
    if _dialling.has_containers(signs) is not None:
        return ()
    if differs is not None:
        return tuple(one for one in (differs, asked) if one is not None)
    return (asked, redhat) if asked is not None and redhat is not None else ()


def _developers_port(signs: Signs) -> tuple[Sign, ...]:
    """A platform's proxy is refused on its port, and its developer opens the app on another."""
    local = signs.first("local_port")
    dials = [d for d in _dialling.refused(signs) if d.is_loopback]
    if local is None or len(dials) != 1 or _dialling.has_containers(signs) is not None:
        return ()
    return (dials[0].sign, local) if str(dials[0].port) != local["port"] else ()


def _without_end(signs: Signs) -> tuple[Sign, ...]:
    """Its container ended well when the host went down, and nobody started it again."""
    down = signs.first("after_reboot", "power_lost")
    ended = next((c for c in signs.where("container", state="exited") if c["code"] == "0"), None)
    if down is None or ended is None or _dialling.is_proxy(ended):
        return ()
    return ended, down


def _fpm_away(signs: Signs) -> tuple[Sign, ...]:
    """FPM's socket is not there since PHP was given an extension."""
    new = signs.first("php_extension")
    away = next((s for s in signs.of("dial_missing", "dial_refused") if _is_fpm(s)), None)
    return (away, new) if new is not None and away is not None else ()


def _is_fpm(sign: Sign) -> bool:
    target = sign["target"].lower()
    return sign["protocol"] == "fastcgi" or "php" in target or "fpm" in target


def _pods_by_name(signs: Signs) -> tuple[Sign, ...]:
    """A headless service's name gives its pods' addresses, which a plain nginx keeps."""
    headless = signs.first("headless")
    dial = next((d for d in _dialling.configured(signs) if d.is_service or ".svc" in d.host), None)
    if headless is None or dial is None or dial.sign["directive"] not in ("proxy_pass", "server", "told"):
        return ()
    return dial.sign, headless


def _kept_name(signs: Signs) -> tuple[Sign, ...]:
    """A name of another host is dialled, and a reload mends it for a while."""
    mended = signs.first("reload_mended")
    dial = next((d for d in _dialling.configured(signs) if d.is_name and "." in d.host), None)
    return (dial.sign, mended) if mended is not None and dial is not None else ()


def _no_own_unit(signs: Signs) -> tuple[Sign, ...]:
    """A unit without a name rests, and a command that stops the proxy stands beside it."""
    stops = signs.first("proxy_stopped")
    unit = next(iter(signs.where("unit", active="inactive", unit="")), None)
    others = any(u["unit"] for u in signs.of("unit"))
    return (unit, stops) if stops is not None and unit is not None and not others else ()


def _queue_of_socket(signs: Signs) -> tuple[Sign, ...]:
    """Under load some answers fail at once, where a unix socket is dialled, and then all is well."""
    load, at_once = signs.first("well_after_load", "under_load"), signs.first("fails_at_once", "dial_busy")
    socket = next((s for s in signs.of("listening", "dials") if ".sock" in s["path"] + s["target"]), None)
    return (at_once, load, socket) if load is not None and at_once is not None and socket is not None else ()


def _many_groups(signs: Signs) -> tuple[Sign, ...]:
    """Users with many groups fail; where a server says 400, it is the request's head that it refuses."""
    many = signs.first("many_groups")
    refused = any(s["status"].startswith("400") for s in (*signs.of("status"), *signs.of("page")))
    return () if many is None or refused else (many,)


_SAME_HEADER = _quote.useless("app", "it sends the same header again")
_SAME_POLICY = _quote.useless("app", "the policy stays as it is")
_GROWS = _quote.temporary("app", "it works until its memory is used up again")
_STARTED = _quote.helps("app", "it only has to be started")
_KEPT = _quote.temporary("nginx", "it looks the name up once more, until the address changes again")
_FAILS_OTHERWISE = (*_deeper.DEEPER, "dial_missing", "dial_refused", "answer_invalid")

ROWS: tuple[Row, ...] = (
    Row(
        cause="header_too_big",
        weight=72,
        says="it fails for users with many groups or roles: their session makes the answer's head too large",
        restart=_SAME_HEADER,
        shows=_many_groups,
        unless=(*_FAILS_OTHERWISE, "header_too_big", "request_too_big"),
    ),
    Row(
        cause="header_too_big",
        weight=74,
        says="a tool puts its log into the answer's head, which then does not fit into the proxy's buffer",
        restart=_SAME_HEADER,
        shows=all_of(("debug_header",)),
        unless=_FAILS_OTHERWISE,
    ),
    Row(
        cause="selinux_denied",
        weight=74,
        says="it works by hand or on a system without SELinux: the policy may keep the proxy from connecting",
        restart=_SAME_POLICY,
        shows=_other_policy,
        unless=(*_FAILS_OTHERWISE, "dial_timeout", "dial_no_route", "config_invalid"),
    ),
    Row(
        cause="firewall_or_no_route",
        weight=78,
        says="of two hosts of one kind the one is answered and the other turned away: a filter is between",
        restart=_quote.useless("app", "it answers those who reach it"),
        shows=all_of(("one_turned_away",)),
        unless=_deeper.DEEPER,
    ),
    Row(
        cause="wrong_port",
        weight=66,
        says="the proxy is refused on its port; its developer opens the app on another one",
        restart=_quote.useless("app", "it would listen on the same port again"),
        shows=_developers_port,
        unless=(*_deeper.DEEPER, "listening", "unit"),
    ),
    Row(
        cause="oom_kill",
        weight=68,
        says="on a small host the app ends and logs nothing of it, as one does that the kernel kills",
        restart=_GROWS,
        shows=all_of(("small_machine",), ("dies_silently",)),
        unless=(*_deeper.DEEPER, "memory_plenty", "dial_missing", "answer_timeout"),
    ),
    Row(
        cause="app_crash_runtime",
        weight=70,
        says="the app's memory grows until its runtime's own limit ends it: the host has memory left",
        restart=_GROWS,
        shows=all_of(("memory_grows",), ("memory_plenty",)),
        unless=(*_deeper.DEEPER, "memory_told", "no_memory"),
    ),
    Row(
        cause="app_hang",
        weight=74,
        says="every page hangs, the simplest too, and the app does nothing meanwhile",
        restart=_quote.temporary("app", "a new process answers until whatever stuck it comes back"),
        shows=all_of(("all_hang",), ("idle",)),
        unless=(*_deeper.DEEPER, "dial_refused", "dial_missing", "dial_timeout", "answers"),
    ),
    Row(
        cause="backlog_full",
        weight=66,
        says="under load some answers fail at once and then all is well: the socket's queue is full",
        restart=_quote.useless("app", "the queue fills again while the app is slower than its load"),
        shows=_queue_of_socket,
        unless=(*_deeper.DEEPER, "dial_missing", "dial_denied", "worker_timeout", "pool_exhausted"),
    ),
    Row(
        cause="upstream_down",
        weight=76,
        says="the app was started in a terminal, and since the reboot nobody started it",
        restart=_STARTED,
        shows=all_of(("in_terminal",), ("after_reboot", "power_lost", "not_started")),
        unless=(*_deeper.DEEPER, "unit_failed"),
    ),
    Row(
        cause="upstream_down",
        weight=74,
        says="its container ended when the host went down, and nothing starts it again",
        restart=_STARTED,
        shows=_without_end,
        unless=(*_deeper.DEEPER, "stopped_told"),
    ),
    Row(
        cause="stale_pid_or_socket",
        weight=74,
        says="since the host went down the server ends while it boots: its pid file is still there",
        restart=_quote.useless("app", "the file outlives it"),
        shows=all_of(("ends_at_boot",), ("power_lost", "after_reboot", "oom_invoked", "out_of_memory")),
        unless=("app_failed", "missing_module", "missing_setting"),
    ),
    Row(
        cause="php_fpm_down",
        weight=76,
        says="since PHP was given an extension FPM's socket is away: it does not start with it",
        restart=_quote.useless("php-fpm", "it meets the same extension again"),
        shows=_fpm_away,
        unless=("dial_denied", "php_changed"),
    ),
    Row(
        cause="dns_stale",
        weight=78,
        says="the name is a headless service's, which gives pods' addresses; nginx keeps those of its start",
        restart=_KEPT,
        shows=_pods_by_name,
        unless=(*_deeper.DEEPER, "name_at_start", "name_unresolved", "dial_timeout"),
    ),
    Row(
        cause="dns_stale",
        weight=74,
        says="a reload of nginx mends it for a while: it keeps the address that the name had at its start",
        restart=_KEPT,
        shows=_kept_name,
        unless=(
            *_deeper.DEEPER,
            "name_at_start",
            "config_old",
            "reload_failed",
            "dial_missing",
            "answer_closed",
        ),
    ),
    Row(
        cause="nginx_down",
        weight=84,
        says="the proxy was stopped by a command that was to start it again, and rests",
        restart=_quote.helps("nginx", "it only has to be started, if `nginx -t` passes"),
        shows=_no_own_unit,
        unless=("dial_refused", "answer_closed", "answer_timeout", "no_live"),
    ),
    Row(
        cause="disk_full",
        weight=74,
        says="a disk is full, as the report says",
        restart=_quote.useless("app", "what it writes at its start fails too"),
        shows=all_of(("disk_told",)),
        unless=("inodes_full", "space_free"),
    ),
    Row(
        cause="firewall_or_no_route",
        weight=72,
        says="it fails since a packet filter is on, or works with it off, as the report says",
        restart=_quote.useless("app", "the filter stays as it is"),
        shows=all_of(("filter_told",)),
        unless=(*_deeper.DEEPER, "dial_missing", "answer_closed"),
    ),
)
