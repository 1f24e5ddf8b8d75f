"""Tables, descriptions and manifests of Kubernetes."""

import pytest

from bot.model.sign import Piece, Sign
from bot.signs import read

MANIFESTS = """\
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    metadata:
      labels:
        app: shop
        tier: front
    spec:
      containers:
        - name: shop
          ports:
            - containerPort: 3000
---
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - http:
        paths:
          - backend:
              service:
                name: shop
                port:
                  number: 8081
"""


def of(text: str, kind: str) -> tuple[Sign, ...]:
    return read([Piece(text=text)]).of(kind)


def test_a_service_has_selector_port_and_target() -> None:
    (service,) = of(MANIFESTS, "service")

    assert (service["service"], service["selector"]) == ("shop", "app=shop")
    assert (service["port"], service["target_port"]) == ("80", "8080")


def test_a_deployment_has_labels_and_ports() -> None:
    assert of(MANIFESTS, "pod_labels")[0]["labels"] == "app=shop,tier=front"
    assert of(MANIFESTS, "serves_port")[0]["port"] == "3000"


@pytest.mark.parametrize(
    "text",
    [
        MANIFESTS,
        "        - path: /\n          backend:\n"
        "            serviceName: shop\n            servicePort: 8081\n",
    ],
    ids=["networking.k8s.io/v1", "the old form, cut"],
)
def test_an_ingress_names_its_backend(text: str) -> None:
    (backend,) = of(text, "ingress_backend")

    assert (backend["service"], backend["port"]) == ("shop", "8081")


def test_services_and_endpoints_as_tables() -> None:
    services = "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\nshop NodePort 10.43.1.2 <none> 80:30080/TCP 3d"
    endpoints = "NAME   ENDPOINTS        AGE\nshop   10.42.0.7:80     3d\npay    <none>           3d"

    service = of(services, "service")[0]

    assert (service["service"], service["port"], service["node_port"]) == ("shop", "80", "30080")
    assert {e["service"]: e["targets"] for e in of(endpoints, "endpoints")} == {
        "shop": "10.42.0.7:80",
        "pay": "",
    }


def test_a_described_service_has_its_endpoints() -> None:
    text = (
        "Name:  shop\nSelector:  app=shop\nPort:  http  80/TCP\nTargetPort:  8080/TCP\nEndpoints:  <none>\n"
    )

    assert of(text, "endpoints")[0]["targets"] == ""
    assert of(text, "service")[0]["target_port"] == "8080"


@pytest.mark.parametrize(
    ("text", "name", "node_port"),
    [
        ("- name: metrics\n  nodePort: 31234\n  port: 9100\n  targetPort: 9100\n", "metrics", "31234"),
        ('"ports": [\n  {\n    "name": "web",\n    "port": 9100,\n    "targetPort": 9100\n  }\n]', "web", ""),
    ],
    ids=["an item of a list", "JSON, cut"],
)
def test_a_port_of_a_cut_service_has_its_own_name_alone(text: str, name: str, node_port: str) -> None:
    service = next(one for one in of(text, "service") if one["port"])

    assert (service["service"], service["name"], service["port"]) == ("", name, "9100")
    assert service["node_port"] == node_port
