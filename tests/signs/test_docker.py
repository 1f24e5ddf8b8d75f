"""Tables and JSON of Docker."""

from bot.model.sign import Piece, Sign
from bot.signs import read

PS = """\
CONTAINER ID   IMAGE        COMMAND       CREATED       STATUS                    PORTS                                   NAMES
0a1b2c3d4e5f   shop:3       "npm start"   2 hours ago   Up 2 hours (unhealthy)    0.0.0.0:8080->3000/tcp, [::]:8080->3000/tcp   shop-app-1
1a1b2c3d4e5f   worker:3     "npm run w"   2 hours ago   Exited (137) 1 hour ago                                           shop-worker-1
2a1b2c3d4e5f   nginx:1.27   "/docker-…"   2 hours ago   Up 2 hours                80/tcp                                  shop-nginx-1
"""  # noqa: E501
OLD_COMPOSE = """\
    Name           Command       State      Ports
--------------------------------------------------
shop_app_1     npm start     Exit 1
shop_nginx_1   nginx -g …    Up       0.0.0.0:80->80/tcp
"""
INSPECT = """\
        "Name": "/shop-app-1",
            "Networks": {
                "shop_inner": {
                    "IPAMConfig": null,
                    "IPAddress": "172.22.0.3",
"""


def of(text: str, kind: str) -> tuple[Sign, ...]:
    return read([Piece(text=text)]).of(kind)


def test_docker_ps_tells_state_code_and_name() -> None:
    found = of(PS, "container")

    assert [(c["name"], c["state"], c["code"]) for c in found] == [
        ("shop-app-1", "up", ""),
        ("shop-worker-1", "exited", "137"),
        ("shop-nginx-1", "up", ""),
    ]


def test_docker_ps_tells_published_and_only_served_ports_apart() -> None:
    published, served = of(PS, "published"), of(PS, "serves_port")

    assert {(p["name"], p["address"], p["host_port"], p["port"]) for p in published} == {
        ("shop-app-1", "0.0.0.0", "8080", "3000"),  # read, not bound
        ("shop-app-1", "[::]", "8080", "3000"),
    }
    assert [(p["name"], p["port"]) for p in served] == [("shop-nginx-1", "80")]


def test_docker_ps_tells_health() -> None:
    assert [(h["name"], h["state"]) for h in of(PS, "health")] == [("shop-app-1", "unhealthy")]


def test_a_row_without_its_header_is_read_by_its_id() -> None:
    row = PS.splitlines()[2]

    assert of(row, "container")[0]["code"] == "137"


def test_the_old_compose_table_names_first() -> None:
    assert [(c["name"], c["state"], c["code"]) for c in of(OLD_COMPOSE, "container")] == [
        ("shop_app_1", "exited", "1"),
        ("shop_nginx_1", "up", ""),
    ]


def test_a_table_of_pods_is_no_table_of_containers() -> None:
    pods = "NAME   READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          3h"

    assert not of(pods, "container")


def test_inspect_tells_networks_and_addresses() -> None:
    found = of(INSPECT, "on_network")

    assert found[-1].fields == {"name": "shop-app-1", "network": "shop_inner", "address": "172.22.0.3"}


def test_a_run_without_a_name_is_not_called_by_its_image() -> None:
    text = "docker run -d -p 8080:80 shop.example/notes:3"

    (service,), published = of(text, "compose_service"), of(text, "published")

    assert (service["name"], service["image"]) == ("", "shop.example/notes:3")
    assert {port["name"] for port in published} == {""}
