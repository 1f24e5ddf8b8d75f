"""More ways in which nginx's own configuration, or the way from it to the app, is broken on a real host.

Each row needs nginx, systemd and python3 on the host, and what it says besides.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.model.host import Host
from tests.support.field.standing import LOGS, SITE, UNIT, until_somebody_listens

USELESS, HARMFUL, HELPS, TEMPORARY = "useless", "harmful", "helps", "temporary"
#: The name that sites go by where several are on one host.
SHOP = "shop.example"
FOLDER = "/etc/nginx/further"


@dataclass(frozen=True, kw_only=True)
class Further:
    """A host that is broken, or looks so and is well."""

    name: str
    #: Shell that breaks a healed host.
    breaks: str
    #: Shell that succeeds as soon as visitors meet it.
    met: str
    #: Shell that takes back what neither `heal` nor TAKE_BACK does.
    mend: str = "true"
    cause: str
    restart: tuple[str, ...] = (USELESS,)
    #: Part of the line that proves it; empty for a host that is well.
    proof: str = ""
    #: Programs the host must have.
    needs: tuple[str, ...] = ()
    #: The host as its fleet describes it, where that differs.
    fleet: Callable[[Host], Host] = lambda host: host


#: `status URL [NAME]`: what a visitor is answered, 0 for nothing. `reload`: until nginx has workers that know
#: the new files, ten seconds at most.
PRELUDE = r"""
status() { python3 -I -c '
import ssl, sys, urllib.error, urllib.request
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_): return None
tls = ssl.create_default_context(); tls.check_hostname = False; tls.verify_mode = ssl.CERT_NONE
over = urllib.request.HTTPSHandler(context=tls), urllib.request.ProxyHandler({})
body = b"x" * int(sys.argv[3]) if len(sys.argv) > 3 else None
asked = urllib.request.Request(sys.argv[1], body, {"Host": sys.argv[2]} if sys.argv[2:] else {})
try: print(urllib.request.build_opener(Stay, *over).open(asked, timeout=8).status)
except urllib.error.HTTPError as error: print(error.code)
except OSError: print(0)
' "$@"; }
is() { test "$(status "$2" ${3+"$3"} ${4+"$4"})" = "$1"; }
workers() { echo $(cat /proc/"$(cat /run/nginx.pid)"/task/*/children); }
reload() {
  nginx -t -q || return
  had=$(workers)
  nginx -s reload
  for i in $(seq 100); do
    for worker in $(workers); do case " $had " in *" $worker "*) ;; *) break 2 ;; esac; done
    sleep 0.1
  done
  sleep 0.4
}
"""
TAKE_BACK = f"""
systemctl stop 'further-*' 2>/dev/null
systemctl unmask -q nginx 2>/dev/null; systemctl enable -q nginx 2>/dev/null
rm -rf {FOLDER} /etc/nginx/conf.d/zz-further.conf /srv/further
[ ! -e /etc/hosts.further ] || {{ cat /etc/hosts.further >/etc/hosts; rm -f /etc/hosts.further; }}
true
"""
HERE = "http://127.0.0.1/"
PASSING = "proxy_set_header Host $host; proxy_connect_timeout 2s; proxy_read_timeout 3s;"
OWN_LOGS = f"error_log {LOGS}/error.log info; access_log {LOGS}/access.log;"
CERT = (
    f"mkdir -p {FOLDER}; openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN={SHOP}"
    f" -keyout {FOLDER}/key -out {FOLDER}/cert 2>/dev/null; "
)
TLS = f"ssl_certificate {FOLDER}/cert; ssl_certificate_key {FOLDER}/key;"
STOP = f"systemctl stop {UNIT}; "
AGAIN = "systemctl restart nginx || true; "


def written(text: str, path: str = SITE) -> str:
    return f"cat >{path} <<'END'\n{text}\nEND\n"


def site(passes: str, *, more: str = "", outside: str = "", logs: str = OWN_LOGS) -> str:
    """The site dials `passes`; `more` stands in its location, `outside` before its server block."""
    location = f"location / {{ {more} proxy_pass {passes}; {PASSING} }}"
    return written(f"{outside}\nserver {{ listen 80 default_server; server_name _; {logs} {location} }}")


def https(passes: str) -> str:
    """Port 80 sends everybody to https."""
    return CERT + written(
        f"server {{ listen 80 default_server; server_name {SHOP}; return 301 https://$host$request_uri; }}\n"
        f"server {{ listen 443 ssl default_server; server_name {SHOP}; {TLS} {OWN_LOGS}"
        f" location / {{ proxy_pass {passes}; {PASSING} }} }}"
    )


def extra(text: str) -> str:
    return written(text, "/etc/nginx/conf.d/zz-further.conf")


def known_as(site: str) -> Callable[[Host], Host]:
    return lambda host: replace(host, public_url=None, service=replace(host.service, site=site))


def run_by(unit: str) -> Callable[[Host], Host]:
    return lambda host: replace(host, service=replace(host.service, unit=unit, health="/"))


def server(port: int, *words: str) -> str:
    """A web server that another unit runs."""
    command = " ".join(("python3", "-m", "http.server", str(port), "--directory", "/srv/further", *words))
    started = f"systemd-run -q --unit further-{port} {command}; {until_somebody_listens(f':{port}')}"
    return f"mkdir -p /srv/further; echo well >/srv/further/index.html; {started}"
