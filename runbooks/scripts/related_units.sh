# Prints the units that the app's unit needs, is started by or gives way to, tab separated, one line each:
#   booted AT · related RELATION UNIT LOAD ACTIVE SUB RESULT SINCE TYPE
# RELATION is the property of the app's unit that names it, or `Namesake` for the socket unit of its name: systemd forgets
# what a socket that rests would start. SINCE is when its state changed, in UTC. Targets and slices are
# left out: they do not fail. usage: related_units.sh unit=[UNIT]
set -u
LC_ALL=C
TZ=UTC
export LC_ALL TZ
unit=${1#unit=}
[ -n "$unit" ] || exit 0
tab='	'
printf 'booted\t%s\n' "$(systemctl show -p UserspaceTimestamp 2>/dev/null | cut -d= -f2-)"
named() { # RELATION -> the units it names, one a line
  case $1 in
    Namesake) [ "$unit" != "${unit%.service}" ] && printf '%s\n' "${unit%.service}.socket" ;;
    *) systemctl show -p "$1" "$unit" 2>/dev/null | cut -d= -f2- | tr ' ' '\n' | head -n 20 ;;
  esac
}
# Names go to awk by the environment: what -v is given it would decode, \x2d included.
for relation in Requires Requisite BindsTo TriggeredBy Conflicts ConflictedBy PartOf Namesake; do
  named "$relation" | while IFS= read -r other; do
    case $other in '' | -* | *.slice | *.target) continue ;; esac
    systemctl show -p LoadState -p ActiveState -p SubState -p Result -p StateChangeTimestamp -p Type -- "$other" 2>/dev/null |
      relation=$relation other=$other awk '
        { at = index($0, "="); said[substr($0, 1, at - 1)] = substr($0, at + 1) }
        END { if (said["LoadState"] != "") # without it systemd did not answer
          printf "related\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", ENVIRON["relation"], ENVIRON["other"], said["LoadState"],
            said["ActiveState"], said["SubState"], said["Result"], said["StateChangeTimestamp"], said["Type"] }' |
      grep -v "^related${tab}Namesake${tab}[^${tab}]*${tab}not-found"
  done
done
exit 0
