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
    Source: kubernetes.io "Debug Services" (does the Service have any endpoints), "Service" (targetPort);
    ingress-nginx internal/ingress/controller/controller.go (newDefaultServer).
    """
    return (
        _labels(signs)
        or _target_port(signs)
        or _elsewhere(signs)
        or _empty(signs)
        or _missing(signs)
        or _placeholder(signs)
    )


_NAME = "k8s_service_mismatch"
_RESTART = _quote.useless("app", "the service would select the same pods on the same port")
_CHECK = "`kubectl get endpoints` and `kubectl get pods --show-labels`, held against the service's selector"


def _labels(signs: Signs) -> Finding | None:
    """The selector held against the labels of every workload that was shown."""
    labelled = [(s, _pairs(s["labels"])) for s in signs.of("pod_labels") if s["labels"]]
    for service in _only(signs):
        wanted = _pairs(service["selector"])
        if not wanted or not labelled or any(wanted <= labels for _, labels in labelled):
            continue
        says = f"service {service['service']} selects {', '.join(sorted(wanted))}; no workload is labelled so"
        near = next((shown for shown, labels in labelled if _is_meant(service, shown, wanted, labels)), None)
        if near is not None:
            return _told.confirmed(_NAME, 92, says, _RESTART, service, near)
        return _told.likely(_NAME, 80, says, _RESTART, service, labelled[0][0], next_check=_CHECK)
    return None


def _pairs(said: str) -> set[str]:
    return {pair for pair in said.split(",") if "=" in pair}


def _is_meant(service: Sign, shown: Sign, wanted: set[str], labels: set[str]) -> bool:
    """The workload is the service's: the same keys, or a name that is part of the other's."""
    keys = {pair.partition("=")[0] for pair in wanted}
    names = (service["service"], shown["name"])
    is_kin = all(names) and (names[0] in names[1] or names[1] in names[0])
    return is_kin or keys <= {pair.partition("=")[0] for pair in labels}


def _only(signs: Signs) -> tuple[Sign, ...]:
    """The services, when there is but one: of several, some workloads may not have been pasted."""
    services = signs.of("service")
    return services if len({s["service"] for s in services if s["service"]}) <= 1 else ()


def _target_port(signs: Signs) -> Finding | None:
    """Where the service sends, held against what the app says and what its container declares."""
    served = {p.port for p in _dialling.listeners(signs) if _dialling.is_inside(p)}
    declared = signs.of("serves_port")
    numbers = {int(s["port"]) for s in declared if s["port"].isdigit()}
    for service in _only(signs):
        port = service["target_port"] or (service["port"] if signs.has("pod_labels", "pod") else "")
        if port and not port.isdigit():
            if declared and not any(s["label"] == port for s in declared):
                says = f"service {service['service']} sends to a port named {port}; no container has one"
                return _told.likely(_NAME, 88, says, _RESTART, service, declared[0], next_check=_CHECK)
            continue
        if not port or int(port) in served | numbers:
            continue
        if served and service["target_port"]:
            says = f"service {service['service']} sends to port {port}; the app listens on {min(served)}"
            return _told.confirmed(_NAME, 92, says, _RESTART, service)
        if numbers:
            says = f"service {service['service']} sends to port {port}; the container declares {min(numbers)}"
            weight = 86 if service["target_port"] else 80
            return _told.likely(_NAME, weight, says, _RESTART, service, declared[0], next_check=_CHECK)
    return None


def _elsewhere(signs: Signs) -> Finding | None:
    """An Ingress names a service that is none of those shown, or that is in another namespace."""
    services = [s for s in signs.of("service") if s["service"]]
    for backend in signs.of("ingress_backend") if services else ():
        same = [s for s in services if s["service"] == backend["service"]]
        spaces = {s["namespace"] for s in same}
        if same and backend["namespace"] and "" not in spaces and backend["namespace"] not in spaces:
            says = f"the Ingress is in namespace {backend['namespace']}, service {backend['service']} in"
            says = f"{says} {min(spaces)}: an Ingress reaches services of its own namespace alone"
            return _told.likely(_NAME, 86, says, _RESTART, backend, same[0], next_check=_IN_NAMESPACE)
        if not same and backend["service"]:
            says = (
                f"the Ingress names service {backend['service']}; what is shown is {services[0]['service']}"
            )
            return _told.likely(_NAME, 76, says, _RESTART, backend, services[0], next_check=_IN_NAMESPACE)
    return None


_IN_NAMESPACE = "`kubectl get svc` in the Ingress' namespace"


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
    return _told.likely(_NAME, 70, says, _RESTART, said, next_check=_IN_NAMESPACE)


#: ingress-nginx dials its own default server for a service without endpoints (controller.go, 8181).
_DEFAULT_SERVER = "127.0.0.1:8181"


def _placeholder(signs: Signs) -> Finding | None:
    """The ingress controller has no endpoint for the service, and dials the server it has for that."""
    dials = (s for s in signs.of("status", "dial_refused", "dial_failed") if _DEFAULT_SERVER in s["target"])
    sent = next(dials, None)
    if sent is None or not signs.has("in_cluster", "pod", "service", "pod_labels", "ingress_backend"):
        return None
    says = f"the ingress controller sends to {_DEFAULT_SERVER}, its own server for services without endpoints"
    if _dialling.deeper(signs) or signs.has("probe_failed"):
        return _told.possible(_NAME, 40, says, _RESTART, sent, next_check=_CHECK)
    return _told.likely(_NAME, 76, says, _RESTART, sent, next_check=_CHECK)
