# Prints the end of nginx's access log: the one the fleet names; where nginx's configuration names others only, the
# youngest of those.
# usage: access_log.sh LOG CONFIG
set -u
LC_ALL=C
export LC_ALL
newline='
'

here() { # CONFIG -> it; or that of the nginx that runs, where that has another one; or where a build of one's own keeps it
  known= other=
  for proc in $(grep -ls '^nginx: master process ' /proc/[0-9]*/cmdline 2>/dev/null | head -n 20); do
    proc=${proc%/cmdline} # any process may call itself so: root's is believed; one in a container has files of its own
    grep -q '^Uid:[[:space:]]*0[[:space:]]' "$proc/status" 2>/dev/null || continue
    grep -q '^NSpid:.*[0-9][[:space:]][0-9]' "$proc/status" 2>/dev/null && continue
    words=$(tr '\0\n\t' '   ' <"$proc/cmdline" 2>/dev/null | awk '{ c = "conf/nginx.conf"; p = "-"
      for (i = 5; i < NF; i++) if ($i == "-c") c = $(i + 1); else if ($i == "-p") p = $(i + 1)
      print $4, p, c }')
    program=${words%% *} conf=${words##* } prefix=${words#* }
    prefix=${prefix% *}
    case $prefix$program in -/*/sbin/nginx | -/*/bin/*) program=$(readlink -f -- "$program" 2>/dev/null || printf '%s' "$program"); prefix=${program%/*/*} ;; esac
    case $conf in /*) ;; *) conf=${prefix%/}/$conf ;; esac
    if [ "$conf" = "$1" ] || [ ! -f "$conf" ]; then known=$1; else other=${other:-$conf}; fi
  done
  [ -e "$1" ] && other=${known:-${other:-$1}}
  for conf in "$other" /usr/local/openresty/nginx/conf/nginx.conf /usr/local/nginx/conf/nginx.conf /opt/nginx/conf/nginx.conf; do
    [ -n "$conf" ] && [ -f "$conf" ] && { printf '%s' "$conf"; return; }
  done
  printf '%s' "$1"
}

included() { # FILE -> the patterns it includes, one a line
  sed 's/#.*//' <"$1" | tr '{};' '\n\n\n' |
    sed -n 's/^[[:space:]]*include[[:space:]][[:space:]]*\(.*[^[:space:]]\)[[:space:]]*$/\1/p' | head -n 100
}

show() { # FILE DEPTH
  [ -f "$1" ] && [ -r "$1" ] && [ "$2" -lt 8 ] || return 0
  cat "$1"
  printf '\n'
  included "$1" | while IFS= read -r pattern; do
    case $pattern in /*) ;; *) pattern=$root/$pattern ;; esac
    IFS=$newline
    for file in $pattern; do
      ( unset IFS; show "$file" "$(($2 + 1))" )
    done
  done
}

named() { # DIRECTIVE -> where its lines go: files, below the prefix where no `/` leads them, `journal` for syslog and stderr
  show "$config" 0 | sed 's/#.*//' | tr '{};' '\n\n\n' |
    sed -n "s/^[[:space:]]*$1[[:space:]][[:space:]]*[\"']\{0,1\}\([^\"'[:space:]]*\).*/\1/p" |
    while IFS= read -r to; do
      case $to in
        /*) printf '%s\n' "$to" ;;
        stderr | syslog:*unix:*) printf 'journal\n' ;;
        off | memory:* | syslog:* | *\$* | '') ;;
        *) printf '%s/%s\n' "${config%/*/*}" "$to" ;;
      esac
    done | awk '!seen[$0]++' | head -n 20
}

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
