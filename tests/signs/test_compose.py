"""Compose files, also cut ones."""

from bot.model.sign import Piece, Sign
from bot.signs import read

WHOLE = """\
services:
  proxy:
    image: nginx:1.27
    ports:
      - "80:80"
    networks:
      - edge
  app:
    build: .
    expose:
      - "8000"
    networks:
      inner:
        aliases: [shop]
networks:
  edge:
  inner:
"""


def of(text: str, kind: str) -> tuple[Sign, ...]:
    return read([Piece(text=text)]).of(kind)


def test_services_have_their_networks() -> None:
    found = {s["name"]: s["networks"] for s in of(WHOLE, "compose_service")}

    assert found == {"proxy": "edge", "app": "inner"}


def test_published_and_exposed_ports_are_told_apart() -> None:
    assert [(p["name"], p["host_port"], p["port"]) for p in of(WHOLE, "published")] == [("proxy", "80", "80")]
    assert [(p["name"], p["port"]) for p in of(WHOLE, "serves_port")] == [("app", "8000")]


def test_a_file_begun_in_the_middle_is_read_from_its_first_service() -> None:
    cut = "      - ./x:/y\n  app:\n    image: shop\n    network_mode: host\n"

    found = of(cut, "compose_service")

    assert [(s["name"], s["mode"]) for s in found] == [("app", "host")]


def test_a_manifest_of_kubernetes_is_no_compose_file() -> None:
    manifest = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: shop\n      ports: []\n"

    assert not of(manifest, "compose_service")
