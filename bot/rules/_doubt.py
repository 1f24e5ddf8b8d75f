"""When `confirmed` is too much: beside a rival, of a site that is well, or by a proof that is over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, RestartEffect
from bot.rules import _age, _another, _outage, _quote, _whose
from bot.rules._age import Age
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


def doubted(named: Sequence[Finding], signs: Signs) -> list[Finding]:
    """The findings, with what is confirmed lowered to likely where something stands against it.

    A rival that is likely at least, or somebody who writes that the site is well: then an outage is not
    confirmed. What proves it is older than the requests that fail now: then it may be over, and where they
    fail in another way as well it is possible at most.
    """
    leading = {one.cause for one in named if one.certainty is not Certainty.POSSIBLE}
    aged = [_aged(_of_another(one, signs), signs) for one in named]
    held = [_lowered(one) if _is_doubtful(one, leading, signs) else one for one in aged]
    return [_unsure(one) if _is_one_of_two(one, held, signs) else one for one in held]


def _is_one_of_two(one: Finding, held: Sequence[Finding], signs: Signs) -> bool:
    """Two upstreams fail, each for a reason of its own: which of them is asked about is not known."""
    if one.restart.effect not in _MENDS or not one.restart.is_sure or one.certainty is Certainty.POSSIBLE:
        return False
    others = [other for other in held if other.cause != one.cause and other.certainty is Certainty.LIKELY]
    dials = _targets(one, signs) if others else set()
    return bool(dials) and any(
        theirs.isdisjoint(dials) for other in others if (theirs := _targets(other, signs))
    )


def _targets(one: Finding, signs: Signs) -> set[str]:
    lines = {line.text for line in one.because}
    return {sign["target"] for sign in signs.of(*_age.FAILING) if sign["target"] and sign.line in lines}


def _unsure(one: Finding) -> Finding:
    return replace(one, restart=replace(one.restart, is_sure=False))


#: A restart that brings service back, if only for a while.
_MENDS = (RestartEffect.HELPS, RestartEffect.TEMPORARY)


def _of_another(one: Finding, signs: Signs) -> Finding:
    """What is told of a store may be why, and a restart is the store's; what is told of an agent is not."""
    if one.certainty is Certainty.POSSIBLE or (other := _another.other(one, signs)) is None:
        return one
    if not other.is_needed:
        advice = _quote.unknown("app", f"it is told of {other.name}, and not of the app")
        return replace(_lowered(one), certainty=Certainty.POSSIBLE, restart=advice, weight=0)
    is_mended = one.restart.effect in _MENDS
    is_missed = any(_whose.named(sign["name"]) == other.name for sign in signs.of("dependency_away"))
    known = one if is_missed else _lowered(one)
    return replace(known, restart=replace(one.restart, what=other.name)) if is_mended else known


def _aged(one: Finding, signs: Signs) -> Finding:
    if one.certainty is Certainty.POSSIBLE:
        return one
    age = _age.age(one, signs)
    if age is Age.RECENT:
        return one
    is_over = age is Age.OVER or (one.cause in _NO_OUTAGE and one.certainty is Certainty.LIKELY)
    advice = _quote.unknown(one.restart.what, _OVER) if is_over else replace(one.restart, is_sure=False)
    lowered = replace(_lowered(one), restart=advice)
    return replace(lowered, certainty=Certainty.POSSIBLE) if is_over else lowered


_OVER = "what it is told by is older than what fails now"


def _is_doubtful(one: Finding, leading: set[str], signs: Signs) -> bool:
    if one.certainty is not Certainty.CONFIRMED:
        return False
    return _has_rival(one, leading) or _is_against(one, signs)


def _has_rival(one: Finding, leading: set[str]) -> bool:
    rivals = leading - {one.cause} - _GOES_WITH.get(one.cause, frozenset())
    return bool(rivals)


def _is_against(one: Finding, signs: Signs) -> bool:
    """An outage of a site that is well, or no outage where a gateway says that there is one."""
    if one.cause in _NO_OUTAGE:
        return any(sign["status"] == "502" for sign in _outage.gateway_errors(signs))
    return signs.has("site_well")


def _lowered(one: Finding) -> Finding:
    return replace(one, certainty=Certainty.LIKELY, next_check=one.next_check or CHECKS[one.cause])
