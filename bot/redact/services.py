"""Keys that are named after the service they open: `postmark: "…"` in a vault, a config map, credentials.yml.

The name alone is no sign, for logs speak of services too: the value must look drawn by a machine, and the
name may not go on to say that it is an id, a release or an address. Names that are common words too (line,
square, segment) are left out, and so are those that hosts of their own have (docker, gitlab, grafana).

A word for a key whose name goes on (`accessShop prod ?= …`) is judged in the same way.
"""

import re

from bot.redact.harmless import is_named_object
from bot.redact.randomness import MIN_LENGTH, is_key_shaped, is_numbered_name, is_random
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
    "positionstack", "postageapp", "postman", "postmark", "prerender", "prismic", "private_ai", "privateai",
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
_OTHERWISE = re.compile(
    r"(?:id|url|uri|host|version|release|commit|sha|hash|trace|span|event|request|build|deploy\w*|image|digest"
    r"|tag|ref|job|run|page|user|bot|ray)s?\Z",
    re.IGNORECASE,
)


#: Short keys and ids of clients: letters with digits between them, or a long number.
_SHORT = re.compile(r"(?=[A-Za-z]{0,20}[0-9]{1,12}[A-Za-z])[A-Za-z0-9]{14,20}|[0-9]{16,19}")

#: Consonants in a row as no word has them, at several places: drawn, though there is hardly a digit.
_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_FEWEST_UNSPEAKABLE = 2


def _of_something_else(tail: str) -> bool:
    """True when the name goes on to say that it is an id, a release or an address."""
    return bool(_OTHERWISE.match(re.split(r"[\s_.-]|(?<=[a-z])(?=[A-Z])", tail.strip())[-1]))


def _is_key(match: re.Match[str]) -> bool:
    value = match["secret"]
    if match["tail"] is None:
        return len(value) >= MIN_LENGTH and is_key_shaped(value)
    if _of_something_else(match["tail"]):
        return False
    return (
        is_random(value)
        or is_key_shaped(value)
        or _SHORT.fullmatch(value) is not None
        or len(_UNSPEAKABLE.findall(value)) >= _FEWEST_UNSPEAKABLE
    )


#: Up to a sign of assignment; or a blank alone (`mailjet …`), behind which only a key's form counts.
_BETWEEN = (
    r"(?:(?P<tail>,?+[\w.-]{0,32}+(?:[ \t]{1,3}+[\w.-]{1,20}+){0,3}+)"
    r"[\\\"'\s]{0,4}[=:>|,?]{1,5}[\s\"'`=\\]{0,6}|[ -])"
)
#: Words that make a name a key's, though more of the name follows and the sign is unusual.
_WORDS = ("access", "auth", "api", "creds", "credential", "secret", "token")


def _is_key_of_name(match: re.Match[str]) -> bool:
    value = match["secret"]
    if match["tail"] is None or _of_something_else(match["tail"]):
        return False
    return is_random(value, at_least=20) and not is_named_object(value) and not is_numbered_name(value)


#: A rule for each name: an expression of hundreds of words would be tried at every place of a text.
SERVICE_RULES = (
    Rule(
        kind="value",
        words=_WORDS,
        pattern=re.compile(rf"(?i:{'|'.join(_WORDS)}){_BETWEEN}(?P<secret>[A-Za-z0-9_+/=.-]{{20,512}}+)"),
        is_secret=_is_key_of_name,
        reach=160,
    ),
    *(
        Rule(
            kind="service-key",
            words=(name,),
            pattern=re.compile(rf"(?i:{re.escape(name)}){_BETWEEN}(?P<secret>[A-Za-z0-9_+/=.~-]{{14,512}}+)"),
            is_secret=_is_key,
        )
        for name in _NAMES
    ),
)
