"""A new release is broken."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _dialling,
    _last_words,
    _life,
    _outage,
    _proxy_release,
    _quote,
    _refused_file,
    _release_seen,
    _store_away,
    _told,
)
from bot.rules._release import (
    broke,
    has_worked,
    is_dangling,
    is_stale,
    is_suspect,
    of_one_server,
    was_tried,
)


def deploy_bad_release(  # a release is judged by all that saw it run
    unit: UnitState,
    changes: Changes,
    clock: HostClock,
    app_journal: Journal | None,
    access_log: AccessLog | None,
    app_history: Journal | None,
    upstreams: HttpProbes | None,
) -> Finding | RuledOut | None:
    """A new release is broken; the one before it worked.

    Why: the release link was changed, since then the app has neither lived through its start nor answered
    well, and there is another release to go back to.
    Ruled out when: this release has answered below 500 or lived longer than a start takes since the switch;
    or what ended had begun before the switch, so that no start has tried this release.
    Mistaken when: something else that the app needs broke at the same moment; the old release is broken too.
    Mended by: going back to the release before, then a corrected release.
    Not mended by: a restart, which starts the same broken release; changes to nginx.
    Source: readlink and mtime of the link; systemd.service(5).
    """
    if changes.link is None:
        return None
    if is_stale(unit, changes):
        return None  # stale_process_after_deploy
    access_log = of_one_server(access_log, upstreams)
    if (good := broke(changes, access_log, upstreams)) is not None:
        return _release_seen.answers_worse(changes.link, good, upstreams, app_journal)
    failing = _life.is_crashing(unit, clock) or _answers_badly(upstreams)
    if is_dangling(changes) and _life.is_crashing(unit, clock):
        return _release_seen.dangling(changes.link, unit, app_journal)
    if has_worked(changes.link.changed_at, access_log, app_history or app_journal):
        says = f"release {changes.link.target} has worked since it was put in place"
        return RuledOut(
            cause="deploy_bad_release", says=says, because=(Line(step="changes", text=changes.link.line),)
        )
    if not failing or not is_suspect(unit, clock, changes, access_log, app_history or app_journal):
        return None
    if _life.is_crashing(unit, clock) and not was_tried(changes.link, unit, app_journal):
        return None  # it died of the release before; a start is what was not tried
    if unit.was_killed and unit.exit_status in (9, 15):
        return None
    words = _last_words.last_words(app_journal)
    is_code = words is not None and _life.BROKEN_CODE.search(words.message) is not None
    away = None if is_code else _store_away.at_exit(app_journal, upstreams)
    because = (Line(step="changes", text=changes.link.line), _quote.state(unit, "ActiveState", "NRestarts"))
    return Finding(
        cause="deploy_bad_release",
        certainty=_certainty(
            is_code,
            has_words=words is not None,
            own_reason=_life.has_own_reason(app_journal) or away is not None,
        ),
        says=f"release {changes.link.target} was put in place and has not worked since"
        + (f": {words.message.strip()}" if words else ""),
        because=((_quote.logged(words), *because) if words else because),
        restart=_quote.useless("app", f"it starts the same broken release {changes.link.target} again"),
        next_check=None
        if is_code
        else f"does {away.name} answer? Without it the release before would not start either"
        if away
        else f"does the release before ({changes.other_releases[-1]}) still start?",
        weight=100,
    )


def _certainty(is_code: bool, *, has_words: bool, own_reason: bool) -> Certainty:
    if is_code and not own_reason:
        return Certainty.CONFIRMED
    return Certainty.LIKELY if has_words and not own_reason else Certainty.POSSIBLE


def _answers_badly(upstreams: HttpProbes | None) -> bool:
    """It runs and answers everything with an error of its own."""
    probes = upstreams.probes if upstreams else ()
    own = (Answer.ANSWERED, Answer.CLOSED, Answer.RESET)
    return bool(probes) and all(p.answer in own and not p.is_well for p in probes)


def told(signs: Signs) -> Finding | None:
    """The older release works, or trouble began with the new one."""
    # A version of the proxy that works tells of the proxy (proxy_bug).
    back = next((s for s in signs.of("went_back") if not _proxy_release.is_own(s)), None)
    failing = signs.first(*_FAILING) or _outage.any_sign(signs)
    config = signs.has(*_SAID_OTHERWISE) or any(s["header"] for s in signs.of("answer_invalid"))
    if signs.has("dial_missing") and not signs.has("app_failed", "missing_module"):
        config = True
    if back is not None:
        return _older_works(signs, back, failing, config=config)
    new = next((s for s in signs.of("released") if not _OF_MACHINE.search(s.line)), None)
    since = _since_new(signs, new, failing, config=config) if new is not None else None
    return since or _code_alone(signs) or _nothing_else(signs, new, config=config)


def _older_works(signs: Signs, back: Sign, failing: Sign | None, *, config: bool) -> Finding:
    """Somebody went back, or an older release is seen to work beside it."""
    new = signs.first("released")
    shipped = signs.first("file_of_image")
    if shipped is not None and (config or signs.has("name_at_start")):
        says = "the new image brings a file that does not fit; the image before it works"
        return _told.likely("deploy_bad_release", 90, says, _SAME, back, shipped, failing, next_check=_CHECK)
    lacks = next((s for s in signs.of("config_invalid") if _NO_FILE.search(s.line)), None)
    if lacks is not None:
        says = "an older image starts with the same files; the new one does not bring a file that nginx opens"
        return _told.likely("deploy_bad_release", 88, says, _SAME, back, new, lacks, next_check=_CHECK)
    says = "a new release is broken; the one before it works"
    if failing is None:
        return _told.likely("deploy_bad_release", 70, says, _SAME, back, new, next_check=_CHECK)
    is_code = failing.kind in ("app_failed", "missing_module")
    weight = 66 if config else 88 if is_code else 86
    return _told.likely("deploy_bad_release", weight, says, _SAME, back, new, failing, next_check=_CHECK)


def _since_new(signs: Signs, new: Sign, failing: Sign | None, *, config: bool) -> Finding | None:
    """A new release was put in place, and what is told beside it leads to it or leaves it possible."""
    broken = signs.first("app_failed", "missing_module")
    if broken is not None and not config:
        says = "a new release was put in place, and its code does not start"
        return _told.likely("deploy_bad_release", 87, says, _SAME, new, broken, next_check=_CHECK)
    stuck = next((s for s in signs.of("released") if _NOT_TAKEN.search(s.line)), None)
    if stuck is not None and not config:
        says = "the new release does not come up, so it is not put in place as a whole"
        return _told.likely("deploy_bad_release", 72, says, _SAME, stuck, failing, next_check=_CHECK)
    down = next((s for s in signs.of("released") if _STAYS_DOWN.search(s.line)), None)
    if down is not None and not config and not signs.has(*_outage.NARROWER, "missing_setting"):
        says = "since a new release was put in place the app does not come up"
        return _told.likely("deploy_bad_release", 70, says, _SAME, down, failing, next_check=_CHECK)
    others = signs.first("others_too")
    if failing is not None and others is not None and not config:
        says = "it fails since a new release was put in place, at others too: it is the release, not the host"
        return _told.likely("deploy_bad_release", 76, says, _SAME, new, others, failing, next_check=_CHECK)
    folder = next((s for s in signs.of("config_invalid") if _NO_FOLDER.search(s.line)), None)
    if others is not None and folder is not None:
        says = "since a new image nginx lacks a folder that the image is to bring, in every container of it"
        return _told.likely("deploy_bad_release", 84, says, _SAME, new, others, folder, next_check=_CHECK)
    refused = signs.first("config_invalid")
    if refused is not None and _refused_file.in_box(signs, refused) and not _EDITED.search(signs.text):
        says = "since a new image was put in place the proxy refuses a file that the image brings or writes"
        return _told.likely("deploy_bad_release", 93, says, _SAME, new, refused, next_check=_CHECK)
    if failing is None:
        return None
    weight = 30 if config else 56 if failing.kind in ("app_failed", "missing_module", "app_error") else 46
    says = "it fails since a new release was put in place"
    return _told.possible("deploy_bad_release", weight, says, _SAME, new, failing, next_check=_CHECK)


def _code_alone(signs: Signs) -> Finding | None:
    """No release is told of, but code that cannot be loaded."""
    failed = signs.of("missing_module", "app_failed", "app_error")
    code = next((s for s in failed if s.kind == "missing_module" or _life.BROKEN_CODE.search(s.line)), None)
    if code is None:
        return None
    says = "the code itself cannot be loaded; maybe the release is broken"
    return _told.possible("deploy_bad_release", 46, says, _SAME, code, next_check=_CHECK)


def _nothing_else(signs: Signs, new: Sign | None, *, config: bool) -> Finding | None:
    """A new release, or a refusal, and nothing that tells more."""
    refused = signs.first("dial_refused")
    if refused is None and new is not None and not config:
        says = "a new release was put in place, and nothing else is told"
        return _told.possible("deploy_bad_release", 41, says, _SAME, new, next_check=_CHECK)
    if refused is None:
        return None
    says = "nothing listens where the proxy dials; maybe the last release does not come up"
    boxed = any(_dialling.may_be_container(signs, dial) for dial in _dialling.refused(signs))
    weight = 16 if refused["protocol"] == "fastcgi" else 34 if boxed else 26
    return _told.possible("deploy_bad_release", weight, says, _SAME, refused, next_check=_CHECK)


_FAILING = ("app_failed", "missing_module", "crashed", "app_error", "handler_died", "unit_exec")
#: Proxy or migration tool say what is wrong, and it is not the app's code.
_SAID_OTHERWISE = (
    "config_invalid",
    "header_too_big",
    "proxy_crashed",
    "dial_denied",
    "migration_failed",
    "missing_setting",
)
#: The file that is refused may be somebody's own.
_EDITED = re.compile(
    r"\b(?:I|we)(?:'ve| have)? (?:just |also )?(?:added|add|edited|changed|wrote|set)\b", re.IGNORECASE
)
#: nginx makes its pid file when it starts (ngx_cycle.c): the folder is missing, and no line is wrong.
_NO_FOLDER = re.compile(r"open\(\) \"\S{1,200}\.pid\" failed \(2: ")
_NO_FILE = re.compile(r"(?:open|stat|opendir)\(\) \"\S{1,200}\" failed \(2: ")
_NOT_TAKEN = re.compile(r"progress deadline|Upgrade \S+ failed", re.IGNORECASE)
#: In the sentence that tells of the release; not of a proxy, a store or the machine.
_STAYS_DOWN = re.compile(
    r"^(?!.*\b(?:nginx|apache|httpd|caddy|haproxy|traefik|docker (?:itself|daemon|engine)|mysql|maria\w*"
    r"|postgres\w*|php\d?|python|node|java|kernel|os|ubuntu|debian|distro)\b).*"
    r"(?:\b(?:wo|does|do|did|would)n['’]?t|\bcannot|\bnever|\bnot|\bfails? to|\brefuses to|\bnot able to) "
    r"(?:even )?(?:com(?:e|ing)(?: back)? (?:up|online)|start(?:ing)?(?: up)?|boot(?:ing)?)\b",
    re.IGNORECASE,
)
#: The system was upgraded below an app that stayed as it was.
_OF_MACHINE = re.compile(
    r"\b(?:do-release|dist)-upgrade\b|\b(?:ubuntu|debian|centos|fedora|rhel|freebsd|macos)[ -]?\d",
    re.IGNORECASE,
)
_SAME = _quote.useless("app", "it starts the same release again")
_CHECK = "does the release before this one work?"
