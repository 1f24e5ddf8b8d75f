"""A host that systemd does not run lacks nothing that only systemd could give."""

from bot.doctor.finding import Finding, Health
from bot.model.command import RawOutput
from bot.model.evidence import CommandOutput
from bot.model.host import Host
from bot.model.runbook import Catalog
from bot.parsers.init import Init, init
from bot.rules import _no_systemd


def init_of(raw: RawOutput) -> Init:
    """What starts services there."""
    text = raw.stdout.decode("utf-8", "replace")
    return init(CommandOutput(step=raw.step, argv=raw.argv, exit_status=raw.exit_status or 0, stdout=text))


def without_systemd(
    findings: list[Finding], host: Host, catalog: Catalog, found: Init | None
) -> list[Finding]:
    """The findings, with one in place of all about units, journals and systemctl; as they are elsewhere."""
    if found is None or found.is_systemd:
        return findings
    moot = {
        name
        for name, remedy in catalog.remedies.items()
        if "service.unit" in remedy.needs or any("systemctl" in argv for argv in remedy.run)
    }
    abouts = {f"{host.name} {name}" for name in moot | _no_systemd.STEPS}
    said = Finding(
        about=host.name,
        health=Health.LESS,
        says=f"no systemd ({_no_systemd.called(found)} starts services): no unit, no journal, and no remedy "
        "by systemctl",
        mend="see docs/howto/hosts.md: service.name and service.logs"
        + (f" instead of service.unit {host.service.unit}" if host.service.unit else ""),
    )
    return [*(one for one in findings if one.about not in abouts), said]
