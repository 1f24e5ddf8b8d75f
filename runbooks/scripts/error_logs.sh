# Prints the end of nginx's error logs: the one the fleet names, those its configuration names,
# and each one's rotated predecessor while the current one is short. Oldest first.
# usage: error_logs.sh LOG CONFIG
# Before each file: `==> PATH <== mtime EPOCH bytes SIZE`.
set -u
LC_ALL=C
export LC_ALL
main=$1
config=$2
newline='
'

named() { # paths in error_log directives of the usual places
  set -- "$config" "${config%/*}"/conf.d/*.conf "${config%/*}"/sites-enabled/* "${config%/*}"/http.d/*.conf
  for file in "$@"; do
    [ -f "$file" ] && [ -r "$file" ] && sed 's/#.*//' <"$file" | tr '{};' '\n\n\n' |
      sed -n 's/^[[:space:]]*error_log[[:space:]][[:space:]]*\(\/[^[:space:]]*\).*/\1/p'
  done | head -n 20
}

print() { # FILE LINES
  [ -f "$1" ] && [ -r "$1" ] || return 0
  printf '==> %s <== %s\n' "$1" "$(stat -L -c 'mtime %Y bytes %s' -- "$1")"
  tail -n "$2" -- "$1"
}

[ -r "$main" ] || { printf 'cannot read %s\n' "$main" >&2; exit 1; }
{ printf '%s\n' "$main"; named; } | awk '!seen[$0]++' | head -n 8 | while IFS= read -r log; do
  [ "$(tail -n 50 -- "$log" 2>/dev/null | wc -l)" -lt 50 ] && print "$log.1" 100
  print "$log" 400
done
exit 0
