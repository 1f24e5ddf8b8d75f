# Where systemd does not start the services, prints what does, tab separated; where it does, nothing:
#   init KIND                               (openrc, sysvinit, runit, s6; else the name of process 1)
#   hidden                                  (other users' processes are not shown here)
#   service NAME KEEPER STATE PID RESTARTS  (started, stopped, crashed, failed, starting, stopping, inactive; `-` unknown)
#   nginx PID STARTED_EPOCH                 (a master process of this host's own)
#   process PID NAME PARENT STARTED_EPOCH   (PARENT is the name of its parent)
# States are read from what OpenRC and pid files say, and from the process table: no script of a service is run.
# usage: init.sh service=NAME
set -u
LC_ALL=C
export LC_ALL
[ -d /run/systemd/system ] && exit 0 # sd_booted(3)
tab='	'

table() { # PID NAME PARENT_PID STARTED of each process but the kernel's own
  printf '%s\n' /proc/[0-9]* | boot=$(sed -n 's/^btime //p' /proc/stat) tick=$(getconf CLK_TCK 2>/dev/null || echo 100) awk '
    { file = $0 "/stat"; text = ""
      while ((getline line < file) > 0) text = text line " "
      close(file)
      name = text; sub(/^[0-9]+ \(/, "", name); sub(/\) [A-Za-z] .*/, "", name); gsub(/[\t ]/, "_", name)
      pid = text + 0; sub(/.*\) /, "", text)
      n = split(text, f, " ")
      if (n < 20 || f[1] ~ /[ZX]/ || pid == 2 || f[2] == 2) next
      if (++shown <= 2000) print pid, name, f[2], sprintf("%.0f", ENVIRON["boot"] + int(f[20] / ENVIRON["tick"])) }'
}

own() { ! grep -q '^NSpid:.*[0-9][[:space:]][0-9]' "/proc/$1/status" 2>/dev/null; } # PID: of no container on this host

named() { # NAME of a program -> the numbers of its processes
  for process in $(printf '%s\n' "$table" | awk -v name="$1" '$2 == name { print $1 }' | head -n 100); do
    own "$process" && printf '%s\n' "$process"
  done
}

kind() {
  if [ -d /run/openrc ]; then echo openrc
  elif [ -n "$(named runsvdir)" ] || [ "$first" = runit ]; then echo runit
  elif [ -n "$(named s6-svscan)" ]; then echo s6
  elif [ "$first" = init ] && [ -e /etc/inittab ]; then echo sysvinit
  else printf '%s\n' "${first:-unknown}"
  fi
}

row() { printf 'service\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:--}" "${restarts:--}"; }

alive() { # PID: a process that is no zombie
  printf '%s\n' "$table" | awk -v pid="$1" '$1 == pid { found = 1 } END { exit !found }'
}

pid_in() { # FILE -> the number in it
  [ -r "$1" ] && head -n 1 -- "$1" 2>/dev/null | sed -n 's/^[[:space:]]*\([0-9]\{1,9\}\)[[:space:]]*$/\1/p'
}

judged() { # NAME KEEPER PID: started as it says, or crashed
  if [ -z "$3" ] || [ -n "$hidden" ] || alive "$3"; then row "$1" "$2" started "$3"; else row "$1" "$2" crashed; fi
}

by_openrc() { # NAME
  for state in failed starting stopping inactive; do
    [ -L "/run/openrc/$state/$1" ] && { row "$1" openrc "$state"; return; }
  done
  [ -L "/run/openrc/started/$1" ] || { row "$1" openrc stopped; return; }
  pid=$(pid_in "/run/openrc/options/$1/child_pid")
  restarts=$(pid_in "/run/openrc/options/$1/start_count") # by supervise-daemon, since somebody started it
  for file in "/run/openrc/daemons/$1"/*; do
    [ -n "$pid" ] && break
    pid=$(pid_in "$(sed -n 's/^pidfile=//p' "$file" 2>/dev/null | head -n 1)")
  done
  judged "$1" openrc "$pid"
}

by_pid_file() { # NAME: as LSB's pidofproc does
  set -- "$1" "$(sed -n 's/^[[:space:]]*PIDFILE=["'\'']\{0,1\}\(\/[A-Za-z0-9._/-]*\)["'\'']\{0,1\}[[:space:]]*$/\1/p' "/etc/init.d/$1" 2>/dev/null | head -n 1)"
  for file in ${2:+"$2"} "/run/$1.pid" "/run/$1/$1.pid"; do
    [ -e "$file" ] || continue
    pid=$(pid_in "$file")
    [ -z "$pid" ] || { judged "$1" sysvinit "$pid"; return; }
    [ -r "$file" ] && continue # empty: a test of nginx's configuration leaves one behind
    row "$1" sysvinit unknown
    return
  done
  row "$1" sysvinit stopped
}

supervised() { # NAME SUPERVISOR KEEPER: its supervisor, and whether anything but a logger runs below it
  for process in $(named "$2"); do
    tr '\0' '\n' <"/proc/$process/cmdline" 2>/dev/null | sed -n 2p | sed 's#.*/##' | grep -qxF -- "$1" || continue
    pid=$(printf '%s\n' "$table" | awk -v above="$process" '$3 == above && $2 !~ /^(svlogd|s6-log|multilog|logger)$/ { print $1; exit }')
    row "$1" "$3" "$([ -n "$pid" ] && echo started || echo stopped)" "$pid"
    return 0
  done
  return 1
}

service() { # NAME
  restarts=
  case $1 in '' | *[!A-Za-z0-9._@+-]* | .*) return ;; esac
  supervised "$1" runsv runit || supervised "$1" s6-supervise s6 || {
    [ -x "/etc/init.d/$1" ] || return
    if [ -d /run/openrc ]; then by_openrc "$1"; elif [ "$kind" = sysvinit ]; then by_pid_file "$1"; fi
  }
}

table=$(table)
first=$(tr '\t ' '__' </proc/1/comm 2>/dev/null)
hidden=
[ -r /proc/1/stat ] || hidden=yes # mounted with hidepid=
kind=$(kind)
printf 'init\t%s\n' "$kind"
[ -n "$hidden" ] && printf 'hidden\n'
for name in nginx "${1#service=}"; do [ "$name" = "${last:-}" ] || service "$name"; last=$name; done
for proc in $(grep -ls '^nginx: master process ' /proc/[0-9]*/cmdline 2>/dev/null | head -n 20); do
  proc=${proc%/cmdline} # any process may call itself so: root's is believed
  grep -q '^Uid:[[:space:]]*0[[:space:]]' "$proc/status" 2>/dev/null && own "${proc#/proc/}" || continue
  printf '%s\n' "$table" | awk -v pid="${proc#/proc/}" '$1 == pid { print "nginx\t" $1 "\t" $4 }'
done
printf '%s\n' "$table" | awk '{ name[$1] = $2; of[NR] = $0 }
  END { for (i = 1; i <= NR && i <= 400; i++) { split(of[i], f, " "); print "process\t" f[1] "\t" f[2] "\t" (f[3] in name ? name[f[3]] : "-") "\t" f[4] } }'
exit 0
