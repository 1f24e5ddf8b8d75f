# Where nginx's main file is, and what a file of its includes.

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

unread() { # CONFIG: why it is not told, and the line of sudoers that mends it
  if [ -x "${1%/*}/" ] && [ ! -e "$1" ]; then printf 'there is no %s\n' "$1" >&2; return; fi
  program=$(PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin command -v nginx)
  printf 'cannot read %s; sudoers: `%s ALL=(root) NOPASSWD: %s -T` lets this login see it\n' "$1" "$(id -un)" "${program:-/usr/sbin/nginx}" >&2
}

included() { # FILE -> the patterns it includes, one a line
  sed 's/#.*//' <"$1" | tr '{};' '\n\n\n' |
    sed -n 's/^[[:space:]]*include[[:space:]][[:space:]]*\(.*[^[:space:]]\)[[:space:]]*$/\1/p' | head -n 100
}
