# Prints the service units that may be the app's, where the fleet file names none, and of an instance that it names those of
# the same template (app@3001.service, app@3002.service), tab separated:
#   unit NAME ACTIVE SUB RESULT EXIT_STATUS RESTARTS FILE_STATE SINCE STARTED CONTROL_GROUP
#   names NAME ADDRESS WHERE     (ADDRESS is a port or a socket's path that nginx dials)
#   said NAME LINE               (the end of its journal, where it does not run, was started again, or names what nginx dials)
# Told are units that name what nginx dials, and those of the machine's owner: their file is not a package's; and supervisord's. What
# supervisord or pm2 keeps, their files name. Commands that run and end (oneshot) serve nobody. SINCE and STARTED are UTC.
# Values of settings, secrets among them, are never printed.
# usage: likely_units.sh CONFIG NGINX_UNIT unit=[UNIT] container=[NAME]
set -u
LC_ALL=C
TZ=UTC
export LC_ALL TZ
tab='	'
newline='
'
template=
case $3$4 in
  unit=container=) ;;
  unit=*@*.servicecontainer=) template=${3#unit=} template=${template%%@*}@ ;;
  *) exit 0 ;;
esac
command -v systemctl >/dev/null || exit 0
config=$(here "$1")
root=${config%/*}

dialled() { # ports and paths of sockets, one a line
  show "$config" 0 | sed 's/#.*//' | tr '{};' '\n\n\n' |
    sed -n 's/^[[:space:]]*[a-z]*_pass[[:space:]][[:space:]]*\([^[:space:]]*\).*/\1/p; s/^[[:space:]]*server[[:space:]][[:space:]]*\([^[:space:]]*\).*/\1/p' |
    tr -d '\042\047' | sed 's#^[a-z]*://##' | sed -n 's#^unix:\(/[^:]*\).*#\1#p; t
      s#/.*##; s#.*:\([0-9]\{1,5\}\)$#\1#p' | sort -u | head -n 30
}

own() { # units of the machine's owner, instances that are enabled too; what rests systemd may have forgotten
  for file in /etc/systemd/system/*.service /usr/local/lib/systemd/system/*.service /etc/systemd/system/*.wants/*@*.service; do
    name=${file##*/}
    case $name in *'*'* | *@.service | getty@* | *' '*) ;; *) [ -f "$file" ] && printf '%s\n' "$name" ;; esac
  done | head -n 60
}

supervised() { # files of supervisord's programs, at their usual places
  for file in /etc/supervisor/conf.d/*.conf /etc/supervisord.d/*.ini /etc/supervisord.d/*.conf /etc/supervisor.d/*.ini \
    /etc/supervisor/supervisord.conf /etc/supervisord.conf; do
    [ -f "$file" ] && [ -r "$file" ] && printf '%s\n' "$file"
  done | head -n 40
}

# One call for all: each costs much on a host that is busy.
dialled=$(dialled)
owned=$(own)
supervised=$(supervised)
set -f
units=$(systemctl show -p Id -p LoadState -p ActiveState -p SubState -p Result -p ExecMainStatus -p NRestarts -p UnitFileState \
  -p StateChangeTimestamp -p ActiveEnterTimestamp -p ControlGroup -p FragmentPath -p Type -p ExecStart -p Environment \
  -p EnvironmentFile -p EnvironmentFiles -p Listen -p Triggers -- '*.service' '*.socket' $owned 2>/dev/null |
  dialled=$dialled nginx=$2 supervised=$supervised template=$template awk '
  function names(text, key,  at, off, before, next_) { # as a word of its own: 3000 is not in 13000, nor in 3000ms
    if (key ~ /^[0-9]+$/) return text ~ ("(^|[^0-9A-Za-z._/-]|-[pPl])" key "([^0-9A-Za-z._-]|$)")
    for (off = 0; (at = index(substr(text, off + 1), key)) > 0; off = at) {
      at += off; before = at > 1 ? substr(text, at - 1, 1) : ""; next_ = substr(text, at + length(key), 1)
      if (before ~ /[A-Za-z0-9._-]/ && (at < 5 || substr(text, at - 4, 4) != "/var")) continue
      if (next_ !~ /[A-Za-z0-9._\/-]/) return 1
    }
    return 0
  }
  function commands(text,  all) { # the words of ExecStart, without process numbers and times
    while (match(text, /argv\[\]=/)) {
      text = substr(text, RSTART + 7)
      match(text, / ; ignore_errors=/)
      all = all (RSTART > 1 ? substr(text, 1, RSTART - 1) : text) "\n"
      text = substr(text, RSTART > 1 ? RSTART : length(text) + 1)
    }
    return all
  }
  function file_names(list, key,  n, i, w, line, left, hit) { # the file that names it; its text is not told
    n = split(list, w, "\n")
    for (i = 1; i <= n && i <= 45; i++) {
      sub(/ \(ignore_errors=.*/, "", w[i])
      if (w[i] !~ /^\//) continue
      left = 300; hit = 0
      while (left-- > 0 && (getline line < w[i]) > 0) if (line !~ /^[ \t]*[#;]/ && names(line, key)) hit = 1
      close(w[i])
      if (hit) return w[i]
    }
    return ""
  }
  function tell(name, key, where) { if (where != "") told[name] = told[name] "names\t" name "\t" key "\t" where "\n" }
  function ended(  name, i, where, n, w) {
    name = of["Id"]
    if (name == "" || name in known) { split("", of); return }
    if (name ~ /\.socket$/) {
      n = split(of["Triggers"], w, " ")
      for (i = 1; i <= keys; i++) if (n && names(of["Listen"], key[i])) tell(w[1], key[i], name)
      split("", of); return
    }
    known[name]
    keeps = commands(of["ExecStart"]) ~ /supervisord/
    kept = keeps ? "\n" ENVIRON["supervised"] : ""
    if (match(of["Environment"], /PM2_HOME=\/[^ ]*/)) kept = "\n" substr(of["Environment"], RSTART + 9, RLENGTH - 9) "/dump.pm2"
    if (index(name, ENVIRON["template"]) != 1 || name == ENVIRON["nginx"] || name ~ /^(systemd-|user@|getty@|serial-getty@)/ || of["Type"] == "oneshot" || of["LoadState"] !~ /loaded|bad-setting|error/) {
      split("", of); return
    }
    for (i = 1; i <= keys; i++) {
      where = names(commands(of["ExecStart"]), key[i]) ? "ExecStart" : names(of["Environment"], key[i]) ? "Environment" : ""
      tell(name, key[i], where != "" ? where : file_names(of["EnvironmentFiles"] "\n" of["EnvironmentFile"] kept, key[i]))
    }
    mine[name] = keeps || of["FragmentPath"] ~ /^\/(etc|run\/systemd\/(system|transient)|usr\/local|opt|srv|home)\//
    row[name] = "unit\t" name "\t" of["ActiveState"] "\t" of["SubState"] "\t" of["Result"] "\t" of["ExecMainStatus"] "\t" of["NRestarts"] \
      "\t" of["UnitFileState"] "\t" of["StateChangeTimestamp"] "\t" of["ActiveEnterTimestamp"] "\t" of["ControlGroup"]
    order[++count] = name
    split("", of)
  }
  BEGIN { keys = split(ENVIRON["dialled"], key, "\n") }
  $0 == "" { if ("Id" in of) ended(); next } # old systemd has an empty line behind EnvironmentFile= too, and then Id=
  { at = index($0, "="); if (at) { k = substr($0, 1, at - 1); v = substr($0, at + 1); if (k ~ /^Listen/) k = "Listen"; if (k in of) of[k] = of[k] "\n" v; else of[k] = v } }
  END { if (NR == 0) exit 1
    ended()
    for (pass = 1; pass <= 2; pass++) for (i = 1; i <= count; i++) {
      name = order[i]
      if ((pass == 1) != (name in told)) continue
      if ((pass == 1 || mine[name]) && ++shown <= 20) printf "%s\n%s", row[name], told[name]
    } }') || { echo 'systemctl told nothing of its units' >&2; exit 1; }
set +f
[ -n "$units" ] || exit 0
printf '%s\n' "$units"
printf '%s\n' "$units" | awk -F "$tab" '
  function ends() { if (unit ~ /^[A-Za-z0-9]/ && asked && ++n <= 4) print unit }
  $1 == "unit" { ends(); unit = $2; asked = $3 != "active" || $7 > 0 }
  $1 == "names" { asked = 1 }
  END { ends() }' |
  while IFS= read -r name; do
    journalctl -q -u "$name" -n 50 --no-pager -o short-iso 2>/dev/null | cut -c 1-2000 | name=$name awk '{ print "said\t" ENVIRON["name"] "\t" $0 }'
  done
exit 0
