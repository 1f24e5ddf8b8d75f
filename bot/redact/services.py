"""Keys that are named after the service they open: `postmark: "…"` in a vault, a config map, credentials.yml.

The name alone is no sign, for logs speak of services too: the value must look drawn by a machine, and the
name may not go on to say that it is an id, a release or an address. Names that are words too (line, square,
segment, linear) are left out, and so are those that hosts of their own have (docker, gitlab, grafana).
"""

import re

from bot.redact.randomness import is_random
from bot.redact.rule import Rule

#: Services that web applications hold keys for, from the lists of integrations of the large frameworks.
_NAMES = (
    "adafruit", "adobe", "airtable", "algolia", "alibaba", "amplitude", "anthropic", "artifactory",
    "asana", "atlassian", "auth0", "beamer", "bintray", "bitbucket", "bittrex", "braintree", "brevo",
    "bugsnag", "buildkite", "circleci", "clearbit", "cloudflare", "cloudinary", "codeclimate",
    "codecov", "cohere", "coinbase", "confluent", "contentful", "crowdin", "datadog", "deepgram",
    "deepseek", "digitalocean", "discord", "docusign", "doppler", "droneci", "dropbox", "duffel",
    "dynatrace", "easypost", "elevenlabs", "etsy", "facebook", "fastly", "figma", "finicity", "finnhub",
    "flickr", "flutterwave", "freemius", "freshbooks", "freshdesk", "gitter", "gocardless",
    "harvestapp", "helpscout", "heroku", "honeybadger", "hubspot", "infura", "instagram", "intercom",
    "ipinfo", "ipstack", "jfrog", "kraken", "kucoin", "launchdarkly", "linkedin", "loggly", "looker",
    "mailchimp", "mailersend", "mailgun", "mailjet", "mandrill", "mapbox", "mattermost", "maxmind",
    "meraki", "message-bird", "message_bird", "messagebird", "mistral", "mixpanel", "mollie", "netlify",
    "new-relic", "new-york-times", "new_relic", "newrelic", "nytimes", "okta", "onesignal", "openai",
    "opsgenie", "pagerduty", "papertrail", "paypal", "paystack", "pinecone", "plaid", "planetscale",
    "plivo", "postman", "postmark", "prismic", "private_ai", "privateai", "quickbooks", "rapidapi",
    "razorpay", "recaptcha", "recurly", "replicate", "rollbar", "salesforce", "sendbird", "sendgrid",
    "sendinblue", "sentry", "shippo", "shodan", "shopify", "snowflake", "snyk", "sonarcloud",
    "sparkpost", "splunk", "spotify", "squarespace", "stripe", "sumo_logic", "sumologic", "supabase",
    "tavily", "telegram", "tencent", "travis", "trello", "twilio", "twitch", "twitter", "typeform",
    "uploadcare", "vercel", "virustotal", "vonage", "webflow", "workos", "yandex", "zapier", "zendesk",
    "zoho",
)  # fmt: skip
_OTHERWISE = re.compile(
    r"(?:id|url|uri|host|version|release|commit|sha|hash|trace|span|event|request|build|deploy\w*|image|digest"
    r"|tag|ref|job|run|page|user|bot|ray)s?\Z",
    re.IGNORECASE,
)


def _is_key(match: re.Match[str]) -> bool:
    last = re.split(r"[\s_.-]|(?<=[a-z])(?=[A-Z])", match["tail"].strip())[-1]
    return not _OTHERWISE.match(last) and is_random(match["secret"])


SERVICE_RULES = (
    Rule(
        kind="service-key",
        words=_NAMES,
        pattern=re.compile(
            rf"(?i:{'|'.join(_NAMES)})(?P<tail>[\w.-]{{0,20}}+(?:[ \t]{{1,3}}+[\w.-]{{1,20}}+)?+)"
            r"[\\\"'\s]{0,4}[=:>|,?]{1,5}[\s\"'`=\\]{0,6}(?P<secret>[A-Za-z0-9_+/=.~-]{16,512}+)"
        ),
        is_secret=_is_key,
    ),
)
