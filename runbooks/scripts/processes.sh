# Prints one line for each process of nginx and of the app's unit, tab separated:
#   process PID NAME UID CGROUP FD_SOFT_LIMIT FDS_OPEN STARTED_EPOCH
# FDS_OPEN is `-` where we may not look. Nothing here needs root.
# usage: processes.sh unit=[UNIT] …   e.g. unit=nginx.service unit=myapp.service
set -u
LC_ALL=C
export LC_ALL
tab='	'
shown=0
for dir in /proc/[0-9]*; do
  [ "$shown" -lt 200 ] || break
  group=$(sed -n 's/^0:://p; s/^[0-9]*:name=systemd://p' "$dir/cgroup" 2>/dev/null | head -n 1) || continue
  wanted=
  for unit in "$@"; do
    unit=${unit#unit=}
    [ -n "$unit" ] || continue
    case $group in */"$unit" | */"$unit"/*) wanted=1 ;; esac
  done
  [ -n "$wanted" ] || continue
  read -r name <"$dir/comm" 2>/dev/null || continue
  uid=$(awk '/^Uid:/ { print $3; exit }' "$dir/status" 2>/dev/null)
  limit=$(awk '/^Max open files/ { print $4; exit }' "$dir/limits" 2>/dev/null)
  fds=-
  [ -r "$dir/fd" ] && fds=$(ls "$dir/fd" 2>/dev/null | wc -l | tr -d ' ')
  printf 'process\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "${dir#/proc/}" "$(printf '%s' "$name" | tr "$tab" ' ')" "${uid:--}" "$group" \
    "${limit:--}" "$fds" "$(stat -c %Y "$dir" 2>/dev/null || echo -)"
  shown=$((shown + 1))
done
exit 0
