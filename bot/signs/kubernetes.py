"""kubectl tables, events and descriptions; ingress controllers on services without endpoints.

Manifests are read in manifests.py.
Source: kubernetes.io "Debug Services", "Debug Pods", "Pod lifecycle" (container states); ingress-nginx
internal/ingress/controller/controller.go, endpointslices.go.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.manifests import manifests
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "service": "a Kubernetes service; fields: "
    "service, namespace, port, name, target_port, node_port, selector, address",
    "endpoints": "the addresses behind a service, empty for none; fields: service, targets",
    "no_endpoints": "a service has no endpoint to send to; fields: service",
    "service_missing": "an Ingress names a service or port that does not exist; fields: service, port",
    "ingress_backend": "an Ingress names a service and its port; fields: service, port, namespace",
    "pod_labels": "labels of pods; fields: name, labels",
    "probe_failed": "a readiness, liveness or startup probe failed; fields: probe, text, target, status",
    "image_missing": "an image cannot be pulled; fields: name",
    "not_scheduled": "a pod finds no node; fields: text",
    "backing_off": "a container ends again and again; fields: name",
}
_SVC = r"(?P<service>[\w.-]+/[\w.-]+|[\w.-]+)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "pod",
        r"(?:^|\s)(?P<name>(?:pod/)?[a-z0-9][\w.-]*)\s+(?P<ready>\d+/\d+)\s+"
        r"(?P<status>(?-i:[A-Z][\w:]+))(?:\s+(?P<restarts>\d+)(?![\d.]*\.\d)(?:\s+\([^)]{1,20}\))?"
        # Columns of one's own, or a row that was cut, may leave restarts and age out.
        r"(?:\s+\d\S{0,8})?)?(?:\s+(?P<address>\d{1,3}(?:\.\d{1,3}){3})\b)?",
        "running",
        "crashloopbackoff",
        "error",
        "pending",
        "completed",
        "terminating",
        "containercreating",
        "imagepullbackoff",
        "errimagepull",
        "oomkilled",
        "init:",
        "evicted",
        "podinitializing",
        "createcontainer",
    ),
    says(
        "out_of_memory",
        r"(?:^|\s)(?P<who>[a-z0-9][\w.-]*)\s+\d+/\d+\s+OOMKilled",
        "oomkilled",
        limit="cgroup",
    ),
    says("out_of_memory", r"Reason:\s+OOMKilled|reason: OOMKilled|\bOOMKilling\b", "oomkill", limit="cgroup"),
    says("no_endpoints", rf"Service \\*\"{_SVC}\\*\" does not have any active Endpoint", "active endpoint"),
    says("no_endpoints", rf"service {_SVC} does not have any active endpoints?", "active endpoint"),
    says("no_endpoints", rf"no endpoints (?:available )?for service \\?\"?{_SVC}", "no endpoints"),
    # ingress-nginx' placeholder for an upstream without endpoints.
    says("no_endpoints", r"(?:server |upstream: \"\w+://)127\.0\.0\.1:8181\b", "127.0.0.1:8181"),
    says("no_endpoints", r"unix:/\S{0,80}nginx-50[02]-server\.sock", "nginx-50"),
    says(
        "no_endpoints",
        rf"Error retrieving endpoints for the service \\?\"?{_SVC}"
        r"|No (?:pods of|endpoints for target port \S+ in) service",
        "retrieving endpoints",
        "no pods of service",
        "no endpoints for target",
    ),
    says(
        "service_missing",
        # A certificate's secret that is missing leaves ingress-nginx with its own certificate, and no outage.
        rf"^(?!.*(?:X\.509|[Ss]ecret)).*(?:Error (?:obtaining|getting) (?:Endpoints|service)s? .{{0,40}}"
        rf"|no object matching key )\\?\"{_SVC}\\?\"",
        "no object matching",
        "error obtaining",
        "error getting",
    ),
    says("service_missing", rf"service {_SVC} (?:does not exist|was not found)", "service "),
    says("service_missing", rf"services? \"{_SVC}\" not found", "not found"),
    says(
        "conf",
        r"nginx\.ingress\.kubernetes\.io/limit-(?:rps|rpm)\W{1,3}(?P<value>\d+)",
        "kubernetes.io/limit-",
        directive="limit_req",
    ),
    says(
        "conf",
        r"nginx\.ingress\.kubernetes\.io/limit-connections\W{1,3}(?P<value>\d+)",
        "kubernetes.io/limit-",
        directive="limit_conn",
    ),
    says(
        "service_missing",
        rf"could not find port \\?\"?(?P<port>[\w-]+)\\?\"? in service \\?\"?{_SVC}"
        rf"|service \\?\"?(?:[\w./-]+)\\?\"? is type .{{1,20}}, expected",
        "could not find port",
        "is type",
    ),
    says("service_missing", rf"<error: (?:endpoints|services) \"{_SVC}\" not found>", "<error:"),
    says(
        "service_missing",
        rf"[Ss]ervice \\?\"?{_SVC}\\?\"? (?:has no port|does not have (?:a )?port) (?P<port>[\w-]+)",
        "port",
    ),
    says(
        "probe_failed",
        r"(?P<probe>Readiness|Liveness|Startup) probe (?:failed|errored): (?P<text>.{0,300})",
        "probe failed",
        "probe errored",
    ),
    says(
        "answers_not",
        r"probe failed: .{0,160}dial tcp (?P<target>\S+): (?P<reason>connect: connection refused)",
        "probe failed",
    ),
    says(
        "answers_not",
        r"probe failed: .{0,200}(?P<reason>context deadline exceeded|Client\.Timeout|i/o timeout)",
        "probe failed",
    ),
    says(
        "backing_off", r"Back-off restarting failed container(?: (?P<name>[\w.-]+))?", "back-off restarting"
    ),
    says("backing_off", r"\bcrash-?looping\b|\bKubePodCrashLooping\b", "looping"),
    says(
        "backing_off",
        r"(?:^|\s)(?P<name>[a-z0-9][\w.-]*)\s+\d+/\d+\s+(?:CrashLoopBackOff|Init:CrashLoopBackOff)",
        "crashloopbackoff",
    ),
    says(
        "image_missing",
        r"(?:Failed to pull image|Back-off pulling image|ErrImagePull|ImagePullBackOff"
        r"|InvalidImageName)(?:\W+(?P<name>[\w./:@-]+))?",
        "pull",
        "invalidimagename",
    ),
    says("not_scheduled", r"(?P<text>\d+/\d+ nodes are available: .{0,160})", "nodes are available"),
    says(
        "missing_setting",
        r"(?:secret|configmap) \\?\"(?P<name>[\w.-]+)\\?\" not found",
        "secret ",
        "configmap ",
    ),
    says(
        "missing_setting", r"couldn't find key (?P<name>[\w.-]+) in (?:ConfigMap|Secret)", "couldn't find key"
    ),
    says(
        "exited",
        r"Reason:\s+Error\s+Exit Code:\s+(?P<code>\d+)|Exit Code:\s+(?!0\b|137|139)(?P<who>\d+)",
        "exit code",
    ),
    says("killed", r"Exit Code:\s+137", "exit code", signal="9"),
    says("crashed", r"Exit Code:\s+139", "exit code", signal="SIGSEGV"),
    says(
        "proxy_in_container",
        r"NGINX Ingress controller|ingress-nginx|nginx-ingress|upstream-default-backend"
        r"|\[[\w.-]+-[\w.-]+-(?:\d+|http|https|web)\] \[\]",
        "ingress",
        "upstream-default",
        "] [] ",
        proxy="nginx",
    ),
    # A row of `kubectl get endpointslices` without addresses.
    says(
        "no_endpoints",
        r"(?P<service>[a-z][\w.-]*?)(?:-[a-z0-9]{5})?\s+IPv[46]\s+\S+\s+<unset>\s+\d+\w+",
        "<unset>",
    ),
    says("no_endpoints", r"^\s*subsets:\s*(?:\[\]|null|~)\s*$", "subsets:"),
)

_SERVICE_ROW = re.compile(
    r"(?:\A|\s)(?P<service>(?:service/|svc/)?[a-z0-9][\w.-]*)\s+(?:ClusterIP|NodePort|LoadBalancer"
    r"|ExternalName)\s+"
    r"(?P<address>\S+)\s+(?:(?!\d+[:/])\S+(?:\s\S+)?\s+)?(?P<ports>[\d:/A-Z,]+"
    r"|<none>)(?:\s+\S+|\s*\Z)(?:\s+(?P<selector>[\w./-]+=\S+|<none>))?"
)
_ROW_PORT = re.compile(r"(?P<port>\d+)(?::(?P<node>\d+))?/(?:TCP|UDP)")


@given(_SERVICE_ROW, _ROW_PORT)
def _services(piece: Piece) -> Iterator[Sign]:
    """Rows of `kubectl get svc`."""
    for line in piece.text.split("\n"):
        row = _SERVICE_ROW.search(line)
        for port in _ROW_PORT.finditer(row["ports"]) if row else ():
            assert row is not None
            fields = {
                "service": row["service"].rpartition("/")[2],
                "port": port["port"],
                "node_port": port["node"] or "",
                "selector": row["selector"] or "",
                "address": row["address"],
            }
            yield Sign(kind="service", line=line.strip(), fields=fields)


_ENDPOINT_ROW = re.compile(
    r"(?:\A|\s)(?P<service>(?:endpoints/)?[a-z0-9][\w.-]*)\s+(?P<targets><none>|[\d.]+:\d+\S*(?: \+ "
    r"\d+ more\.*)?)(?:\s+\d+\w+|\s*\Z)"
)


_NAME_COLUMN = re.compile(r"\bNAME\s")


@given("endpoints", _ENDPOINT_ROW)
def _endpoints(piece: Piece) -> Iterator[Sign]:
    """Rows of `kubectl get endpoints`."""
    is_table = False
    for line in piece.text.split("\n"):
        if _NAME_COLUMN.search(line):
            is_table = "ENDPOINTS" in line
        row = _ENDPOINT_ROW.search(line) if is_table or "endpoints/" in line else None
        if row:
            targets = "" if row["targets"] == "<none>" else row["targets"]
            service = row["service"].rpartition("/")[2]
            yield Sign(kind="endpoints", line=line.strip(), fields={"service": service, "targets": targets})


READERS: tuple[Reader, ...] = (_services, _endpoints, manifests)
