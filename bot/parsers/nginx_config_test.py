"""`nginx -t`: may the configuration be loaded?

nginx: [emerg] unknown directive "proxy_buffer_sise" in /etc/nginx/conf.d/zz-fault.conf:1
nginx: configuration file /etc/nginx/nginx.conf test failed
"""

import re
from dataclasses import dataclass

from bot.model.evidence import CommandOutput

_FILE = re.compile(r"configuration file (\S+) (?:syntax is ok|test (?:failed|is successful))")
_PROBLEM = re.compile(r"\[(emerg|alert|crit)\]")
#: What an account without root meets and root would not.
_UNPRIVILEGED = re.compile(r"\(13: Permission denied\)|\(1: Operation not permitted\)")


@dataclass(frozen=True, kw_only=True)
class NginxConfigTest:
    """Answer of nginx's own test."""

    #: None when the test could not decide, e.g. for want of root.
    is_valid: bool | None
    #: Lines that say why not.
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    #: Without root it read the configuration and could not open all that it names.
    is_syntax_only: bool = False
    #: The main file it tested; empty where it does not say.
    file: str = ""


def nginx_config_test(output: CommandOutput) -> NginxConfigTest:
    """The verdict of `nginx -t` with the lines that carry it; nginx writes them to stderr.

    Source: nginx(8), ngx_init_cycle and ngx_log.
    """
    lines = [line for line in (*output.stderr.splitlines(), *output.stdout.splitlines()) if line.strip()]
    problems = tuple(line for line in lines if _PROBLEM.search(line) and not _UNPRIVILEGED.search(line))
    return NginxConfigTest(
        is_valid=_is_valid(lines, problems),
        problems=problems,
        warnings=tuple(line for line in lines if "[warn]" in line),
        is_syntax_only=not any("test is successful" in line for line in lines),
        file=next((found[1] for line in lines if (found := _FILE.search(line))), ""),
    )


def _is_valid(lines: list[str], problems: tuple[str, ...]) -> bool | None:
    text = "\n".join(lines)
    if problems:
        return False
    if "test is successful" in text or "syntax is ok" in text:
        return True
    return None
