#!/bin/sh
# Makes the cluster, its two roles and the database once, then serves.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    rm -rf "$PGDATA.new"
    initdb --pgdata "$PGDATA.new" --encoding UTF8 --auth-local peer --auth-host scram-sha-256 >/dev/null
    echo "host ledger all samenet scram-sha-256" >>"$PGDATA.new/pg_hba.conf"
    pg_ctl --pgdata "$PGDATA.new" --wait --silent --options "-c listen_addresses='' -c unix_socket_directories=/tmp" start
    psql --host /tmp --quiet --set ON_ERROR_STOP=1 --set owner="$LEDGER_OWNER_PASSWORD" --set bot="$LEDGER_BOT_PASSWORD" <<'SQL'
CREATE ROLE ledger_owner LOGIN PASSWORD :'owner';
CREATE ROLE ledger_bot LOGIN PASSWORD :'bot';
CREATE DATABASE ledger OWNER ledger_owner;
SQL
    pg_ctl --pgdata "$PGDATA.new" --wait --silent --mode fast stop
    mv "$PGDATA.new" "$PGDATA"
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp
