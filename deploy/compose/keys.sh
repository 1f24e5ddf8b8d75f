#!/bin/sh
# Once: the bot's key, and the two hosts' own, so that their keys are known before the first connection.
set -eu
umask 077
cd /keys
[ -f known_hosts ] && exit 0
ssh-keygen -q -t ed25519 -N '' -C runbook-bot -f id_runbook
for host in web-01 web-02; do
    mkdir -p "$host"
    ssh-keygen -q -t ed25519 -N '' -C "$host" -f "$host/ssh_host_ed25519_key"
    cp id_runbook.pub "$host/authorized_keys"
    printf '%s %s\n' "$host" "$(cut -d' ' -f1,2 "$host/ssh_host_ed25519_key.pub")"
done >known_hosts.new
chmod 755 .
chmod 644 known_hosts.new
chown 10502:10502 id_runbook id_runbook.pub known_hosts.new
mv known_hosts.new known_hosts
