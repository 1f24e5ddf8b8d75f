"""Images of containers that everybody knows, and the port their program listens on inside.

Source: EXPOSE of the images' own Dockerfiles, and each program's documented default port.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

#: The image's last name -> port. Images whose port their users set themselves are left out.
_PORTS: Mapping[str, str] = {
    "jetty": "8080",
    "tomcat": "8080",
    "tomee": "8080",
    "wildfly": "8080",
    "keycloak": "8080",
    "jenkins": "8080",
    "adminer": "8080",
    "grafana": "3000",
    "gitea": "3000",
    "outline": "3000",
    "metabase": "3000",
    "portainer": "9000",
    "portainer-ce": "9000",
    "sonarqube": "9000",
    "ghost": "2368",
    "mattermost-team-edition": "8065",
    "home-assistant": "8123",
    "kibana": "5601",
    "prometheus": "9090",
    "alertmanager": "9093",
    "odoo": "8069",
    "n8n": "5678",
    "uptime-kuma": "3001",
    "registry": "5000",
    "node-red": "1880",
    "jellyfin": "8096",
    "emby": "8096",
    "sonarr": "8989",
    "radarr": "7878",
    "calibre-web": "8083",
    "airsonic": "4040",
    "nexus3": "8081",
    "redmine": "3000",
    "rocket.chat": "3000",
    "wikijs": "3000",
    "wiki": "3000",
}
_IMAGE = re.compile(
    r"(?:\bimage:\s*[\"']?|\bdocker run\b.{0,200}?\s)(?P<name>[\w./-]+)(?::[\w.-]+)?[\"']?\s*$"
)


@given(_IMAGE)
def _images(piece: Piece) -> Iterator[Sign]:
    """`image: jetty:9` -> its port, unless the text gives the image another one by its environment."""
    for line in piece.text.split("\n"):
        found = _IMAGE.search(line.rstrip())
        port = _PORTS.get(found["name"].rpartition("/")[2].lower()) if found else None
        if port is not None:
            yield Sign(
                kind="listening",
                line=line.strip(),
                fields={"port": port, "inside": "container", "process": "image"},
            )


READERS: tuple[Reader, ...] = (_images,)
