# A pattern stands on one line, to be read against its source.
# ruff: noqa: E501
"""Token formats that providers document: a fixed prefix, an alphabet and a length.

Sources: each provider's own documentation of its token format, named beside the line. Lengths are
lower bounds, so that a token cut short or a longer future one is still taken.
"""

import re

from bot.redact.rule import Rule

#: What stands right behind a token belongs to it: no half of a longer one is left.
REST = r"[A-Za-z0-9_-]{0,512}+"
_EDGE = r"(?<![A-Za-z0-9])"
_FORMATS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # IAM "unique identifiers" (AKIA, ASIA, …): an id, but it names the key to whoever finds the other half.
    ("aws-key-id", ("akia", "asia", "aroa", "aida", "agpa", "abia", "acca"), r"(?:AKIA|ASIA|AROA|AIDA|AGPA|ABIA|ACCA)[A-Z0-9]{12,20}"),
    ("aws-token", ("iqoj", "fwog"), r"(?:IQoJ|FwoG)[A-Za-z0-9+/=_-]{40,4096}+"),
    ("aws-bedrock", ("absk",), r"ABSK[A-Za-z0-9+/=]{40,256}+"),
    # Google: API keys, OAuth client secrets, access and refresh tokens.
    ("google-key", ("aiza",), r"AIza[A-Za-z0-9_-]{25,60}+"),
    ("google-oauth", ("gocspx-", "ya29.", "1//0"), r"(?:GOCSPX-[A-Za-z0-9_-]{20,60}+|ya29\.[A-Za-z0-9_.-]{20,4096}+|1//0[A-Za-z0-9_-]{30,256}+)"),
    # GitHub "token formats": ghp, gho, ghu, ghs, ghr and fine-grained github_pat.
    ("github", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), r"(?:gh[pousr]_[A-Za-z0-9_.-]{20,1024}+|github_pat_[A-Za-z0-9_]{30,255}+)"),
    # GitLab "token overview": prefixes of every kind of token.
    ("gitlab", ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "gr1348941", "glffct-"), r"(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{16,300}+|GR1348941[A-Za-z0-9_-]{16,64}+)"),
    # Slack "token types": xoxb, xoxp, xapp, xoxe and their relatives.
    ("slack", ("xox", "xapp-", "xwfp-"), r"(?:xox[a-z](?:.xox[a-z])?-|xapp-|xwfp-)[A-Za-z0-9./-]{10,512}+"),
    # Stripe "API keys": secret, restricted and webhook signing.
    ("stripe", ("sk_live", "sk_test", "rk_live", "rk_test", "whsec_", "sk_prod", "rk_prod"), r"(?:(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,256}+|whsec_[A-Za-z0-9+/=]{16,128}+)"),
    # Vendors of language models.
    ("ai-key", ("sk-", "hf_", "gsk_", "r8_", "pplx-", "xai-"), r"(?:sk-(?:ant-|proj-|svcacct-|admin-|or-)?(?:[a-z0-9]{1,8}-)?[A-Za-z0-9_-]{20,256}+|hf_[A-Za-z0-9]{30,64}+|gsk_[A-Za-z0-9]{30,80}+|r8_[A-Za-z0-9]{30,64}+|pplx-[A-Za-z0-9]{30,64}+|xai-[A-Za-z0-9_-]{40,128}+)"),
    # Package registries: npm, PyPI, RubyGems, crates.io, NuGet.
    ("registry", ("npm_", "pypi-", "rubygems_", "cio", "oy2"), r"(?:npm_[A-Za-z0-9]{30,64}+|pypi-[A-Za-z0-9_-]{40,512}+|rubygems_[A-Za-z0-9]{40,64}+|cio[A-Za-z0-9]{32}(?![A-Za-z0-9])|oy2[a-z0-9]{43}(?![A-Za-z0-9]))"),
    # HashiCorp Vault (hvs, hvb, hvr and the older s.) and Terraform Cloud (atlasv1).
    ("vault", ("hvs.", "hvb.", "hvr.", "atlasv1.", "s."), r"(?:hv[sbr]\.[A-Za-z0-9_-]{20,256}+|(?<![\w./-])s\.[A-Za-z0-9]{24}(?![\w.-])|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,128}+)"),
    ("digitalocean", ("dop_v1_", "doo_v1_", "dor_v1_"), r"do[opr]_v1_[a-f0-9]{40,64}+"),
    ("sendgrid", ("sg.",), r"SG\.(?:[A-Za-z0-9_=.-]{60,70}|[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}+)"),
    ("mailgun", ("key-", "mg-"), r"key-[a-f0-9]{32}(?![A-Za-z0-9])"),
    ("mailchimp", ("-us",), r"[a-f0-9]{32}-us[0-9]{1,2}(?![0-9A-Za-z])"),
    # Twilio: API key SID and account SID.
    ("twilio", ("sk", "ac"), r"(?:SK[A-Fa-f0-9]{32}|AC[a-f0-9]{32})(?![A-Za-z0-9])"),
    ("shopify", ("shpat_", "shpca_", "shppa_", "shpss_"), r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{24,64}+"),
    ("square", ("sq0", "eaaa"), r"(?:sq0[a-z]{3}-[A-Za-z0-9_-]{20,60}+|EAAA[A-Za-z0-9_-]{22,64}+)"),
    ("telegram", (":",), r"(?:[0-9]{5,16}:A(?=[A-Za-z_-]{0,20}[0-9])[A-Za-z0-9_-]{33,40}+|[0-9]{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-]))"),
    ("atlassian", ("atatt", "atctt", "atbb"), r"AT(?:ATT|CTT|BB)[A-Za-z0-9_=-]{20,256}+"),
    ("linear", ("lin_api_", "lin_oauth_"), r"lin_(?:api|oauth)_[A-Za-z0-9]{30,80}+"),
    ("notion", ("ntn_", "secret_"), r"(?:ntn_[A-Za-z0-9]{30,64}+|secret_[A-Za-z0-9]{40,48}+)"),
    ("grafana", ("glc_", "glsa_", "eyjr"), r"(?:glc_[A-Za-z0-9+/=]{30,400}+|glsa_[A-Za-z0-9]{20,64}_[A-Fa-f0-9]{8})"),
    ("newrelic", ("nrak-", "nraa-", "nrra-", "nrii-", "nriq-", "nrjs-", "nrsp-", "nral"), r"(?:NR[A-Z]{2}-[A-Za-z0-9_-]{16,64}+|(?:[a-z]{2}[0-9]{2}xx)?[a-f0-9]{30,36}NRAL)"),
    ("sentry", ("sntrys_", "sntryu_"), r"sntry[su]_[A-Za-z0-9+/=_]{30,512}+"),
    ("databricks", ("dapi",), r"dapi[A-Fa-f0-9]{32}(?:-[0-9])?"),
    ("docker", ("dckr_",), r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}+"),
    ("doppler", ("dp.",), r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{20,80}+"),
    ("planetscale", ("pscale_",), r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{20,80}+"),
    ("supabase", ("sbp_", "sb_secret_"), r"(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,64}+)"),
    ("pulumi", ("pul-",), r"pul-[a-f0-9]{40}"),
    ("fly", ("fo1_", "fm1", "fm2_"), r"(?:fo1_[A-Za-z0-9_-]{30,64}+|fm[12][ar]?_[A-Za-z0-9+/=_-]{40,2048}+)"),
    ("postman", ("pmak-",), r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    ("dynatrace", ("dt0",), r"dt0[a-z][0-9]{2}\.[A-Za-z0-9]{20,32}\.[A-Za-z0-9]{40,80}+"),
    ("heroku", ("hrku-",), r"HRKU-[A-Za-z0-9_-]{30,80}+"),
    ("tailscale", ("tskey-",), r"tskey-[a-z]{2,16}-[A-Za-z0-9-]{16,80}+"),
    ("age-key", ("age-secret-key-",), r"AGE-SECRET-KEY-1[A-Z0-9]{40,64}+"),
    ("cloudflare", ("v1.0-", "cfut_", "cfat_"), r"(?:v1\.0-[a-f0-9]{20,32}-[a-f0-9]{100,200}+|cf[ua]t_[A-Za-z0-9_-]{30,64}+)"),
    ("brevo", ("xkeysib-", "xsmtpsib-"), r"x(?:key|smtp)sib-[a-f0-9]{40,80}(?:-[A-Za-z0-9]{8,24})?"),
    ("algolia", ("rdme_", "shippo_", "pat_"), r"(?:rdme_[a-z0-9]{60,80}+|shippo_(?:live|test)_[A-Fa-f0-9]{40})"),
    # Azure: storage and service bus keys, Entra client secrets (three characters, digit, Q~), DevOps tokens.
    ("azure", ("accountkey=", "sharedaccesskey=", "q~", "azdo"), r"(?:(?<=AccountKey=)[A-Za-z0-9+/]{40,100}={0,2}|(?<=SharedAccessKey=)[A-Za-z0-9+/]{20,100}={0,2}|[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{20,40}+|[A-Za-z0-9]{68,80}AZDO[A-Za-z0-9]{4})"),
    # RFC 7519: header and payload are base64url of JSON objects.
    ("jwt", ("eyj",), r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}+(?:\.[A-Za-z0-9_-]{4,8192}+(?>(?:\.[A-Za-z0-9_-]{0,8192}+){0,3}))"),
    # The same with a blank or a new line in the header's JSON.
    ("jwt", ("eya", "ewo"), r"(?<![A-Za-z0-9_-])(?:eyA|ewo)[A-Za-z0-9_-]{16,4096}+\.e[yw][A-Za-z0-9_-]{16,8192}+(?:\.[A-Za-z0-9_-]{0,8192}+)?"),
    # Two parts that each begin as base64url of an object may: cut, or of a header nobody knows.
    ("jwt", ("ey",), r"(?<![A-Za-z0-9_-])ey[A-Za-z0-9_-]{17,4096}+\.ey[A-Za-z0-9/\\_-]{17,8192}+(?:\.[A-Za-z0-9/\\_-]{0,8192}+)?"),
    # Base64 of a token: `eyJ` once more.
    ("jwt", ("zxlk",), r"(?<![A-Za-z0-9_/+-])ZXlK[A-Za-z0-9+/\\_-]{30,16384}+={0,2}"),
    # Base64 of DER private keys, of OpenSSH's key magic and of PEM's first line.
    ("key-material", ("mii", "b3blbnnzac", "ls0tls1crudjti"), r"(?:MI[GIJ][A-Za-z0-9+/]{180,8192}+={0,2}|b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/]{16,8192}+={0,2}|LS0tLS1CRUdJTi(?!BDRVJU|BQVUJMSUM)[A-Za-z0-9+/]{16,16384}+={0,2})"),
)  # fmt: skip

PROVIDER_RULES = tuple(
    Rule(kind=kind, words=words, pattern=re.compile(_EDGE + form + REST, re.ASCII), reach=300)
    for kind, words, form in _FORMATS
)
