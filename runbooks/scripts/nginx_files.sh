# Prints nginx's main configuration and every file it includes, in the form of `nginx -T`,
# also for accounts that may not run it as root and for configurations that do not pass its test.
# usage: nginx_files.sh CONFIG
set -u
LC_ALL=C
export LC_ALL

main=$(here "$1")
root=${main%/*}
shown=0
newline='
'

show() { # FILE DEPTH
  [ -f "$1" ] && [ -r "$1" ] || return 0
  [ "$shown" -lt 200 ] && [ "$2" -lt 8 ] || return 0
  shown=$((shown + 1))
  printf '# configuration file %s:\n' "$1"
  cat "$1"
  printf '\n'
  includes=$(included "$1")
  show_all "$includes" "$(($2 + 1))"
}

show_all() { # PATTERNS DEPTH; only globbing is done with the host's text, it is never run
  old_ifs=$IFS
  IFS=$newline
  for pattern in $1; do
    case $pattern in /*) ;; *) pattern=$root/$pattern ;; esac
    for file in $pattern; do
      IFS=$old_ifs
      ( show "$file" "$2" )
      IFS=$newline
    done
  done
  IFS=$old_ifs
}

# Only root sees all of it; where sudo lets us, nginx itself is the best witness.
whole=$(sudo -n nginx -T 2>/dev/null) && case $whole in
  "# configuration file $main:"*) printf '%s\n' "$whole"; exit 0 ;; # not the files of another nginx, which is installed beside it
esac
[ -r "$main" ] || { unread "$main"; exit 1; }
show "$main" 0
