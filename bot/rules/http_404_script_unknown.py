"""PHP-FPM does not find the script it is asked for."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _kept_addresses, _outage, _quote, _told


def http_404_script_unknown(signs: Signs) -> Finding | None:
    """Not a 502: PHP-FPM answers, and its answer is 404, because the script's path does not exist for it.

    Why: FPM says "Primary script unknown" or "Unable to open primary script"; nginx quotes it.
    Ruled out when: FPM does not say so.
    Mistaken when: a scanner asks for scripts that never were there, while the site works.
    Mended by: the right root and SCRIPT_FILENAME; the same path mounted in the containers of nginx and FPM;
    rights to search every folder above the script; try_files before fastcgi_pass.
    Not mended by: a restart of PHP-FPM or nginx, unless a mount was replaced under a running container.
    Source: php-src sapi/fpm/fpm/fpm_main.c "Primary script unknown"; ngx_http_fastcgi_module fastcgi_param.
    """
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
