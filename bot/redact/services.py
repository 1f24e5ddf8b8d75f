"""Keys that are named after the service they open: `postmark: "…"` in a vault, a config map, credentials.yml.

The name alone is no sign, for logs speak of services too: the value must look drawn by a machine, and the
name may not go on to say that it is an id, a release or an address. Names that are common words too (line,
square, segment) are left out, and so are those that hosts of their own have (docker, gitlab, grafana); the
few of them whose keys have no other sign must begin a word.
"""

import re

from bot.redact.harmless import is_harmless_value
from bot.redact.randomness import MIN_LENGTH, is_key_shaped, is_random
from bot.redact.rule import Rule

#: Services that web applications hold keys for, from the lists of integrations of the large frameworks.
_NAMES = (
    "adafruit", "adobe", "aftership", "airbrake", "airtable", "aiven", "alchemyapi", "algolia", "alibaba",
    "alphavantage", "amadeus", "amplitude", "anthropic", "apideck", "apiflash", "apilayer", "apollographql",
    "appcues", "appfollow", "appveyor", "artifactory", "asana", "assemblyai", "atlassian", "auth0",
    "authorize.net", "autodesk", "aweber", "backblaze", "baremetrics", "beamer", "betterstack", "bigcartel",
    "bintray", "bitbucket", "bitfinex", "bitly", "bitmex", "bittrex", "blockchair", "blockcypher",
    "blockfrost", "braintree", "brevo", "browserstack", "bugsnag", "buildkite", "bunnycdn", "calendly",
    "campaignmonitor", "cartodb", "chargebee", "chargify", "chartbeat", "chartmogul", "circleci", "clearbit",
    "cleverbridge", "clicksend", "clicktime", "clockify", "close.io", "cloudconvert", "cloudflare",
    "cloudinary", "cloudsmith", "co_api_key", "codeclimate", "codecov", "cohere", "coinapi", "coinbase",
    "coinlayer", "coinmarketcap", "confluence", "confluent", "contentful", "convertkit", "copyleaks",
    "countly", "coveralls", "crisp.chat", "crowdin", "customer.io", "customerio", "datadog", "deepai",
    "deepgram", "deepl", "deepseek", "delighted", "detectify", "detectlanguage", "digitalocean", "discord",
    "disqus", "dnsimple", "docker_hub", "docusign", "doppler", "droneci", "dropbox", "duffel", "dwolla",
    "dynatrace", "easypost", "elasticemail", "elevenlabs", "etsy", "eventbrite", "everhour", "exchangerate",
    "facebook", "fastforex", "fastly", "figma", "filestack", "finicity", "finnhub", "fireworks.ai",
    "fixer.io", "fleetio", "flexport", "flickr", "flutterwave", "foursquare", "freemius", "freshbooks",
    "freshdesk", "freshworks", "fullcontact", "gemnasium", "geocodio", "getresponse", "ghost.io", "giphy",
    "gitbook", "gitguardian", "gitter", "gocardless", "gravitee", "groq", "guardianapi", "gumroad", "gyazo",
    "happyfox", "harvestapp", "helpcrunch", "helpscout", "heroku", "heyzine", "holidayapi", "honeybadger",
    "hotjar", "hubspot", "hunter.io", "hypertrack", "imagekit", "imgix", "imgur", "infobip", "infura",
    "insightly", "instagram", "instatus", "intercom", "ipapi", "ipdata", "ipgeolocation", "ipinfo", "ipstack",
    "iterable", "jfrog", "jira", "jotform", "jumpcloud", "keen.io", "keycdn", "klaviyo", "kraken", "kucoin",
    "langfuse", "launchdarkly", "lemlist", "lemonsqueezy", "lightspeed", "linear", "linked-in", "linked_in",
    "linkedin", "linode", "livechat", "livestorm", "loggly", "loginradius", "lokalise", "looker",
    "magic.link", "mailboxlayer", "mailchimp", "mailersend", "mailgun", "mailjet", "mandrill", "mapbox",
    "maptiler", "marketstack", "mattermost", "maxmind", "mediastack", "meraki", "message-bird",
    "message_bird", "messagebird", "messari", "metaapi", "microlink", "mistral", "mixpanel", "mockaroo",
    "mollie", "moosend", "myfatoorah", "netlify", "new-relic", "new-york-times", "new_relic",
    "new_york_times", "newrelic", "newsapi", "newyorktimes", "ngrok", "nicereply", "nylas", "nytimes",
    "oanda", "okta", "onesignal", "openai", "opencage", "opencagedata", "openrouter", "openweather",
    "openweathermap", "opsgenie", "opticodds", "paddle", "pagerduty", "pandadoc", "papertrail", "paymongo",
    "paypal", "paystack", "pdfshift", "pepipost", "percy.io", "perplexity", "pinecone", "pipedrive",
    "pixabay", "plaid", "planetscale", "plivo", "podio", "pollsapi", "polygon.io", "portainer",
    "positionstack", "postageapp", "postman", "postmark", "prerender", "prismic", "private-ai", "private_ai",
    "privateai",
    "proxycrawl", "pushbullet", "pusher", "pushover", "qualaroo", "qualtrics", "quickbooks", "rapidapi",
    "raygun", "razorpay", "recaptcha", "recurly", "replicate", "requestfinance", "restpack", "retell",
    "rev.ai", "ringcentral", "rocketreach", "rollbar", "salesforce", "satismeter", "saucelabs", "scaleway",
    "scrapeowl", "scraperapi", "scrapingant", "scrapingbee", "screenshotlayer", "sellfy", "semaphoreci",
    "sendbird", "sendgrid", "sendinblue", "sendpulse", "sentry", "serpstack", "sertifier", "shippo", "shodan",
    "shopify", "shotstack", "signalwire", "signaturit", "simplesat", "sinch", "skrapp", "skybiometry",
    "smartsheet", "smartsheets", "snipcart", "snowflake", "snyk", "sonar-token", "sonar.login", "sonar.token",
    "sonar_login", "sonar_token", "sonarcloud", "sonarlogin", "sonartoken", "sparkpost", "splunk",
    "spoonacular", "spotify", "squarespace", "statuscake", "statuspage", "stormglass", "storyblok", "strava",
    "stripe", "sumo", "sumo_logic", "sumologic", "supabase", "supernotes", "surge.sh", "surveybot",
    "surveymonkey", "tavily", "telegram", "telesign", "telnyx", "tencent", "testingbot", "textmagic",
    "thinkific", "ticketmaster", "tiingo", "timezoneapi", "tmetric", "todoist", "tomorrow.io", "tomtom",
    "travis", "trello", "twelvedata", "twilio", "twitch", "twitter", "typeform", "unsplash", "uploadcare",
    "uptimerobot", "userflow", "vatlayer", "vercel", "verifalia", "veriphone", "vimeo", "virustotal",
    "visualcrossing", "voicegain", "vonage", "wandb", "weatherbit", "weatherstack", "webex", "webflow",
    "whoxy", "wistia", "wit.ai", "woocommerce", "wordnik", "workato", "workos", "worldweather", "wrike",
    "xendit", "xray", "yandex", "yelp", "youneedabudget", "zapier", "zendesk", "zenrows", "zenscrape",
    "zerobounce", "zerotier", "zoho", "zonka",
)  # fmt: skip
#: Names that other words have in them (`curvilinear`, `sumoylation`): there only their keys' own forms count.
_WORDS = frozenset({"confluence", "jira", "linear", "sumo", "xray"})
#: Linear's secret, Atlassian's token, both tokens of JFrog, both of Sumo Logic; lengths as each documents.
_OWN_FORM = re.compile(
    r"(?=[a-z]{0,72}[0-9])(?=[0-9]{0,72}[a-z])(?:[0-9a-f]{32}|[a-z0-9]{24}|[a-z0-9]{64}|[a-z0-9]{73})"
    r"|su[A-Za-z0-9]{12}"
)
#: Digits of the ids of clients that are numbers.
_CLIENT_DIGITS = {"asana": 16, "discord": 18}
_OTHERWISE = re.compile(
    r"(?:[a-z]*id|uuid|url|uri|host|addr\w*|version|release|commit|rev|revision|sha\d*|hash|checksum|trace|span|event"
    r"|req|request|correlation|build|deploy\w*|image|digest|tag|ref|job|run|page|user|bot|ray|container|pod|node"
    r"|instance|path|file|volume|data|cgroup|lb|time\w*|ts|date|size|bytes|count|total|guild|chat|channel"
    r"|daemon|log|dir|at)s?\Z",
    re.IGNORECASE,
)
#: Short keys: letters with digits between them, no date; a long number only where the name says so.
_SHORT = re.compile(r"(?=[A-Za-z]{0,20}[0-9]{1,5}[A-Za-z])(?!.*[0-9]{6})[A-Za-z0-9]{14,20}")
_NUMBER = re.compile(r"[0-9]{16,19}")
_SAYS_SO = re.compile(r"key|token|secret|client|consumer|auth|credential", re.IGNORECASE)
#: Consonants in a row as no word has them, at several places: drawn, though there is hardly a digit.
_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_FEWEST_UNSPEAKABLE = 2
#: Compose begins each line of a log with the service's name; a name in an image's path has the tag behind it.
_PREFIX_OF_LINE = re.compile(r"(?:\A|\n)[ \t]{0,8}[\w.-]{1,64}[ \t]{0,8}\|[ \t]{0,8}\Z")
_IN_A_PATH = re.compile(r"/[\w.@-]{0,64}:\Z")
_LOOK_BACK = 160


def _is_inside_a_word(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 1) : match.start()]
    return match["name"].lower() in _WORDS and before.isalpha()


def _is_number_of_client(match: re.Match[str]) -> bool:
    """A long number, where the name says whose it is or it has the length that the service gives out."""
    value = match["secret"]
    if not _NUMBER.fullmatch(value):
        return False
    return bool(_SAYS_SO.search(match["tail"])) or len(value) == _CLIENT_DIGITS.get(match["name"].lower())


def _is_of_something_else(match: re.Match[str]) -> bool:
    """What stands before says that it is no key: an id, a release, a line's prefix, an image's tag."""
    last = re.split(r"[\s_.-]|(?<=[a-z])(?=[A-Z])", match["tail"].strip())[-1]
    start = match.start("secret")
    before = match.string[max(0, start - _LOOK_BACK) : start]
    return bool(_OTHERWISE.match(last) or _PREFIX_OF_LINE.search(before) or _IN_A_PATH.search(before))


def _is_key(match: re.Match[str]) -> bool:
    value = match["secret"]
    if _is_inside_a_word(match):
        return match["tail"] is not None and _OWN_FORM.fullmatch(value) is not None
    if match["tail"] is None:
        return len(value) >= MIN_LENGTH and is_key_shaped(value)
    if _is_of_something_else(match) or value[0] == "/" or is_harmless_value(value, is_password=False):
        return False
    return (
        is_random(value)
        or is_key_shaped(value)
        or _SHORT.fullmatch(value) is not None
        or _is_number_of_client(match)
        or len(_UNSPEAKABLE.findall(value)) >= _FEWEST_UNSPEAKABLE
    )


#: Up to a sign of assignment; or a blank alone (`mailjet …`), behind which only a key's form counts.
_BETWEEN = (
    r"(?:(?P<tail>,?+[\w.-]{0,32}+(?>(?:[ \t]{1,3}+[\w.-]{1,20}+){0,3}))"
    r"[\\\"'\s]{0,8}(?:[=:>|,]|\?(?==)){1,5}[\s\"'`=\\]{0,6}|[ -])"
)
#: A rule for each name: an expression of hundreds of words would be tried at every place of a text.
SERVICE_RULES = tuple(
    Rule(
        kind="service-key",
        words=(name,),
        pattern=rf"(?P<name>(?i:{re.escape(name)})){_BETWEEN}(?P<secret>[A-Za-z0-9_+/=.~-]{{14,512}}+)",
        is_secret=_is_key,
        reach=160,
    )
    for name in _NAMES
)
