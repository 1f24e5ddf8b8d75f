"""nginx itself does not run."""

from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.unit_state import UnitState
from bot.rules import _quote


def nginx_down(
    nginx_unit: UnitState,
    front: HttpProbes | None,
    config_test: NginxConfigTest | None,
    nginx_journal: Journal | None,
) -> Finding | RuledOut | None:
    """nginx does not run: clients are refused, they do not get a 502.

    Why: its unit is inactive or failed, and nobody answers on its address.
    Ruled out when: the unit runs, or something answers with HTTP there.
    Mistaken when: another unit or a container runs nginx on this host.
    Source: systemctl(1); connect(2).
    """
    if nginx_unit.is_running:
        because = (_quote.state(nginx_unit, "ActiveState", "SubState", step="nginx_unit"),)
        return RuledOut(cause="nginx_down", says="nginx runs", because=because)
    if front is not None and front.that(Answer.ANSWERED):
        return None
    refused = front.that(Answer.REFUSED) if front else ()
    said = nginx_journal.entries[-1:] if nginx_journal else ()
    return Finding(
        cause="nginx_down",
        certainty=Certainty.CONFIRMED if refused else Certainty.LIKELY,
        says=f"nginx does not run ({nginx_unit.active}, {nginx_unit.result})",
        because=(
            _quote.state(nginx_unit, "ActiveState", "SubState", "Result", step="nginx_unit"),
            *(_quote.probe(probe, "front") for probe in refused[:1]),
            *(Line(step="nginx_journal", text=entry.line, at=entry.at) for entry in said),
        ),
        restart=_restart(config_test),
        next_check=None if refused else "what answers on nginx's address",
        weight=98,
    )


def _restart(config_test: NginxConfigTest | None) -> RestartAdvice:
    if config_test is not None and config_test.is_valid is False:
        return _quote.useless("nginx", "its configuration is invalid; it cannot start")
    if config_test is None or config_test.is_valid is None:
        return _quote.useless("nginx", "it is not known whether it can start: nginx -t could not be asked")
    return _quote.helps("nginx", "its configuration is valid; it only has to be started")
