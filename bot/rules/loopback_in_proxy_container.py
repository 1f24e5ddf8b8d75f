"""The proxy dials its own container."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _other_loopback, _outage, _quote, _told
from bot.rules._dialling import Place

#: ingress-nginx' own servers behind the proxy (default backend, status, health).
_OWN_PORTS = frozenset({8181, 10246, 10247, 10254})


def loopback_in_proxy_container(signs: Signs) -> Finding | None:
    """127.0.0.1 or localhost is dialled by a proxy in its own container: that is the container itself.

    Why: the proxy runs in a container, and is refused on a loopback address; the app runs elsewhere.
    Ruled out when: proxy and app share one network namespace (network_mode: host or service:, one pod), or
    the app is not dialled on a loopback address.
    Mistaken when: one image holds both proxy and app (supervisord, s6); then the app is down.
    Mended by: the app's service name instead of localhost; host.docker.internal for an app on the host or in
    its network (network_mode: host), which has no such name.
    Not mended by: a restart, publishing the app's port, or EXPOSE.
    Source: docs.docker.com "Networking overview" (each container has its own loopback), "Networking in
    Compose".
    """
    dial = next((d for d in _dialling.refused(signs) if _is_own(d) and d.port not in _OWN_PORTS), None)
    written = next((d for d in _dialling.configured(signs) if _is_own(d)), None)
    outside = signs.first("works_outside")
    if dial is None and written is None:
        return _in_words(signs)
    if outside is not None:
        one = dial or written
        says = "a loopback address is dialled; outside the container it works"
        return _told.likely(_NAME, 84, says, _RESTART, one.sign if one else None, outside, next_check=_CHECK)
    there = _other_loopback.answered(signs, dial) if dial and not _is_shared(signs) else None
    if dial is not None and there is not None:
        says = f"{dial.text} refuses the proxy, and {there.text} answers: the proxy has a loopback of its own"
        return _told.likely(_NAME, 81, says, _RESTART, dial.sign, there.sign, next_check=_CHECK)
    door = _other_loopback.door(signs, dial) if dial is not None and not _is_shared(signs) else None
    if dial is not None and door is not None:
        says = f"{dial.text} refuses who dials it, and answers on the host, where a container publishes it"
        return _told.likely(_NAME, 87, says, _RESTART, dial.sign, *door, next_check=_CHECK)
    box = _dialling.proxy_container(signs)
    if box is None or _is_shared(signs):
        return None
    if dial is not None and any(s["target"] == dial.sign["target"] for s in signs.of(*_outage.BROKEN)):
        return None  # somebody took a connection there
    if dial is None:
        return _from_files(signs, written, box) if written else None
    doors = (s for s in signs.of("published") if s["name"] and s["name"] == box["name"])
    if any(s["host_port"] == str(dial.port) for s in doors):
        return None  # what is dialled is that very container's door, so somebody else dials
    says = f"{dial.text} is dialled from inside a container: that is the proxy's own container"
    others = _dialling.other_services(signs)
    if _dialling.is_on_host(dial.sign):
        return _told.possible(_NAME, 26, says, _RESTART, dial.sign, box, next_check=_CHECK)
    if others and box.kind in ("compose_service", "container"):
        return _told.confirmed(_NAME, 91, says, _RESTART, dial.sign, box, others[0])
    heard = next((one for one in _dialling.on_port(signs, dial.port) if _dialling.is_inside(one)), None)
    if heard is not None and "|" in dial.sign.line:
        return _told.likely(_NAME, 88, says, _RESTART, dial.sign, heard.sign, next_check=_CHECK)
    if _dialling.deeper(signs) is not None:
        return _told.possible(_NAME, 30, says, _RESTART, dial.sign, next_check=_CHECK)
    weight = 80 if "|" in dial.sign.line and dial.host != "::1" else 68 if dial.host == "::1" else 76
    return _told.likely(_NAME, weight, says, _RESTART, dial.sign, box, next_check=_CHECK)


_NAME = "loopback_in_proxy_container"


def _is_own(dial: Place) -> bool:
    """127.0.0.0/8 and ::1, and 0.0.0.0 and ::, which the kernel takes for the same (ip(7))."""
    return dial.is_loopback or dial.host in ("0.0.0.0", "::")  # noqa: S104  # compared, not bound


def _is_shared(signs: Signs) -> bool:
    """The proxy is in the host's network, or shares a container's."""
    modes = ((s, s["mode"]) for s in signs.of("compose_service"))
    return any(
        mode.startswith(("service:", "container:")) or (mode == "host" and _dialling.is_proxy(s))
        for s, mode in modes
    )


_RESTART = _quote.useless("app", "the proxy dials its own container, whatever the app does")
_CHECK = "whether the app runs in the proxy's container or in another one"


def _in_words(signs: Signs) -> Finding | None:
    """Somebody writes that loopback fails; a bridge's address beside it shows the container."""
    said = signs.first("loopback_fails")
    if said is None:
        return None
    is_shown = _CONTAINER.search(said.line) is not None or _dialling.has_containers(signs) is not None
    says = "the proxy fails when it is given a loopback address: it may run in its own container"
    if is_shown:
        return _told.likely(_NAME, 76, says, _RESTART, said, next_check=_CHECK)
    return _told.possible(_NAME, 40, says, _RESTART, said, next_check=_CHECK)


_CONTAINER = re.compile(r"172\.(?:1[6-9]|2\d|3[01])\.|docker|container|\bNPM\b|podman", re.IGNORECASE)


def _from_files(signs: Signs, written: Place, box: Sign) -> Finding | None:
    """Only configuration was pasted: the compose file has the app in another container."""
    others = _dialling.other_services(signs)
    by_hand = _other_loopback.asked(signs, written)
    if by_hand is not None and not _dialling.deeper(signs):
        says = f"{written.text} is dialled by a proxy in a container; outside of it that port answers"
        return _told.likely(_NAME, 84, says, _RESTART, written.sign, by_hand, next_check=_CHECK)
    if box.kind == "proxy_in_container" and not signs.has("answer_timeout", *_outage.BROKEN):
        says = f"{written.text} is dialled by a proxy that runs in a container: that is its own"
        return _told.possible(_NAME, 50, says, _RESTART, written.sign, box, next_check=_CHECK)
    if box.kind not in ("compose_service", "container") or not others:
        return None
    says = f"{written.text} is dialled by a proxy in a container; the app runs in another one"
    return _told.likely(_NAME, 82, says, _RESTART, written.sign, box, next_check=_CHECK)
