# Runs a remedy once for its nonce, or says what became of one; the guard calls it, with a clean
# environment. usage: order RUN act NONCE REQUEST | order RUN settle NONCE
r=0
[ "$2" = settle ] || IFS=' ' read -r r <"$4"
r="runbook-bot/1 $1 $2 $3 $r"
