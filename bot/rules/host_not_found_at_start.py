"""nginx could not resolve an upstream's name when it started."""

import difflib

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault, fault_of
from bot.parsers.journal import Journal
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import _dialling, _quote, _refused_file, _taken_up, _told, _which_proxy


def host_not_found_at_start(
    config_test: NginxConfigTest | None,
    nginx_unit: UnitState | None,
    nginx_journal: Journal | None,
    error_log: NginxErrorLog | None,
) -> Finding | None:
    """nginx ends at its start because a name in its upstreams does not resolve yet, or any more.

    Why: it says "host not found in upstream", at its start or in its test.
    Ruled out when: nginx runs and its test passes.
    Mistaken when: SELinux keeps nginx from looking names up (selinux_denied), or the name is misspelt.
    Mended by: nginx after the app (depends_on, After=nss-lookup.target), the right name or network, or a
    variable with a resolver so that the name is looked up at run time.
    Not mended by: a restart of the app; a start of nginx mends it only where the name resolves by now.
    Source: ngx_inet.c ngx_inet_resolve_host; names without `resolve` are looked up once, at the start.
    """
    tested = [p for p in config_test.problems if fault_of(p) is Fault.NAME_AT_START] if config_test else []
    down = nginx_unit is not None and not nginx_unit.is_running
    said = (
        [e for e in nginx_journal.entries if fault_of(e.message) is Fault.NAME_AT_START]
        if nginx_journal
        else []
    )
    logged = error_log.of(Fault.NAME_AT_START) if error_log else ()
    if not tested and not (down and said) and not logged:
        return None
    resolves_now = bool(said or logged) and config_test is not None and config_test.is_valid is True
    return Finding(
        cause="host_not_found_at_start",
        certainty=Certainty.CONFIRMED if tested or (down and said) else Certainty.LIKELY,
        says="nginx does not start: the name of an upstream does not resolve"
        + (" (it does now)" if resolves_now else ""),
        because=(
            *(Line(step="config_test", text=text) for text in tested[:1]),
            *(_quote.logged(entry, "nginx_journal") for entry in said[-1:]),
            *(_quote.error(entry) for entry in logged[:1]),
        ),
        restart=_quote.helps("nginx", "the name resolves now")
        if resolves_now
        else _quote.useless("nginx", "the name still does not resolve"),
        next_check=None if tested or (down and said) else "getent hosts NAME on the host",
        weight=100 if down else -4,
    )


def told(signs: Signs) -> Finding | None:
    """A name that no service has, or nginx's own sentence; SELinux and networks apart word it alike."""
    said = signs.first("name_at_start")
    wrong = _misspelt(signs)
    if wrong is not None:
        dials, service = wrong
        says = f"the proxy's file names {dials['target']}; the service is called {service['name']}"
        useless = _quote.useless("nginx", "the name does not exist, whenever nginx starts")
        return _told.likely(
            "host_not_found_at_start", 89, says, useless, dials, service, said, next_check=_CHECK
        )
    if said is None or _refused_file.unfilled(signs) is not None:
        return _of_the_resolver(signs)
    name = said["name"] or "an upstream"
    proxy = _which_proxy.NAMES.get(said["proxy"], "nginx")
    says = f"{proxy} does not start: {name} does not resolve at that moment"
    order = _dialling.has_containers(signs) or "|" in said.line
    host = name.partition(":")[0]
    again = (
        _quote.temporary(proxy, "it starts once the name resolves, and fails again at the next bad start")
        if _came_later(signs, host)
        else _quote.useless(
            proxy, "it ends the same way until the name resolves, and nothing says it does by now"
        )
    )
    ended = (*signs.where("exited", who=host), *signs.where("container", name=host, state="exited"))
    if ended:
        again = _quote.useless(proxy, f"{host} itself has ended, so its name does not come back by waiting")
    listed = _not_listed(signs, host)
    if listed is not None:
        says = f"{proxy} does not start: the cluster's services are listed, and none is called {host}"
        never = _quote.useless(proxy, "the name does not exist, whenever it starts")
        return _told.likely("host_not_found_at_start", 91, says, never, said, listed, next_check=_SERVICES)
    if any(one["reason"] == "NXDOMAIN" for one in signs.of("resolves_not")):
        again = _quote.useless(proxy, f"DNS says that {host} does not exist, whenever it starts")
    if any(_dialling.is_of(host, one["name"]) for one in signs.of("profile")):
        again = _quote.useless(proxy, f"{host} only starts with its profile, so waiting brings no name")
    if signs.has("denied_by_policy"):
        never = _quote.useless(proxy, "the policy would keep it from looking the name up again")
        return _told.possible("host_not_found_at_start", 40, says, never, said, next_check=_CHECK)
    if (valid := _taken_up.passes_now(signs, said)) is not None:
        return _over(signs, said, valid, says)
    weight = 88 if order else 84
    return _told.likely("host_not_found_at_start", weight, says, again, said, next_check=_CHECK)


def _over(signs: Signs, said: Sign, valid: Sign, says: str) -> Finding:
    """The test passes by now, which looks the name up too: a start is all that lacks, if that."""
    proxy = _which_proxy.NAMES.get(said["proxy"], "nginx")
    runs = _taken_up.serves_since(signs, said)
    if runs is not None:
        says = f"{says}; since then it started, and its own test passes"
        advice = _quote.unknown(proxy, "it runs, and its own test passes by now")
        return _told.possible(
            "host_not_found_at_start", 30, says, advice, said, valid, runs, next_check=_CHECK
        )
    advice = _quote.helps(proxy, "its own test passes by now, so that the name resolves")
    return _told.likely("host_not_found_at_start", 84, says, advice, said, valid, next_check=_CHECK)


def _came_later(signs: Signs, host: str) -> bool:
    """Containers and hosts come up in any order: the name resolves by now, or another start was enough."""
    by_now = any(host in (one["name"], one["service"]) for one in signs.of("resolves", "service"))
    by_now = by_now or any(_dialling.is_called(host, box) for box in signs.where("container", state="up"))
    return by_now or signs.has("restart_mended", "reload_mended", "after_reboot")


def _not_listed(signs: Signs, host: str) -> Sign | None:
    """A row of `kubectl get svc` where no row has the name; a deployment alone gives no name to resolve."""
    rows = [s for s in signs.of("service") if s["address"] and s["service"]]
    if not host or "." in host.removesuffix(".svc.cluster.local").removesuffix(".svc"):
        return None  # of another namespace, perhaps
    return rows[0] if rows and all(row["service"] != host.partition(".")[0] for row in rows) else None


def _of_the_resolver(signs: Signs) -> Finding | None:
    """The name in `resolver` is looked up at the start as well."""
    said = next((s for s in signs.of("name_unresolved") if s["reason"] == "the resolver's own name"), None)
    if said is None:
        return None
    says = f"nginx does not start: its resolver {said['name']} does not resolve at that moment"
    useless = _quote.useless("nginx", "the system's own DNS does not know that name, whenever nginx starts")
    return _told.likely("host_not_found_at_start", 80, says, useless, said, next_check=_CHECK)


#: How alike two names are of which one is a slip of the pen.
_ALIKE = 0.82


def _misspelt(signs: Signs) -> tuple[Sign, Sign] | None:
    """A name that is dialled, and the only service of the compose file that it can mean but is not."""
    services = signs.of("compose_service")
    names = {name for s in services for name in (s["name"], s["alias"]) if name}
    for place in _dialling.configured(signs):
        if not place.is_service or any(_dialling.is_called(place.host, s) for s in services):
            continue
        alike = difflib.get_close_matches(place.host, names, n=2, cutoff=_ALIKE)
        if len(alike) == 1 and _letters(alike[0]) != _letters(place.host):
            return place.sign, next(s for s in services if alike[0] in (s["name"], s["alias"]))
    return None


def _letters(name: str) -> str:
    """Without digits: `web2` beside `web1` is another server, not a slip."""
    return name.translate(_NO_DIGITS)


_NO_DIGITS = str.maketrans("", "", "0123456789-_")
_SERVICES = "`kubectl get svc` in the proxy's namespace: the name in its file has to be one of them"
_CHECK = "`getent hosts NAME` where nginx runs, now: does it resolve, is the app on the same network?"
