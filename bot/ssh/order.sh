# Runs an order at most once for its nonce, or says what is known of one; any POSIX sh; `r` is the request line.
# The nonce is a directory: mkdir is exclusive. It is made in memory first, which also works when the disk
# is full; in /run/lock, since logind empties /dev/shm of a user who logs out (RemoveIPC); and in the home,
# which outlives a reboot. Found in any of them, the order does not run.
set -fu
IFS=' '
# The connection may go away: the action goes on to its end, and what it did is asked for later.
trap '' HUP PIPE INT
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER= PAGER=cat TERM=dumb
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER PAGER TERM
umask 077
cd /
set -- $r
N=$2 verb=$3 order=$4 life=$5
shift 5
uid=$(id -u)
memory=/dev/shm/runbook-bot-$uid
locks=/run/lock/runbook-bot-$uid
home=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/runbook-bot/orders
S=env
command -v setsid >/dev/null && S=setsid
m= m2= m3= first=0
b=
{ read -r b </proc/sys/kernel/random/boot_id; } 2>/dev/null

now() {
  if read -r u x </proc/uptime; then u=${u%.*}${u#*.}; else u=$(($(date +%s) * 100)); fi
}

# directory: it is there, ours alone, and no link.
usable() {
  mkdir -p "$1" 2>/dev/null
  x=$(ls -ldn "$1" 2>/dev/null) || return 1
  set -- $x
  case $1 in drwx------*) [ "$3" = "$uid" ] ;; *) return 1 ;; esac
}

# Claims the nonce: sets first, m (where all about it lies), m2 and m3 (the other places). Fails when nowhere.
claim() {
  first=1
  for d in "$memory" "$locks" "$home"; do
    [ "$d" = "$home" ] || [ -d "${d%/*}" ] || continue
    usable "$d" || continue
    if mkdir "$d/$order" 2>/dev/null; then
      if [ -z "$m" ]; then m=$d/$order; elif [ -z "$m2" ]; then m2=$d/$order; else m3=$d/$order; fi
    elif [ -d "$d/$order" ]; then
      first=0
      [ -z "$m" ] || rmdir "$m"
      [ -z "$m2" ] || rmdir "$m2"
      m=$d/$order m2= m3=
      return 0
    fi
  done
  [ -n "$m" ]
}

# name text: in every place, each at once or not at all. Fails when the first place could not be written.
note() {
  for d in "$m3" "$m2" "$m"; do
    { [ -z "$d" ] || { echo "$2" >"$d/$1.new" && mv "$d/$1.new" "$d/$1"; }; } 2>/dev/null
  done
}

# pid: sets w to when it started; empty when it is gone.
born() {
  w=
  { read -r x <"/proc/$1/stat"; } 2>/dev/null || return 0
  x=${x##*) }
  set -- $x
  shift 19
  w=$1
}

# Sets how, status, index, ms for an order seen before.
recall() {
  status=0 index=-1 ms=0 c=0
  while [ ! -e "$m/by" ] && [ ! -e "$m/burnt" ] && [ ! -e "$m/rc" ] && [ "$c" -lt 20 ]; do
    sleep 0.1 2>/dev/null || sleep 1
    c=$((c + 1))
  done
  if [ -e "$m/burnt" ]; then
    how=v
  elif [ -e "$m/rc" ] && read -r how status index ms <"$m/rc"; then
    :
  elif [ -e "$m/by" ] && read -r pid start boot <"$m/by" && born "$pid" && [ "$w $b" = "$start $boot" ]; then
    how=r
  elif [ -e "$m/rc" ] && read -r how status index ms <"$m/rc"; then
    :
  else
    how=c
  fi
}

# Says all that is known.
report() {
  [ -e "$m/out" ] || : >"$m/out"
  [ -e "$m/err" ] || : >"$m/err"
  z1=$(wc -c <"$m/out") z2=$(wc -c <"$m/err")
  z1=$((z1 + 0)) z2=$((z2 + 0))
  printf '@%s o %s %d %d %d %d %d\n' "$N" "$how" "$status" "$index" "$ms" "$z1" "$z2"
  head -c "$z1" "$m/out"
  head -c "$z2" "$m/err"
}

# signal: to the running command's whole group.
hit() {
  read -r p <"$m/pid" || return 0
  kill "-$1" "-$p" 2>/dev/null || kill "-$1" "$p" 2>/dev/null
}

# pipe file: keeps the first 256 KB and takes the rest, so that the command never meets a closed pipe.
keep() {
  { dd bs=512 count=512; cat >/dev/null; } <"$1" >"$2" 2>/dev/null
  echo "o 0" >&4
}

# word…: runs one command, sets status and how.
run() {
  c=$#
  while [ "$c" -gt 0 ]; do
    x=${1#=}
    case $x in *\\*) x=$(printf '%b.' "$x") x=${x%.} ;; esac
    set -- "$@" "$x"
    shift
    c=$((c - 1))
  done
  mkfifo "$m/o.$index" "$m/e.$index"
  # In subshells: a function keeps what it redirects aside, and the connection would stay open as long.
  (keep "$m/o.$index" "$m/out") </dev/null >/dev/null 2>&1 &
  (keep "$m/e.$index" "$m/err") </dev/null >/dev/null 2>&1 &
  (
    trap - PIPE
    $S "$@" </dev/null >"$m/o.$index" 2>"$m/e.$index" 4>&- &
    p=$!
    echo "$p" >"$m/pid"
    wait "$p"
    echo "x $?" >&4
  ) </dev/null >/dev/null 2>&1 &
  follow
}

# Waits for the command and its two streams; ends it at its time, and does not wait for what cannot be ended.
follow() {
  open=2 over= last=0
  while :; do
    [ -z "$over" ] || [ "$open" -gt 0 ] || return 0
    read -r e s <&4
    now
    case $e in
      o) open=$((open - 1)) ;;
      x) over=1 status=$s last=$((u + 50)) ;;
      k)
        if [ -n "$over" ]; then
          [ "$u" -lt "$last" ] || return 0
        elif [ "$how" = x ] && [ "$u" -ge "$end" ]; then
          how=t
          hit TERM
        elif [ "$how" = t ] && [ "$u" -ge $((end + 700)) ]; then
          return 0
        elif [ "$how" = t ] && [ "$u" -ge $((end + 500)) ]; then
          hit KILL
        fi
        ;;
    esac
  done
}

act() {
  now
  began=$u end=$((u + life / 10))
  mkfifo "$m/events"
  exec 4<>"$m/events"
  # It ends with us, even where we are killed.
  (while kill -0 "$$" && { sleep 0.1 || sleep 1; }; do echo "k 0" >&4; done) </dev/null >/dev/null 2>&1 &
  ticker=$!
  how=x status=0 index=-1
  while [ $# -gt 0 ] && [ "$how$status" = x0 ]; do
    shift
    index=$((index + 1)) v=
    while [ $# -gt 0 ] && [ "$1" != a ]; do
      v="$v $1"
      shift
    done
    run $v
  done
  now
  ms=$(((u - began) * 10))
  note rc "$how $status $index $ms"
  kill "$ticker" 2>/dev/null
}

if ! claim; then
  printf '@%s r\n' "$N"
  exit 0
fi
if [ "$first$verb" = 1settle ]; then
  note burnt 1
  how=v status=0 index=-1 ms=0
elif [ "$first" = 0 ]; then
  printf '@%s g 0\n' "$N"
  recall
else
  born "$$"
  if ! note by "$$ $w $b"; then
    printf '@%s r\n' "$N"
    exit 0
  fi
  printf '@%s g 1\n' "$N"
  act "$@"
fi
report
exec </dev/null
find "$memory" "$locks" "$home" -type d -name '????????????????????????????????' -mtime +30 -prune -exec rm -rf {} + 2>/dev/null
exit 0
