"""What people claim in one sentence -> the cause. Rows as in `_circumstance.py`."""

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _dialling, _quote
from bot.rules._circumstance import Row, all_of


def _second_family(signs: Signs) -> tuple[Sign, ...]:
    """Since Node 17 `localhost` is what the resolver names first, most often ::1, and 127.0.0.1 refuses."""
    new = signs.first("node_upgraded")
    dial = next((d for d in _dialling.dialled(signs) if d.is_loopback), None)
    named = any("localhost" in line for line in (*signs.unread, *(s.line for s in signs.all)))
    return (dial.sign, new) if new is not None and dial is not None and named else ()


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
)
