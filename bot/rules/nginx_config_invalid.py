"""nginx's configuration does not pass its test."""

from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.unit_state import UnitState
from bot.rules import _quote


def nginx_config_invalid(
    config_test: NginxConfigTest, nginx_unit: UnitState | None
) -> Finding | RuledOut | None:
    """nginx refuses its configuration: it cannot start or reload; one that runs keeps the old configuration.

    Why: `nginx -t` fails and names the file and line.
    Ruled out when: `nginx -t` succeeds.
    Mistaken when: the test was run without root and stumbled over files only root may read.
    Source: nginx(8); a failed reload leaves the old workers serving.
    """
    if config_test.is_valid is None:
        return None
    if config_test.is_valid:
        return RuledOut(cause="nginx_config_invalid", says="nginx -t is content with the configuration")
    runs = nginx_unit is not None and nginx_unit.is_running
    return Finding(
        cause="nginx_config_invalid",
        certainty=Certainty.CONFIRMED,
        says="nginx's configuration is invalid"
        + ("; the running nginx still serves the old one" if runs else ", so it cannot start"),
        because=tuple(Line(step="config_test", text=text) for text in config_test.problems[:3])
        or (Line(step="config_test", text="test failed"),),
        restart=_quote.harmful("nginx", "it would stop serving and not come back")
        if runs
        else _quote.useless("nginx", "it cannot start before the line is mended"),
        weight=-5 if runs else 99,
    )
