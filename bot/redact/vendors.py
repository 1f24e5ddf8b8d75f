# A pattern stands on one line, to be read against its source.
# ruff: noqa: E501
"""More token formats with a prefix of their own: services that hosts of web apps hold keys for.

Sources: each vendor's documentation of its keys, as in `providers`. Only forms that nothing else has; a key
without a form of its own is found by the name beside it (`assignments`).
"""

import re

from bot.redact.rule import Rule

_EDGE = r"(?<![A-Za-z0-9_-])"
_FORMATS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("1password", ("a3-",), r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
    ("adobe", ("p8e-",), r"p8e-[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("airtable", ("pat",), r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("alibaba", ("ltai",), r"LTAI[A-Za-z0-9]{12,30}(?![A-Za-z0-9])"),
    ("artifactory", ("akc", "cmvmdgtu"), r"(?:AKC[A-Za-z0-9]{60,80}|cmVmdGtu[A-Za-z0-9+/]{40,80})"),
    ("authress", ("sc_", "ext_", "scauth_", "authress_"), r"(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    # A3T is the oldest form of an AWS access key's id.
    ("aws-key-id", ("a3t",), r"A3T[A-Z0-9]{17}(?![A-Za-z0-9])"),
    ("aws-bedrock", ("bedrock-api-key-",), r"bedrock-api-key-[A-Za-z0-9+/=]{20,4096}+"),
    ("clickhouse", ("4b1d",), r"4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9])"),
    ("clojars", ("clojars_",), r"CLOJARS_[A-Za-z0-9]{50,70}"),
    ("duffel", ("duffel_",), r"duffel_(?:test|live)_[A-Za-z0-9_=-]{40,60}"),
    ("easypost", ("ezak", "eztk"), r"EZ[AT]K[A-Za-z0-9]{50,60}"),
    ("facebook", ("eaa",), r"EAA[A-Z][A-Za-z0-9]{80,300}+"),
    ("flutterwave", ("flwseck", "flwpubk"), r"FLW(?:SECK|PUBK)(?:_TEST)?-[A-Za-z0-9]{12,40}-X"),
    ("frameio", ("fio-u-",), r"fio-u-[A-Za-z0-9_=-]{60,80}"),
    ("harness", ("pat.", "sat."), r"[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    ("hugging-face", ("api_org_",), r"api_org_[A-Za-z]{30,40}"),
    ("infracost", ("ico-",), r"ico-[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("intra42", ("s-s4t2",), r"s-s4t2(?:ud|af)-[a-f0-9]{60,70}"),
    ("lob", ("live_pub_", "test_pub_"), r"(?:live|test)_pub_[a-f0-9]{28,36}"),
    ("maxmind", ("_mmk",), r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    ("octopus", ("api-",), r"API-[A-Z0-9]{25,34}(?![A-Za-z0-9])"),
    # OAuth tokens of OpenShift 4.6 and newer: the prefix names how the cluster keeps them.
    ("openshift", ("sha256~",), r"sha256~[A-Za-z0-9_-]{40,50}"),
    ("prefect", ("pnu_", "pnb_"), r"pn[ub]_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    ("scalingo", ("tk-us-",), r"tk-us-[A-Za-z0-9_-]{40,60}"),
    ("settlemint", ("sm_pat_", "sm_aat_", "sm_sat_"), r"sm_[pas]at_[A-Za-z0-9]{16}(?![A-Za-z0-9])"),
    ("sourcegraph", ("sgp_",), r"sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}"),
)  # fmt: skip

VENDOR_RULES = tuple(
    Rule(kind=kind, words=words, pattern=re.compile(_EDGE + form, re.ASCII), reach=300)
    for kind, words, form in _FORMATS
)
