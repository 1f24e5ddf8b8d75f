"""When `confirmed` is too much: a rival that another rule leads to, or a site that is well."""

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


#: Causes that a site which is well may have as well: none of them is an outage.
_NO_OUTAGE = frozenset(
    {
        "client_closed_499",
        "client_error_413",
        "client_side_tls_noise",
        "clock_or_stale_log",
        "http_404_script_unknown",
        "log_noise_no_outage",
        "rate_limited_503",
    }
)


def doubted(named: Sequence[Finding], *, is_well: bool) -> list[Finding]:
    """The findings, with what is confirmed lowered to likely beside a rival that is likely at least.

    `is_well`: somebody writes that the site is well; then an outage is not confirmed either.
    """
    leading = {one.cause for one in named if one.certainty is not Certainty.POSSIBLE}
    return [_lowered(one) if _is_doubtful(one, leading, is_well=is_well) else one for one in named]


def _is_doubtful(one: Finding, leading: set[str], *, is_well: bool) -> bool:
    if one.certainty is not Certainty.CONFIRMED:
        return False
    return _has_rival(one, leading) or (is_well and one.cause not in _NO_OUTAGE)


def _has_rival(one: Finding, leading: set[str]) -> bool:
    rivals = leading - {one.cause} - _GOES_WITH.get(one.cause, frozenset())
    return bool(rivals)


def _lowered(one: Finding) -> Finding:
    return replace(one, certainty=Certainty.LIKELY, next_check=one.next_check or CHECKS[one.cause])
