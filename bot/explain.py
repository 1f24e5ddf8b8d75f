"""What a cause is, in the words of its rule."""

import functools
import importlib
import inspect
import re
from collections.abc import Mapping

from bot.catalog import names_of_code
from bot.checked import did_you_mean
from bot.errors import BadRequest
from bot.model.verdict import Certainty, Finding, Verdict

#: What every rule's docstring says after its conclusion, in this order.
LABELS = ("Why", "Ruled out when", "Mistaken when", "Mended by", "Not mended by", "Source")
_LABEL = re.compile(rf"({'|'.join(LABELS)}): ")
_NO_START = frozenset(
    {
        "app_crash_startup",
        "deploy_bad_release",
        "disk_full",
        "exec_missing",
        "inode_full",
        "migration_failure",
        "permission_user",
        "port_conflict",
        "systemd_unit_error",
    }
)
_NO_APP = _NO_START | {"app_stopped_by_hand", "not_ready_yet", "oom_kill", "php_fpm_down", "start_limit_hit"}
#: What is seen -> what it comes from, where that is found as well: no second trouble, and mended with it.
COMES_FROM: Mapping[str, frozenset[str]] = {
    "app_crash_startup": _NO_START - {"app_crash_startup"},
    "start_limit_hit": _NO_START,
    "upstream_down": _NO_APP | {"dns_stale"},
    "no_live_upstreams": _NO_APP | {"upstream_down", "app_hang"},
    "premature_close_crash": frozenset({"disk_full", "inode_full", "oom_kill", "app_crash_runtime"}),
    "nginx_down": frozenset({"nginx_config_invalid", "host_not_found_at_start"}),
    "backlog_full": frozenset({"app_hang"}),
    "http_504_timeout": frozenset({"app_hang"}),
    "proxy_500_not_502": frozenset({"fd_limit", "worker_connections"}),
}
#: What a verdict may say without a rule.
OF_THE_JUDGE: Mapping[str, str] = {
    "healthy": """\
Nothing fails now: nginx and the app answer well, and the logs show no error in the last minutes.
Why: the checklist asked the app through nginx and directly, and all it needs to say so was read.
Ruled out when: one request fails, or a step that is needed could not be read; then it is unknown.
Mistaken when: only some paths, users or servers fail, and none of them was asked.
Mended by: nothing to mend; note what people saw and when, and look at the logs of that minute.
Not mended by: a restart, which would only interrupt what works.
Source: the runbook's own requests.""",
    "host_kit_drifted": """\
The host guards itself and does not hold what the runbooks here would ask, so nothing was run on it.
Why: its kit was made from other runbooks, another fleet file or another version of the bot.
Ruled out when: the host ran a look by its digest.
Mistaken when: the fleet file says guarded of a host that never got a kit.
Mended by: a kit of today (`runbook-bot host-kit HOST`), installed there; `runbook-bot doctor HOST` checks it.
Not mended by: asking again; a restart of anything.
Source: decision 12 of this project, host kits.""",
    "unknown": """\
Something fails, and no rule explains what was seen; or too little was seen to call it healthy.
Why: a verdict names a cause only with a line that proves it.
Ruled out when: one rule finds its evidence.
Mistaken when: the evidence was there, in a log that no step reads.
Mended by: the check that the verdict names next.
Not mended by: a restart in the hope that it helps, which destroys the evidence.
Source: the steps listed as not checked.""",
}


def explain(cause: str) -> str:
    """The rule's own account: conclusion, why, ruled out when, mistaken when, mended by, source.

    Raises BadRequest with the nearest name when there is no such cause.
    """
    known = {*names_of_code().rules, *OF_THE_JUDGE}
    if cause not in known:
        raise BadRequest(f"no cause {cause[:60]!r}{did_you_mean(cause, known)}")
    return f"{cause}\n{'=' * len(cause)}\n{_told(cause)}\n"


def mend_of(verdict: Verdict) -> tuple[str, str]:
    """A label and what mends the verdict's cause, for people; both empty when nothing is named or broken."""
    here = next((found.mend for found in verdict.found if found.cause == verdict.cause), None)
    said = here or parts(verdict.cause).get("Mended by", "")
    if not said or verdict.is_healthy or verdict.cause == "unknown":
        return "", ""
    is_unsure = verdict.certainty is Certainty.POSSIBLE
    return ("If it is this, mended by" if is_unsure else "Mended by"), said


def comes_from(finding: Finding, verdict: Verdict) -> str:
    """The better explanation among the verdict's that it only follows from; empty when it stands by itself.

    Nothing leads to a finding that weighs less than nothing, and nothing follows from a mere possibility.
    """
    before = verdict.found[: verdict.found.index(finding)] if finding in verdict.found else ()
    sources = COMES_FROM.get(finding.cause, frozenset()) if finding.weight >= 0 else frozenset()
    sure = [one for one in before if one.certainty is not Certainty.POSSIBLE]
    return next((one.cause for one in sure if one.cause in sources), "")


@functools.cache
def parts(cause: str) -> dict[str, str]:
    """Label (`Why`, `Mended by`, …) -> its text on one line; the conclusion under an empty label.

    Every text is empty for what is no cause.
    """
    found = {"": ""}
    label = ""
    for line in _told(cause).splitlines():
        start = _LABEL.match(line)
        label = start[1] if start else label
        said = line[start.end() :] if start else line
        found[label] = f"{found.get(label, '')} {said.strip()}".strip()
    return found


@functools.cache
def _told(cause: str) -> str:
    if cause in OF_THE_JUDGE:
        return OF_THE_JUDGE[cause]
    if cause not in names_of_code().rules:
        return ""
    return inspect.getdoc(getattr(importlib.import_module(f"bot.rules.{cause}"), cause)) or ""
