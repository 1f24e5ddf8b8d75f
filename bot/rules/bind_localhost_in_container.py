"""The app listens on its container's own loopback."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.containers import Containers
from bot.parsers.http_probes import HttpProbes
from bot.parsers.unit_state import UnitState
from bot.rules import _bound_inside, _boxes, _dialling, _quote, _told
from bot.rules._dialling import Place


def bind_localhost_in_container(
    upstreams: HttpProbes, containers: Containers, unit: UnitState | None
) -> Finding | RuledOut | None:
    """The app is up, but bound to 127.0.0.1 inside its container, where nobody outside reaches it.

    Why: inside the container the dialled port is listened on at 127.0.0.1 or ::1 alone; through a published
    port the proxy is not refused but cut off (reset or closed).
    Ruled out when: the app listens on 0.0.0.0 or ::.
    Mistaken when: proxy and app share the network namespace (one pod, network_mode: service or host), where
    127.0.0.1 is the same place for both.
    Mended by: binding the app to 0.0.0.0 (HOST=0.0.0.0, --host, --bind).
    Not mended by: a restart, another published port, or a firewall rule.
    Source: docs.docker.com "Packet filtering and firewalls", "Port publishing"; bind(2); fly.io "app is not
    listening on the expected address".
    """
    found = _boxes.deaf(upstreams, containers)
    if found is None:
        return _taken(upstreams, containers)
    inside = found.behind.box.on_port(found.behind.port)
    if not inside or _boxes.is_another(found.behind, unit):
        return None
    name, local = found.behind.name, inside[0]
    return Finding(
        cause=_NAME,
        certainty=Certainty.CONFIRMED,
        says=f"the app listens on {local.host}:{local.port} inside the container {name}, where nobody "
        f"outside reaches it; nginx comes in by {found.probe.address}",
        because=(_quote.probe(found.probe), *found.behind.lines(local)),
        restart=_RESTART,
        mend=f"the app in {name} bound to 0.0.0.0:{local.port} (HOST=0.0.0.0, --host, --bind, by its "
        "program), and the container made anew with that",
        weight=95,
    )


def _taken(upstreams: HttpProbes, containers: Containers) -> RuledOut | None:
    for probe in upstreams.probes:
        found = _boxes.behind(probe.address, containers)
        if found is not None and found.taking:
            says = f"inside {found.name} the app listens where it is reached from outside"
            return RuledOut(cause=_NAME, says=says, because=found.lines(found.taking[0]))
    return None


def told(signs: Signs) -> Finding | RuledOut | None:
    """Who says that it listens on the loopback, and is dialled by its container's name or address."""
    judged = _judged(signs)
    if judged is not None and judged.certainty is Certainty.CONFIRMED:
        return judged
    found = [one for one in (_bound_inside.told(signs), judged) if one is not None]
    return max(found, key=lambda one: one.weight, default=None)


def _judged(signs: Signs) -> Finding | None:
    """Who listens on the loopback alone, else what lets guess it."""
    local = next((one for one in _dialling.listeners(signs) if _is_local_alone(signs, one)), None)
    anywhere = next((one for one in _dialling.listeners(signs) if one.host in ("0.0.0.0", "::", "*")), None)  # noqa: S104  # compared
    if local is None:
        if anywhere is not None:
            return None
        return (
            _asked(signs)
            or _answers_inside(signs)
            or _bound_inside.by_itself(signs)
            or _cut(signs)
            or _guess(signs)
        )
    if any(one.port == local.port for one in (anywhere,) if one is not None):
        return None
    says = f"the app listens on {local.text} inside its container; from outside nobody reaches that"
    for dial in _dialling.refused(signs):
        if dial.port == local.port and not dial.is_loopback and _dialling.has_containers(signs):
            if local.sign["process"] == "by default":  # a settings file may say otherwise
                return _told.likely(_NAME, 80, says, _RESTART, dial.sign, local.sign, next_check=_CHECK)
            return _told.confirmed(_NAME, 95, says, _RESTART, dial.sign, local.sign)
    cut = signs.first(
        "answer_reset",
        "answer_closed",
        "cut_off",
        "dial_refused",
        "no_port_bound",
        "probe_failed",
        "answers_not",
    )
    if cut is not None and _is_taken(cut):
        return None
    if cut is not None and cut.kind == "no_port_bound" and local.host == "localhost":
        return _told.possible(_NAME, 50, says, _RESTART, cut, local.sign, next_check=_CHECK)
    if cut is not None and _is_reached_by_mapping(signs, local, cut):
        return _told.confirmed(_NAME, 93, says, _RESTART, cut, local.sign)
    shown = _dialling.has_containers(signs)
    if cut is not None and not cut["target"] and cut.kind == "dial_refused" and shown is None:
        return _told.possible(_NAME, 47, says, _RESTART, local.sign, cut, next_check=_CHECK)
    if cut is None:
        return _alone(signs, local, says)
    if shown is None and (_bound_inside.boxed(signs) is None or not _bound_inside.refusals(signs)):
        return None
    return _told.likely(_NAME, 74, says, _RESTART, local.sign, cut, next_check=_CHECK)


_NAME, _RESTART, _CHECK = _bound_inside.NAME, _bound_inside.RESTART, _bound_inside.CHECK
#: A container's name, as compose puts it before each line.
_BOX = re.compile(r"\s*[\w./-]{1,80}\s+\| ")


def _alone(signs: Signs, local: Place, says: str) -> Finding | None:
    """No trouble is told, only that it listens on the loopback."""
    named = next((d for d in _dialling.configured(signs) if d.is_name and d.port == local.port), None)
    shown = _dialling.has_containers(signs)
    if signs.has("answers"):
        return None
    if named is not None and not signs.has("dial_missing"):
        return _told.likely(_NAME, 80, says, _RESTART, named.sign, local.sign, next_check=_CHECK)
    serves = next(
        (s for s in signs.of("service") if str(local.port) in (s["target_port"] or s["port"],)), None
    )
    if serves is not None:
        says = f"{says}; its pod's address is what the service dials"
        return _told.likely(_NAME, 76, says, _RESTART, local.sign, serves, next_check=_CHECK)
    behind = next((s for s in signs.of("published") if s["port"] == str(local.port)), None)
    if behind is not None and local.sign["inside"] == "container" and local.sign.line == behind.line:
        says = f"{says}; its command publishes that port, which nobody takes from outside"
        return _told.likely(_NAME, 80, says, _RESTART, local.sign, next_check=_CHECK)
    if shown is not None and _is_in_code(local.sign):
        return _told.likely(_NAME, 68, says, _RESTART, local.sign, shown, next_check=_CHECK)
    if shown is not None and local.sign["inside"] == "container" and "LISTEN" in local.sign.line:
        return _told.likely(_NAME, 72, says, _RESTART, local.sign, shown, next_check=_CHECK)
    if _BOX.match(local.sign.line) and not signs.has("starting"):
        return _told.likely(_NAME, 66, says, _RESTART, local.sign, next_check=_CHECK)
    is_set = local.sign["process"] == "app" and shown is None  # by a file of its own
    if is_set and (box := _bound_inside.boxed(signs)) is not None:
        return _told.likely(_NAME, 60, says, _RESTART, local.sign, box, next_check=_CHECK)
    if local.sign["inside"] == "app" and not signs.has("unit", "dial_missing"):
        return _told.possible(_NAME, 41, says, _RESTART, local.sign, next_check=_CHECK)
    return None


def _is_local_alone(signs: Signs, one: Place) -> bool:
    """On loopback and nowhere else: Flask bound to every address lists loopback first, then the others."""
    others = (o for o in _dialling.listeners(signs) if o.port == one.port and not o.is_loopback)
    return one.is_loopback and _is_inside(one) and not any(o.host and _is_inside(o) for o in others)


def _is_taken(cut: Sign) -> bool:
    """Dialled at the container's own address the connection was taken, so somebody listens there."""
    dial = _dialling.place(cut["target"], cut)
    inside = dial is not None and (dial.is_service or _dialling.is_container_address(dial))
    return inside and cut.kind in ("answer_reset", "answer_closed")


def _is_in_code(sign: Sign) -> bool:
    """The code or command names the loopback: it is so wherever it runs."""
    return sign["process"] in ("flask", "node", "python") and sign["inside"] == "container"


def _is_inside(one: Place) -> bool:
    return _dialling.is_inside(one)


def _is_reached_by_mapping(signs: Signs, local: Place, cut: Sign) -> bool:
    if cut.kind in ("no_port_bound", "probe_failed", "answers_not"):
        return cut.kind != "answers_not" or signs.has("probe_failed")
    return any(sign["port"] == str(local.port) for sign in signs.of("published"))


def _asked(signs: Signs) -> Finding | None:
    """Asked on its loopback inside it answers, and from elsewhere on that port it refuses or cuts."""
    asked = signs.of("asked_from")
    well = next((s for s in asked if s["where"] == "app" and s["result"] == "well"), None)
    if well is None or not re.match(r"localhost|127\.|\[::1\]", well["target"]):
        return None
    bad = next((s for s in asked if s["where"] != "app" and s["result"] in ("refused", "cut")), None)
    if bad is None or _other_port(bad, well):
        return None
    says = "inside its container the app answers on the loopback, and from outside it refuses"
    return _told.likely(_NAME, 86, says, _RESTART, bad, well, next_check=_CHECK)


def _other_port(one: Sign, other: Sign) -> bool:
    """Both name a port, and not the same."""
    ports = {found[1] for s in (one, other) if (found := re.search(r":(\d+)\Z", s["target"]))}
    return len(ports) > 1


def _answers_inside(signs: Signs) -> Finding | None:
    """A command run in the container is answered on its loopback; its address refuses the same port."""
    if not signs.has("answers"):
        return None
    for dial in _dialling.refused(signs):
        if not _dialling.is_container_address(dial):
            continue
        asked = ((s, _dialling.place(s["target"], s, "http")) for s in signs.of("answers"))
        well = next((s for s, one in asked if one and one.is_loopback and one.port == dial.port), None)
        if well is not None and any(_EXEC.search(line) for line in signs.unread):
            says = f"inside its container the app answers on the loopback, and {dial.text} refuses"
            return _told.likely(_NAME, 86, says, _RESTART, dial.sign, well, next_check=_CHECK)
    return None


_EXEC = re.compile(r"\b(?:docker|podman|kubectl|compose)\b.{0,20}\b(?:exec|rsh|attach)\b")


def _cut(signs: Signs) -> Finding | None:
    """A published port takes the connection and cuts it: nobody takes it inside."""
    cut, published = signs.first("cut_off", "answer_reset"), signs.first("published")
    if cut is None or published is None or _dialling.deeper(signs) is not None:
        return None
    says = (
        "the published port takes connections and cuts them: inside, nobody takes them on the outer address"
    )
    weight = 80 if cut.kind == "cut_off" else 62
    return _told.likely(_NAME, weight, says, _RESTART, cut, published, next_check=_CHECK)


def _guess(signs: Signs) -> Finding | None:
    dial = next(
        (d for d in _dialling.refused(signs) if d.is_service or _dialling.is_container_address(d)), None
    )
    unbound = signs.first("no_port_bound")
    if unbound is not None:
        says = "the platform does not find the app: it may be bound to 127.0.0.1"
        return _told.possible(_NAME, 50, says, _RESTART, unbound, next_check=_CHECK)
    if dial is None:
        return None
    weight = 18 if _dialling.deeper(signs) or signs.has("no_live") else 35
    says = f"{dial.text} refuses: the app in that container may be bound to 127.0.0.1"
    return _told.possible(_NAME, weight, says, _RESTART, dial.sign, next_check=_CHECK)
