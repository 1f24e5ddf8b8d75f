"""Keys that are named after the service they open: `postmark: "…"` in a vault, a config map, credentials.yml.

The name alone is no sign, for logs speak of services too: the value must look drawn by a machine, and the
name may not go on to say that it is an id, a release or an address. Names that are words too (line, square,
segment, linear) are left out, and so are those that hosts of their own have (docker, gitlab, grafana).
"""

import re

from bot.redact.randomness import is_key_shaped, is_random
from bot.redact.rule import Rule

#: Services that web applications hold keys for, from the lists of integrations of the large frameworks.
_NAMES = (
    "adafruit", "adobe", "aftership", "airbrake", "airtable", "aiven", "alchemyapi", "algolia", "alibaba",
    "alphavantage", "amadeus", "amplitude", "anthropic", "apideck", "apiflash", "apilayer", "apollographql",
    "appcues", "appfollow", "appveyor", "artifactory", "asana", "assemblyai", "atlassian", "auth0",
    "authorize.net", "autodesk", "aweber", "backblaze", "baremetrics", "beamer", "betterstack", "bigcartel",
    "bintray", "bitbucket", "bitfinex", "bitly", "bitmex", "bittrex", "blockchair", "blockcypher",
    "blockfrost", "braintree", "brevo", "browserstack", "bugsnag", "buildkite", "bunnycdn", "calendly",
    "campaignmonitor", "cartodb", "chargebee", "chargify", "chartbeat", "chartmogul", "circleci",
    "clearbit", "cleverbridge", "clicksend", "clicktime", "clockify", "close.io", "cloudconvert",
    "cloudflare", "cloudinary", "cloudsmith", "codeclimate", "codecov", "cohere", "coinapi", "coinbase",
    "coinlayer", "coinmarketcap", "confluent", "contentful", "convertkit", "copyleaks", "countly",
    "coveralls", "crisp.chat", "crowdin", "customer.io", "customerio", "datadog", "deepai", "deepgram",
    "deepl", "deepseek", "delighted", "detectify", "detectlanguage", "digitalocean", "discord", "disqus",
    "dnsimple", "docker_hub", "docusign", "doppler", "droneci", "dropbox", "duffel", "dwolla", "dynatrace",
    "easypost", "elasticemail", "elevenlabs", "etsy", "eventbrite", "everhour", "exchangerate", "facebook",
    "fastforex", "fastly", "figma", "filestack", "finicity", "finnhub", "fireworks.ai", "fixer.io",
    "fleetio", "flexport", "flickr", "flutterwave", "foursquare", "freemius", "freshbooks", "freshdesk",
    "freshworks", "fullcontact", "gemnasium", "geocodio", "getresponse", "ghost.io", "giphy", "gitbook",
    "gitguardian", "gitter", "gocardless", "gravitee", "groq", "guardianapi", "gumroad", "gyazo",
    "happyfox", "harvestapp", "helpcrunch", "helpscout", "heroku", "heyzine", "holidayapi", "honeybadger",
    "hotjar", "hubspot", "hunter.io", "hypertrack", "imagekit", "imgix", "imgur", "infobip", "infura",
    "insightly", "instagram", "instatus", "intercom", "ipapi", "ipdata", "ipgeolocation", "ipinfo",
    "ipstack", "iterable", "jfrog", "jotform", "jumpcloud", "keen.io", "keycdn", "klaviyo", "kraken",
    "kucoin", "langfuse", "launchdarkly", "lemlist", "lemonsqueezy", "lightspeed", "linkedin", "linode",
    "livechat", "livestorm", "loggly", "loginradius", "lokalise", "looker", "magic.link", "mailboxlayer",
    "mailchimp", "mailersend", "mailgun", "mailjet", "mandrill", "mapbox", "maptiler", "marketstack",
    "mattermost", "maxmind", "mediastack", "meraki", "message-bird", "message_bird", "messagebird",
    "messari", "metaapi", "microlink", "mistral", "mixpanel", "mockaroo", "mollie", "moosend", "myfatoorah",
    "netlify", "new-relic", "new-york-times", "new_relic", "newrelic", "newsapi", "ngrok", "nicereply",
    "nylas", "nytimes", "oanda", "okta", "onesignal", "openai", "opencage", "opencagedata", "openrouter",
    "openweather", "openweathermap", "opsgenie", "opticodds", "paddle", "pagerduty", "pandadoc",
    "papertrail", "paymongo", "paypal", "paystack", "pdfshift", "pepipost", "percy.io", "perplexity",
    "pinecone", "pipedrive", "pixabay", "plaid", "planetscale", "plivo", "podio", "pollsapi", "polygon.io",
    "portainer", "positionstack", "postageapp", "postman", "postmark", "prerender", "prismic", "private_ai",
    "privateai", "proxycrawl", "pushbullet", "pusher", "pushover", "qualaroo", "qualtrics", "quickbooks",
    "rapidapi", "raygun", "razorpay", "recaptcha", "recurly", "replicate", "requestfinance", "restpack",
    "retell", "rev.ai", "ringcentral", "rocketreach", "rollbar", "salesforce", "satismeter", "saucelabs",
    "scaleway", "scrapeowl", "scraperapi", "scrapingant", "scrapingbee", "screenshotlayer", "sellfy",
    "semaphoreci", "sendbird", "sendgrid", "sendinblue", "sendpulse", "sentry", "serpstack", "sertifier",
    "shippo", "shodan", "shopify", "shotstack", "signalwire", "signaturit", "simplesat", "sinch", "skrapp",
    "skybiometry", "smartsheet", "smartsheets", "snipcart", "snowflake", "snyk", "sonar.login",
    "sonarcloud", "sonarlogin", "sparkpost", "splunk", "spoonacular", "spotify", "squarespace",
    "statuscake", "statuspage", "stormglass", "storyblok", "strava", "stripe", "sumo_logic", "sumologic",
    "supabase", "supernotes", "surge.sh", "surveybot", "surveymonkey", "tavily", "telegram", "telesign",
    "telnyx", "tencent", "testingbot", "textmagic", "thinkific", "ticketmaster", "tiingo", "timezoneapi",
    "tmetric", "todoist", "tomorrow.io", "tomtom", "travis", "trello", "twelvedata", "twilio", "twitch",
    "twitter", "typeform", "unsplash", "uploadcare", "uptimerobot", "userflow", "vatlayer", "vercel",
    "verifalia", "veriphone", "vimeo", "virustotal", "visualcrossing", "voicegain", "vonage", "wandb",
    "weatherbit", "weatherstack", "webex", "webflow", "whoxy", "wistia", "wit.ai", "woocommerce", "wordnik",
    "workato", "workos", "worldweather", "wrike", "xendit", "yandex", "yelp", "youneedabudget", "zapier",
    "zendesk", "zenrows", "zenscrape", "zerobounce", "zerotier", "zoho", "zonka",
)  # fmt: skip
_OTHERWISE = re.compile(
    r"(?:id|url|uri|host|version|release|commit|sha|hash|trace|span|event|request|build|deploy\w*|image|digest"
    r"|tag|ref|job|run|page|user|bot|ray)s?\Z",
    re.IGNORECASE,
)


def _is_key(match: re.Match[str]) -> bool:
    if match["tail"] is None:
        return is_key_shaped(match["secret"])
    last = re.split(r"[\s_.-]|(?<=[a-z])(?=[A-Z])", match["tail"].strip())[-1]
    return not _OTHERWISE.match(last) and (is_random(match["secret"]) or is_key_shaped(match["secret"]))


#: Up to a sign of assignment; or a blank alone (`mailjet …`), behind which only a key's form counts.
_BETWEEN = (
    r"(?:(?P<tail>[\w.-]{0,20}+(?:[ \t]{1,3}+[\w.-]{1,20}+)?+)"
    r"[\\\"'\s]{0,4}[=:>|,?]{1,5}[\s\"'`=\\]{0,6}|[ -])"
)
#: A rule for each name: an expression of hundreds of words would be tried at every place of a text.
SERVICE_RULES = tuple(
    Rule(
        kind="service-key",
        words=(name,),
        pattern=re.compile(rf"(?i:{re.escape(name)}){_BETWEEN}(?P<secret>[A-Za-z0-9_+/=.~-]{{16,512}}+)"),
        is_secret=_is_key,
    )
    for name in _NAMES
)
