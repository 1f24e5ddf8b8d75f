"""nginx's configuration does not pass its test."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.journal import Journal
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.unit_state import UnitState
from bot.rules import _quote, _refused_file, _refused_start, _taken_up, _told, _which_proxy
from bot.rules._refused_file import CHECK, ENDS, MADE
from bot.rules._serves_no_more import serves, serves_no_more


def nginx_config_invalid(
    config_test: NginxConfigTest | None,
    nginx_unit: UnitState | None,
    nginx_journal: Journal | None,
) -> Finding | RuledOut | None:
    """nginx refuses its configuration: it cannot start or reload; one that runs keeps the old configuration.

    Why: `nginx -t` fails and names the file and line; where it could not be asked, nginx's last start did.
    Ruled out when: `nginx -t` succeeds.
    Mistaken when: the test was run without root and stumbled over files only root may read.
    Mended by: the line that nginx -t names; then nginx -t again, then a reload.
    Not mended by: a restart of anything: a running nginx would end and not come back.
    Source: nginx(8); a failed reload leaves the old workers serving.
    """
    if config_test is None or config_test.is_valid is None:
        return _not_started(nginx_journal, nginx_unit)
    if config_test.is_valid:
        says = "nginx -t is content with the configuration"
        if config_test.is_syntax_only:
            says = "what nginx -t could read without root is right; it did not test the rest"
        return RuledOut(cause="nginx_config_invalid", says=says)
    runs = nginx_unit is not None and nginx_unit.is_running
    return Finding(
        cause="nginx_config_invalid",
        certainty=Certainty.CONFIRMED,
        says="nginx's configuration is invalid"
        + _where(*config_test.problems)
        + ("; the running nginx still serves the old one" if runs else ", so it cannot start"),
        because=tuple(Line(step="config_test", text=text) for text in config_test.problems[:3])
        or (Line(step="config_test", text="test failed"),),
        restart=_quote.harmful("nginx", "it would stop serving and not come back")
        if runs
        else _quote.useless("nginx", "it cannot start before the line is mended"),
        mend=None if runs else _MENDS_DOWN,
        weight=-5 if runs else 99,
    )


def _where(*problems: str) -> str:
    """What nginx dislikes, with file and line, in brackets; empty where it names nothing."""
    said = next((found["what"] for text in problems if (found := _SAID.search(text))), "")
    return f" ({_OF_TLS.sub(_WHY, said)[:160]})" if said else ""


def _not_started(journal: Journal | None, unit: UnitState | None) -> Finding | None:
    said = _refused_start.refused(journal, unit)
    if said is None or unit is None:
        return None
    return Finding(
        cause="nginx_config_invalid",
        certainty=Certainty.CONFIRMED,
        says=f"nginx refused its configuration{_where(said.message)} at its last start, and does not run",
        because=(
            _quote.logged(said, "nginx_journal"),
            _quote.state(unit, "ActiveState", "Result", step="nginx_unit"),
        ),
        restart=_quote.useless("nginx", "it cannot start before the line is mended"),
        mend=_MENDS_DOWN,
        weight=99,
    )


_MENDS_DOWN = "the line that nginx -t names; then nginx -t again, then a start of nginx"
#: What OpenSSL has between nginx's words and the kernel's. Source: ngx_ssl_error.
_OF_TLS = re.compile(r": \w+\(\) failed \(SSL: .*?:(?P<why>[^:]+):calling .*\Z")
_WHY = r": \g<why>"
_SAID = re.compile(r"\[(?:emerg|alert|crit)\] (?:\d{1,10}#\d{1,10}: )?(?P<what>.+)")


def told(signs: Signs) -> Finding | RuledOut | None:
    """nginx's own test or start says so; a restart harms only what still runs."""
    found = _refusal(signs)
    if not isinstance(found, Finding):
        return found
    refused = next(s for s in signs.all if s.line == found.because[0].text)
    if serves(signs) or not serves_no_more(signs, refused):
        return found
    what = found.restart.what
    return replace(
        found,
        restart=replace(_DOWN, what=what),
        mend=found.mend or (_MENDS_DOWN if what == "nginx" else None),
    )


def _refusal(signs: Signs) -> Finding | RuledOut | None:
    """A name, an address in use or a full disk are other causes."""
    said = [s for s in signs.of("config_invalid") if not any(word in s.line for word in _OTHERS)]
    if signs.has("unit_user"):  # then the last line only sums up
        said = [s for s in said if not _SUMS_UP.search(s.line)]
    valid = signs.first("config_valid")
    resolver = next((s for s in signs.all if "host not found in resolver" in s.line), None)
    if not said and (left := _refused_file.unfilled(signs)) is not None:
        says = "a variable of a template stands in nginx's file: nothing was filled in for it"
        return _told.likely("nginx_config_invalid", 90, says, ENDS, left, next_check=_refused_file.UNFILLED)
    if not said and resolver is not None:
        says = "nginx refuses the `resolver` line: what stands there is no name or address it can use"
        weight = 88 if _NO_HOST.search(resolver.line) else 78
        return _told.likely("nginx_config_invalid", weight, says, ENDS, resolver, next_check=CHECK)
    unbound = _unbound(signs) if not said else None
    if unbound is not None:
        says = "nginx may not bind what its files in the container tell it to listen on, and does not start"
        return _told.likely("nginx_config_invalid", 77, says, ENDS, unbound, next_check=MADE)
    if not said:
        return _ruled_out(valid) if valid and not signs.has("config_invalid") else None
    if any(_APP_SERVER.search(s.line) for s in said):
        return None  # the app's own server, whose file it is: app_crash_startup
    named = [s for s in said if s["text"] or s["directive"]]
    if not named and signs.has("name_at_start", "port_taken", "nginx_start_failed", "disk_full"):
        return None
    first = (named or said)[0]
    if line := _taken_up.workers_started(signs, first):
        since = Line(step=first.source or "pasted", text=line)
        return RuledOut(cause="nginx_config_invalid", says="nginx took its files up since", because=(since,))
    product = _refuser(signs, first)
    who = _which_proxy.NAMES.get(product, "the proxy")
    says = f"{who} refuses its configuration" + (f": {first['text'][:120]}" if first["text"] else "")
    return _in_terms_of(product, _judged(signs, first, said, says))


def _judged(signs: Signs, first: Sign, said: list[Sign], says: str) -> Finding:
    """How sure it is that this refusal is what fails."""
    valid = _taken_up.passes_now(signs, first)
    if signs.has("name_at_start") or valid:
        advice = _PASSES if valid else _OTHERWISE
        return _told.possible("nginx_config_invalid", 40, says, advice, first, valid, next_check=CHECK)
    if "family not supp" in first.line:
        says = "nginx is told to listen on a family that this kernel does not have, and does not start"
        return _told.likely("nginx_config_invalid", 86, says, ENDS, first, next_check=CHECK)
    lowered = _refused_file.goes_on(signs, first, says) or _refused_file.of_others(signs, first, says)
    weight = 94 if first["text"] or first["directive"] else 91
    return lowered or _told.confirmed("nginx_config_invalid", weight, says, ENDS, first, *said[-1:])


#: A word of a comment, of resolv.conf(5) or of the directive itself, where nginx awaits an address.
_NO_HOST = re.compile(
    r"in resolver \"(?:[A-Z][a-z]{1,20}|[^\s\"=#$]{0,40}[=#$][^\s\"]*|nameservers?|search|options?|domain"
    r"|ndots[^\s\"]*|edns0|trust-ad|valid|none|null)\""
)
#: Directives of FrankenPHP, which is Caddy with the app in it (frankenphp.dev "Configuration").
_APP_SERVER = re.compile(r"caddyfile.{0,80}'(?:php_server|frankenphp|php)'", re.IGNORECASE)
_SUMS_UP = re.compile(r"Error\(s\) found in configuration|\btest failed")
#: Wordings of nginx's start that are causes of their own.
_OTHERS = (
    "host not found in upstream",
    "host not found in resolver",
    "bind()",
    "bind: address already in use",
    "could not bind",
    " bind: ",  # Go's net, as Caddy and Traefik print it: "listen tcp :80: bind: address already in use"
    "(28: No space",
    "(24: Too many",
    "getpwnam(",
    "getgrnam(",
    "cannot find user id",
    "cannot find group id",
)


#: Wordings that nginx shares with nobody, though the line may be cut where its name stood.
_OF_NGINX = re.compile(
    r"nginx|\[emerg\]|\bdirective\b|\bunknown \"|\binvalid (?:parameter|number of arguments)|_hash\b|_zone \""
    r"|\bSSL_CTX_use|\bcannot load certificate|\bresty\.|_buffers?\w*\" must be|CreateDirectory\(\)"
    r"|\bp?read\(\)|\bunexpected end of file, expecting|\bduplicate (?:upstream|location)"
)


def _refuser(signs: Signs, said: Sign) -> str:
    """The product that refuses, as _which_proxy names it; empty where its line could be of several."""
    own = _which_proxy.of_line(said.line)
    return own or ("nginx" if _OF_NGINX.search(said.line) else _which_proxy.in_front(signs))


def _in_terms_of(product: str, finding: Finding) -> Finding:
    """The restart and the check of the product that refuses, where it is not nginx."""
    if product == "nginx":
        return finding
    check = _TESTS.get(product, "the proxy's own test of its configuration, now")
    return replace(
        finding,
        restart=replace(finding.restart, what=_which_proxy.NAMES.get(product, "proxy")),
        next_check=check if finding.next_check == CHECK else finding.next_check,
    )


_TESTS: Mapping[str, str] = {
    "apache": "`apachectl configtest` now",
    "caddy": "`caddy validate --config FILE` now",
    "envoy": "`envoy --mode validate -c FILE` now",
    "haproxy": "`haproxy -c -f FILE` now",
}
_PASSES = _quote.unknown("nginx", "its own test passes by now")
_OTHERWISE = _quote.unknown("nginx", "it is a name that does not resolve, and its file may be right")
_DOWN = _quote.useless("nginx", "it does not serve, and cannot start before that is mended")


def _unbound(signs: Signs) -> Sign | None:
    """A container's nginx without root may not have a port below 1024, or no interface has the address.

    On a host it is who started nginx, or when: nginx_down.
    """
    if signs.has("dial_refused", "answer_closed", "answer_timeout", "denied_by_policy", "config_old"):
        return None
    failed = next((s for s in signs.of("nginx_start_failed") if _NO_BIND.search(s.line)), None)
    boxed = signs.has("proxy_in_container") or (failed is not None and " 1#1:" in failed.line)
    return failed if boxed else None


_NO_BIND = re.compile(r"bind\(\) to \S{1,80}:\d{2,3} failed \((?:13: |99: )")


def _ruled_out(valid: Sign) -> RuledOut:
    line = Line(step=valid.source or "pasted", text=valid.line)
    says = "nginx -t is content with the configuration"
    return RuledOut(cause="nginx_config_invalid", says=says, because=(line,))
