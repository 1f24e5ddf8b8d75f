# Runs on a host without python3, in any POSIX sh (dash, busybox); `r` is the request line.
# Outputs lie in a private directory, in memory where there is /dev/shm, removed at the end: a pure
# shell cannot hold bytes with NULs in variables. No tabs in here: one stands for a newline on the wire.
set -fu
IFS=' '
trap '' PIPE
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER= PAGER=cat TERM=dumb
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER PAGER TERM
# The account's own time zone is not the one that the host's logs are in.
unset TZ
umask 077
D=
for t in /dev/shm "${XDG_RUNTIME_DIR:-}" "${TMPDIR:-}" /tmp /var/tmp; do
  [ -n "$t" ] && D=$(mktemp -d "$t/runbook-bot.XXXXXX" 2>/dev/null) || continue
  # A full file system takes the directory, and nothing of what is written there.
  head -c 1048576 /dev/zero 2>/dev/null >"$D/w" && rm "$D/w" && break
  rm -rf "$D"
  D=
done
[ -n "$D" ] || exit 4
c=$(date +%s.%N)
case $c in *[!0-9.]* | *.) c=$(date +%s) ;; esac
set -- $r
N=$2 life=$3
shift 3
printf '@%s h %s\n' "$N" "$c"
cd /
L=C
if [ -d /usr/lib/locale/C.utf8 ] || [ -d /usr/lib/locale/C.UTF-8 ]; then L=C.UTF-8; fi
S=env
command -v setsid >/dev/null && S=setsid

# Sets u to a clock in hundredths of a second that never goes back.
now() {
  if read -r u x </proc/uptime; then u=${u%.*}${u#*.}; else u=$(($(date +%s) * 100)); fi
}

n=-1
while [ $# -gt 0 ]; do
  case $1 in
    c)
      n=$((n + 1)) k=-1
      eval "t_$n=$3 m_$n=$4 ok_$n=,$5, af_$n=$6 st_$n=w"
      shift 6
      ;;
    a)
      k=$((k + 1)) v=
      eval "k_$n=$k"
      shift
      while [ $# -gt 0 ]; do
        case $1 in =*) v="$v $1" ;; *) break ;; esac
        shift
      done
      eval "v_${n}_$k=\$v"
      ;;
    *) rm -rf "$D"; exit 5 ;;
  esac
done

# signal pid: to its whole group where it has one of its own.
hit() {
  kill "-$1" "-$2" 2>/dev/null || kill "-$1" "$2" 2>/dev/null
}

# signal: to every command that still runs or was told to end.
hit_all() {
  for f in $P; do
    read -r p <"$f" && hit "$1" "$p"
  done
}

leave() {
  trap '' HUP INT TERM
  if [ -n "$P" ]; then
    hit_all TERM
    sleep 0.2 2>/dev/null || sleep 1
    hit_all KILL
  fi
  kill "$ticker" "$watcher" 2>/dev/null
  rm -rf "$D"
  exit 0
}

# index alternative
start() {
  eval "set -- $1 $2 \$v_$1_$2"
  i=$1 k=$2
  shift 2
  c=$#
  while [ "$c" -gt 0 ]; do
    x=${1#=}
    case $x in *\\*) x=$(printf '%b.' "$x") x=${x%.} ;; esac
    set -- "$@" "$x"
    shift
    c=$((c - 1))
  done
  now
  eval "a_$i=$k st_$i=r; [ -n \"\${b_$i:-}\" ] || { b_$i=$u e_$i=\$((u + t_$i / 10)); }"
  eval "[ \$e_$i -le $end ] || e_$i=$end"
  eval "g_$i=\$e_$i more=\$k_$i"
  # A sudo that hangs, in a directory service or PAM, leaves time to ask without it.
  if [ "$1 ${2:-}" = "sudo -n" ] && [ "$k" -lt "$more" ]; then eval "g_$i=\$((u + t_$i * 6 / 100))"; fi
  f=$D/$i.$k
  : >"$f.p"
  P="$P $f.p"
  (
    trap - PIPE
    LC_ALL=$L
    ulimit -f 65536
    $S "$@" </dev/null >"$f.1" 2>"$f.2" 4>&- &
    p=$!
    echo "$p" >"$f.p"
    wait "$p"
    echo "x $i $k $?" >&4
  ) </dev/null >/dev/null 2>&1 &
}

# file limit: sets z to its size and w to what is kept of it.
measure() {
  z=$(wc -c <"$1" 2>/dev/null) || z=0
  z=$((z + 0)) w=$z
  [ "$w" -le "$2" ] || w=$2
}

# file size kept: a command that was stopped may still write, so every length is held.
show() {
  if [ "$2" -eq "$3" ]; then
    [ "$2" -eq 0 ] || head -c "$2" "$1"
    return
  fi
  head -c $(($3 - $3 / 2)) "$1"
  tail -c $(($3 / 2)) "$1" | head -c $(($3 / 2))
}

# index alternative how status
emit() {
  f=$D/$1.$2
  now
  eval "st_$1=d m=\$m_$1 d=\$(((u - b_$1) * 10))"
  measure "$f.1" "$m"
  z1=$z w1=$w
  measure "$f.2" "$m"
  printf '@%s e %d %d %s %d %d %d %d %d\n' "$N" "$1" "$2" "$3" "$4" "$d" "$w1" "$w" $((z1 - w1 + z - w))
  show "$f.1" "$z1" "$w1"
  show "$f.2" "$z" "$w"
  left=$((left - 1))
}

# file: is no longer to be killed.
forget() {
  x=
  for g in $P; do [ "$g" = "$1" ] || x="$x $g"; done
  P=$x
}

# index alternative status: whether sudo itself ended it, or journalctl showed nobody's messages.
refused() {
  f=$D/$1.$2.2 s=$3
  eval "set -- \$v_$1_$2"
  # Who may read nobody's messages but their own is told so, and that all went well.
  if [ "$1" = "=journalctl" ]; then grep -q 'not seeing messages from other users' "$f"; return; fi
  [ "$s $1 ${2:-}" = "1 =sudo =-n" ] || return 1
  w='a password is required|a terminal is required|no tty present|you must have a tty|not allowed'
  w="$w|may not run|is not in the sudoers|no new privileges|account validation failure|: command not found"
  grep -Eq "^(sudo: |Sorry, user ).*($w)|^(sudo: |Sorry, user )($w)| is not in the sudoers" "$f"
}

# index alternative status
ended() {
  eval "now=\$st_$1\$a_$1 e=\$e_$1 ok=\$ok_$1 more=\$k_$1"
  forget "$D/$1.$2.p"
  [ "$now" = "r$2" ] || return 0
  measure "$D/$1.$2.1" 33554432
  now
  # Stopped by the file size limit: that is our doing, not its end.
  if [ "$3" -eq 153 ] && [ "$w" -eq 33554432 ]; then
    emit "$1" "$2" t 0
    return
  fi
  ! refused "$@" || ok=,
  case $ok in
    *,$3,*) ;;
    *) if [ "$2" -lt "$more" ] && [ "$u" -lt "$e" ]; then start "$1" $(($2 + 1)); return; fi ;;
  esac
  s=$3
  [ "$s" -le 128 ] || [ "$s" -gt 192 ] || case $ok in *,$s,*) ;; *) s=$((128 - s)) ;; esac
  emit "$1" "$2" x "$s"
}

tick() {
  now
  i=0
  while [ "$i" -le "$n" ]; do
    eval "st=\$st_$i e=\${e_$i:-0} g=\${g_$i:-0} k=\${a_$i:-0} h=\${h_$i:-}"
    if [ "$st" = r ] && [ "$u" -ge "$e" ]; then
      read -r p <"$D/$i.$k.p" && hit TERM "$p"
      eval "h_$i=\$((u + 100))"
      emit "$i" "$k" t 0
    elif [ "$st" = r ] && [ "$u" -ge "$g" ]; then
      read -r p <"$D/$i.$k.p" && hit TERM "$p"
      start "$i" $((k + 1))
    elif [ -n "$h" ] && [ "$u" -ge "$h" ]; then
      read -r p <"$D/$i.$k.p" && hit KILL "$p"
      forget "$D/$i.$k.p"
      eval "h_$i="
    fi
    i=$((i + 1))
  done
}

# Starts what waits for nothing any more.
launch() {
  j=0
  while [ "$j" -le "$n" ]; do
    eval "st=\$st_$j af=\$af_$j"
    if [ "$st" = w ]; then
      IFS=' ,'
      for o in $af; do
        [ "$o" = - ] || eval "[ \$st_$o = d ]" || st=
      done
      IFS=' '
      [ "$st" != w ] || start "$j" 0
    fi
    j=$((j + 1))
  done
}

P= ticker= watcher= left=$((n + 1))
now
end=$((u + life / 10))
mkfifo "$D/events" || { rm -rf "$D"; exit 4; }
exec 3<&0 </dev/null 4<>"$D/events"
trap leave HUP INT TERM
# It ends with us, even where we are killed.
(while kill -0 "$$" && { sleep 0.1 || sleep 1; }; do echo k >&4; done) 3<&- >/dev/null 2>&1 &
ticker=$!
(
  cat >/dev/null
  echo q >&4
) <&3 >/dev/null 2>&1 &
watcher=$!
exec 3<&-
while [ "$left" -gt 0 ]; do
  launch
  read -r e i k s <&4
  case $e in
    x) ended "$i" "$k" "$s" ;;
    k) tick ;;
    q) leave ;;
  esac
done
leave
