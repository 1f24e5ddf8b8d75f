# Prints what PHP-FPM runs, what its files say, how busy it is, and the end of its logs; tab separated:
#   master PID STARTED_EPOCH UNIT CONFIG UID | children MASTER POOL COUNT EPOCH     (EPOCH: the oldest one's start)
#   hidden PATH                          (processes of others may not be seen: that there is no master means nothing)
#   unit NAME LOAD ACTIVE SUB RESULT     (each service whose name has php and fpm in it)
#   file PATH MTIME_EPOCH CONFIG | set CONFIG SECTION KEY VALUE     (a section is a pool, or `global`)
#   link PATH TARGET                     (symbolic links beside the sockets)
#   own ADDRESS                          (of this host)
#   taken ADDRESS TAKEN WAITING          (twice, a second apart: connections that children have, and that wait)
#   log KIND PATH | says KIND LINE | unread KIND PATH  (KIND: fpm, slow, php; unit:NAME for the journal of one that failed)
# Values are printed of known keys alone: `env[…]` may hold secrets.
# usage: php_fpm.sh
set -u
LC_ALL=C
export LC_ALL
tab='	'
newline='
'

claimed() { # numbers of the processes that call themselves FPM's; one grep for thousands
  printf '%s\n' /proc/[0-9]*/cmdline | xargs grep -ls '^php-fpm: ' 2>/dev/null | sed 's#/cmdline$##; s#.*/##' | sort -n
}

processes() { # `claim` instead of `master` for one that is still to be proven; masters first, children counted
  # A title is what a process calls itself, and a script may start one. So what the child of one says is no master, and
  # root's come first: a user's is none where root's has the same file, or where it was left over by a child of root's.
  claimed | boot=$(sed -n 's/^btime //p' /proc/stat) tick=$(getconf CLK_TCK 2>/dev/null || echo 100) awk '
    function text(name,  line, whole) { # empty when the process has ended
      name = "/proc/" pid "/" name
      while ((getline line < name) > 0) { whole = whole line "\n"; if (name ~ /cmdline$/) break }
      close(name)
      return whole
    }
    function unit_of(cgroup,  i, n, part, line) {
      n = split(cgroup, line, "\n")
      for (i = 1; i <= n; i++) if (line[i] ~ /^(0::|[0-9]+:name=systemd:)/)
        for (n = split(line[i], part, "/"); n > 1; n--) if (part[n] ~ /\.service$/) return part[n]
      return "-"
    }
    BEGIN { nul = sprintf("%c", 0) }
    { pid = $1; title = text("cmdline"); sub(/\n.*/, "", title)
      if (length(nul) && (end = index(title, nul))) title = substr(title, 1, end - 1)
      sub(/ *$/, "", title); gsub(/\t/, " ", title)
      if (title !~ /^php-fpm: (master process \(.|pool .)/) next
      up = user = ""; inside = 0
      n = split(text("status"), line, "\n")
      for (i = 1; i <= n; i++) { m = split(line[i], f)
        # A process of a container has a number of its own in there, and its files are not those of this host.
        if (f[1] == "PPid:") up = f[2]; else if (f[1] == "NSpid:") inside = m > 2
        else if (f[1] == "Uid:") user = f[2] } # the real one: who runs a program that becomes root may give it a title
      if (up == "" || inside) next
      stat = text("stat"); gsub(/\n/, " ", stat); sub(/.*\) /, "", stat); split(stat, f, " ")
      order[++count] = pid; said[pid] = substr(title, 10); parent[pid] = up; uid[pid] = user
      born[pid] = sprintf("%.0f", ENVIRON["boot"] + int(f[20] / ENVIRON["tick"])) }
    END {
      for (i = 1; i <= count; i++) { pid = order[i]
        if (said[pid] !~ /^master/ || (parent[pid] in said)) continue
        config[pid] = said[pid]; sub(/^master process \(/, "", config[pid]); sub(/\)[^)]*$/, "", config[pid])
        unit[pid] = unit_of(text("cgroup"))
        if (uid[pid] == 0) { of_root[config[pid]]; if (unit[pid] != "-") unit_of_root[unit[pid]] } }
      for (i = 1; i <= count; i++) { up = parent[order[i]]; pool = said[order[i]]
        if (!(up in config) || !sub(/^pool /, "", pool)) continue
        pool = up "\t" pool; since = born[order[i]] + 0
        if (!has[pool]++) { pools[++kinds] = pool; oldest[pool] = since }
        if (since < oldest[pool]) oldest[pool] = since
        is_parent[up] }
      for (root = 1; root >= 0; root--) for (i = 1; i <= count; i++) { pid = order[i]
        if (!(pid in config) || (uid[pid] == 0) != root) continue
        if (!root && ((config[pid] in of_root) || (parent[pid] == 1 && (unit[pid] in unit_of_root)))) continue
        if (++shown[root] > 20) continue
        kept[pid]
        print (root || (pid in is_parent) ? "master" : "claim") "\t" pid "\t" born[pid] "\t" unit[pid] "\t" config[pid] "\t" uid[pid] }
      for (i = 1; i <= kinds && i <= 400; i++) { split(pools[i], f, "\t")
        if (f[1] in kept) printf "children\t%s\t%d\t%.0f\n", pools[i], has[pools[i]], oldest[pools[i]] }
    }'
}

masters() { # one of a user without any child is believed when its file is root's; of a file of its own it is only words
  processes | while IFS=$tab read -r kind pid started unit config uid; do
    if [ "$kind" = claim ]; then
      [ -f "$config" ] && [ "$(stat -L -c %u -- "$config")" = 0 ] || continue
      kind=master
    fi
    printf '%s\t%s\t%s\t%s\t%s%s\n' "$kind" "$pid" "$started" "$unit" "$config" "${uid:+$tab$uid}"
  done
}

units() { # also those that rest, which systemd has not loaded
  { systemctl list-unit-files --no-legend --type=service '*php*fpm*'
    systemctl list-units --all --plain --no-legend --type=service '*php*fpm*'; } 2>/dev/null |
    awk '$1 ~ /\.service$/ && $1 !~ /@\.service$/ && !seen[$1]++ { print $1 }' | head -n 20 | while IFS= read -r name; do
    shown=$(systemctl show --property=LoadState --property=ActiveState --property=SubState --property=Result \
      --property=InvocationID "$name" 2>/dev/null)
    # Not by -v, which takes `\x2d` of a name for a sign of its own.
    printf '%s\n' "$shown" | name=$name awk -F = '{ v[$1] = $2 }
      END { print "unit\t" ENVIRON["name"] "\t" v["LoadState"] "\t" v["ActiveState"] "\t" v["SubState"] "\t" v["Result"] }'
    case $shown in *ActiveState=failed*) ;; *) continue ;; esac
    last_words "$name" "$(printf '%s\n' "$shown" | sed -n 's/^InvocationID=//p')" | tail -n 8 | cut -c 1-600 |
      name=$name awk '{ print "says\tunit:" ENVIRON["name"] "\t" $0 }'
  done
}

last_words() { # NAME INVOCATION -> why it failed; of its last run alone, where systemd numbers runs (since 232)
  if [ -n "$2" ]; then journalctl "_SYSTEMD_INVOCATION_ID=$2" + "INVOCATION_ID=$2" -n 40 --no-pager -o cat
  else journalctl -u "$1" -n 40 --no-pager -o cat
  fi 2>/dev/null | grep -e '^\[.*\] \(ERROR\|ALERT\): ' -e ': Failed at step [A-Z_]* spawning '
}

configs() { # of root's masters, where distributions put them, and of users' masters, each once
  { printf '%s\n' "$1" | awk -F "$tab" '$1 == "master" && $6 == 0 { print $5 }'
    for file in /etc/php/*/fpm/php-fpm.conf /etc/php-fpm.conf /etc/php*/php-fpm.conf /etc/opt/remi/php*/php-fpm.conf \
      /usr/local/etc/php-fpm.conf /usr/local/etc/php*/php-fpm.conf /opt/*/etc/php-fpm.conf; do
      [ -f "$file" ] && printf '%s\n' "$file"
    done
    printf '%s\n' "$1" | awk -F "$tab" '$1 == "master" && $6 != 0 { print $5 }'; } |
    awk '/^\// && !seen[$0]++' | head -n 12
}

files() { # CONFIG -> it and what it includes, one a line
  [ -f "$1" ] && [ -r "$1" ] || return 0
  printf '%s\n' "$1"
  head -c 65536 -- "$1" | sed -n 's/^[[:space:]]*include[[:space:]]*=[[:space:]]*"\{0,1\}\([^";]*[^";[:space:]]\).*/\1/p' | head -n 20 |
    while IFS= read -r pattern; do included "$pattern" "$1"; done | head -n 400
}

included() { # PATTERN CONFIG -> the files, as glob(3) has them; of a file that is not root's only the last part may be a pattern
  case $1 in /*) ;; *) return 0 ;; esac
  folders=${1%/*}
  case $folders in
    /*[*?[]*/*[*?[]*/*[*?[]* | /[*?[]*) return 0 ;; # all of a file system
    *[*?[]*) [ "$(stat -L -c %u -- "$2")" = 0 ] || return 0 ;;
  esac
  IFS=$newline
  find -L ${folders:-/} -maxdepth 1 -name "${1##*/}" ! -name '.*' -type f 2>/dev/null | head -n 200 | sort
  unset IFS
}

settings() { # CONFIG, its files on standard input; a later file goes on in the section of the one before
  while IFS= read -r file; do
    [ -r "$file" ] || { printf 'unread\tfile\t%s\n' "$file"; continue; }
    printf 'file\t%s\t%s\t%s\n' "$file" "$(stat -L -c %Y -- "$file")" "$1"
    [ -f "$file" ] && head -c 65536 -- "$file" | sed 's/^/=/'
    printf '\n'
  done | config=$1 awk '
    /^(file|unread)\t/ { print; next }
    { sub(/^=[ \t]*/, "") }
    /^\[[^]]*\]/ { section = substr($0, 2, index($0, "]") - 2); next }
    /^[;#]/ || !index($0, "=") { next }
    { key = $0; sub(/[ \t]*=.*/, "", key); value = substr($0, index($0, "=") + 1)
      sub(/^[ \t]*/, "", value)
      if (value ~ /^"/) { sub(/^"/, "", value); sub(/".*/, "", value) } else sub(/[ \t]*(;.*)?$/, "", value)
      if (key !~ /^(error_log|log_level|process\.max|listen(\.(owner|group|mode|backlog|allowed_clients))?|user|group|prefix|chroot|chdir|pm|pm\.(max_children|max_requests|process_idle_timeout|start_servers|min_spare_servers|max_spare_servers)|request_terminate_timeout|request_slowlog_timeout|slowlog|security\.limit_extensions|catch_workers_output|rlimit_files|php_(admin_)?(value|flag)\[(error_log|log_errors|memory_limit|max_execution_time|display_errors)\])$/) next
      gsub(/\$pool/, section, value); gsub(/\t/, " ", value)
      print "set\t" ENVIRON["config"] "\t" (section == "" ? "global" : section) "\t" key "\t" value }'
}

links() { # listen paths on standard input: links beside them lead there by another name
  sed -n 's#^\(/.*\)/[^/]*$#\1#p' | sort -u | head -n 8 | while IFS= read -r folder; do
    find "$folder/" -maxdepth 1 -type l 2>/dev/null | sed 's#//*#/#g' | head -n 40 | while IFS= read -r name; do
      printf 'link\t%s\t%s\n' "$name" "$(readlink -f -- "$name")"
    done
  done
}

taken() { # LISTENS, one a line; a connection that waits has no file yet (unix: 02, TCP: inode 0)
  listens=$1 awk '
    function hex(number,  text) {
      for (; number; number = int(number / 16)) text = substr("0123456789ABCDEF", number % 16 + 1, 1) text
      return substr("0000" text, length(text) + 1)
    }
    BEGIN {
      n = split(ENVIRON["listens"], listen, "\n")
      for (i = 1; i <= n; i++) { at[i] = listen[i]
        if (listen[i] !~ /^\//) { sub(/.*:/, "", at[i]); at[i] = at[i] ~ /^[0-9]+$/ && at[i] + 0 < 65536 ? hex(at[i] + 0) : "" } }
      while ((getline < "/proc/net/unix") > 0) if ($6 == "03") has[$8]++; else if ($6 == "02") waits[$8]++
      for (six = 0; six < 2; six++) while ((getline < ("/proc/net/tcp" (six ? "6" : ""))) > 0) {
        if ($4 != "01" && $4 != "08") continue
        m = split($2, place, ":")
        if ($10 == 0) waits[place[m]]++; else has[place[m]]++ }
      for (i = 1; i <= n; i++) if (at[i] != "") print "taken\t" listen[i] "\t" has[at[i]] + 0 "\t" waits[at[i]] + 0
    }'
}

tell() { # KIND PATH LINES
  if [ -r "$2" ]; then
    # What is no file (a terminal, a pipe, /dev/null) keeps no log, and may have us wait for ever.
    [ -f "$2" ] || return 0
    printf 'log\t%s\t%s\n' "$1" "$2"
    tail -c 400000 -- "$2" 2>/dev/null | tail -n "$3" | cut -c 1-600 | sed "s/^/says$tab$1$tab/"
  elif [ "$1" = fpm ] && printf '%s\n' "$as_root" | grep -qxF "==> $2 <=="; then
    printf 'log\t%s\t%s\n' "$1" "$2"
    printf '%s\n' "$as_root" | head="==> $2 <==" kind=$1 awk '
      /^==> .* <==$/ { on = $0 == ENVIRON["head"]; next } on && $0 != "" { print "says\t" ENVIRON["kind"] "\t" substr($0, 1, 600) }'
  elif [ -e "$2" ] || [ ! -x "${2%/*}/" ]; then printf 'unread\t%s\t%s\n' "$1" "$2"
  fi
}

running=$(masters)
[ -n "$running" ] && printf '%s\n' "$running"
# Where /proc is mounted with hidepid=, the login sees its own processes alone.
[ -r /proc/1/stat ] || printf 'hidden\t/proc\n'
units
said=$(configs "$running" | while IFS= read -r config; do files "$config" | settings "$config"; done)
[ -n "$running$said" ] || exit 0
printf '%s\n' "$said"
hostname -I 2>/dev/null | tr ' ' '\n' | sed -n "s/^[0-9a-f.:]*[0-9a-f]\$/own$tab&/p" | head -n 40
listens=$(printf '%s\n' "$said" | awk -F "$tab" '$1 == "set" && $4 == "listen" && !seen[$5]++ { print $5 }' | head -n 60)
printf '%s\n' "$listens" | links
taken "$listens"
sleep 1
taken "$listens"
# FPM makes its log readable by root alone. One fixed command, so that a rule of sudo can be exact for it. Not of
# /var/log/php-fpm: the folder is the pool's user's, whose link there could have root read any file.
as_root=$(sudo -n tail -n 80 /var/log/php7.4-fpm.log /var/log/php8.0-fpm.log /var/log/php8.1-fpm.log /var/log/php8.2-fpm.log /var/log/php8.3-fpm.log /var/log/php8.4-fpm.log /var/log/php8.5-fpm.log /var/log/php-fpm.log 2>/dev/null)
printf '%s\n' "$said" | awk -F "$tab" '
  $1 == "set" && $4 == "error_log" { print "fpm\t" $5 }
  $1 == "set" && $4 == "slowlog" { print "slow\t" $5 }
  $1 == "set" && $4 ~ /\[error_log\]/ { print "php\t" $5 }' | awk '!seen[$0]++' | head -n 12 |
  while IFS=$tab read -r kind path; do
    case $path in /*) tell "$kind" "$path" 80 ;; esac
  done
exit 0
