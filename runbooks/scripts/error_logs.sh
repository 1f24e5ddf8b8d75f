# Prints the end of nginx's error logs: the one the fleet names, those its configuration names,
# and each one's rotated predecessor while the current one is short or new. Oldest first.
# Of a log that many sites fill, the last lines of each server are printed; below warnings, none.
# What PHP remarks at each request is counted apart, so that it pushes out no error.
# usage: error_logs.sh LOG CONFIG
# Before each file: `==> PATH <== mtime EPOCH bytes SIZE`.
set -u
LC_ALL=C
export LC_ALL
main=$1
config=$2

named() { # paths in error_log directives of the usual places
  set -- "$config" "${config%/*}"/conf.d/*.conf "${config%/*}"/sites-enabled/* "${config%/*}"/http.d/*.conf
  for file in "$@"; do
    [ -f "$file" ] && [ -r "$file" ] && sed 's/#.*//' <"$file" | tr '{};' '\n\n\n' |
      sed -n 's/^[[:space:]]*error_log[[:space:]][[:space:]]*\(\/[^[:space:]]*\).*/\1/p'
  done | head -n 20
}

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

[ -r "$main" ] || { printf 'cannot read %s\n' "$main" >&2; exit 1; }
{ printf '%s\n' "$main"; named; } | awk '!seen[$0]++' | head -n 8 | while IFS= read -r log; do
  old=$(before "$log")
  [ -n "$old" ] && is_new "$log" "$old" && print "$old" 60
  print "$log" 150
done
exit 0
