#!/bin/sh
# The local Slack on this container's loopback, its page also on the container's own address.
set -eu
runbook-bot local-slack --port 8502 &
slack=$!
address=$(hostname -i | cut -d' ' -f1)
socat "TCP-LISTEN:8502,bind=$address,fork,reuseaddr" TCP:127.0.0.1:8502 &
trap 'kill "$slack" $!' TERM INT
wait "$slack"
