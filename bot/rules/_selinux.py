"""What SELinux denied to nginx on its way to the app, and what lets it through.

Source: httpd_selinux(8); semanage-port(8), semanage-fcontext(8), audit2allow(1): a boolean opens ports, a
socket below /run has the label of its folder, and whom it leads to is a
domain that only a module lets nginx reach.
"""

from collections.abc import Sequence

from bot.parsers.nginx_error_log import NginxError
from bot.parsers.selinux import Denial, SelinuxMode
from bot.rules import _address

#: Lets nginx connect to any port.
BOOLEAN = "httpd_can_network_connect"
_MODULE = (
    "a module of the policy's, as no boolean opens the way to that domain: "
    "`ausearch -m AVC -c nginx -ts recent | audit2allow -M nginx_app`, read what it allows, "
    "then `semodule -i nginx_app.pp`"
)


def of_nginx(selinux: SelinuxMode | None, logged: Sequence[NginxError]) -> tuple[Denial, ...]:
    """Denials of nginx that are part of connecting, oldest first; of what it logged where it logged any."""
    found = tuple(d for d in (selinux.denials if selinux else ()) if d.is_nginx_s and d.is_on_way)
    if not logged:
        return found
    ports = {place[1] for e in logged if (place := _address.split(e.address))}
    by_file = any(e.address.startswith("unix:") for e in logged)
    return tuple(d for d in found if (by_file if d.is_of_file else d.port in ports))


def best(audited: Sequence[Denial]) -> tuple[Denial, ...]:
    """The last as the kernel said it, which names the port's label; else in setroubleshoot's words."""
    return tuple([d for d in audited if "avc:" in d.line][-1:] or audited[-1:])


def mode(selinux: SelinuxMode) -> str:
    """The mode, and the boolean where it was told."""
    is_on = selinux.is_on(BOOLEAN)
    return selinux.line if is_on is None else f"{selinux.line}, {BOOLEAN} is {'on' if is_on else 'off'}"


def mend(selinux: SelinuxMode | None, logged: Sequence[NginxError], audited: Sequence[Denial]) -> str | None:
    """For this very denial; None where the rule's own account says all."""
    path = next((e.address.removeprefix("unix:") for e in logged if e.address.startswith("unix:")), None)
    if any("connectto" in denial.line for denial in audited):
        return _MODULE
    if path is not None or any(denial.is_of_file for denial in audited):
        folder = path.rpartition("/")[0] if path else "FOLDER"
        return (
            f"a label that nginx may write to: `semanage fcontext -a -t httpd_var_run_t '{folder}(/.*)?'`, "
            f"`restorecon -R {folder}`; then maybe a module as well (`audit2allow`), for whom it leads to"
        )
    port = next((place[1] for e in logged if (place := _address.split(e.address))), None)
    port = port or next((denial.port for denial in audited if denial.port), None)
    if port is None:
        return None
    if selinux is not None and selinux.is_on(BOOLEAN):
        return f"what `audit2why` says of the denial: {BOOLEAN} is on already, so another rule denies it"
    return (
        f"`setsebool -P {BOOLEAN} 1`; or, for that port alone, "
        f"`semanage port -m -t http_port_t -p tcp {port}` (-a where the port has no label yet)"
    )
