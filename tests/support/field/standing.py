"""How an app and nginx stand on a lab host, and the scripts that put them up so and take it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.model.host import Host, Service

#: The lab's own way: what `heal` brings back.
UNIT, ENV, SITE = "myapp.service", "/etc/myapp/env", "/etc/nginx/sites-available/myapp"
LOGS = "/var/log/nginx"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the app listens, what its unit is called and what nginx dials."""

    unit: str = UNIT
    #: Settings of the app beside the lab's own.
    settings: Mapping[str, str] = field(default_factory=dict)
    #: What nginx's upstream names, in order.
    dials: tuple[str, ...] = ("127.0.0.1:3000",)
    listens: tuple[str, ...] = ("80 default_server",)
    #: Where the fleet says that nginx is asked from the host itself.
    url: str = "http://127.0.0.1/"
    #: More shell, run before nginx is reloaded.
    more: str = ""
    #: Some upstream server answers whatever happens to the app.
    has_another_server: bool = False

    @property
    def own(self) -> str:
        """The address of the app itself."""
        return self.dials[0]

    def up(self) -> str:
        """Shell that puts app and nginx up like this, from a healed host."""
        settings = "".join(setting(name, value) for name, value in self.settings.items())
        started = f"{self._unit()} {self.more} {until_somebody_listens(self.own)}"
        return f"{settings} {started} {write(SITE, self._site())} nginx -t -q; nginx -s reload"

    def host(self, host: Host) -> Host:
        """The host as a fleet file would describe it then."""
        service: Service = replace(
            host.service, unit=self.unit, nginx=replace(host.service.nginx, url=self.url)
        )
        return replace(host, service=service)

    def _unit(self) -> str:
        if self.unit == UNIT:
            return restart(UNIT)
        template = self.unit.partition("@")[0] + ("@.service" if "@" in self.unit else "")
        return (
            f"systemctl disable -q --now {UNIT};"
            f" cp /etc/systemd/system/{UNIT} /etc/systemd/system/{template};"
            f" systemctl daemon-reload; {restart(self.unit)}"
        )

    def _site(self) -> str:
        servers = " ".join(f"server {address};" for address in self.dials)
        listens = " ".join(f"listen {address};" for address in self.listens)
        return (
            f"upstream myapp {{ {servers} }}\n"
            f"server {{ {listens} server_name _;\n"
            f"error_log {LOGS}/error.log info; access_log {LOGS}/access.log;\n"
            "location / { proxy_pass http://myapp; proxy_set_header Host $host;\n"
            "proxy_connect_timeout 2s; proxy_send_timeout 3s; proxy_read_timeout 3s; } }\n"
        )


def setting(name: str, value: str) -> str:
    """Shell that sets one variable of the app's environment."""
    return f"sed -i '/^{name}=/d' {ENV}; echo '{name}={value}' >>{ENV}; "


def restart(unit: str) -> str:
    """Shell that starts a unit afresh; that it fails is no failure of the script."""
    return f"systemctl reset-failed {unit} 2>/dev/null || :; systemctl restart {unit} || :; "


def until_somebody_listens(address: str) -> str:
    """Shell that waits for a listener there, on whatever address of that port; a minute at most."""
    place = address[5:] if address.startswith("unix:") else f":{address.rpartition(':')[2]}"
    return f"for i in $(seq 600); do ss -Hltxn | grep -qF '{place} ' && break; sleep 0.1; done; "


def write(path: str, text: str) -> str:
    """Shell that writes a file."""
    return f"cat >{path} <<'END'\n{text}END\n"


#: Shell that takes back whatever a standing or a circumstance added; `heal` does the rest.
TAKE_BACK = f"""
for unit in orders@ shop second; do
  [ -e /etc/systemd/system/$unit.service ] || continue
  systemctl stop "$unit*.service" 2>/dev/null
  rm -rf /etc/systemd/system/$unit*
  systemctl daemon-reload; systemctl enable -q {UNIT}
done
rm -f /etc/myapp/env.* /etc/nginx/conf.d/zz-*.conf {LOGS}/*.1 {LOGS}/*.gz {LOGS}/*.log-*
if [ -e /etc/localtime.kept ]; then mv -T /etc/localtime.kept /etc/localtime; systemctl restart nginx; fi
if [ -e /etc/localtime.none ]; then rm -f /etc/localtime /etc/localtime.none; systemctl restart nginx; fi
: >{LOGS}/error.log; : >{LOGS}/access.log
nginx -s reopen 2>/dev/null
true
"""
