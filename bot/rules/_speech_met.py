"""Two protocols held against each other, as a host shows them."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import FpmPool
from bot.rules import _fpm, _quote


def plain_to_tls(probe: Probe, error_log: NginxErrorLog | None) -> Finding:
    """Asked in HTTP the far end hangs up or answers 400, and then takes a TLS handshake."""
    logged = (
        [e for e in error_log.of(Fault.CLOSED_EARLY, Fault.RESET) if e.address == probe.address]
        if error_log
        else []
    )
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED,
        says=f"nginx speaks plain HTTP to {probe.address}, which wants TLS",
        because=(_quote.probe(probe), *(_quote.error(entry) for entry in logged[:1])),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        mend=f"https:// in place of http:// where nginx passes to {probe.address}, or the app told to speak "
        "plain HTTP there; then a reload of nginx",
        weight=87,
    )


def http_to_fpm(pool: FpmPool, closed: NginxError, upstreams: HttpProbes | None) -> Finding:
    broken = upstreams.that(Answer.RESET, Answer.CLOSED) if upstreams else ()
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED,
        says=f"nginx sends HTTP to {pool.listen}, where PHP-FPM's pool {pool.name} speaks FastCGI",
        because=(
            _quote.error(closed),
            *(_quote.probe(probe) for probe in broken[:1]),
            _fpm.counted(pool),
        ),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        mend="fastcgi_pass instead of proxy_pass for that place, with fastcgi_params and SCRIPT_FILENAME",
        weight=67,
    )
