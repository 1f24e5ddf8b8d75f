"""A Kubernetes service does not select the right pods or port."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _quote, _told


def k8s_service_mismatch(signs: Signs) -> Finding | None:
    """The service sends to no pod, or to a port the pod does not serve: selector or targetPort is wrong.

    Why: the selector's labels are not those of the pods; or targetPort is none of the pods' ports; or the
    service has no endpoints although pods are ready.
    Ruled out when: the service has endpoints on the port the app listens on.
    Mistaken when: the pods are not ready (a failing readiness probe empties the endpoints as well).
    Mended by: the pods' labels in the selector, the app's port in targetPort, the service's name in the
    Ingress.
    Not mended by: a restart of pods or of the ingress controller.
    Source: kubernetes.io "Debug Services" (does the Service have any endpoints), "Service" (targetPort).
    """
    return _labels(signs) or _target_port(signs) or _empty(signs) or _missing(signs)


_NAME = "k8s_service_mismatch"
_RESTART = _quote.useless("app", "the service would select the same pods on the same port")
_CHECK = "`kubectl get endpoints` and `kubectl get pods --show-labels`, held against the service's selector"


def _labels(signs: Signs) -> Finding | None:
    """The selector held against the labels of every workload that was shown."""
    labelled = [set(s["labels"].split(",")) for s in signs.of("pod_labels") if s["labels"]]
    for service in _only(signs):
        wanted = {pair for pair in service["selector"].split(",") if "=" in pair}
        if wanted and labelled and not any(wanted <= labels for labels in labelled):
            named = ", ".join(sorted(wanted))
            says = f"service {service['service']} selects {named}; no workload is labelled so"
            return _told.confirmed(_NAME, 92, says, _RESTART, service, signs.first("pod_labels"))
    return None


def _only(signs: Signs) -> tuple[Sign, ...]:
    """The services, when there is but one: of several, some workloads may not have been pasted."""
    services = signs.of("service")
    return services if len({s["service"] for s in services if s["service"]}) <= 1 else ()


def _target_port(signs: Signs) -> Finding | None:
    served = {p.port for p in _dialling.listeners(signs) if _dialling.is_inside(p)}
    declared = {int(s["port"]) for s in signs.of("serves_port") if s["port"].isdigit()}
    for service in _only(signs):
        port = service["target_port"] or (service["port"] if signs.has("pod_labels", "pod") else "")
        if not port.isdigit() or int(port) in served | declared:
            continue
        if served and service["target_port"]:
            says = f"service {service['service']} sends to port {port}; the app listens on {min(served)}"
            return _told.confirmed(_NAME, 92, says, _RESTART, service)
        if declared and service["target_port"]:
            says = (
                f"service {service['service']} sends to port {port}; the container declares {min(declared)}"
            )
            return _told.likely(
                _NAME, 86, says, _RESTART, service, signs.first("serves_port"), next_check=_CHECK
            )
    return None


def _empty(signs: Signs) -> Finding | None:
    """No endpoints: the selector's fault only when pods are ready."""
    none = next((s for s in signs.where("endpoints", targets="")), None) or signs.first("no_endpoints")
    if none is None:
        return None
    pods = signs.of("pod")
    ready = next((p for p in pods if p["status"] == "Running" and _is_ready(p)), None)
    says = "the service has no endpoints"
    if ready is not None and not any(not _is_ready(p) for p in pods):
        says += ", though pods are ready: its selector does not match them"
        return _told.likely(_NAME, 84, says, _RESTART, none, ready, next_check=_CHECK)
    if pods or _dialling.deeper(signs) or signs.has("probe_failed"):
        return _told.possible(_NAME, 34, says, _RESTART, none, next_check=_CHECK)
    return _told.likely(_NAME, 64, says, _RESTART, none, next_check=_CHECK)


def _is_ready(pod: Sign) -> bool:
    up, _, of = pod["ready"].partition("/")
    return up == of and up != "0"


def _missing(signs: Signs) -> Finding | None:
    said = signs.first("service_missing")
    if said is None:
        return None
    says = f"the Ingress names service {said['service'] or 'or port'}, which does not exist"
    return _told.likely(
        _NAME, 70, says, _RESTART, said, next_check="`kubectl get svc` in the Ingress' namespace"
    )
