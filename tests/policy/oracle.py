"""What a policy means, said a second time: slowly, over the raw section, sharing nothing with `bot`.

A situation is a plain dict; the answer is the word of a reason. Durations are `10m`, limits `3/1h`.
"""

from typing import Any

Raw = dict[str, Any]


def secs(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[text[-1]]


def fits(on: Raw, host: Raw) -> bool:
    if on.get("environment") and host["environment"] not in on["environment"]:
        return False
    if on.get("tags") and not [tag for tag in on["tags"] if tag in host["tags"]]:
        return False
    return not (on.get("hosts") and host["name"] not in on["hosts"])


def matching(section: Raw, action: str, host: Raw) -> list[Raw]:
    found = []
    for rule in section.get("rules", []):
        if action in rule["do"] and fits(rule.get("on", {}), host):
            found.append(rule)
    return found


def belongs(section: Raw, person: str, usergroups: list[str], groups: list[str]) -> bool:
    for name in groups:
        group = section["groups"].get(name, {})
        if person in group.get("people", []):
            return True
        if group.get("slack_usergroup") and group["slack_usergroup"] in usergroups:
            return True
    return False


def frozen(section: Raw, rule: Raw, now: Raw) -> bool:
    if rule.get("freeze", "respect") == "ignore":
        return False
    for freeze in section.get("freezes", []):
        about = not freeze.get("do") or now["action"] in freeze["do"]
        if about and fits(freeze.get("on", {}), now["host"]) and freeze["from"] <= now["at"] < freeze["to"]:
            return True
    return False


def one_yes(section: Raw, rule: Raw, now: Raw, vote: Raw) -> str:
    """Whether a single yes counts: `allowed` or why not."""
    unsigned = rule["approve"].get("step_up") and not vote.get("signed", True)
    word = one_unsigned_yes(section, rule, now, vote)
    return "step up" if word == "allowed" and unsigned else word


def one_unsigned_yes(section: Raw, rule: Raw, now: Raw, vote: Raw) -> str:
    glass = section.get("break_glass")
    if vote["standing"] != "member":
        return "standing"
    if vote["glass"] is not None:
        if glass is None or not belongs(section, vote["who"], vote["usergroups"], glass["from"]):
            return "not in group"
        if vote["who"] == now["asked_by"] and "requester" not in glass["lifts"]:
            return "requester"
        return "allowed" if vote["glass"] >= glass["justification"] else "justification"
    if vote["who"] == now["asked_by"]:
        lone = rule.get("lone")
        if lone is None or not belongs(section, vote["who"], vote["usergroups"], lone["from"]):
            return "requester"
        if now["shown_ago"] is None or now["shown_ago"] - vote["ago"] < secs(lone["after"]):
            return "too early"
        return "allowed"
    if belongs(section, vote["who"], vote["usergroups"], rule["approve"]["from"]):
        return "allowed"
    return "not in group"


def voters_again(section: Raw, rule: Raw, now: Raw) -> str | None:
    """What is wrong with somebody whose yes counts, now that they are looked up again."""
    for vote in votes_that_count(section, rule, now).values():
        again = vote.get("again", {})
        limit = secs(section.get("identity_max_age", "5m"))
        if again == "not asked" or again.get("read_ago", 0) > limit:
            return "identity old"
        if one_yes(section, rule, now, {**vote, **again}) != "allowed":
            return "voter changed"
    return None


def votes_that_count(section: Raw, rule: Raw, now: Raw) -> dict[str, Raw]:
    """The latest good yes of each person."""
    good = {}
    for vote in now["votes"]:
        if one_yes(section, rule, now, vote) == "allowed":
            good[vote["who"]] = vote
    return good


def votes_suffice(section: Raw, rule: Raw, now: Raw) -> tuple[bool, bool]:
    """Whether the votes are enough, and whether a broken glass is among them."""
    good = votes_that_count(section, rule, now)
    broken = [vote for vote in good.values() if vote["glass"] is not None]
    alone = [who for who, vote in good.items() if who == now["asked_by"] and vote["glass"] is None]
    enough = len(good) >= rule["approve"].get("count", 1)
    if alone or (broken and "quorum" in section["break_glass"]["lifts"]):
        enough = True
    return enough and len(good) > 0, len(broken) > 0


def veto(section: Raw, rule: Raw, now: Raw) -> str:
    voter = now["voter"]
    if voter["standing"] != "member":
        return "standing"
    if voter["who"] == now["asked_by"] or rule.get("lone") or section.get("break_glass"):
        return "allowed"
    may = belongs(section, voter["who"], voter["usergroups"], rule["approve"]["from"])
    return "allowed" if may else "not in group"


def too_much(rule: Raw, now: Raw, lifted: list[str]) -> str | None:
    budget, rate = rule.get("budget"), rule.get("rate")
    if budget and now["done_here"] >= int(budget.split("/")[0]) and "budget" not in lifted:
        return "budget"
    if rate and now["done_by_rule"] >= int(rate.split("/")[0]):
        return "rate"
    pause = rule.get("pause_after_failure")
    if (
        now["stage"] != "offer"
        and pause
        and now["failed_ago"] is not None
        and now["failed_ago"] < secs(pause)
    ):
        return "failed before"
    if now["stage"] == "run" and rule.get("at_once") and now["acting"] >= rule["at_once"]:
        return "at once"
    return None


def consent(section: Raw, rule: Raw, now: Raw) -> tuple[str | None, bool]:
    """What is missing, and whether the glass is broken."""
    if now["stage"] == "vote":
        why = one_yes(section, rule, now, now["voter"])
        return (None if why == "allowed" else why), now["voter"]["glass"] is not None
    if now["stage"] == "run":
        enough, is_broken = votes_suffice(section, rule, now)
        return (voters_again(section, rule, now) if enough else "quorum"), is_broken
    return None, section.get("break_glass") is not None


def answer(section: Raw, now: Raw) -> str:
    rules = matching(section, now["action"], now["host"])
    if len(rules) != 1:
        return "several rules" if rules else "no rule"
    rule = rules[0]
    if now["stage"] == "veto":
        return veto(section, rule, now)
    missing, is_broken = consent(section, rule, now)
    if missing:
        return missing
    if now["stage"] != "offer":
        if now["evidence_ago"] > secs(rule.get("evidence_max_age", "10m")):
            return "evidence old"
        if now["late"]:
            return "expired"
    lifted = section["break_glass"]["lifts"] if is_broken else []
    if frozen(section, rule, now) and "freeze" not in lifted:
        return "frozen"
    return too_much(rule, now, lifted) or "allowed"
