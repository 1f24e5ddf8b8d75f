"""A Kubernetes service dialled on a port that it does not have.

Source: kubernetes.io "Service" (port, targetPort, nodePort): a ClusterIP has no rule for other ports, so
their packets are refused or vanish.
"""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty
from bot.rules import _dialling
from bot.rules._dialling import Place
from bot.rules._port_told import Judged


def service(signs: Signs) -> Judged | None:
    """Dialled by its name or its ClusterIP on the container's port or the node's."""
    for dial in (*_dialling.dialled(signs), *_dialling.configured(signs)):
        own = [s for s in signs.of("service") if s["port"].isdigit() and _is_dialled(dial, s)]
        if not own or dial.sign.kind.startswith("answer") or str(dial.port) in {s["port"] for s in own}:
            continue
        has = ", ".join(sorted({s["port"] for s in own}))
        says = f"{dial.text} is dialled; service {own[0]['service']} has only port {has}"
        return Certainty.LIKELY, 90, says, (dial.sign, own[0])
    return None


def _is_dialled(dial: Place, sign: Sign) -> bool:
    if dial.is_name:
        return bool(sign["service"]) and dial.host.partition(".")[0] == sign["service"]
    return bool(sign["address"]) and dial.host == sign["address"]
