# Prints the end of nginx's access log: the one the fleet names; where nginx's configuration names others only, the
# youngest of those. Of a site that a server block names it is that block's, for what others are asked is not the site's.
# usage: access_log.sh LOG CONFIG [SITE]
set -u
LC_ALL=C
export LC_ALL
newline='
'

of_site() { # what logs the site's requests, of a text without comments; all of it where no block names the site
  tr '\n\t' '  ' | awk '{ gsub(/[{};]/, "&\n"); print }' | site=$site awk '
    BEGIN { site = tolower(ENVIRON["site"]) }
    /\{$/ { depth++; if (!at && $1 ~ /^server\{?$/) { at = depth; logs = ""; ours = 0 } }
    /\}$/ { if (at && at == depth) { at = 0; if (ours) { found = 1; own = own logs } } depth-- }
    at && $1 == "server_name" { for (i = 2; i <= NF; i++) { name = tolower($i); gsub(/[;"]/, "", name); if (name == site) ours = 1 } }
    $1 == "access_log" { all = all $0 "\n"; if (at) logs = logs $0 "\n"; else general = general $0 "\n" }
    END { printf "%s", !found ? all : own != "" ? own : general }'
}

log=$1
site=${3-}
config=$(here "$2")
root=${config%/*}
logs=$(named access_log of_site | grep -v '^journal$')
[ -n "$logs" ] || [ -e "$log" ] || logs=${config%/*/*}/logs/access.log # what a build of one's own has for its default
set -f
IFS=$newline
for other in $logs; do [ "$other" = "$log" ] && logs=; done
for other in $(ls -t -- $logs 2>/dev/null); do # nobody writes to the fleet's, or it is not there
  [ -n "$logs" ] && [ -r "$other" ] && [ -f "$other" ] && { log=$other; break; }
done
[ -r "$log" ] || { printf 'cannot read %s\n' "$log" >&2; exit 1; }
tail -n 1000 -- "$log"
