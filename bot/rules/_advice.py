"""What one finding means for the restart that another one advises."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.model.verdict import Certainty, Finding, RestartEffect, RuledOut

#: What the answers on the app's port exclude, where it is the app that gives them.
_BY_ITS_ANSWERS = frozenset(
    {"app_500", "header_too_big", "app_hang", "http_504_timeout", "premature_close_crash", "upstream_down"}
)
#: What follows from another finding and tells of no second trouble.
_SYMPTOMS = frozenset({"upstream_down", "no_live_upstreams", "start_limit_hit", "proxy_500_not_502"})


#: Why an app answers nobody that looks stuck, in an order of their own: a restart does what it does of these.
_WHY_SILENT = ("upstream_timeout_worker_kill", "app_crash_startup", "memory_rlimit")


def heeding(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """No restart that would mend the one fault is advised while another makes it harmful, or useless."""
    found = _not_stuck(found)
    harms = {f.restart.what: f.restart for f in reversed(found) if f.restart.effect is RestartEffect.HARMFUL}
    helps = (RestartEffect.HELPS, RestartEffect.TEMPORARY)
    first = {f.restart.what: f for f in reversed(found) if f.restart.effect is RestartEffect.HARMFUL}
    return tuple(
        replace(
            f,
            restart=harms[f.restart.what],
            mend=f"first what would spoil its start ({first[f.restart.what].says}); then a start",
        )
        if f.restart.effect in helps and f.restart.what in harms
        else f
        for f in found
    )


def _not_stuck(found: Sequence[Finding]) -> Sequence[Finding]:
    """What hangs because its workers are killed, or it has no memory, is freed by no restart of its own."""
    why = min((f for f in found if f.cause in _WHY_SILENT and f.weight > 0), key=_order, default=None)
    if why is None:
        return found
    return [replace(f, restart=why.restart) if f.cause == "app_hang" else f for f in found]


def _order(finding: Finding) -> int:
    return _WHY_SILENT.index(finding.cause)


def left(ruled_out: tuple[RuledOut, ...], found: Collection[str]) -> tuple[RuledOut, ...]:
    """What is excluded though it was not found; not by answers on the app's port while another has it."""
    void = {*found, *(_BY_ITS_ANSWERS if "port_conflict" in found else ())}
    return tuple(one for one in ruled_out if one.cause not in void)


def beside(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A restart that mends the first is not all there is to do while something else is broken for sure."""
    first = found[0]
    if first.restart.effect is not RestartEffect.HELPS:
        return found
    others = [f for f in found[1:] if _is_another(f)]
    if not others:
        return found
    stands = next((f for f in others if f.restart.what == first.restart.what and f.weight >= 0), None)
    also = (stands or others[0]).says
    advice = (
        replace(first.restart, effect=RestartEffect.TEMPORARY, is_sure=False, why=f"beside it {also}")
        if stands
        else replace(first.restart, why=f"{first.restart.why}; still to be mended then: {also}")
    )
    return (replace(first, restart=advice), *found[1:])


def _is_another(finding: Finding) -> bool:
    """Surely broken, and no restart mends it: no other look of the first, nor a bot that may do little."""
    if finding.certainty is not Certainty.CONFIRMED or finding.cause in {*_SYMPTOMS, "sudo_missing"}:
        return False
    return finding.restart.effect in (RestartEffect.USELESS, RestartEffect.HARMFUL)
