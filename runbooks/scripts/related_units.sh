# Prints the units that the app's unit needs, is started by or gives way to, tab separated, one line each:
#   booted AT · related RELATION UNIT LOAD ACTIVE SUB RESULT SINCE TYPE LISTEN
# RELATION is the property of the app's unit that names it, or `Namesake` for the socket unit of its name: systemd forgets
# what a socket that rests would start. SINCE is when its state changed, in UTC. LISTEN are a socket's addresses. Targets and
# slices are left out: they do not fail. usage: related_units.sh unit=[UNIT]
set -u
LC_ALL=C
TZ=UTC
export LC_ALL TZ
unit=${1#unit=}
[ -n "$unit" ] || exit 0
tab='	'
printf 'booted\t%s\n' "$(systemctl show -p UserspaceTimestamp 2>/dev/null | cut -d= -f2-)"
named() { # -> RELATION UNIT; all are asked for at once, for each call costs much on a host that is busy
  set -- Requires Requisite BindsTo TriggeredBy Conflicts ConflictedBy PartOf
  systemctl show $(printf -- '-p %s ' "$@") -- "$unit" 2>/dev/null | while IFS= read -r line; do
    printf '%s\n' "${line#*=}" | tr ' ' '\n' | head -n 20 | while IFS= read -r other; do
      printf '%s %s\n' "${line%%=*}" "$other"
    done
  done
  [ "$unit" != "${unit%.service}" ] && printf 'Namesake %s\n' "${unit%.service}.socket"
}
# Names go to awk by the environment: what -v is given it would decode, \x2d included.
named | while IFS=' ' read -r relation other; do
  case $other in '' | -* | *.slice | *.target) continue ;; esac
  systemctl show -p LoadState -p ActiveState -p SubState -p Result -p StateChangeTimestamp -p Type -p Listen -- "$other" 2>/dev/null |
    relation=$relation other=$other awk '
      { at = index($0, "="); key = substr($0, 1, at - 1); value = substr($0, at + 1)
        if (key ~ /^Listen/) key = "Listen" # ListenStream= of former systemd
        said[key] = key == "Listen" && said[key] != "" ? said[key] " " value : value }
      END { if (said["LoadState"] != "") # without it systemd did not answer
        printf "related\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", ENVIRON["relation"], ENVIRON["other"], said["LoadState"],
          said["ActiveState"], said["SubState"], said["Result"], said["StateChangeTimestamp"], said["Type"], said["Listen"] }' |
    grep -v "^related${tab}Namesake${tab}[^${tab}]*${tab}not-found"
done
exit 0
