"""Kubernetes objects in sentences: selector and labels, ports and endpoints named in one line.

Source: kubernetes.io "Debug Services"; the fields' own names (selector, targetPort, containerPort).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "in_cluster": "a word or a program of Kubernetes: what is dialled is a pod or a service",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "in_cluster",
        r"\b(?:controller|nginx|queue|store|event|backend_ssl|main|status)\.go:\d+\]|\bkubectl\b"
        r"|\{\{-? ?include \"[\w.-]{1,80}\" "
        r"|\b(?:kube-proxy|kubelet|nginx-ingress|minikube|microk8s|k3s|(?<!/)openshift)\b"
        r"|\bhelm (?:install|upgrade|chart|release)|\b(?:deployments?|daemonsets?|statefulsets?) and pods?\b"
        r"|\bpods? (?:were|are|is|was|under|of|behind|in|from|with)\b|\bthe pods\b"
        r"|\bingress-nginx\b|\bingress[- ]controllers?\b|\.svc\.cluster\.local\b|\bk8s\b|\bkubernetes\b",
        ".go:",
        "{{",
        "kubectl",
        "ingress",
        "cluster.local",
        "k8s",
        "kubernetes",
        *("kube-proxy", "kubelet", "minikube", "k3s", "openshift", "helm ", "pods", "pod "),
    ),
    says(
        "no_endpoints",
        r"\bendpoints?\b\W{1,4}(?:(?:is|are|show\w*|=) )?(?:<none>|none\b|empty\b)",
        "endpoint",
    ),
    says(
        "no_endpoints",
        r"\b(?:does|do|did|has|have)(?:n't| not| no)(?: have| got| get| list| show)?(?: any)?"
        r" endpoints?\b(?! (?:for|available|configured))",
        "endpoint",
    ),
    says(
        "no_endpoints",
        r"^(?=.*\b(?:kubernetes|k8s|kubectl|pods?|helm|namespaces?|ingress)\b).*\bservices?\b.{0,60}\b"
        r"(?:has|have|had|gets?|finds?|with|selects?|match(?:es)?) no (?:matching |backing"
        r" )?(?:targets?|backends?|pods?)\b"
        r"(?! ?groups?)",
        "service",
    ),
    says("no_endpoints", r"\b(?:no|without|empty|zero) endpoints?\b(?! (?:for|available))", "endpoint"),
)
_PAIR = r"(?P<pair>[\w./-]{1,60}\s?[=:]\s?[\w.-]{1,60})"
_SELECTS = re.compile(r"\bselect(?:or|s|ing)\b(?:'s)?(?: \w+){0,3}?[\s:=`\"'{(]+" + _PAIR, re.IGNORECASE)
_LABELLED = re.compile(r"\blabel(?:s|l?ed)?\b(?: \w+){0,3}?[\s:=`\"'{(]+" + _PAIR, re.IGNORECASE)
_TARGET = re.compile(
    r"\btarget ?port\b\W{1,4}(?:(?:is|was|set|to|of) ){0,2}(?P<port>\d{2,5})\b", re.IGNORECASE
)
_CONTAINER = re.compile(
    r"\bcontainer ?port\b\W{1,4}(?:(?:is|was|set|to|of) ){0,2}(?P<port>\d{2,5})\b", re.IGNORECASE
)


_NAMES_ONE = re.compile(r"select|label|port", re.IGNORECASE)


@given(_NAMES_ONE, (_SELECTS, _TARGET, _CONTAINER))
def _sentences(piece: Piece) -> Iterator[Sign]:
    """Signs of lines in which more than one field stands, as sentences have it."""
    for line in piece.text.split("\n"):
        if line.count(" ") < 4 or not _NAMES_ONE.search(line):
            continue
        selects, labelled = _SELECTS.search(line), _LABELLED.search(line)
        target, container = _TARGET.search(line), _CONTAINER.search(line)
        if selects and labelled:
            yield Sign(kind="service", line=line.strip(), fields={"selector": _pair(selects["pair"])})
            yield Sign(kind="pod_labels", line=line.strip(), fields={"labels": _pair(labelled["pair"])})
        if target and not line.strip().lower().startswith(("targetport", "- targetport")):
            yield Sign(kind="service", line=line.strip(), fields={"target_port": target["port"]})
        if container and not line.strip().lower().startswith(("containerport", "- containerport")):
            yield Sign(kind="serves_port", line=line.strip(), fields={"port": container["port"]})


def _pair(said: str) -> str:
    return re.sub(r"\s*[=:]\s*", "=", said.strip(), count=1)


READERS: tuple[Reader, ...] = (_sentences,)
