"""Lines that have the words of a sign and say something else, beside lines that do say it."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

#: Kind, a text that does not say so, and one that does.
LOOKALIKES: dict[str, tuple[str, str, str]] = {
    "an address that DNS changed": (
        "config_old",
        "Since the A record was changed the proxy keeps talking to the old server for hours.",
        "After the edit the proxy keeps talking to the old server, although I reloaded it.",
    ),
    "a record that was moved": (
        "config_old",
        "We moved the DNS name, but requests go to the old server",
        "We moved the app, but requests go to the old server",
    ),
    "half of a test": (
        "config_valid",
        "nginx: the configuration file /srv/edge/nginx.conf syntax is ok\n"
        'nginx: [emerg] open() "/srv/edge/logs/shop.log" failed (2: No such file or directory)\n'
        "nginx: configuration file /srv/edge/nginx.conf test failed",
        "nginx: the configuration file /srv/edge/nginx.conf syntax is ok\n"
        "nginx: configuration file /srv/edge/nginx.conf test is successful",
    ),
    "a service's end in the journal": (
        "container",
        "Main PID: 71 (code=exited, status=226/NAMESPACE)\nMay 02 10:00:00 edge systemd[1]: Stopped Notes.",
        "NAME    COMMAND    STATUS\nnotes   run.sh     Stopped",
    ),
    "a container that was only restarted": (
        "container_renewed",
        "Restarting the notes containers helps until the evening.",
        "Recreating the notes containers helps until the evening.",
    ),
    "a host that was restarted": (
        "container_renewed",
        "Since the restart of the machine no container answers",
        "Since the update of the notes container nothing answers",
    ),
    "a stop and a start": (
        "container_renewed",
        "docker compose stop && docker compose up -d",
        "docker compose down && docker compose up -d",
    ),
    "a service that is started": (
        "container_renewed",
        "docker compose up -d edge",
        "docker compose up -d --build edge",
    ),
    "a revision whose number is not told": (
        "released",
        "the deployed revision has two replicas",
        "the deployed revision 7 has two replicas",
    ),
    "a port inside a container": (
        "local_port",
        "Locally the notes service runs in its container and listens on localhost:4321",
        "Locally the notes service runs on localhost:4321",
    ),
    "a status that is wrong": (
        "nginx_not_running",
        "the script prints 'nginx is not running', which is wrong",
        "the script prints 'nginx is not running'",
    ),
    "a user of nginx": ("nginx_not_running", "nginx is not running as root here", "nginx is not running"),
    "a worker in a sentence": (
        "nginx_workers",
        "After 20 reloads I see nginx: worker process is shutting down for minutes",
        "www-data  4712  0.0  nginx: worker process is shutting down",
    ),
    "a port that is free": (
        "nobody_runs",
        "I think nothing is running on port 8080",
        "I think nothing is running",
    ),
    "a port that no process has": ("nobody_runs", "no process uses port 8080", "no process is left"),
    "two statuses in a sentence": (
        "pod",
        "now and then a 502/503 error comes back",
        "notes-0   0/1   Error   3   2d",
    ),
    "the nginx of an app's image": (
        "proxy_in_container",
        "notes-app-1  | /docker-entrypoint.sh: Launching /docker-entrypoint.d/40-notes.sh",
        "edge-nginx-1 | /docker-entrypoint.sh: Launching /docker-entrypoint.d/40-notes.sh",
    ),
    "the last version that works": (
        "proxy_version",
        "All is well up to haproxy 2.4.1, and then it is not",
        "All is well no more with haproxy 2.4.1",
    ),
    "a library's folder": (
        "release_named",
        "/srv/notes/bundle/ruby/2.7.0/gems/puma-5.0.1/lib/run.rb:7:in `open': No such file or directory",
        "/srv/notes/2.7.0/lib/run.rb: No such file or directory",
    ),
    "an interpreter's folder": (
        "release_named",
        "can't open file '/opt/pyenv/versions/3.9.1/bin/gunicorn': not found",
        "can't open file '/opt/notes/3.9.1/bin/gunicorn': not found",
    ),
    "a scheme that was switched": (
        "released",
        "It began after switching the URL of the app to HTTPS",
        "It began after switching the app to 2.4",
    ),
    "a network that was put in place": (
        "released",
        "It began after I deployed an ipvlan",
        "It began after I deployed a new build",
    ),
    "a socket in place of a port": (
        "released",
        "502 when I switch to a unix socket",
        "502 when I switch to the new build",
    ),
    "a browser's system": (
        "system",
        '192.0.2.7 "GET / HTTP/1.1" 502 "-" "Mozilla/5.0 (X11; Fedora; Linux x86_64; rv:90.0)"',
        "Server: Apache/2.4.6 (Fedora)",
    ),
    "a file's name": (
        "system",
        "see https://example.org/files/notes-debian-12.json",
        "it is a Debian 12",
    ),
    "an image's tag": ("system", "image: notes/web:ubuntu-2.1", "Linux 5.4.0-42-generic #46-Ubuntu SMP"),
    "where it was compiled": ("system", "built by gcc 10.2.1 (Debian 10.2.1-6)", "/home/ubuntu/notes"),
    "an opposite": ("unit", "no gunicorn is running", "gunicorn is running"),
    "no process": ("unit", "it says that no process is running", "it says that puma is running"),
    "a condition": ("unit", "when the notes-app is running all is well", "the notes-app is running"),
    "an audit record": ("unit_setting", 'type=AVC msg=audit(17.4:1): avc: comm="nginx"', "Type=notify"),
    "a pool's user": ("unit_setting", "user = notes\ngroup = notes\nlisten = 127.0.0.1:9000", "User = notes"),
    "a folder of an old release": (
        "went_back",
        "The search stops working: its index lies in the old release folder",
        "The search is working with the old release",
    ),
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_a_lookalike_gives_no_sign(name: str) -> None:
    kind, otherwise, _ = LOOKALIKES[name]

    assert not read([Piece(text=otherwise)]).of(kind)


@pytest.mark.parametrize("name", LOOKALIKES)
def test_what_says_so_gives_the_sign(name: str) -> None:
    kind, _, so = LOOKALIKES[name]

    assert read([Piece(text=so)]).of(kind)
