"""What a text shows, by name: the kinds of its signs, and what each says more precisely."""

from collections.abc import Iterator

from bot.model.sign import Sign, Signs
from bot.rules import _dialling, _outage
from bot.rules._place import Place

#: Kinds that name where was dialled.
_DIALS = (
    "dial_refused",
    "dial_timeout",
    "dial_no_route",
    "dial_denied",
    "dial_missing",
    "dial_busy",
    "dial_failed",
    "answer_timeout",
    "answer_closed",
    "answer_reset",
    "dials",
)
#: Kinds of which one field says more -> that field.
_PRECISELY = {
    "status": "status",
    "page": "status",
    "exited": "code",
    "unit": "active",
    "container": "state",
    "health": "state",
    "policy_mode": "mode",
    "speaks": "protocol",
    "conf": "directive",
    "system": "family",
    "loopback_asked": "state",
}
_EXEC_CODES = {"203": "203", "216": "217", "217": "217"}
_BUFFERS = ("_buffer_size", "_buffers")
_PODS = ("service", "endpoints", "ingress_backend", "pod", "pod_labels", "no_endpoints", "service_missing")


def features(signs: Signs) -> dict[str, Sign]:
    """Name -> the first sign that shows it, in the order of the text. Names stand in `leanings.toml`."""
    found: dict[str, Sign] = {}
    for sign in signs.all:
        if sign.kind != "page":
            found.setdefault(sign.kind, sign)
        for more in _more(sign, signs):
            found.setdefault(more, sign)
    for name, shown in _of_all(signs):
        found.setdefault(name, shown)
    return found


def _more(sign: Sign, signs: Signs) -> Iterator[str]:
    """What a sign says beyond its kind."""
    if sign.kind in _DIALS:
        yield from (f"{sign.kind}:{place}" for place in _where(sign, signs))
    elif sign.kind in ("listening", "started"):
        yield from (f"listening:{how}" for how in _listens(sign))
    elif sign.kind == "crashed" and _outage.is_main(sign):
        yield "crashed:main"
    elif sign.kind == "pod":
        yield from _pod(sign)
    elif sign.kind == "published" and sign["host_port"] != sign["port"]:
        yield "published:shifted"
    elif sign.kind in _PRECISELY:
        yield _precisely(sign)


def _where(sign: Sign, signs: Signs) -> Iterator[str]:
    """The place that is dialled, and the protocol."""
    if sign["protocol"] in ("fastcgi", "https", "uwsgi"):
        yield sign["protocol"]
    if "unix:" in sign["target"]:
        yield "socket"
    place = _dialling.place(sign["target"], sign, sign["protocol"])
    if place is not None:
        yield from _address(place, signs)


def _address(place: Place, signs: Signs) -> Iterator[str]:
    if place.is_loopback:
        yield "loopback"
        if _dialling.proxy_container(signs) is not None:
            yield "loopback_in_container"
    elif place.is_service:
        yield "name"
    elif place.host.startswith(("10.42.", "10.244.")):
        yield "pod"
    elif _dialling.is_container_address(place):
        yield "container"
    else:
        yield "address"
    if place.family == 6:
        yield "six"


def _listens(sign: Sign) -> Iterator[str]:
    """How a listener is bound."""
    if sign["path"]:
        yield "socket"
    address = sign["address"].strip("[]")
    if address.startswith("127.") or address in ("localhost", "::1"):
        inside = sign["inside"] in ("app", "container")
        yield "loopback_inside" if inside else "loopback"
    if address == "::1":
        yield "six"


def _pod(sign: Sign) -> Iterator[str]:
    status = sign["status"].lower()
    if "oom" in status:
        yield "pod:oomkilled"
    elif "crash" in status or "error" in status:
        yield "pod:crashing"
    elif "imagepull" in status or "errimage" in status:
        yield "pod:imagepull"
    elif sign["ready"].startswith("0/"):
        yield "pod:unready"


def _precisely(sign: Sign) -> str:
    value = sign[_PRECISELY[sign.kind]].lower()
    if sign.kind in ("status", "page"):
        return f"status:{value[:3]}"
    if sign.kind == "conf" and value.endswith(_BUFFERS):
        return "conf:buffer"
    if sign.kind == "exited" and value.isdigit() and 200 <= int(value) < 246:  # systemd.exec(5)
        return f"exited:{_EXEC_CODES.get(value, '200')}"
    return f"{sign.kind}:{value}"


def _of_all(signs: Signs) -> Iterator[tuple[str, Sign]]:
    """What several signs show together."""
    box = _dialling.has_containers(signs)
    if box is not None:
        yield "containers", box
    cluster = signs.first(*_PODS)
    if cluster is not None:
        yield "kubernetes", cluster
    up = next(iter(signs.where("unit", active="active")), None)
    if up is not None and signs.has("not_listening"):  # it runs, and has not opened its port
        yield "not_listening:runs", up
    healed = _healed(signs)
    if healed is not None:
        yield "answers:healed", healed
    dialled = {place.port for place in _dialling.dialled(signs)}
    other = next((one for one in _dialling.listeners(signs) if dialled and one.port not in dialled), None)
    if other is not None:
        yield "listening:other_port", other.sign


def _healed(signs: Signs) -> Sign | None:
    """Asked by hand again, the same place answers well after it had failed."""
    failed: set[str] = set()
    for sign in signs.of("answers"):
        if sign["status"] >= "500":
            failed.add(sign["target"])
        elif sign["status"] and sign["target"] in failed:
            return sign
    return None
