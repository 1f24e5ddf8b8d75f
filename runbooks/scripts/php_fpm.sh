# Prints what PHP-FPM runs, what its files say, how busy it is, and the end of its logs; tab separated:
#   master PID STARTED_EPOCH UNIT CONFIG | child PID PARENT STARTED_EPOCH POOL
#   unit NAME LOAD ACTIVE SUB            (each service whose name has php and fpm in it)
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

born() { # DIR -> epoch of a process's start; the folder's own time is when somebody first looked at it
  awk -v boot="$boot" -v tick="$tick" '{ sub(/.*\) /, ""); split($0, f, " "); print boot + int(f[20] / tick) }' "$1/stat" 2>/dev/null
}

masters() { # of every version and every place; the titles are FPM's own
  boot=$(sed -n 's/^btime //p' /proc/stat)
  tick=$(getconf CLK_TCK 2>/dev/null || echo 100)
  for dir in /proc/[0-9]*; do
    title=
    { IFS= read -r title <"$dir/cmdline"; } 2>/dev/null # no line end; of thousands of processes it forks for none
    case $title in 'php-fpm: '*) ;; *) continue ;; esac
    # A process of a container has a number of its own in there, and its files are not those of this host.
    parent=$(awk '/^PPid:/ { p = $2 } /^NSpid:/ && NF > 2 { inside = 1 } END { if (!inside) print p }' "$dir/status" 2>/dev/null)
    [ -n "$parent" ] || continue
    started=$(born "$dir")
    title=${title#php-fpm: }
    case $title in
      'master process ('*)
        config=${title#master process (}
        unit=$(sed -n 's#^0::.*/\([^/]*\.service\).*#\1#p; s#^[0-9]*:name=systemd:.*/\([^/]*\.service\).*#\1#p' "$dir/cgroup" 2>/dev/null | head -n 1)
        printf 'master\t%s\t%s\t%s\t%s\n' "${dir#/proc/}" "${started:--}" "${unit:--}" "${config%)*}"
        ;;
      'pool '*)
        pool=$(printf '%s' "${title#pool }" | sed 's/ *$//')
        printf 'child\t%s\t%s\t%s\t%s\n' "${dir#/proc/}" "${parent:--}" "${started:--}" "$pool"
        ;;
    esac
  done | head -n 600
}

units() { # also those that rest, which systemd has not loaded
  { systemctl list-unit-files --no-legend --type=service '*php*fpm*'
    systemctl list-units --all --plain --no-legend --type=service '*php*fpm*'; } 2>/dev/null |
    awk '$1 ~ /\.service$/ && $1 !~ /@\.service$/ && !seen[$1]++ { print $1 }' | head -n 20 | while IFS= read -r name; do
    systemctl show --property=LoadState --property=ActiveState --property=SubState "$name" 2>/dev/null |
      awk -F = -v name="$name" '{ v[$1] = $2 } END { print "unit\t" name "\t" v["LoadState"] "\t" v["ActiveState"] "\t" v["SubState"] }'
    systemctl is-failed --quiet "$name" 2>/dev/null &&
      journalctl -u "$name" -n 40 --no-pager -o cat 2>/dev/null | grep '^\[.*\] \(ERROR\|ALERT\): ' | tail -n 8 |
      cut -c 1-600 | sed "s/^/says${tab}unit:$name$tab/"
  done
}

configs() { # of the masters, and where distributions put them, each once
  { printf '%s\n' "$1" | sed -n "s/^master$tab.*$tab//p"
    for file in /etc/php/*/fpm/php-fpm.conf /etc/php-fpm.conf /etc/php*/php-fpm.conf /etc/opt/remi/php*/php-fpm.conf \
      /usr/local/etc/php-fpm.conf /usr/local/etc/php*/php-fpm.conf /opt/*/etc/php-fpm.conf; do
      [ -f "$file" ] && printf '%s\n' "$file"
    done; } | awk '$0 != "" && !seen[$0]++' | head -n 12
}

files() { # CONFIG -> it and what it includes, one a line
  [ -r "$1" ] || return 0
  printf '%s\n' "$1"
  sed -n 's/^[[:space:]]*include[[:space:]]*=[[:space:]]*"\{0,1\}\([^";]*[^";[:space:]]\).*/\1/p' <"$1" | head -n 20 |
    while IFS= read -r pattern; do
      IFS=$newline
      for file in $pattern; do [ -f "$file" ] && printf '%s\n' "$file"; done | head -n 200
    done
}

settings() { # CONFIG, its files on standard input; a later file goes on in the section of the one before
  while IFS= read -r file; do
    [ -r "$file" ] || { printf 'unread\tfile\t%s\n' "$file"; continue; }
    printf 'file\t%s\t%s\t%s\n' "$file" "$(stat -L -c %Y -- "$file")" "$1"
    sed 's/^/=/' <"$file"
    printf '\n'
  done | awk -v config="$1" '
    /^(file|unread)\t/ { print; next }
    { sub(/^=[ \t]*/, "") }
    /^\[[^]]*\]/ { section = substr($0, 2, index($0, "]") - 2); next }
    /^[;#]/ || !index($0, "=") { next }
    { key = $0; sub(/[ \t]*=.*/, "", key); value = substr($0, index($0, "=") + 1)
      sub(/^[ \t]*/, "", value)
      if (value ~ /^"/) { sub(/^"/, "", value); sub(/".*/, "", value) } else sub(/[ \t]*(;.*)?$/, "", value)
      if (key !~ /^(error_log|log_level|process\.max|listen(\.(owner|group|mode|backlog|allowed_clients))?|user|group|prefix|chroot|chdir|pm|pm\.(max_children|max_requests|process_idle_timeout|start_servers|min_spare_servers|max_spare_servers)|request_terminate_timeout|request_slowlog_timeout|slowlog|security\.limit_extensions|catch_workers_output|rlimit_files|php_(admin_)?(value|flag)\[(error_log|log_errors|memory_limit|max_execution_time|display_errors)\])$/) next
      gsub(/\$pool/, section, value); gsub(/\t/, " ", value)
      print "set\t" config "\t" (section == "" ? "global" : section) "\t" key "\t" value }'
}

links() { # listen paths on standard input: links beside them lead there by another name
  sed -n 's#^\(/.*\)/[^/]*$#\1#p' | sort -u | head -n 8 | while IFS= read -r folder; do
    for name in "$folder"/*; do
      [ -L "$name" ] && printf 'link\t%s\t%s\n' "$name" "$(readlink -f -- "$name")"
    done | head -n 40
  done
}

taken() { # listen values on standard input; a connection that waits has no file yet (unix: 02, TCP: inode 0)
  while IFS= read -r address; do
    case $address in
      /*) awk -v path="$address" '$8 == path { if ($6 == "03") t++; else if ($6 == "02") w++ }
          END { print "taken\t" path "\t" t + 0 "\t" w + 0 }' /proc/net/unix ;;
      *) port=${address##*:}
        case $port in '' | *[!0-9]*) continue ;; esac
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
          awk -v port="$(printf '%04X' "$port")" -v address="$address" '
            { n = split($2, place, ":") } place[n] != port || ($4 != "01" && $4 != "08") { next }
            $10 == 0 { w++; next } { t++ }
            END { print "taken\t" address "\t" t + 0 "\t" w + 0 }' ;;
    esac
  done
}

tell() { # KIND PATH LINES
  if [ -r "$2" ]; then
    printf 'log\t%s\t%s\n' "$1" "$2"
    tail -n "$3" -- "$2" 2>/dev/null | cut -c 1-600 | sed "s/^/says$tab$1$tab/"
  elif [ "$1" = fpm ] && printf '%s\n' "$as_root" | grep -qxF "==> $2 <=="; then
    printf 'log\t%s\t%s\n' "$1" "$2"
    printf '%s\n' "$as_root" | awk -v head="==> $2 <==" -v kind="$1" '
      /^==> .* <==$/ { on = $0 == head; next } on && $0 != "" { print "says\t" kind "\t" substr($0, 1, 600) }'
  elif [ -e "$2" ] || [ ! -x "${2%/*}/" ]; then printf 'unread\t%s\t%s\n' "$1" "$2"
  fi
}

running=$(masters)
[ -n "$running" ] && printf '%s\n' "$running"
units
said=$(configs "$running" | while IFS= read -r config; do files "$config" | settings "$config"; done)
[ -n "$running$said" ] || exit 0
printf '%s\n' "$said"
hostname -I 2>/dev/null | tr ' ' '\n' | sed -n "s/^[0-9a-f.:]*[0-9a-f]\$/own$tab&/p" | head -n 40
listens=$(printf '%s\n' "$said" | awk -F "$tab" '$1 == "set" && $4 == "listen" && !seen[$5]++ { print $5 }' | head -n 60)
printf '%s\n' "$listens" | links
printf '%s\n' "$listens" | taken
sleep 1
printf '%s\n' "$listens" | taken
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
