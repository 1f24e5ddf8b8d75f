"""Ports without a refusal: a block that dials itself, a published port, a report that blames a port."""

from bot.model.sign import Signs
from bot.model.verdict import Certainty
from bot.rules import _dialling
from bot.rules._place import FPM_PORT
from bot.rules._port_told import Judged


def of_platform(signs: Signs) -> Judged | None:
    """The platform sends to one port, and the app says that it listens on another."""
    sent = next((s for s in signs.of("platform_port") if s["port"].isdigit()), None)
    own = [one for one in _dialling.listeners(signs) if _dialling.is_inside(one)]
    if sent is None or not own or any(one.port == int(sent["port"]) for one in own):
        return None
    says = f"the platform sends to port {sent['port']}; the app listens on {own[0].port}"
    return Certainty.LIKELY, 88, says, (sent, own[0].sign)


def of_fpm(signs: Signs) -> Judged | None:
    """PHP-FPM is up in a container, and another port than its image's is dialled (zz-docker.conf: 9000)."""
    up = next((s for s in signs.where("started", app="php-fpm") if not s["port"]), None)
    dials = [d for d in _dialling.refused(signs) if d.sign["protocol"] == "fastcgi"]
    other = next((d for d in dials if d.port != FPM_PORT and _dialling.is_container_address(d)), None)
    if up is None or other is None or signs.has("exited", "killed", "fpm_dies"):
        return None
    says = f"PHP-FPM is up, and its image listens on {FPM_PORT}; {other.text} is dialled"
    return Certainty.LIKELY, 80, says, (other.sign, up)


def none_known(signs: Signs) -> Judged | None:
    """Port 0 is dialled, where nobody listens (RFC 6335, 6): the proxy found no port for that server."""
    nought = next((one for one in _dialling.refused(signs) if one.port == 0), None)
    if nought is None:
        return None
    return Certainty.LIKELY, 90, f"{nought.text} is dialled: the proxy knows no port for it", (nought.sign,)


def greeted(signs: Signs) -> Judged | None:
    """Another program answers on the port that is dialled, by its own greeting."""
    said = signs.first("greeted")
    if said is None:
        return None
    return (
        Certainty.LIKELY,
        90,
        f"{said['program']} answers on the port that is dialled, not the app",
        (said,),
    )


def itself(signs: Signs) -> Judged | None:
    """A server block dials its own listener: the app's port was meant."""
    loop = signs.first("dials_itself")
    if loop is None or signs.has("dial_refused", "dial_missing"):
        return None
    says = f"nginx dials {loop['target']}, where this same server block listens: it asks itself, not the app"
    return Certainty.LIKELY, 76, says, (loop,)


def inside(signs: Signs) -> Judged | None:
    """A published port leads to a port of the container on which the app in it does not listen."""
    own = [one for one in _dialling.listeners(signs) if _dialling.is_inside(one)]
    leads = [s for s in signs.of("published") if s["port"].isdigit()]
    broken = signs.first("cut_off", "answer_reset", "answer_closed", "dial_refused", "status", "page")
    broken = broken or signs.first("loopback_fails")
    if broken is None or len({one.port for one in own}) != 1 or len({s["port"] for s in leads}) != 1:
        return None
    if leads[0]["port"] == str(own[0].port) or int(leads[0]["port"]) in _dialling.NEVER_APPS:
        return None
    says = f"the container's port {leads[0]['port']} is published; the app in it listens on {own[0].port}"
    return Certainty.LIKELY, 82, says, (leads[0], own[0].sign)


def probed(signs: Signs) -> Judged | None:
    """Kubernetes' probe asks another port than the app listens on."""
    own = [one for one in _dialling.listeners(signs) if _dialling.is_inside(one)]
    for sign in signs.of("answers_not") if signs.has("probe_failed") and own else ():
        asked = _dialling.place(sign["target"], sign)
        if asked and "refused" in sign["reason"] and not any(one.port == asked.port for one in own):
            says = f"the probe asks {asked.text} and is refused; the app listens on {own[0].text}"
            return Certainty.LIKELY, 76, says, (sign, own[0].sign)
    return None


def blamed(signs: Signs) -> Judged | None:
    """Somebody writes that it came, or went, with a port; nothing else is told."""
    said = signs.first("port_blamed")
    if said is None or signs.has(*_SAY_MORE):
        return None
    return Certainty.LIKELY, 58, "it came, or went, with the change of a port, as the report says", (said,)


def not_chosen(signs: Signs) -> Judged | None:
    """nginx-proxy knows a host, and the container exposes several ports of which none is said to be meant.

    Then it takes 80 (nginx-proxy README, "VIRTUAL_PORT"), or marks the server as down where 80 is not open.
    """
    host = next((s for s in signs.of("found_by_label") if s["what"] == "VIRTUAL_HOST"), None)
    if host is None or signs.has("proxy_setting", *_SAY_MORE):
        return None
    exposed = [s for s in signs.of("published", "serves_port") if s["port"].isdigit()]
    for first in exposed:
        ports = {s["port"] for s in exposed if s["name"] == first["name"]} - {"443"}
        if len(ports) >= _SEVERAL and "80" not in ports and not _NEVER & ports:
            says = (
                f"the container exposes {', '.join(sorted(ports))}, and no VIRTUAL_PORT says which is meant"
            )
            return Certainty.LIKELY, 74, says, (host, first)
    return None


_SEVERAL = 2
_NEVER = {str(port) for port in _dialling.NEVER_APPS}


def unsaid(signs: Signs) -> Judged | None:
    """Traefik was told a host and no port, and nothing else is amiss."""
    left = signs.first("port_left_open")
    if left is None or signs.has(
        *_SAY_MORE, "network_unknown", "dial_timeout", "no_live", "crashed", "exited"
    ):
        return None
    says = "no label names the container's port: Traefik takes the lowest that its image exposes"
    return Certainty.POSSIBLE, 52, says, (left,)  # with one port exposed it finds the right one


#: What tells more than a port that is named in passing.
_SAY_MORE = (
    *(
        "app_failed",
        "header_too_big",
        "config_invalid",
        "port_taken",
        "crashed",
        "dial_missing",
        "dial_denied",
    ),
    *("blocked", "filter_active", "filter_allows", "filter_mends", "closed_by_default", "networks_told"),
    *(
        "tls_not_spoken",
        "tls_alert",
        "answer_not_protocol",
        "loopback_fails",
        "denied_by_policy",
        "worker_timeout",
    ),
)
