"""SELinux keeps nginx from connecting."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.kernel_log import KernelLog
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.selinux import SelinuxMode
from bot.parsers.socket_files import SocketFiles
from bot.rules import _deeper, _outage, _quote, _selinux, _told


def selinux_denied(
    error_log: NginxErrorLog | None,
    selinux: SelinuxMode | None,
    kernel_log: KernelLog | None,
    socket_files: SocketFiles | None,
    front: HttpProbes | None,
    upstreams: HttpProbes | None,
) -> Finding | RuledOut | None:
    """SELinux denies nginx the connection (or the name look-up) that file modes would allow.

    Why: nginx gets "Permission denied", SELinux is enforcing, and an AVC line names nginx: in the kernel's
    log, or where auditd keeps them, in its log or in setroubleshoot's words.
    Ruled out when: SELinux is not there or not enforcing.
    Mistaken when: the mode of a unix socket denies it (socket_permission).
    Mended by: `setsebool -P httpd_can_network_connect 1`, or a label that the policy knows (semanage port);
    for a unix socket a label of its folder (semanage fcontext, restorecon) or a module of the policy's.
    Not mended by: file modes, sudo, or a restart of nginx or the app; turning SELinux off only hides it.
    Source: httpd_selinux(8) httpd_can_network_connect; avc messages of the kernel; auditd(8), ausearch(8).
    """
    if selinux is not None and not selinux.is_enforcing:
        because = (Line(step="selinux", text=selinux.line),)
        return RuledOut(cause="selinux_denied", says="SELinux does not enforce", because=because)
    logged = error_log.of(Fault.PERMISSION) if error_log else ()
    denials = [event for event in kernel_log.denials if "nginx" in event.line] if kernel_log else []
    audited = _selinux.of_nginx(selinux, logged)
    over_tcp = [entry for entry in logged if not entry.address.startswith("unix:")]
    by_mode = any(socket_files.hindrance(e.address[5:]) for e in logged) if socket_files else False
    # What was audited alone may be over or beside the point, but where nginx's log may not be read.
    is_unread = error_log is None and front is not None and not front.are_well
    alone = bool(audited) and is_unread and upstreams is not None and upstreams.are_well
    if by_mode or not (denials or over_tcp or alone or (selinux is not None and logged)):
        return None
    return Finding(
        cause="selinux_denied",
        certainty=Certainty.CONFIRMED if (denials or audited) and logged else Certainty.LIKELY,
        says="SELinux keeps nginx from connecting to the app",
        because=(
            *(_quote.kernel(event) for event in denials[-1:]),
            *(Line(step="selinux", text=denial.line) for denial in _selinux.best(audited)),
            *(_quote.error(entry) for entry in (over_tcp or logged)[:1]),
            *((Line(step="selinux", text=_selinux.mode(selinux)),) if selinux else ()),
        ),
        restart=_quote.useless("app", "the policy stays as it is"),
        next_check=None if denials or audited else "as root: ausearch -m AVC -c nginx -ts recent",
        mend=_selinux.mend(selinux, logged, audited),
        weight=87,
    )


_NOT_KNOWN = _quote.unknown("app", "it is not the proxy that the policy denies something")
_SAME_POLICY = _quote.useless("app", "the policy stays as it is")
_CHECK = "getenforce, and ausearch -m avc -ts recent: is nginx named there?"
#: Where containers are in play the name is a container's, and SELinux has no part in it.
_CONTAINERS = ("proxy_in_container", "container", "compose_service", "pod", "service", "network_unknown")
#: Below 1024 a server that is not root is denied by the kernel itself.
_BIND = re.compile(r"bind\(\) to \S*?:(\d{2,5}) failed \(13:")
#: What keeps a proxy from its backend, unlike a denied read of a page.
_CONNECTS = re.compile(r"name_connect|name_bind|connectto|tcp_socket|unix_stream|sock_file|network_connect")
_PROXIES = ("nginx", "httpd", "apache", "haproxy")


def told(signs: Signs) -> Finding | RuledOut | None:
    """An audit line settles it; "Permission denied" on TCP leads to it, on a unix socket modes come first."""
    mode = next(iter(signs.of("policy_mode")[-1:]), None)
    denials = signs.of("denied_by_policy")
    if mode is not None and mode["mode"].lower() != "enforcing" and not denials:
        because = (Line(step=mode.source or "pasted", text=mode.line),)
        return RuledOut(cause="selinux_denied", says="SELinux does not enforce", because=because)
    refused = signs.first("dial_denied")
    if denials:
        return _denied(signs, denials, refused)
    noted = signs.first("denied_in_box")
    if noted is not None:
        says = "SELinux would keep the container from its files: they are not labelled for containers"
        return _told.likely("selinux_denied", 78, says, _SAME_POLICY, noted, next_check=_CHECK)
    hint = signs.first("policy_mends") or mode or _boolean_off(signs) or signs.first("policy_label")
    hint = hint or next(iter(signs.where("system", family="redhat")), None)
    if refused is None:
        return _by_side_effect(signs, hint)
    says = "the kernel's policy (SELinux) keeps the proxy from connecting to the app"
    by_file = any(".sock" in s["target"] for s in signs.of("dials"))
    if not refused["target"].startswith(("unix:", "/")) and not _is_unix(refused, signs) and not by_file:
        weight = 89 if hint else 84
        return _told.likely("selinux_denied", weight, says, _SAME_POLICY, refused, hint, next_check=_CHECK)
    if hint is not None or _is_open(signs, refused):
        return _told.likely("selinux_denied", 83, says, _SAME_POLICY, refused, hint, next_check=_CHECK)
    return _told.possible("selinux_denied", 50, says, _SAME_POLICY, refused, next_check=_CHECK)


def _denied(signs: Signs, denials: tuple[Sign, ...], refused: Sign | None) -> Finding:
    of_proxy = next((s for s in denials if _is_proxys(s)), None)
    says = "SELinux or AppArmor denied it, as the audit log says"
    on_way = of_proxy is not None and _CONNECTS.search(of_proxy.line)
    if of_proxy is None and all(_deeper.is_agent(s["source"]) for s in denials):
        says = f"the policy denied something to {denials[0]['source']}, and not to the proxy"
        return _told.possible("selinux_denied", 20, says, _NOT_KNOWN, denials[0], refused, next_check=_CHECK)
    if on_way or refused is not None:
        denial = of_proxy or denials[0]
        return _told.confirmed("selinux_denied", 96, says, _SAME_POLICY, denial, refused)
    outage = _outage.any_sign(signs)
    weight = 86 if of_proxy else 80 if outage else 66
    return _told.likely("selinux_denied", weight, says, _SAME_POLICY, denials[0], outage, next_check=_CHECK)


def _is_proxys(denial: Sign) -> bool:
    """By the name and the label of who was denied; what it was denied has a web server's label as well."""
    who = denial.line.lower().partition(" tcontext=")[0]
    return any(name in who for name in _PROXIES)


def _boolean_off(signs: Signs) -> Sign | None:
    return next((s for s in signs.of("policy_boolean") if s["state"] in ("off", "0")), None)


def _is_unix(refused: Sign, signs: Signs) -> bool:
    of_file = refused["proxy"] == "haproxy" and signs.has("socket_file") and not signs.has("dials")
    return "unix:" in refused.line or ".sock" in refused.line or of_file


def _is_open(signs: Signs, refused: Sign) -> bool:
    """The socket's mode lets everybody in, so something else denies it."""
    path = refused["target"].removeprefix("unix:")
    files = [s for s in signs.of("socket_file") if s["path"] in path or path.endswith(s["path"])]
    return any(sign["mode"][7:8] == "w" for sign in files)


def _denied_at_start(signs: Signs) -> Sign | None:
    """A program or a file of the proxy's is denied, and its label is a home's, or loosening mends it."""
    label = next((s for s in signs.of("policy_label") if _FOREIGN.search(s["label"])), None)
    own = [s for s in signs.of("own_file_denied") if not _BY_USER.search(s.line)]
    if label is None and not signs.has("policy_mends"):
        own = own if _enforces_as_it_comes(signs) else [s for s in own if _as_root(signs, s)]
        return own[0] if own else None
    programs = (s for s in signs.of("unit_exec") if "denied" in s.line.lower())
    return next(iter([*own, *programs]), None)


#: A proxy that says it was not started by root: modes bind it.
_BY_USER = re.compile(r"\[alert\]|the \"user\" directive makes sense only")


def _enforces_as_it_comes(signs: Signs) -> bool:
    """A host of Red Hat's family; root's nginx is bound by no modes, so a policy denies it."""
    families = {s["family"] for s in signs.of("system")}
    if "redhat" not in families or "debian" in families:
        return False
    return not any(_BY_USER.search(s.line) for s in signs.all)


def _as_root(signs: Signs, own: Sign) -> bool:
    """Root, whom no mode keeps away: systemd's nginx.service at its pid file, a container's at its settings.

    What is mounted without :z or :Z keeps the host's label, which a container may not read.
    """
    if _IN_BOX.search(own.line):
        return not any(_BY_USER.search(s.line) or _NOT_ROOT.search(s.line) for s in signs.all)
    failed = any("nginx.service" in s.line for s in signs.of("nginx_start_failed", "unit"))
    debian = bool(signs.where("system", family="debian"))
    by_user = any(_BY_USER.search(s.line) for s in signs.all)
    return failed and not debian and not by_user and _PID.match(own["path"]) is not None


#: The first process of a container may not read the file that nginx begins with.
_IN_BOX = re.compile(r"\[emerg\] 1#1: open\(\) \"/etc/nginx/[\w./-]*\.conf\" failed \(13: ")
_NOT_ROOT = re.compile(r"unprivileged|runAsUser|runAsNonRoot|\buser:\s|--user\b|-u \d", re.IGNORECASE)
_PID = re.compile(r"/(?:var/)?run/[\w./-]*\.pid\Z")
#: Labels that a file keeps from where it was made, or has for want of any.
_FOREIGN = re.compile(r"(?:\A|:)(?:user_home|admin_home|user_tmp|default|unlabeled|tmp|home_root)(?:_dir)?_t")


def _by_side_effect(signs: Signs, hint: Sign | None) -> Finding | None:
    """SELinux forbids other ports and name look-ups too: what works by hand does not for nginx."""
    bound = next(
        (s for s in signs.of("nginx_start_failed") if (p := _BIND.search(s.line)) and int(p[1]) > 1023), None
    )
    own = (s for s in signs.of("bind_denied") if s["path"] or int(s["port"] or 0) > 1023)
    bound = bound or next(own, None)
    if bound is not None:
        says = "SELinux may keep the proxy from listening where the policy knows no web server"
        return _told.likely("selinux_denied", 78, says, _SAME_POLICY, bound, hint, next_check=_CHECK)
    file = _denied_at_start(signs)
    if file is not None:
        says = "SELinux may deny a file by its label: the modes let it be read"
        return _told.likely("selinux_denied", 84, says, _SAME_POLICY, file, hint, next_check=_CHECK)
    limit = signs.first("limit_refused")
    if limit is not None and not signs.has(*_CONTAINERS):
        says = "root may raise its limit of open files, unless SELinux (httpd_setrlimit) forbids it"
        return _told.likely("selinux_denied", 70, says, _SAME_POLICY, limit, hint, next_check=_CHECK)
    unknown = signs.first("name_at_start", "name_unresolved")
    if unknown is None or (hint is None and signs.has(*_CONTAINERS)):
        return None
    says = "SELinux may keep nginx from looking names up"
    if hint is not None:
        return _told.likely("selinux_denied", 89, says, _SAME_POLICY, unknown, hint, next_check=_CHECK)
    by_script = re.search(r"/sbin/service|\[FAILED\]|\.el\d", "\n".join(s.line for s in signs.all), re.I)
    weight = 40 if by_script else 20
    return _told.possible("selinux_denied", weight, says, _SAME_POLICY, unknown, next_check=_CHECK)
