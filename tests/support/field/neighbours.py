"""A second app on the same host, behind the same nginx, with a unit and a site of its own."""

from tests.support.field.noise import other_site
from tests.support.field.standing import UNIT, until_somebody_listens

NEIGHBOUR_UNIT = "shop.service"
SITE_OF_NEIGHBOUR = "shop.example"
_START = (
    "sed 's#^EnvironmentFile=.*#Environment=APP_PORT=4000 DATABASE_URL=postgresql://shop@10.0.0.9/shop#;"
    f" /^RuntimeDirectory=/d' /etc/systemd/system/{UNIT} >/etc/systemd/system/{NEIGHBOUR_UNIT};"
    f" systemctl daemon-reload; systemctl restart {NEIGHBOUR_UNIT};"
    f" {until_somebody_listens(':4000')}"
)
#: Shell that visits it.
VISITS = "for i in 1 2 3 4 5; do curl -s -o /dev/null -H 'Host: shop.example' http://127.0.0.1/; done; "


def neighbour() -> str:
    """Shell that starts it, lets nginx serve it, and visits it."""
    return other_site() + _START + VISITS
