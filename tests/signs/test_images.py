"""Images of containers and the port their program listens on."""

import pytest

from bot.model.sign import Piece
from bot.signs.images import READERS


def ports(text: str) -> list[str]:
    return [sign["port"] for reader in READERS for sign in reader(Piece(text=text))]


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("  image: jetty:9", "8080"),
        ('    image: "portainer/portainer-ce:latest"', "9000"),
        ("docker run -d --name g grafana/grafana:10.4", "3000"),
    ],
)
def test_a_known_image_has_its_port(text: str, port: str) -> None:
    assert ports(text) == [port]


@pytest.mark.parametrize("text", ["image: shop:latest", "image: nginx", "the image: jetty is fine, they say"])
def test_other_images_and_prose_have_none(text: str) -> None:
    assert ports(text) == []
