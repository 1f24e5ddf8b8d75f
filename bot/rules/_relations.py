"""What two pieces show when they are held against each other, for causes that no program's line tells.

Files that were pasted beside what listens, what a folder has, which pods a service reaches: nothing failed in
the text yet, and what does not fit together says what will.
"""

import re
from collections.abc import Sequence

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _dialling
from bot.rules._dialling import Place
from bot.rules._once import lines_of

Shown = tuple[Sign, ...]
#: What the proxy or the app says itself goes before what files let expect.
SAID = (
    *_deeper.DEEPER,
    "dial_missing",
    "dial_denied",
    "dial_timeout",
    "answer_closed",
    "answer_timeout",
    "name_at_start",
    "config_invalid",
)


def other_family(signs: Signs) -> Shown:
    """A loopback address is dialled by the files, and the port is open on the other family's alone."""
    for dial in _dialling.configured(signs):
        same = tuple(one for one in _dialling.on_port(signs, dial.port) if one.host != "localhost")
        if not dial.family or not dial.is_loopback or any(_dialling.takes(one, dial) for one in same):
            continue
        other = next((one for one in same if one.is_loopback and one.family not in (None, dial.family)), None)
        if other is not None:
            return dial.sign, other.sign
    return ()


def other_address(signs: Signs) -> Shown:
    """The app is bound to one address of the host, and the files dial another on that port."""
    if _dialling.has_containers(signs) is not None or signs.has("answers"):
        return ()
    for dial in _dialling.configured(signs):
        same = _dialling.on_port(signs, dial.port)
        if dial.is_name or not dial.family or any(_dialling.takes(one, dial) for one in same):
            continue
        other = next((one for one in same if one.family == dial.family and not one.is_any), None)
        if other is not None and not (other.is_loopback and not dial.is_loopback):
            return dial.sign, other.sign
    return ()


def answers_but_proxy(signs: Signs) -> Shown:
    """On a host of Red Hat's family the loopback port that nginx's files dial answers, asked by hand."""
    system = next(iter(signs.where("system", family="redhat")), None)
    if system is None or signs.where("system", family="debian") or signs.has(*_IN_BOXES):
        return ()
    dials = [d for d in _dialling.configured(signs) if d.sign["directive"] == "proxy_pass"]
    ports = {d.port: d.sign for d in dials if d.is_loopback or _is_own_name(signs, d.host)}
    for answer in signs.of("answers"):
        place = _dialling.place(answer["target"], answer)
        if place is not None and place.is_loopback and place.port in ports:
            return ports[place.port], answer, system
    return ()


_IN_BOXES = ("proxy_in_container", "compose_service", "container", "pod", "on_network", "name_at_start")


def _is_own_name(signs: Signs, name: str) -> bool:
    """/etc/hosts gives the name the loopback address."""
    lines = lines_of(signs)
    return any(re.search(rf"127\.0\.0\.1\s+{re.escape(name)}(?![a-zA-Z0-9_.-])", line) for line in lines)


def port_not_socket(signs: Signs) -> Shown:
    """The proxy's file names a unix socket, and PHP-FPM's pool listens on a port."""
    dial = next((s for s in signs.of("dials") if s["target"].startswith("unix:")), None)
    pools = signs.where("listening", process="php-fpm")
    if dial is None or dial["protocol"] not in ("", "fastcgi") or not pools or any(p["path"] for p in pools):
        return ()
    return dial, pools[0]


_PATH = re.compile(r"[-@!+:]*(?P<path>/\S+)")


def not_in_folder(signs: Signs) -> Shown:
    """The unit's program lies below a folder whose list has no such name."""
    return _not_listed(signs, signs.where("unit_setting", name="ExecStart"), "value")


def no_such_directory(signs: Signs) -> Shown:
    """The unit's working directory lies below a folder whose list has no such name."""
    return _not_listed(signs, signs.where("unit_setting", name="WorkingDirectory"), "value")


def no_such_socket(signs: Signs) -> Shown:
    """The unix socket that is dialled is not in its folder, and another one is."""
    dials = [s for s in signs.of("dials", "dial_missing") if s["target"].startswith("unix:")]
    shown = _not_listed(signs, dials, "target")
    return shown if shown and ".sock" in shown[1]["names"] else ()


def _not_listed(signs: Signs, named: Sequence[Sign], field: str) -> Shown:
    """A path below a folder that was listed, and what the list does not have of it."""
    for sign in named:
        found = _PATH.match(sign[field].removeprefix("unix:"))
        for folder in signs.of("listed") if found else ():
            path = found["path"].replace("/var/run/", "/run/").rstrip(":") if found else ""
            start = folder["path"].rstrip("/").replace("/var/run/", "/run/") + "/"
            if path.startswith(start) and path[len(start) :].partition("/")[0] not in folder["names"].split():
                return sign, folder
    return ()


_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_HASHES = re.compile(r"-[0-9a-f]{6,10}-[0-9a-z]{5}\Z|-\d+\Z|-[0-9a-z]{5}\Z")
_STAGES = re.compile(r"canary|stable|blue|green|\bv?\d+\b|primary|replica|leader|follower|-(?:a|b)\Z")


def strangers_selected(signs: Signs) -> Shown:
    """A service's endpoints are pods of two workloads: its selector takes one too many."""
    for service in signs.of("endpoints"):
        behind = {target.rpartition(":")[0] for target in service["targets"].split(",")}
        pods = [p for p in signs.of("pod") if (a := _ADDRESS.search(p.line)) and a[0] in behind]
        kinds = {_HASHES.sub("", p["name"]): p for p in pods}
        if len(kinds) > 1 and not any(_STAGES.search(kind) for kind in kinds):
            return service, *list(kinds.values())[:2]
    return ()


def group_as_name(signs: Signs) -> Shown:
    """`proxy_pass https://GROUP` sends the group's own name as SNI; its servers are known by another."""
    sends = next(
        (s for s in signs.where("conf", directive="proxy_ssl_server_name") if s["value"] == "on"), None
    )
    if sends is None or signs.where("conf", directive="proxy_ssl_name"):
        return ()
    for passed in signs.where("conf", directive="proxy_pass"):
        group = re.match(r"https://([\w.-]+)", passed["value"])
        server = next(
            (s for s in signs.where("dials", directive="server") if group and s["name"] == group[1]), None
        )
        host = server["target"].rpartition(":")[0] if server else ""
        if server is not None and group is not None and host != group[1] and re.search(r"[a-z]", host):
            return passed, server
    return ()


def forwarded(signs: Signs) -> Shown:
    """`kubectl port-forward` enters at the pod's loopback and is answered; the pod's address refuses."""
    if not signs.has("answers"):
        return ()
    if not any("port-forward" in line for line in (*signs.unread, *(s.line for s in signs.of("in_cluster")))):
        return ()
    refused = (
        s for s in signs.of("answers_not", "dial_refused") if "refused" in f"{s['reason']} {s.line}".lower()
    )
    for sign in refused:
        dial = _dialling.place(sign["target"], sign, "http")
        if dial is None or dial.is_loopback or dial.is_name:
            continue
        well = next((s for s in signs.of("answers") if _is_loopback(s, dial)), None)
        if well is not None:
            return sign, well
    return ()


def _is_loopback(sign: Sign, dial: Place) -> bool:
    one = _dialling.place(sign["target"], sign, "http")
    return one is not None and one.is_loopback and one.port == dial.port


def name_without_container(signs: Signs) -> Shown:
    """nginx's container ended badly; of the names it is to dial one has no container."""
    boxes = signs.of("container")
    ended = next((b for b in boxes if _dialling.is_proxy(b) and b["state"] in ("exited", "restarting")), None)
    up = [b for b in boxes if not _dialling.is_proxy(b) and b["state"] == "up"]
    if ended is None or ended["code"] in ("", "0") or not up:
        return ()
    names = [d for d in _dialling.configured(signs) if d.is_service and d.sign["directive"] != "forward"]
    known = [d for d in names if any(_dialling.is_called(d.host, b) for b in up)]
    lost = next((d for d in names if not any(_dialling.is_called(d.host, b) for b in boxes)), None)
    return (lost.sign, ended) if lost is not None and known else ()


#: Programs that stay in the foreground unless told to fork.
_STAYS = re.compile(
    r"(?:/|\A)(?:uvicorn|hypercorn|daphne|node|npm|yarn|pnpm|python[\d.]*|java|dotnet|puma|bundle|ruby"
    r"|flask|streamlit|deno|bun|go)\b"
    r"|/(?:gunicorn)\b(?!.*(?:--daemon|-D\b))"
)
_WAITS = re.compile(r"\bactivating \(start\)")


def never_forks(signs: Signs) -> Shown:
    """systemd waits for a fork (Type=forking) of a program that stays in the foreground."""
    kind = next(iter(signs.where("unit_setting", name="Type")), None)
    runs = next(iter(signs.where("unit_setting", name="ExecStart")), None)
    if kind is None or kind["value"] != "forking" or runs is None:
        return ()
    timed = signs.has("start_timeout") or bool(signs.where("unit_setting", name="TimeoutStartSec"))
    waits = timed or any(_WAITS.search(line) for line in lines_of(signs))
    return (kind, runs) if waits and _STAYS.search(runs["value"]) else ()


def reload_refused(signs: Signs) -> Shown:
    """systemd's job for a reload of nginx failed: it tests the files first, and goes on with the old ones."""
    said = next((s for s in signs.of("nginx_start_failed") if _RELOADS.search(s.line)), None)
    return (
        (said,)
        if said is not None and not any("bind()" in s.line for s in signs.of("nginx_start_failed"))
        else ()
    )


_RELOADS = re.compile(
    r"\b(?:service nginx reload|systemctl reload nginx)\b.{0,60}\bJob for nginx\.service failed", re.I
)


def too_few_files(signs: Signs) -> Shown:
    """More connections are set than files may be open, and under load connections fail."""
    warned = next((s for s in signs.of("connections_limit") if "exceed open file" in s.line), None)
    fails = signs.first("sporadic", "under_load", "answer_reset", "status")
    return (warned, fails) if warned is not None and fails is not None else ()


def published_to_its_host(signs: Signs) -> tuple[Sign, ...]:
    """The proxy is on another machine, and the app's port is published on its own host's loopback alone."""
    away = signs.first("proxy_elsewhere")
    apps = [
        s
        for s in signs.of("published")
        if not s["port"].isdigit() or int(s["port"]) not in _dialling.NEVER_APPS
    ]
    if away is None or not apps or any(not s["address"].startswith("127.") for s in apps):
        return ()
    return apps[0], away
