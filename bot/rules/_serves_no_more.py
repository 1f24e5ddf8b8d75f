"""Whether the nginx that refuses its configuration serves all the same, or nothing any more."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _dialling, _outage, _stray, _whose

#: Its start failed, by systemd's lines, an init script's, or people's words in several languages.
_FAILED = re.compile(
    r"fail(?:ed|s|ure)? to (?:re)?start|\bstart(?:up|ing)? (?:of \S+ )?fail"
    # Debian's init script tests before it stops what runs: "Restarting nginx [fail]" leaves it running.
    r"|\bstarting\b.{0,60}\[ ?fail(?:ed)? ?\]"
    r"|\b(?:wo|does|did|ca|could|would)(?:n't|nt| ?not) (?:even )?(?:re)?start"
    r"|\bnot running\b|\bstays? down\b|\b(?:keeps?|is) (?:re-?start|crash)ing"
    r"|启动失败|启动不了|无法启动|啟動失敗|起動(?:に失敗|しな|でき)|не (?:запуска|стартует)"
    r"|startet nicht|ne démarre pas|no (?:arranca|inicia)|não inicia|시작(?:되지|에 실패)",
    re.IGNORECASE,
)
_TESTS_FIRST = re.compile(r"\b(?:restarting|reloading|testing)\b", re.IGNORECASE)
#: A line that speaks of no other program.
_OF_IT = re.compile(r"nginx|openresty|tengine|proxy|web ?server|ingress", re.IGNORECASE)
_STARTS = re.compile(r"\bstarting (?:\w+ )?nginx\b", re.IGNORECASE)
#: The container's first process. A reload is refused by that one as well, and then the log alone has it: what
#: nginx writes to its terminal ("nginx: [emerg]") is of a start or a test (main() clears ngx_use_stderr).
_FIRST = re.compile(r"\[emerg\] 1#1: ")
_RELOADS = re.compile(r"\breload|\bSIGHUP\b|signal process started|reconfiguring", re.IGNORECASE)


def serves(signs: Signs) -> bool:
    """nginx is active and the site is well: nothing fails by this line, whatever it says."""
    active = any(unit["active"] == "active" for unit in signs.of("unit"))
    well = signs.has("site_well") or any(s["status"][:1] in ("2", "3") for s in signs.of("answers", "status"))
    return well and (active or signs.has("nginx_runs"))


def serves_no_more(signs: Signs, refused: Sign) -> bool:
    """Whether it is down already: a restart is in vain then, and can stop nothing.

    Source: nginx.c main(), ngx_process_cycle.c (SIGHUP), systemd service.c; docker-entrypoint execs nginx.
    """
    if signs.has("nginx_runs", "nginx_workers", "reload_failed") or _stray.stray(signs) is not None:
        return False
    if _stray.works_on(signs, refused):
        return False
    return _unit_is_down(signs) or _box_is_down(signs, refused) or _start_failed(signs, refused)


def _unit_is_down(signs: Signs) -> bool:
    """The last that is said of its unit."""
    named = (u for u in signs.of("unit") if _whose.named(u["unit"]) == "nginx")
    units = [u for u in named if not _TESTS_FIRST.search(u.line)]
    return bool(units) and units[-1]["active"] in ("failed", "inactive")


def _box_is_down(signs: Signs, refused: Sign) -> bool:
    """Its container has ended, or ends again and again: one that is nginx's by name, or wrote the line."""
    before, bar, _ = refused.line.partition("|")
    own = before.strip() if bar else ""
    boxes = (*signs.of("container"), *signs.of("exited"))
    ended = (c for c in boxes if c.kind == "exited" or c["state"] in ("exited", "restarting", "created"))
    return any(
        _dialling.is_proxy(c) or _whose.named(c["who"]) == "nginx" or (own and c["who"] == own) for c in ended
    ) or any("is not running" in s.line for s in signs.of("nginx_not_running"))


def _start_failed(signs: Signs, refused: Sign) -> bool:
    every = signs.text.split("\n")
    said = [line for line in every if _FAILED.search(line) and not _RELOADS.search(line)]
    if any(_OF_IT.search(line) or len(signs.text) < _SHORT for line in said):
        return True
    if any(_STARTS.search(line) for line in every):
        return not any(_outage.is_after(s, refused) for s in signs.of("unit_started"))
    is_reload = any(_RELOADS.search(line) for line in every)
    return not is_reload and any(_FIRST.search(s.line) for s in signs.of("config_invalid", "own_file_denied"))


#: In so few words a failed start is of what they speak of.
_SHORT = 600
