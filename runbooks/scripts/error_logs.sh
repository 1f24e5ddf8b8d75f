# Prints the end of nginx's error logs: the one the fleet names, those its configuration names, wherever that is,
# and each one's rotated predecessor while the current one is short or new. Oldest first.
# Of a log that many sites fill, the last lines of each server are printed; below warnings, none.
# What PHP remarks at each request is counted apart, so that it pushes out no error.
# usage: error_logs.sh LOG CONFIG
# Before each file: `==> PATH <== mtime EPOCH bytes SIZE`.
set -u
LC_ALL=C
export LC_ALL
newline='
'

telling() { # LINES of each server, of a log on standard input
  awk -v keep="$1" '
    /^[0-9\/]+ [0-9:]+ \[(debug|info|notice)\]/ || / open\(\) ".*" failed \(2: / || / access forbidden by rule/ { next }
    { server = match($0, /, server: [^,]*/) ? substr($0, RSTART, RLENGTH) : ""
      if (/ FastCGI sent in stderr: "PHP message: PHP (Warning|Notice|Deprecated)/) server = server " php"
      line[++n] = $0; of[n] = server; left[server]++ }
    END { for (i = 1; i <= n; i++) if (left[of[i]]-- <= keep) print line[i] }' | tail -n 800
}

print() { # FILE LINES
  [ -f "$1" ] && [ -r "$1" ] || return 0
  printf '==> %s <== %s\n' "$1" "$(stat -L -c 'mtime %Y bytes %s' -- "$1")"
  case $1 in
    *.gz) gzip -dc -- "$1" 2>/dev/null | tail -c 4000000 | telling "$2" ;;
    *) tail -c 4000000 -- "$1" | telling "$2" ;;
  esac
}

before() { # LOG -> its youngest rotated predecessor, unless it is too long to be unpacked here
  ls -t -- "$1.1" "$1.1.gz" "$1".[2-9].gz "$1"-[0-9]* 2>/dev/null | head -n 1 | while IFS= read -r old; do
    case $old in *.gz) [ -n "$(find "$old" -size -20000 2>/dev/null)" ] || continue ;; esac
    printf '%s' "$old"
  done
}

is_new() { # LOG: short, or rotated within the last half hour
  [ "$(tail -n 50 -- "$1" 2>/dev/null | wc -l)" -lt 50 ] || [ -n "$(find "$2" -mmin -30 2>/dev/null)" ]
}

journal() { # what nginx says to syslog or its stderr, which systemd keeps
  printf '==> journal <== mtime %s bytes 0\n' "$(date +%s)"
  journalctl _COMM=nginx -n 2000 --no-pager -o cat 2>/dev/null | grep -E '^[0-9]{4}/[0-9]{2}/[0-9]{2} ' | telling 150
}

main=$1
config=$(here "$2")
root=${config%/*}
logs=$(named error_log)
[ -n "$logs" ] || logs=${config%/*/*}/logs/error.log # what a build of one's own has for its default
if [ ! -r "$main" ]; then
  [ -x "${main%/*}/" ] && [ -e "$main" ] && logs=
  others=
  for log in $logs; do { [ "$log" = journal ] || [ -r "$log" ]; } && others=$log; done
  [ -n "$others" ] || { printf 'cannot read %s\n' "$main" >&2; exit 1; }
fi
printf '%s\n' "$main" $logs | awk '!seen[$0]++' | head -n 8 | while IFS= read -r log; do
  [ "$log" = journal ] && { journal; continue; }
  old=$(before "$log")
  [ -n "$old" ] && is_new "$log" "$old" && print "$old" 60
  print "$log" 150
done
exit 0
