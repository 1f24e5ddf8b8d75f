# Prints blocks and inodes of the local file systems, and the places the service writes to.
# usage: disks.sh unit=[UNIT] [DIRECTORY …]
#   blocks: `df -Pk` · inodes: `df -Pi` · place KIND PATH (tab separated, after `# places`)
set -u
LC_ALL=C
export LC_ALL
unit=${1#unit=}
shift
local_only=-l
df -Pkl / >/dev/null 2>&1 || local_only=
echo '# blocks'
df -Pk $local_only 2>/dev/null
echo '# inodes'
df -Pi $local_only 2>/dev/null
echo '# places'
place() { printf 'place\t%s\t%s\n' "$1" "$2"; }
place root /
place log /var/log
place tmp /tmp
[ -d /var/log/nginx ] && place log /var/log/nginx
[ -d /var/lib/nginx ] && place nginx /var/lib/nginx
for directory in "$@"; do place data "$directory"; done
[ -n "$unit" ] || exit 0
work=$(systemctl show -p WorkingDirectory "$unit" 2>/dev/null | cut -d= -f2- | sed 's/^[!-]//')
case $work in
  /?*)
    place work "$work"
    real=$(readlink -f -- "$work" 2>/dev/null) && [ "$real" != "$work" ] && place work "$real"
    above=${work%/*}
    [ -n "$above" ] && place app "$above"
    ;;
esac
exit 0
