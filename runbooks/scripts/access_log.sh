# Prints the end of nginx's access log: the one the fleet names; where nginx's configuration names others only, the
# youngest of those.
# usage: access_log.sh LOG CONFIG
set -u
LC_ALL=C
export LC_ALL
newline='
'

log=$1
config=$(here "$2")
root=${config%/*}
logs=$(named access_log | grep -v '^journal$')
[ -n "$logs" ] || [ -e "$log" ] || logs=${config%/*/*}/logs/access.log # what a build of one's own has for its default
set -f
IFS=$newline
for other in $logs; do [ "$other" = "$log" ] && logs=; done
for other in $(ls -t -- $logs 2>/dev/null); do # nobody writes to the fleet's, or it is not there
  [ -n "$logs" ] && [ -r "$other" ] && [ -f "$other" ] && { log=$other; break; }
done
[ -r "$log" ] || { printf 'cannot read %s\n' "$log" >&2; exit 1; }
tail -n 1000 -- "$log"
