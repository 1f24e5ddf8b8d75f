"""What people claim in one sentence -> the cause. Rows as in `_circumstance.py`."""

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _dialling, _outage, _quote
from bot.rules._circumstance import Row, all_of
from bot.rules._once import lines_of


def _second_family(signs: Signs) -> tuple[Sign, ...]:
    """Since Node 17 `localhost` is what the resolver names first, most often ::1, and 127.0.0.1 refuses."""
    new = signs.first("node_upgraded")
    dial = next((d for d in _dialling.dialled(signs) if d.is_loopback), None)
    if new is None or dial is None:
        return ()
    return (dial.sign, new) if any("localhost" in line for line in lines_of(signs)) else ()


def _few_children(signs: Signs) -> tuple[Sign, ...]:
    """PHP's settings were lowered; now clients wait until they leave, and the host has nothing to do."""
    lowered, spare = signs.first("limits_lowered"), signs.first("host_spare", "idle")
    waits = signs.first("client_gone", "answer_timeout")
    if lowered is None or spare is None or waits is None:
        return ()
    is_php = any("php" in f"{s['app']} {s['who']} {s['target']} {s.line}".lower() for s in signs.all)
    return (lowered, waits, spare) if is_php else ()


def _by_hosts_file(signs: Signs) -> tuple[Sign, ...]:
    """From inside it answers, where a name of /etc/hosts is asked for; nginx looks it up by DNS alone."""
    line = signs.first("hosts_line")
    to_host = any(
        "gateway" in s.line for s in signs.of("hosts_line")
    )  # who asks for the host is no app of it
    inside = ("proxy", "app") if to_host else ("proxy",)
    asked = [s for s in signs.of("asked_from") if s["where"] in inside and s["result"] == "well"]
    well = next((s for s in asked if not s["target"].startswith(("localhost", "127."))), None)
    fails = next(iter(_outage.gateway_errors(signs)), None) or signs.first("page")
    return (line, well) if line is not None and well is not None and fails is not None else ()


def _no_supervisor(signs: Signs) -> tuple[Sign, ...]:
    """A gateway fails, and what is to run the app has no unit of that name (Debian: `supervisor`)."""
    absent = [s for s in signs.where("unit_wrong", what="absent") if s["unit"] in _SUPERVISORS]
    fails = next(iter(_outage.gateway_errors(signs)), None) or signs.first("page")
    return (absent[0], fails) if absent and fails is not None else ()


#: Units whose only work is to run apps.
_SUPERVISORS = (
    "supervisord",
    "supervisor",
    "pm2",
    "pm2-root",
    "circusd",
    "circus",
    "monit",
    "runit",
    "runsvdir",
)
_LOOKED_UP = _quote.useless("app", "the name is looked up by the proxy")

ROWS: tuple[Row, ...] = (
    Row(
        cause="ipv6_mismatch",
        weight=80,
        says="since Node 17 `localhost` may be ::1 alone, and the proxy dials the other family",
        restart=_quote.useless("app", "it would bind the same family again"),
        shows=_second_family,
        unless=(*_deeper.DEEPER, "dial_missing", "answer_closed"),
    ),
    Row(
        cause="nginx_config_invalid",
        weight=72,
        says="nginx refuses to reload since a file was changed, and goes on with the old ones",
        restart=_quote.harmful("nginx", "it would stop serving and not come back before the line is mended"),
        shows=all_of(("config_breaks",)),
        unless=("name_at_start", "port_taken", "disk_full", "config_valid", "dial_refused"),
    ),
    Row(
        cause="nginx_config_invalid",
        weight=70,
        says="the proxy's own test refuses its files, as somebody writes",
        restart=_quote.harmful("nginx", "it would stop serving and not come back before the line is mended"),
        shows=all_of(("config_test_told",)),
        unless=("name_at_start", "port_taken", "disk_full", "config_valid", "config_invalid", "dial_refused"),
    ),
    Row(
        cause="host_not_found_at_start",
        weight=70,
        says="nginx ends at its start while what it dials is not up: its name does not resolve yet",
        restart=_quote.temporary(
            "nginx", "it starts once the name resolves, and fails again at the next bad start"
        ),
        shows=all_of(("name_before_nginx",)),
        unless=("config_invalid", "port_taken", "dial_refused", "dial_missing"),
    ),
    Row(
        cause="memory_rlimit",
        weight=78,
        says="memory is refused though the host has some: a limit of the process is met",
        restart=_quote.useless("app", "the limit stays as it is"),
        shows=all_of(("memory_refused",)),
        unless=("out_of_memory", "heap_exhausted", "memory_low"),
    ),
    Row(
        cause="php_fpm_exhausted",
        weight=72,
        says="since PHP's settings were lowered requests wait on an idle host: there are too few children",
        restart=_quote.useless("php-fpm", "it starts as few children again"),
        shows=_few_children,
        unless=("dial_refused", "dial_missing", "dial_denied", "script_unknown", "dependency_away"),
    ),
    Row(
        cause="dns_unresolved",
        weight=76,
        says="the name resolves beside the proxy and not by it: its own resolver does not know it",
        restart=_LOOKED_UP,
        shows=all_of(("resolves_beside",)),
        unless=("name_at_start", "dial_refused", "dial_timeout", "dial_no_route", "answer_closed"),
    ),
    Row(
        cause="dns_unresolved",
        weight=64,
        says="the name stands in /etc/hosts, which nginx's resolver does not read; asked by hand it works",
        restart=_LOOKED_UP,
        shows=_by_hosts_file,
        unless=(
            *_deeper.DEEPER,
            "name_at_start",
            "dial_refused",
            "dial_missing",
            "dial_timeout",
            "answer_closed",
        ),
    ),
    Row(
        cause="keepalive_race_reset",
        weight=64,
        says="now and then the balancer makes the error itself: the app may close what it still uses",
        restart=_quote.useless("app", "the race of the two time-outs stays"),
        shows=all_of(("made_by_balancer",), ("sporadic",)),
        unless=(*_deeper.DEEPER, "dial_refused", "dial_timeout", "answer_timeout", "under_load", "released"),
    ),
    Row(
        cause="tls_verify_failed",
        weight=62,
        says="over https it fails, over http it is answered, and another client is served: the proxy may not"
        " accept the certificate",
        restart=_quote.useless("app", "the certificate and what the proxy trusts stay the same"),
        shows=all_of(("https_alone",), ("other_client_well",)),
        unless=(*_deeper.DEEPER, "tls_not_spoken", "answer_not_protocol", "dial_refused", "tls_failed"),
    ),
    Row(
        cause="upstream_down",
        weight=62,
        says="what is to run the app has no unit of that name on this host, so nobody started the app",
        restart=_quote.helps("app", "it only has to be started, by the name that the unit has here"),
        shows=_no_supervisor,
        unless=(*_deeper.DEEPER, "started", "listening", "dial_missing", "answer_closed"),
    ),
)
