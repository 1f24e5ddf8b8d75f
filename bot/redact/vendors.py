# A pattern stands on one line, to be read against its source.
# ruff: noqa: E501
"""More token formats with a prefix of their own: services that hosts of web apps hold keys for.

Sources: each vendor's documentation of its keys, as in `providers`. Only forms that nothing else has; a key
without a form of its own is found by the name beside it (`assignments`).
"""

import re

from bot.redact.providers import REST
from bot.redact.rule import Rule

_UUID = r"[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"
_EDGE = r"(?<![A-Za-z0-9_-])"
_FORMATS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("1password", ("a3-",), r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
    # A service account's token: JSON in plain base64.
    ("1password", ("ops_eyj",), r"ops_eyJ[A-Za-z0-9+/]{100,4096}+={0,3}"),
    ("adafruit", ("aio_",), r"aio_[A-Za-z0-9]{28}(?![A-Za-z0-9])"),
    ("adobe", ("p8e-",), r"p8e-[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("airtable", ("pat",), r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("akamai", ("akab-",), r"akab-[a-z0-9]{16}-[a-z0-9]{16}"),
    ("alibaba", ("ltai",), r"LTAI[A-Za-z0-9]{12,30}(?![A-Za-z0-9])"),
    ("amazon", ("amzn.mws.", "amzn1.oa2-cs."), r"(?:amzn\.mws\.[a-f0-9-]{36}|amzn1\.oa2-cs\.v1\.[a-f0-9]{64})"),
    ("apify", ("apify_api_",), r"apify_api_[A-Za-z0-9-]{36}"),
    ("appsync", ("da2-",), r"da2-[a-z0-9]{26}(?![A-Za-z0-9])"),
    ("artifactory", ("akc", "cmvmd"), r"(?:AKC[A-Za-z0-9]{60,80}|cmVmd[A-Za-z0-9+/]{45,80})"),
    ("asana", ("/1",), r"[0-2]/1[0-9]{12,16}(?:/1[0-9]{12,16})?:[a-f0-9]{32}"),
    ("authress", ("sc_", "ext_", "scauth_", "authress_"), r"(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    ("aws-bedrock", ("bedrock-api-key-",), r"bedrock-api-key-[A-Za-z0-9+/=]{20,4096}+"),
    # A3T is the oldest form of an AWS access key's id.
    ("aws-key-id", ("a3t",), r"A3T[A-Z0-9]{17}(?![A-Za-z0-9])"),
    ("axiom", ("xaat-", "xapt-"), rf"xa[ap]t-{_UUID}"),
    ("azure", ("+ast", "acdb", "+aba", "aiot", "azca", "azse", "azfu", "+acr", "azcr"), r"[A-Za-z0-9+/_-]{40,80}(?:\+ASt|ACDb|\+ABa|AIoT|AzCa|AzSe|AzFu|\+ACR|AZCR)[A-Za-z0-9+/]{5,10}={0,2}(?![A-Za-z0-9])"),
    ("braintree", ("access_token$",), r"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}"),
    ("buildkite", ("bkua_",), r"bkua_[a-f0-9]{40}"),
    ("canva", ("cnvcta",), r"cnvcta[A-Za-z0-9_-]{40,80}"),
    ("cerebras", ("csk-",), r"csk-[a-z0-9]{40,60}"),
    ("checkly", ("cu_",), r"cu_[a-f0-9]{32}(?![A-Za-z0-9])"),
    ("circleci", ("ccipat_", "cciprj_"), r"CCI(?:PAT|PRJ)_[A-Za-z0-9]{16,24}_[A-Fa-f0-9]{40}"),
    ("clickhouse", ("4b1d",), r"4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9])"),
    ("clickup", ("pk_",), r"pk_[0-9]{5,10}_[A-Z0-9]{32}(?![A-Za-z0-9])"),
    ("clojars", ("clojars_",), r"CLOJARS_[A-Za-z0-9]{50,70}"),
    ("contentful", ("cfpat-",), r"CFPAT-[A-Za-z0-9_-]{40,50}"),
    ("coralogix", ("cxth_", "cxtp_"), r"cxt[hp]_[A-Za-z0-9]{30}(?![A-Za-z0-9])"),
    ("databricks", ("dose", "dkea"), r"d(?:ose|kea)[a-f0-9]{32}(?:-[0-9])?"),
    ("dbt", ("dbtu_", "dbtc_"), r"dbt[uc]_[A-Za-z0-9_-]{40}"),
    ("defined-networking", ("dnkey-",), r"dnkey-[a-z0-9=_-]{20,30}-[a-z0-9=_-]{40,60}"),
    ("deno", ("ddp_",), r"ddp_[A-Za-z0-9]{36}"),
    ("dependency-track", ("odt_",), r"odt_[A-Za-z0-9]{32,40}(?![A-Za-z0-9])"),
    ("devcycle", ("dvc_",), r"dvc_(?:server|mobile|client)_[A-Za-z0-9_-]{30,80}"),
    ("docker-swarm", ("swmtkn-",), r"SWMTKN-1-[a-z0-9]{40,60}-[a-z0-9]{20,30}"),
    ("dropbox", ("sl.",), r"sl\.[A-Za-z0-9_-]{130,160}+"),
    ("duffel", ("duffel_",), r"duffel_(?:test|live)_[A-Za-z0-9_=-]{40,60}"),
    ("e2b", ("e2b_",), r"e2b_[a-f0-9]{40}"),
    ("easypost", ("ezak", "eztk"), r"EZ[AT]K[A-Za-z0-9]{50,60}"),
    ("elevenlabs", ("sk_",), r"sk_[a-f0-9]{40,64}(?![A-Za-z0-9])"),
    ("endor", ("endr+",), r"endr\+[A-Za-z0-9-]{16}(?![A-Za-z0-9])"),
    # An app's own token: its id, a bar, 27 characters.
    ("facebook", ("|", "%"), r"[0-9]{15,16}[|%][A-Za-z0-9_-]{27,40}(?![A-Za-z0-9])"),
    ("facebook", ("eaa",), r"EAA[A-Z][A-Za-z0-9]{80,300}+"),
    ("figma", ("figd_",), r"figd_[A-Za-z0-9_-]{40}"),
    ("firebase", (":apa91b",), r"[A-Za-z0-9_-]{11,22}:APA91b[A-Za-z0-9_-]{100,200}"),
    ("firecrawl", ("fc-",), r"fc-[a-f0-9]{32}(?![A-Za-z0-9])"),
    ("flutterwave", ("flwseck", "flwpubk"), r"FLW(?:SECK|PUBK)(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?"),
    ("frameio", ("fio-u-",), r"fio-u-[A-Za-z0-9_=-]{60,80}"),
    ("fullstory", ("na1.", "eu1."), r"(?:na|eu)1\.[A-Za-z0-9+/]{60,110}={0,2}"),
    ("ghost", (":",), r"[a-f0-9]{24}:[a-f0-9]{64}(?![A-Za-z0-9])"),
    # The older form: base64 of `{"k":"…`.
    ("grafana", ("eyjrijoi",), r"eyJrIjoi[A-Za-z0-9+/]{40,400}+={0,2}"),
    ("harness", ("pat.", "sat."), r"[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    ("honeycomb", ("hcaik_", "hcbik_", "hcaic_"), r"hc[a-z]i[ck]_[A-Za-z0-9]{50,60}"),
    ("hubspot", ("pat-",), rf"pat-(?:na|eu|ap)[0-9]-{_UUID}"),
    ("hugging-face", ("api_org_",), r"api_org_[A-Za-z]{30,40}"),
    ("infisical", ("st.",), r"st\.[a-f0-9-]{24,36}\.[a-f0-9]{32}\.[a-f0-9]{32}"),
    ("infracost", ("ico-",), r"ico-[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("intercom", ("dg9ro",), r"dG9rO[A-Za-z0-9+/]{40,80}={0,2}"),
    ("intra42", ("s-s4t2",), r"s-s4t2(?:ud|af)-[a-f0-9]{60,70}"),
    ("jina", ("jina_",), r"jina_[A-Za-z0-9_-]{50,70}"),
    ("klaviyo", ("pk_",), r"pk_[a-f0-9]{34}(?![A-Za-z0-9])"),
    ("langchain", ("ls__",), r"ls__[a-f0-9]{32}"),
    ("langsmith", ("lsv2_",), r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    ("launchdarkly", ("sdk-", "mob-", "api-"), rf"(?:sdk|mob|api)-{_UUID}"),
    ("lichess", ("lip_",), r"lip_[A-Za-z0-9]{20}(?![A-Za-z0-9])"),
    ("lob", ("live_", "test_"), r"(?:live|test)_(?:pub_[a-f0-9]{28,36}|[a-f0-9]{35})"),
    ("mailersend", ("mlsn.",), r"mlsn\.[a-f0-9]{64}"),
    ("mandrill", ("md-",), r"md-[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])"),
    ("maxmind", ("_mmk",), r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    ("mergify", ("mka_",), r"mka_[A-Za-z0-9]{24,80}"),
    ("metabase", ("mb_",), r"mb_[A-Za-z0-9+/]{43}="),
    ("mongodb", ("mdb_sa_sk_",), r"mdb_sa_sk_[A-Za-z0-9_-]{40}"),
    ("neon", ("napi_",), r"napi_[a-z0-9]{60,70}"),
    ("netbird", ("nbp_",), r"nbp_[A-Za-z0-9]{36}"),
    ("netlify", ("nfp_",), r"nfp_[A-Za-z0-9]{36}"),
    ("nightfall", ("nf-",), r"NF-[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("nvidia", ("nvapi-",), r"nvapi-[A-Za-z0-9_-]{60,70}"),
    ("octopus", ("api-",), r"API-[A-Z0-9]{25,34}(?![A-Za-z0-9])"),
    # OAuth tokens of OpenShift 4.6 and newer: the prefix names how the cluster keeps them.
    ("openshift", ("sha256~",), r"sha256~[A-Za-z0-9_-]{40,50}"),
    ("packagist", ("packagist_",), r"packagist_[a-z]{2,3}_[A-Za-z0-9]{60,70}"),
    ("paddle", ("pdl_",), r"pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}"),
    ("pinecone", ("pcsk_",), r"pcsk_[A-Za-z0-9_]{60,80}"),
    ("plaid", ("access-", "link-"), rf"(?:access|link)-(?:sandbox|development|production)-{_UUID}"),
    ("polar", ("polar_",), r"polar_(?:oat|pat|at)_[A-Za-z0-9]{30,50}"),
    ("posthog", ("phx_",), r"phx_[A-Za-z0-9_]{40,50}"),
    ("prefect", ("pnu_", "pnb_"), r"pn[ub]_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    ("pubnub", ("sec-c-",), r"sec-c-[A-Za-z0-9=]{40,60}"),
    ("razorpay", ("rzp_",), r"rzp_(?:live|test)_[A-Za-z0-9]{14,30}"),
    ("render", ("rnd_",), r"rnd_[A-Za-z0-9]{28,36}"),
    ("resend", ("re_",), r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?![A-Za-z0-9])"),
    ("runpod", ("rpa_",), r"rpa_[A-Z0-9]{40,50}"),
    ("salesforce", ("00d",), r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,120}"),
    ("scalingo", ("tk-us-",), r"tk-us-[A-Za-z0-9_-]{40,60}"),
    ("settlemint", ("sm_pat_", "sm_aat_", "sm_sat_"), r"sm_[pas]at_[A-Za-z0-9]{16}(?![A-Za-z0-9])"),
    ("sonarqube", ("sqp_", "squ_", "sqa_"), r"sq[apu]_[a-f0-9]{40}"),
    ("sourcegraph", ("sgp_", "slk_"), r"(?:sgp_(?:[A-Fa-f0-9]{16}_|local_)?[A-Fa-f0-9]{40}|slk_[a-f0-9]{64})"),
    ("stackhawk", ("hawk.",), r"hawk\.[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{20}"),
    ("statsig", ("secret-", "console-"), r"(?:secret|console)-[A-Za-z0-9]{40,45}(?![A-Za-z0-9-])"),
    ("tavily", ("tvly-",), r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("telnyx", ("key0",), r"KEY0[0-9A-F]{31}_[A-Za-z0-9]{22}"),
    ("tencent", ("akid",), r"AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("together", ("tgp_v1_",), r"tgp_v1_[A-Za-z0-9_-]{40,50}"),
    ("trello", ("atta",), r"ATTA[a-f0-9]{64,72}"),
    # API keys: their number, then 64 characters.
    ("truenas", ("-",), r"[0-9]{1,4}-[A-Za-z0-9]{64}(?![A-Za-z0-9])"),
    # Stream keys: the channel's number, then 30 characters.
    ("twitch", ("live_",), r"live_[0-9]{6,12}_[A-Za-z0-9]{28,32}"),
    # Bearer tokens of apps begin with a counter that is zero: 22 times A.
    ("twitter", ("aaaaaaaaaaaaaaaaaaaaaa",), r"A{20,24}[A-Za-z0-9%]{60,110}"),
    ("typeform", ("tfp_",), r"tfp_[A-Za-z0-9_.=-]{40,60}"),
    ("ubidots", ("bbff-", "bbus-"), r"BB(?:FF|US)-[A-Za-z0-9]{30,40}"),
    ("unkey", ("unkey_",), r"unkey_[A-Za-z0-9]{20,40}"),
    ("valtown", ("vtwn_",), r"vtwn_[A-Za-z0-9]{25,30}"),
    ("voiceflow", ("vf.",), r"VF\.(?:DM\.|WS\.)?[A-Fa-f0-9]{24}\.[A-Za-z0-9]{16}"),
    ("voyage", ("pa-",), r"pa-[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"),
    ("wakatime", ("waka_",), r"waka_[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"),
    ("woocommerce", ("ck_", "cs_"), r"c[ks]_[a-f0-9]{40}"),
    ("zoho", ("1000.",), r"1000\.[a-f0-9]{32}\.[a-f0-9]{32}"),
    ("zuplo", ("zpka_",), r"zpka_[a-f0-9]{32}_[a-f0-9]{8}"),
)  # fmt: skip

VENDOR_RULES = tuple(
    Rule(kind=kind, words=words, pattern=re.compile(_EDGE + form + REST, re.ASCII), reach=300)
    for kind, words, form in _FORMATS
)
