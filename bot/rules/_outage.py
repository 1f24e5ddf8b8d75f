"""What pasted text says of an outage: nobody answers, answers break off, the app came up, who crashed."""

import re

from bot.model.sign import Sign, Signs
from bot.rules._once import once

#: Nobody takes the connection where the proxy dials.
DEAF = ("dial_refused", "dial_missing", "dial_failed", "no_live")
#: The connection breaks before the answer is whole.
BROKEN = ("answer_closed", "answer_reset", "answer_cut")
#: The answer does not come in time.
SLOW = ("answer_timeout", "dial_timeout", "dial_busy")
#: Reasons that other causes know better than "it crashed".
NARROWER = (
    "port_taken",
    "stale_file",
    "left_over",
    "unit_exec",
    "unit_user",
    "unit_wrong",
    "start_timeout",
    "read_only",
    "policy_mends",
    "denied_by_policy",
    "config_invalid",
    "image_missing",
    "sudo_asks",
    "disk_full",
    "inodes_full",
    "fd_limit",
    "out_of_memory",
    "migration_failed",
    "script_unknown",
    "name_at_start",
)
#: systemd.exec(5) "Process Exit Codes": the program was never run, or not in the way the unit asks.
_SYSTEMDS_OWN = tuple(str(code) for code in range(200, 246))
_CRASHING = re.compile(r"crash|error", re.IGNORECASE)
_STORES = re.compile(
    r"mysql|maria|postgres|redis|mongo|rabbitmq|elasticsearch|memcached|kafka|\bdb\b|[_-]db[_-]|database"
)
#: By name, and nginx by what Debian's and Fedora's units say it is.
_PROXIES = (
    *("nginx", "openresty", "apache", "httpd", "haproxy", "envoy", "traefik", "caddy"),
    "high performance web server",
)


@once
def gateway_errors(signs: Signs) -> tuple[Sign, ...]:
    """Requests that a proxy answered with 502, 503 or 504."""
    return tuple(sign for sign in signs.of("status") if sign["status"] in ("502", "503", "504"))


@once
def any_sign(signs: Signs) -> Sign | None:
    """The first sign that requests fail at a proxy."""
    return signs.first(*DEAF, *BROKEN, *SLOW) or next(iter(gateway_errors(signs)), None)


def overflow(signs: Signs) -> tuple[Sign, Sign] | None:
    """The proxy is turned away for a full listen queue, and the app server says that its queue is full."""
    turned = next((s for s in signs.of("dial_busy") if s["proxy"]), None)
    full = signs.first("queue_full") or next((s for s in signs.of("dial_busy") if not s["proxy"]), None)
    return (turned, full) if turned is not None and full is not None else None


def away(signs: Signs) -> Sign | None:
    """The first sign that nobody takes the connection at all, or that a gateway says so."""
    return signs.first(*DEAF) or next(iter(gateway_errors(signs)), None)


def broken_or_slow(signs: Signs) -> Sign | None:
    """The first sign that the connection is taken and the answer fails."""
    return signs.first(*BROKEN, *SLOW) or next(iter(gateway_errors(signs)), None)


def host_lacks_memory(signs: Signs) -> Sign | None:
    """Memory lacked for another process alone (fork(2)), or for very much at once: the host has too little.

    The kernel refuses in one step what is plainly more than there is (overcommit_memory 0, proc(5)).
    """
    said = signs.of("no_memory")
    return said[0] if said and all(_OF_HOST.search(sign.line) for sign in said) else None


#: Of a shell, Ruby (with the program behind the dash), Python's subprocess, Node; nginx's buffers and zones.
_OF_HOST = re.compile(
    r"\bfork\b|memory - \w|_execute_child|\bspawn\w* .{0,60}ENOMEM"
    r"|\b(?:mmap|malloc|posix_memalign)\([^)]{0,40}\d{9}\)"
)


@once
def crashes(signs: Signs) -> tuple[Sign, ...]:
    """Crashes of anybody but a proxy's own processes."""
    return tuple(
        sign for sign in signs.of("crashed") if "worker process" not in sign.line and not _is_proxys(sign)
    )


#: The app's main process died: nobody is left to replace it.
_MAIN = re.compile(
    r"exit\w*\b.{0,40}\b13\d\b|main process|code=(?:killed|dumped)|panic: |unhandled exc|\[signal SIG",
    re.IGNORECASE,
)


def is_main(crash: Sign) -> bool:
    """Whether a crash took the main process, and not one of several workers."""
    return _MAIN.search(crash.line) is not None or crash["who"] in ("go", "rust", "dotnet", "java", "node")


@once
def ends(signs: Signs) -> tuple[Sign, ...]:
    """Signs that the app's main process is gone: it exited badly, its container restarts, its unit failed."""
    found = (
        *(sign for sign in signs.of("exited") if sign["code"] not in ("", "0", *_SYSTEMDS_OWN)),
        *(s for s in signs.of("container") if s["state"] in ("restarting", "exited") and s["code"] != "0"),
        *(s for s in signs.of("unit") if s["active"] == "failed" or "auto-restart" in s["sub"]),
        *(sign for sign in signs.of("pod") if _CRASHING.search(sign["status"])),
        *signs.of("backing_off", "start_limit", "boot_timeout", "crash_page", "unit_failed"),
    )
    return tuple(sign for sign in found if not _is_proxys(sign) and not _is_stores(sign))


def _is_stores(sign: Sign) -> bool:
    """A database's own end is why an app lacks it, and not the app's."""
    return _STORES.search((sign["who"] or sign["unit"] or sign["name"]).lower()) is not None


def _is_proxys(sign: Sign) -> bool:
    """By the name that the sign gives; without one, by its line."""
    name = sign["who"] or sign["unit"] or sign["name"]
    return any(proxy in (name or sign.line).lower() for proxy in _PROXIES)


#: Apps that load their code and settings anew for each request.
_PER_REQUEST = ("php", "laravel")


def failed_start(signs: Signs) -> Sign | None:
    """What an app says of its failed start; PHP says the like on each request, with FPM well."""
    # What names the missing piece comes before what says only that it failed.
    said = signs.of("missing_setting") + signs.of("missing_module") + signs.of("app_failed", "no_app_loaded")
    own = (
        sign
        for sign in said
        if (sign["app"] not in _PER_REQUEST or ends(signs)) and not _of_request(sign, signs)
    )
    return next((sign for sign in own if "FastCGI sent in stderr" not in sign.line), None)


def _of_request(sign: Sign, signs: Signs) -> bool:
    """A KeyError of a request that the app answers with 500 is no setting that its start lacks."""
    is_key = sign.line.lstrip().startswith("KeyError")
    return is_key and any(_ON_REQUEST.search(error.line) for error in signs.of("app_error"))


_ON_REQUEST = re.compile(r"Internal Server Error: /|Exception on /|in ASGI application")


def replaced(signs: Signs) -> Sign | None:
    """A worker was booted and its server was not: it stands in for one that ended."""
    booted = signs.first("worker_booted")
    if booted is None or signs.has("worker_timeout", "listening", "started", "starting"):
        return None
    return booted


@once
def came_up(signs: Signs) -> Sign | None:
    """The app says that it serves; a command says only where it is to."""
    seen = (s for s in signs.of("listening") if s["inside"] == "app" and not s["meant"])
    return signs.first("started") or next((s for s in seen if not _COMMAND.search(s.line)), None)


_COMMAND = re.compile(r"\b(?:CMD|ENTRYPOINT|command:|entrypoint:|ExecStart=)|^\s*exec ")


def is_after(later: Sign, earlier: Sign) -> bool:
    """Whether it was said after, in the same text; texts of their own say nothing about order."""
    return later.at[0] == earlier.at[0] and later.at > earlier.at
