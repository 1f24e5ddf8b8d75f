# Prints the end of the app's own log files: those the fleet names, and those that the unit, its processes and
# the files they are set up by write to. Requests are left out but for their time; of what is found by itself, what rests for two days.
# Before each file: `==> PATH <== mtime EPOCH bytes SIZE`; instead of one `missing PATH` or `denied PATH`. Lines of a
# file have a blank before them, so that whatever is logged is none of these.
# Ends with 3 when a file that the fleet names may not be read, so that root can be asked for it.
# usage: app_logs.sh unit=[UNIT] [LOG …]
set -u
set -f # words of an app's files are no patterns of ours
LC_ALL=C
export LC_ALL
unit=${1#unit=}
shift
newline='
'

words() { # one a line, of settings, code or a command line; of each text behind `@@@` some hundred paths, and other words
  tr -c 'A-Za-z0-9._/%()*@+:\n-' '\n' |
    sed -e '/^@@@$/b' -e 's/^[a-z]*://; s/%([a-z_]*)[sd]/*/g; s/%[a-zA-Z]/*/g; /^[^/.A-Za-z]/d; /[./]/!d' |
    awk '/^@@@$/ { paths = others = 0; next } !($0 in seen) && (/^\// ? paths++ : others++) < 400 { seen[$0]; print }'
}

property() { # NAME; systemd before 230 knows no --value
  systemctl show -p "$1" -- "$unit" 2>/dev/null | cut -d= -f2-
}

processes() { # of the unit
  group=$(property ControlGroup)
  [ -n "$group" ] || return 0
  for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd; do
    find "$tree$group" -name cgroup.procs -exec cat {} + 2>/dev/null
  done | sort -un | head -n 40
}

follow() { # words on standard input -> the same, and those of the files they name, three deep; each file once, 60 in all
  level=$(cat)
  seen=
  for round in 1 2 3; do
    printf '%s\n' "$level"
    files=$(printf '%s\n' "$level" | settings | seen=$seen awk '
      BEGIN { left = 60; n = split(ENVIRON["seen"], file, "\n"); for (i = 1; i <= n; i++) { had[file[i]]; left-- } }
      !($0 in had) && left-- > 0 { had[$0]; print }')
    [ -n "$files" ] || return 0
    seen=$seen${seen:+$newline}$files
    level=$(printf '%s\n' "$files" | while IFS= read -r file; do
      [ -r "$file" ] || continue
      printf '\n@@@\n'
      head -c 65536 -- "$file" | sed 's/^[[:space:]]*[;#].*//'
    done | words)
  done
  printf '%s\n' "$level"
}

settings() { # words on standard input -> files that they name and that may name others
  while IFS= read -r word; do
    case $word in *.ini | *.conf | *.cfg | *.py | *.toml | *.yaml | *.yml | *.json | *.xml | *.js | *.sh) ;; *) continue ;; esac
    case $word in /*) ;; *) word=$directory/${word#./} ;; esac
    matching "$word"
  done
}

matching() { # PATH, maybe with `*` in its last part -> files; `*` for a folder only below /var/log, where an app makes few
  case $1 in
    *[*?[]*) ;;
    *) [ -f "$1" ] && printf '%s\n' "$1"; return 0 ;;
  esac
  [ "${searches:=0}" -lt 30 ] || return 0
  searches=$((searches + 1))
  folders=${1%/*}
  case $folders in
    *..* | /var/log/*[*?[]*/*[*?[]*) return 0 ;;
    /var/log/*) ;;
    *[*?[]*) return 0 ;;
  esac
  set +f
  IFS=$newline
  find -L ${folders:-/} -maxdepth 1 -name "${1##*/}" ! -name '.*' -type f 2>/dev/null | head -n 100 | sort
  unset IFS
  set -f
}

found() { # paths the unit may log to
  directory=$(property WorkingDirectory | sed 's/^[!-]//')
  pids=$(processes)
  {
    systemctl show -p ExecStart -p ExecStartPre -p Environment -- "$unit" 2>/dev/null
    systemctl cat -- "$unit" 2>/dev/null | sed 's/^[[:space:]]*[;#].*//' # `show` leaves out the path of append: and file:
    case $(property ExecStart) in # what an init script starts writes to a folder of its own, which no file need name
      *argv\[\]=/etc/init.d/*) printf '%s\n' "/var/log/${unit%.service}/*.log" "/var/log/${unit%.service}/*/*.log" ;;
    esac
    printf '%s\n' gunicorn.conf.py
    for pid in $pids; do tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null; done
  } | words | follow
  # Tomcat names a folder; why an application did not start stands in localhost.DATE.log alone.
  for pid in $pids; do
    tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | sed -n 's,^-Dcatalina.base=\(/.*\),\1/logs/localhost.*.log\n\1/logs/catalina.out,p'
  done
  # pm2 writes into its own folder; its daemon's descriptors are another user's.
  property Environment | tr ' ' '\n' | sed -n 's,^PM2_HOME=\(/.*\),\1/pm2.log\n\1/logs/*.log,p'
  for pid in $pids; do ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's,.* -> \(/.*\),\1,p'; done
}

logs() { # paths on standard input -> log files of the last two days, the youngest first, each once
  sort -u | while IFS= read -r path; do
    case $path in /var/log/nginx* | /var/log/php* | /var/log/journal* | /var/log/audit* | /var/log/auth* | /var/log/secure* | *access* | *..*) continue ;; esac
    case $path in /var/log/*/* | /*.log | /*.out | /*.err | /var/log/[!/]*) ;; *) continue ;; esac
    if [ -d "$path" ]; then matching "$path/*.log"; else matching "$path"; fi
  done | head -n 1000 | tr '\n' '\0' | xargs -0 sh -c '[ "$#" = 0 ] || find "$@" -maxdepth 0 -type f -mtime -2' find 2>/dev/null |
    sort -u | grep -v access | head -n 40 | while IFS= read -r file; do
    printf '%s %s\n' "$(stat -L -c %Y -- "$file")" "$file"
  done | sort -rn | head -n 6 | sed 's/^[0-9]* //'
}

telling() { # LINES; of requests only the last before something else, for its time; lines of any length cut, and indented
  awk '/"[A-Z]+ [^ ]* HTTP\// || / => generated [0-9]+ bytes / { held = $0; next }
    held != "" { print " " substr(held, 1, 400); held = "" }
    { print " " substr($0, 1, 2000) }' | tail -n "$1"
}

print() { # FILE LINES
  printf '==> %s <== %s\n' "$1" "$(stat -L -c 'mtime %Y bytes %s' -- "$1")"
  tail -c 400000 -- "$1" | telling "$2"
}

show() { # FILE: its end, and the rotated one's while it is short
  if [ -r "$1" ] && [ -f "$1" ]; then
    [ -f "$1.1" ] && [ -r "$1.1" ] && [ "$(tail -n 30 -- "$1" | wc -l)" -lt 30 ] && print "$1.1" 60
    print "$1" 150
  elif [ -e "$1" ] || [ ! -x "${1%/*}/" ]; then printf 'denied %s\n' "$1"
  else printf 'missing %s\n' "$1"
  fi
}

state=0
for log in "$@"; do
  show "$log"
  [ -r "$log" ] || { [ -x "${log%/*}/" ] && [ ! -e "$log" ]; } || state=3
done
[ -n "$unit" ] && found | logs | while IFS= read -r log; do
  for named in "$@"; do [ "$log" = "$named" ] && continue 2; done
  show "$log"
done
exit "$state"
