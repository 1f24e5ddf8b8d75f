"""PHP-FPM does not find the script it is asked for."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import Directive, NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import FpmPool, PhpFpm
from bot.rules import _fpm, _kept_addresses, _outage, _php_error, _quote, _told


def http_404_script_unknown(  # nginx's words, what visitors get, and the path that is sent
    error_log: NginxErrorLog,
    front: HttpProbes | None,
    upstreams: HttpProbes | None,
    config: NginxConfig | None,
    php_fpm: PhpFpm | None,
) -> Finding | None:
    """Not a 502: PHP-FPM answers, and its answer is 404, because the script's path does not exist for it.

    Why: FPM says "Primary script unknown" or "Unable to open primary script"; nginx quotes it, and visitors
    get 404. Or FPM refuses the script's ending (security.limit_extensions), and they get 403. Or the script
    is there, and its rights or open_basedir keep FPM from it; or nginx sends no SCRIPT_FILENAME.
    Ruled out when: FPM does not say so, or what is asked for is answered well.
    Mistaken when: a scanner asks for scripts that never were there, while the site works.
    Mended by: the right root and SCRIPT_FILENAME; the same path mounted in the containers of nginx and FPM;
    rights to search every folder above the script; try_files before fastcgi_pass.
    Not mended by: a restart of PHP-FPM or nginx, unless a mount was replaced under a running container.
    Source: php-src sapi/fpm/fpm/fpm_main.c "Primary script unknown"; ngx_http_fastcgi_module fastcgi_param.
    """
    bad = [probe for probe in front.probes if probe.status in (403, 404)] if front else []
    unknown = error_log.of(Fault.SCRIPT_UNKNOWN)
    refused = [e for e in error_log.of(Fault.BACKEND_SAID) if _php_error.is_refused(e)]
    said = next((e for e in (*unknown, *refused) if any(e.path == probe.path for probe in bad)), None)
    if said is None or front is None:
        return None
    pools = _fpm.dialled(php_fpm, upstreams, error_log)
    path = next(probe for probe in bad if probe.path == said.path)
    is_all = not any(p.status is not None and p.status < 400 for p in front.probes)
    sends_none = _sends_none(config) and not _shut_words(said) and said not in refused
    return Finding(
        cause=_CAUSE,
        certainty=Certainty.CONFIRMED if is_all else Certainty.POSSIBLE,
        says=f"PHP-FPM answers {path.status} on {path.path}: "
        + (_refused_words(pools) if said in refused else _shut_words(said) or _unknown_words(config, pools)),
        because=(_quote.error(said), _quote.probe(path, "front")),
        restart=_SAME_PATH,
        next_check=(None if said in refused or sends_none else _shut_check(said) or _CHECK)
        if is_all
        else f"whether {path.path} is meant to be there at all: other paths are answered well",
        mend=_NAME_IT if sends_none else None,
        weight=64,
    )


_NAME_IT = (
    "`fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;` beside fastcgi_pass; then a reload"
    " of nginx"
)


def _refused_words(pools: tuple[FpmPool, ...]) -> str:
    limit = next(
        (p.settings["security.limit_extensions"] for p in pools if _LIMIT in p.settings), ".php .phar"
    )
    return f"it runs only files that end in {limit} (security.limit_extensions)"


def _shut_words(said: NginxError) -> str | None:
    """The script is there, and FPM may not open it: by the file's rights, or by open_basedir."""
    path = found["path"] if (found := _SCRIPT.search(said.message)) else "the script"
    if _BASEDIR.search(said.message):
        return f"open_basedir, of the pool's file or php.ini, keeps it from {path}"
    if _DENIED.search(said.message):
        return f"the pool's user may not open {path} (Permission denied)"
    return None


def _shut_check(said: NginxError) -> str | None:
    if _BASEDIR.search(said.message):
        return "open_basedir (`grep -rn open_basedir` over the pools' files and php.ini) against that path"
    if _DENIED.search(said.message):
        return "`namei -l` of that path: the pool's user must search every folder and read the file"
    return None


#: fpm_main.c and fopen_wrappers.c; nginx may cut the rest of a long line off.
_SCRIPT = re.compile(r"[Uu]nable to open primary script: (?P<path>/[^\s(]+)")
_BASEDIR = re.compile(r"open_basedir restriction in effect")
_DENIED = re.compile(
    r"[Ff]ailed to open stream: Permission denied|primary script: [^(]*\(Permission denied\)"
)


def _unknown_words(config: NginxConfig | None, pools: tuple[FpmPool, ...]) -> str:
    sent = {_with_root(config, d) for d in config.named("fastcgi_param")} if config else set()
    names = sorted(name for name in sent if name)
    if _sends_none(config):
        return "nginx sends it no SCRIPT_FILENAME (Debian's fastcgi_params has none; fastcgi.conf has)"
    shut = next((pool for pool in pools if pool.settings.get("chroot")), None)
    asked = f"the script at the path that nginx sends{f' ({names[0]})' if len(names) == 1 else ''}"
    if shut is not None:
        return (
            f"it does not find {asked}; its pool {shut.name} is shut into {shut.settings['chroot']} (chroot)"
        )
    return f"it does not find {asked}"


def _sends_none(config: NginxConfig | None) -> bool:
    """No file of nginx names the script."""
    if config is None:
        return False
    return not any(d.arguments[:1] == ("SCRIPT_FILENAME",) for d in config.named("fastcgi_param"))


def _with_root(config: NginxConfig | None, param: Directive) -> str:
    """SCRIPT_FILENAME as nginx would send it, as far as the configuration says."""
    if config is None or param.arguments[:1] != ("SCRIPT_FILENAME",) or len(param.arguments) < 2:
        return ""
    roots = {d.arguments[0] for d in config.named("root") if d.server == param.server and d.arguments}
    root = roots.pop() if len(roots) == 1 else "$document_root"
    return param.arguments[1].replace("$document_root", root)


_LIMIT = "security.limit_extensions"


def told(signs: Signs) -> Finding | None:
    """FPM's own words, or nginx's quote of them."""
    said = signs.first("script_unknown")
    shut = _outside_chroot(signs)
    if shut is not None and not signs.has("dial_refused", "dial_missing", "dial_denied"):
        says = "the pool is shut into a folder, and SCRIPT_FILENAME names the path as the host sees it"
        weight = 90 if said is not None else 80
        return _told.likely(_CAUSE, weight, says, _SAME_PATH, *shut, said, next_check=_CHECK)
    if said is None:
        return _logged(signs)
    where = f" ({said['path']})" if said["path"] else ""
    says = f"PHP-FPM does not find the script it is asked for{where}"
    if signs.has("dial_refused", "dial_missing", "dial_denied", "answer_timeout", "pool_exhausted"):
        return _told.likely("http_404_script_unknown", 66, says, _SAME_PATH, said, next_check=_CHECK)
    if _kept_addresses.of_another(signs) is not None:
        says = f"{says}; what is dialled is another container, which has other scripts"
        return _told.likely("http_404_script_unknown", 72, says, _SAME_PATH, said, next_check=_CHECK)
    if "rimary script" not in said.line:
        says = "PHP-FPM's own page for a script that it does not find"
        return _told.likely("http_404_script_unknown", 76, says, _SAME_PATH, said, next_check=_CHECK)
    if "(Permission denied)" in said.line:
        says = f"PHP-FPM's user may not reach the script{where}"
        return _told.likely("http_404_script_unknown", 82, says, _SAME_PATH, said, next_check=_CHECK)
    if (well := signs.first("site_well")) is not None:
        says = f"{says}; the site is well, so somebody asks for what was never there"
        return _told.likely("http_404_script_unknown", 76, says, _SAME_PATH, said, well, next_check=_CHECK)
    return _told.confirmed("http_404_script_unknown", 92, says, _SAME_PATH, said)


def _outside_chroot(signs: Signs) -> tuple[Sign, Sign] | None:
    """The script's path begins with the pool's own root, which is not there inside of it."""
    for pool in signs.of("pool_chroot"):
        for conf in signs.where("conf", directive="fastcgi_param SCRIPT_FILENAME"):
            if conf["value"].startswith(f"{pool['path']}/"):
                return pool, conf
    return None


_TROUBLES = (*_outage.DEAF, *_outage.BROKEN, *_outage.SLOW)
_CAUSE = "http_404_script_unknown"
_SAME_PATH = _quote.useless("php-fpm", "it is asked for the same path again")
_CHECK = "whether the path in SCRIPT_FILENAME exists where PHP-FPM runs"


def _logged(signs: Signs) -> Finding | None:
    """FPM's own log has the 404: it lacks the script, or the app inside answered so."""
    said = signs.first("fpm_404")
    passed = next(iter(signs.where("dials", protocol="fastcgi")), None)
    if said is None or passed is None or signs.has("app_failed", "app_error", *_TROUBLES):
        return None
    says = f"PHP-FPM answers 404 for {said['path']}: it may not have the script at the path it is given"
    return _told.likely("http_404_script_unknown", 70, says, _SAME_PATH, said, passed, next_check=_CHECK)
