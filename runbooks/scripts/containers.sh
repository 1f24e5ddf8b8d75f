# Prints what containers there are, where they listen inside, and which ports of this host lead to them, tab separated:
#   box ID PID PROGRAM · address ID ADDRESS · listens ID ADDRESS PORT · publishes ADDRESS PORT ADDRESS PORT
#   row LINE OF `docker ps -a` · engine UNIT STATE · refused WORDS OF docker
# All but the rows is read from /proc and needs neither root nor Docker's leave. Nothing on a host without containers.
# The engine's state is told only where systemd has that unit; no call of docker is waited for longer than 3 s.
set -u
LC_ALL=C
export LC_ALL
tab='	'
newline='
'

listens() { # ID < /proc/PID/net/tcp or tcp6: addresses are hexadecimal, each four bytes in the machine's order
  awk -v id="$1" '
    function number(hex,   i, n) { n = 0; for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1; return n }
    function four(hex) { return number(substr(hex, 7, 2)) "." number(substr(hex, 5, 2)) "." number(substr(hex, 3, 2)) "." number(substr(hex, 1, 2)) }
    $4 == "0A" {
      split($2, place, ":"); hex = place[1]
      if (length(hex) == 8) host = four(hex)
      else if (hex ~ /^0+$/) host = "::"
      else if (hex == "00000000000000000000000001000000") host = "::1"
      else if (hex ~ /^0000000000000000FFFF0000/) host = four(substr(hex, 25))
      else host = hex
      printf "listens\t%s\t%s\t%d\n", id, host, number(place[2])
    }' | sort -u
}

known=
for file in $(grep -lE '(docker|libpod|containerd|crio)[-:/]?.*[0-9a-f]{64}' /proc/[0-9]*/cgroup 2>/dev/null | sort -t / -k 3n); do
  # What watches over a container of podman has its id too, and not its network.
  id=$(sed -n '/-conmon-/d; s/.*\([0-9a-f]\{12\}\)[0-9a-f]\{52\}.*/\1/p' "$file" 2>/dev/null | tail -n 1)
  [ -n "$id" ] || continue
  case " $known " in *" $id "*) continue ;; esac
  dir=${file%/cgroup}
  read -r name <"$dir/comm" 2>/dev/null || continue
  [ "$name" = conmon ] && continue
  known="$known $id"
  printf 'box\t%s\t%s\t%s\n' "$id" "${dir#/proc/}" "$(printf '%s' "$name" | tr "$tab" ' ')"
  # With the host's own network it has no sockets of its own: the host's tables are the same.
  cmp -s "$dir/net/fib_trie" /proc/self/net/fib_trie && continue
  awk '/\|-- / { at = $2 } /\/32 host LOCAL/ && at !~ /^127\./ { print at }' "$dir/net/fib_trie" 2>/dev/null | sort -u |
    sed "s/^/address$tab$id$tab/"
  cat "$dir/net/tcp" "$dir/net/tcp6" 2>/dev/null | listens "$id"
done

for file in $(grep -lE '^docker-proxy$' /proc/[0-9]*/comm 2>/dev/null); do
  tr '\0' ' ' <"${file%/comm}/cmdline" 2>/dev/null | awk '{
    for (i = 2; i < NF; i++) if ($i ~ /^-/) said[$i] = $(i + 1)
    if (said["-proto"] == "tcp") printf "publishes\t%s\t%s\t%s\t%s\n", said["-host-ip"], said["-host-port"], said["-container-ip"], said["-container-port"]
  }'
done

ask() { # COMMAND … -> what it says, then `ended STATUS`, which is not there where 3 s were not enough
  # Who waits is given up, not who is asked: sudo is root's, and cannot be ended from here.
  { { "$@" 2>&1; printf '\nended %s\n' "$?"; } 2>/dev/null & } | $limit cat
}

how() { # SAID -> the status, or `late`; 124 and 143 are of timeout(1)
  case $1 in
    *"${newline}ended 124" | *"${newline}ended 143") printf late ;;
    *"${newline}ended "*) printf '%s' "${1##*"${newline}ended "}" ;;
    *) printf late ;;
  esac
}

is_podman() { # PROGRAM: podman under Docker's name has other containers for each login, and makes folders for who asks
  case $(readlink -f -- "$1") in */podman | */podman-remote) return 0 ;; esac
  awk 'NR == 1 && !/^#!/ { exit } /podman/ { found = 1; exit } END { exit !found }' "$1" 2>/dev/null
}

program=$(command -v docker) || exit 0
limit= # without timeout(1) docker is waited for as long as it takes
if timeout 1 true 2>/dev/null; then limit='timeout 3'
elif timeout -t 1 true 2>/dev/null; then limit='timeout -t 3' # busybox before 1.30
fi
# is-active says inactive of a unit that is not there as well.
$limit systemctl show -p LoadState -p ActiveState docker.service 2>/dev/null | awk -F = '
  { said[$1] = $2 }
  END { if (said["LoadState"] == "loaded") printf "engine\tdocker.service\t%s\n", said["ActiveState"] }'
said="${newline}ended 1"
is_podman "$program" || said=$(ask $limit docker ps -a)
case $(how "$said") in 0 | late) ;; *) said=$(ask sudo -n docker ps -a) ;; esac
words=$(printf '%s\n' "$said" | sed -e '/^ended [0-9]*$/d' -e '/^$/d')
case $(how "$said") in
  0) printf '%s\n' "$words" | sed "s/^/row$tab/" ;;
  late) printf 'refused\tdocker did not answer within 3 s\n' ;;
  *) printf 'refused\t%s\n' "$(printf '%s\n' "$words" | tail -n 1)" ;;
esac
exit 0
