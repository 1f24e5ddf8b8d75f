"""What pieces show when they are held against each other -> the cause. Rows as in `_circumstance.py`."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _quote, _relations, _relations_named, _runtime_directory
from bot.rules._circumstance import Row, all_of

#: Where the proxy says why, it is that.
_BY_LOG = (
    *_relations.SAID,
    "dial_refused",
    "dial_no_route",
    "answer_invalid",
    "answer_reset",
    "status",
    "pod",
)
_SAME_PLACE = _quote.useless("app", "it would bind the same place again")

#: Below the homes, which ProtectHome= keeps from a service, be it root's.
_AT_HOME = re.compile(r"address '?/(?:home|root|run/user)/\S+: Permission denied")


def _homes_kept(signs: Signs) -> tuple[Sign, ...]:
    """FPM's master, started as root, may not make its socket in a home: modes alone do not bind root."""
    denied = next((s for s in signs.of("fpm_complains") if _AT_HOME.search(s["text"])), None)
    unit = next((s for s in signs.of("unit", "unit_failed") if "fpm" in s["unit"]), None)
    return (denied, unit) if denied is not None and unit is not None else ()


ROWS: tuple[Row, ...] = (
    Row(
        cause="systemd_unit_error",
        weight=82,
        says="the unit keeps the homes from PHP-FPM (ProtectHome, or too few capabilities): no socket there",
        restart=_quote.useless("php-fpm", "the unit stays as it is written"),
        shows=_homes_kept,
        unless=("denied_by_policy", "dial_missing", "dial_refused", "policy_differs"),
    ),
    Row(
        cause="ipv6_mismatch",
        weight=84,
        says="the proxy's file dials one family's loopback, and the port is open on the other's alone",
        restart=_SAME_PLACE,
        shows=_relations.other_family,
        unless=_relations.SAID,
    ),
    Row(
        cause="wrong_address",
        weight=80,
        says="the proxy's file dials one address, and the app is bound to another",
        restart=_SAME_PLACE,
        shows=_relations.other_address,
        unless=_relations.SAID,
    ),
    Row(
        cause="wrong_address",
        weight=82,
        says="the port is published on its host's loopback alone, and the proxy is on another machine",
        restart=_quote.useless("app", "its port would be published on the loopback again"),
        shows=_relations.published_to_its_host,
        unless=(*_deeper.DEEPER, "dial_timeout", "answer_closed", "answer_timeout"),
    ),
    Row(
        cause="socket_missing",
        weight=78,
        says="the proxy's file names a unix socket, and the pool listens on a port: there is no such file",
        restart=_quote.useless("app", "it listens on its port again"),
        shows=_relations.port_not_socket,
        unless=_relations.SAID,
    ),
    Row(
        cause="exec_missing",
        weight=84,
        says="the program that the unit names is not in its folder",
        restart=_quote.useless("app", "the program is still not there"),
        shows=_relations.not_in_folder,
        unless=("unit_exec",),
    ),
    Row(
        cause="systemd_unit_error",
        weight=82,
        says="the unit's working directory is not in its folder",
        restart=_quote.useless("app", "the unit stays as it is written"),
        shows=_relations.no_such_directory,
        unless=("unit_wrong", "unit_exec", "unit_user"),
    ),
    Row(
        cause="socket_missing",
        weight=84,
        says="the unix socket that is dialled is not in its folder; another one is",
        restart=_quote.useless("app", "it makes its socket at the same other place again"),
        shows=_relations.no_such_socket,
        unless=("dial_denied", "dial_refused", "dial_busy"),
    ),
    Row(
        cause="k8s_service_mismatch",
        weight=82,
        says="the service selects pods of two workloads, of which one may not serve that port",
        restart=_quote.useless("app", "the service would select the same pods again"),
        shows=_relations.strangers_selected,
        unless=_deeper.DEEPER,
    ),
    Row(
        cause="tls_handshake_sni",
        weight=84,
        says="nginx sends the upstream group's own name as SNI, which the servers in it do not know",
        restart=_quote.useless("app", "nginx would shake hands in the same way again"),
        shows=_relations.group_as_name,
        unless=("tls_unverified", "tls_not_spoken", "dial_refused"),
    ),
    Row(
        cause="bind_localhost_in_container",
        weight=84,
        says="forwarded to the pod's loopback it answers, and at the pod's address it refuses",
        restart=_quote.useless("app", "it would bind 127.0.0.1 again"),
        shows=_relations.forwarded,
        unless=_deeper.DEEPER,
    ),
    Row(
        cause="host_not_found_at_start",
        weight=82,
        says="nginx ends at its start, and one of the names it is to dial has no container",
        restart=_quote.useless("nginx", "the name still does not resolve"),
        shows=_relations.name_without_container,
        unless=("config_invalid", "port_taken", "disk_full"),
    ),
    Row(
        cause="systemd_unit_error",
        weight=82,
        says="systemd waits for a fork (Type=forking) that the program never makes, and ends it in time",
        restart=_quote.useless("app", "the unit stays as it is written"),
        shows=_relations.never_forks,
        unless=("unit_exec", "unit_user", "app_failed", "missing_module"),
    ),
    Row(
        cause="systemd_unit_error",
        weight=82,
        says="the socket of a .socket unit lies in the service's RuntimeDirectory, which goes at each stop",
        restart=_quote.useless("app", "it is the service's restart that takes the socket away"),
        shows=_runtime_directory.socket_goes_with_it,
        unless=("unit_exec", "unit_user", "app_failed", "missing_module"),
    ),
    Row(
        cause="nginx_config_invalid",
        weight=80,
        says="nginx refuses to reload: the files do not pass its test, and it goes on with the old ones",
        restart=_quote.harmful("nginx", "it would stop serving and not come back before the line is mended"),
        shows=_relations.reload_refused,
        unless=("name_at_start", "port_taken", "disk_full", "config_valid"),
    ),
    Row(
        cause="fd_limit",
        weight=74,
        says="nginx may open fewer files than it is told to keep connections, and under load some fail",
        restart=_quote.useless("nginx", "the limit stays, and it fills again under the same load"),
        shows=_relations.too_few_files,
        unless=("dial_refused", "answer_closed", "answer_timeout"),
    ),
    Row(
        cause="log_noise_no_outage",
        weight=78,
        says="nginx only warns that the app sent more than it announced; the pages are served",
        restart=_quote.useless("app", "nothing is broken that it would mend"),
        shows=all_of(("answer_too_long",), ("pages_well",)),
        unless=(*_deeper.DEEPER, "page", "answer_invalid", "answer_closed", "dial_refused", "answer_cut"),
    ),
    Row(
        cause="selinux_denied",
        weight=70,
        says="asked by hand the dialled port answers on a host whose policy (SELinux) binds the proxy alone",
        restart=_quote.useless("app", "the policy stays as it is"),
        shows=_relations.answers_but_proxy,
        unless=_BY_LOG,
    ),
    Row(
        cause="worker_connections",
        weight=82,
        says="nginx's status page: it accepted connections that it could not handle",
        restart=_quote.useless("app", "the limit is nginx's, and it fills again"),
        shows=all_of(("handled_less",)),
        unless=("fd_limit",),
    ),
    Row(
        cause="port_conflict",
        weight=72,
        says="two projects on one host set the same port: whoever comes second cannot have it",
        restart=_quote.useless("app", "the port is still taken"),
        shows=all_of(("same_port_set",)),
        unless=("app_failed", "missing_module"),
    ),
    Row(
        cause="dns_stale",
        weight=82,
        says="nobody is at the address nginx has for the name, which resolves: its container was made anew",
        restart=_quote.helps("nginx", "a reload looks the name up again; the app needs none"),
        shows=_relations_named.kept_while_renewed,
        unless=("name_at_start", "filter_told", "filter_active", "blocked", "not_reached", "pod"),
    ),
    Row(
        cause="host_not_found_at_start",
        weight=66,
        says="proxy_pass names another host than the upstream group beside it, which nobody uses",
        restart=_quote.useless("nginx", "the name does not exist, whenever nginx starts"),
        shows=_relations_named.other_than_group,
        unless=(*_BY_LOG, "answers"),
    ),
    Row(
        cause="docker_network_mismatch",
        weight=64,
        says="the proxy is not in the compose file of the app it dials by name: they share no network",
        restart=_quote.useless("app", "it would join the same network again"),
        shows=_relations_named.from_outside,
        unless=(*_BY_LOG, "answers", "address_moved"),
    ),
    Row(
        cause="app_crash_startup",
        weight=89,
        says="the container whose name does not resolve has ended with an error of its own",
        restart=_quote.useless("app", "it ends the same way at every start"),
        shows=_relations_named.ended_with_error,
        unless=("denied_by_policy", "port_taken", "out_of_memory", "migration_failed", "unit_exec"),
    ),
    Row(
        cause="ipv6_mismatch",
        weight=74,
        says="[::] is dialled, which leads to the IPv6 loopback: an app on IPv4 is not reached so",
        restart=_quote.useless("app", "it would bind the same family again"),
        shows=_relations_named.any_six,
        unless=(*_deeper.DEEPER, "answers", "dial_missing", "dial_denied"),
    ),
)
