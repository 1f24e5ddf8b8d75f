"""When `confirmed` is too much: a rival that another rule leads to is not excluded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.model.verdict import Certainty, Finding
from bot.rules._checks import CHECKS

#: Cause -> causes that it brings with it, or that are the same thing seen from another side: no rivals.
_GOES_WITH: Mapping[str, frozenset[str]] = {
    "premature_close_crash": frozenset({"app_crash_runtime", "app_crash_startup"}),
    "php_fpm_down": frozenset({"upstream_down", "app_stopped_by_hand"}),
    "app_stopped_by_hand": frozenset({"upstream_down", "php_fpm_down"}),
    "docker_network_mismatch": frozenset({"host_not_found_at_start", "dns_unresolved"}),
    "tls_handshake_sni": frozenset({"tls_verify_failed"}),
    "disk_full": frozenset({"app_crash_startup"}),
    "migration_failure": frozenset({"app_crash_startup"}),
}


def doubted(named: Sequence[Finding]) -> list[Finding]:
    """The findings, with what is confirmed lowered to likely beside a rival that is likely at least."""
    leading = {one.cause for one in named if one.certainty is not Certainty.POSSIBLE}
    return [_lowered(one) if _has_rival(one, leading) else one for one in named]


def _has_rival(one: Finding, leading: set[str]) -> bool:
    rivals = leading - {one.cause} - _GOES_WITH.get(one.cause, frozenset())
    return one.certainty is Certainty.CONFIRMED and bool(rivals)


def _lowered(one: Finding) -> Finding:
    return replace(one, certainty=Certainty.LIKELY, next_check=one.next_check or CHECKS[one.cause])
