# Prints one line for each process of nginx and of the app's unit, tab separated:
#   process PID NAME UID CGROUP FD_SOFT_LIMIT FDS_OPEN STARTED_EPOCH
# FDS_OPEN is `-` where we may not look. Nothing here needs root.
# usage: processes.sh unit=[UNIT] …   e.g. unit=nginx.service unit=myapp.service
set -u
LC_ALL=C
export LC_ALL
tab='	'
newline='
'
units=
for unit in "$@"; do
  unit=${unit#unit=}
  [ -n "$unit" ] && units=$units${units:+$newline}$unit
done
[ -n "$units" ] || exit 0

placed() { # numbers of the processes that may be of one of them; one grep for thousands
  printf '%s\n' /proc/[0-9]*/cgroup | xargs grep -lsF -- "$units" 2>/dev/null | sed 's#/cgroup$##; s#.*/##' | sort -n
}

placed | units=$units boot=$(sed -n 's/^btime //p' /proc/stat) tick=$(getconf CLK_TCK 2>/dev/null || echo 100) awk '
  function text(name,  line, whole) { # empty when the process has ended
    name = "/proc/" pid "/" name
    while ((getline line < name) > 0) whole = whole line "\n"
    close(name)
    return whole
  }
  function after(key, whole, at,  i, n, line, f) { # of the line that begins so, the word at that place behind it
    n = split(whole, line, "\n")
    for (i = 1; i <= n; i++) if (index(line[i], key) == 1) {
      return split(substr(line[i], length(key) + 1), f) >= at ? f[at] : "-" }
    return "-"
  }
  function group_of(whole,  i, n, line) {
    n = split(whole, line, "\n")
    for (i = 1; i <= n; i++) if (sub(/^(0::|[0-9]+:name=systemd:)/, "", line[i])) return line[i]
    return ""
  }
  BEGIN { n = split(ENVIRON["units"], unit, "\n") }
  { pid = $1; group = group_of(text("cgroup")); wanted = 0
    for (i = 1; i <= n; i++) if (index(group "/", "/" unit[i] "/")) wanted = 1
    name = text("comm"); sub(/\n$/, "", name); gsub(/[\t\n]/, " ", name)
    if (!wanted || name == "") next
    if (++shown > 200) exit
    stat = text("stat"); gsub(/\n/, " ", stat); sub(/.*\) /, "", stat)
    since = split(stat, f, " ") > 19 ? sprintf("%.0f", ENVIRON["boot"] + int(f[20] / ENVIRON["tick"])) : "-"
    print pid "\t" name "\t" after("Uid:", text("status"), 2) "\t" group "\t" after("Max open files", text("limits"), 1) "\t" since }' |
  while IFS=$tab read -r pid name uid group limit since; do
    fds=-
    if [ -r "/proc/$pid/fd" ]; then
      set -- "/proc/$pid/fd"/*
      [ -e "$1" ] || [ -L "$1" ] || shift
      fds=$#
    fi
    printf 'process\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$pid" "$name" "$uid" "$group" "$limit" "$fds" "$since"
  done
exit 0
