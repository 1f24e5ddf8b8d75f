# Prints what was changed lately around the service, tab separated; times are seconds since the epoch, with fractions where they are known:
#   link PATH TARGET AT · release NAME AT · file PATH AT · absent PATH · package LINE
# usage: changes.sh unit=[UNIT] link=[LINK] directory=[DIRECTORY] NGINX_CONFIG
set -u
LC_ALL=C
export LC_ALL
unit=${1#unit=}
link=${2#link=}
directory=${3#directory=}

at() { # with fractions where stat knows them: a deploy and a restart happen within one second
  when=$(stat -c %.Y -- "$1" 2>/dev/null)
  case $when in [0-9]*.[0-9]*) printf '%s' "$when" ;; *) stat -c %Y -- "$1" 2>/dev/null ;; esac
}
file() { [ -e "$1" ] && printf 'file\t%s\t%s\n' "$1" "$(at "$1")"; }
property() { systemctl show -p "$1" "$unit" 2>/dev/null | cut -d= -f2-; }

link_of_unit() { # the first symbolic link on the way to the working directory
  whole=$(property WorkingDirectory | sed 's/^[!-]//')
  walked=
  rest=${whole#/}
  while [ -n "$rest" ]; do
    walked=$walked/${rest%%/*}
    [ -L "$walked" ] && { printf '%s' "$walked"; return; }
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
  done
}

absent() { # said only of what can be seen to be not there: its directory may be entered, or is not there either
  case $1 in /*) ;; *) return ;; esac
  [ -e "$1" ] || [ -L "$1" ] && return
  above=${1%/*}
  while [ -n "$above" ] && [ ! -e "$above" ]; do above=${above%/*}; done
  [ -d "${above:-/}" ] && [ -x "${above:-/}" ] && printf 'absent\t%s\n' "$1"
}

commands() { # ExecStart= as systemd will run it: PROGRAM ARGUMENT …; of a unit changed on disk, as its files say
  if [ "$(property NeedDaemonReload)" = yes ]; then
    systemctl cat "$unit" 2>/dev/null | sed -n 's/^ExecStart=[-+!:]*//p' | grep -v '[%$"'\''\\@]' | tail -n 1
  else
    property ExecStart | sed -n 's/^{ path=[^ ;]* ; argv\[\]=\([^;]*\) ;.*/\1/p' | head -n 3
  fi
}

programs() { # the program, and the script that an interpreter runs
  [ -n "$(property RootDirectory)$(property RootImage)" ] && return
  commands | while IFS=' ' read -r program script _; do
    absent "$program"
    case ${program##*/} in
      python[0-9.]* | python | node | ruby | perl | php | sh | bash | dash) absent "$script" ;;
    esac
  done
}

releases() { # the newest 20 of the directory, the one in place, and the one made before that, in the order of their names
  count=0
  before=
  ls -1t -- "$directory" 2>/dev/null | while IFS= read -r name; do
    [ -d "$directory/$name" ] || continue
    count=$((count + 1))
    if [ "$count" -le 20 ] || [ "$name" = "$current" ] || [ -n "$before" ]; then printf '%s\n' "$name"; fi
    before=
    [ "$name" = "$current" ] && { before=yes; current=; }
    [ "$count" -ge 20 ] && [ -z "$current$before" ] && break
  done | sort | while IFS= read -r name; do
    printf 'release\t%s\t%s\n' "$name" "$(at "$directory/$name")"
  done
}

config=$(here "$4")
if [ -n "$unit" ]; then
  programs
  [ -z "$link" ] && link=$(link_of_unit)
  file "$(property FragmentPath)"
  property DropInPaths | tr ' ' '\n' | head -n 20 | while IFS= read -r path; do [ -n "$path" ] && file "$path"; done
  property EnvironmentFiles | sed 's/ (ignore_errors=.*//' | head -n 5 | while IFS= read -r path; do [ -n "$path" ] && file "$path"; done
fi
current=
if [ -n "$link" ] && [ -L "$link" ]; then
  target=$(readlink -- "$link")
  printf 'link\t%s\t%s\t%s\n' "$link" "$target" "$(at "$link")"
  current=$(printf '%s' "$target" | sed 's#/*$##; s#.*/##')
  if [ -z "$directory" ]; then
    real=$(readlink -f -- "$link")
    directory=${real%/*}
  fi
fi
if [ -n "$current" ] && [ -d "$link/" ] && [ ! -d "$directory/$current" ]; then
  printf 'release\t%s\t%s\n' "$current" "$(at "$link/")" # kept elsewhere: what is in the directory is not beside it
elif [ -n "$directory" ] && [ -d "$directory" ]; then releases
fi
for path in "$config" "${config%/*}"/conf.d/*.conf "${config%/*}"/default.d/*.conf "${config%/*}"/sites-enabled/* "${config%/*}"/sites-available/* /etc/hosts /etc/resolv.conf; do
  file "$path"
done
# Fedora and its relatives: dnf's log may be root's, rpm's own book is everybody's.
if [ ! -e /var/log/dpkg.log ] && command -v rpm >/dev/null; then
  limit= # its database may be locked by what was left of another run
  timeout 1 true 2>/dev/null && limit='timeout 3'
  $limit rpm -qa --queryformat '%{INSTALLTIME} install %{NAME}:%{ARCH} - %{VERSION}-%{RELEASE}\n' 2>/dev/null | sort -rn | head -n 15 |
    while read -r when what; do printf 'package\t%s %s\n' "$(date -d "@$when" '+%Y-%m-%d %H:%M:%S')" "$what"; done
fi
tail -n 300 /var/log/dpkg.log 2>/dev/null | grep -E ' (install|upgrade|remove) ' | tail -n 15 | sed 's/^/package\t/'
exit 0
