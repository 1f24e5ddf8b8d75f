# Prints SELinux's mode: Enforcing, Permissive or Disabled; a kernel without it is Disabled. Where it enforces also:
#   boolean NAME on|off        (what the policy lets a web server do besides)
#   denied LINE                (of the last ten minutes, what a web server or its app was denied)
# With auditd the kernel's log has no denials. Its own is root's; the journal's copy is not on every system, and
# setroubleshoot writes in its own words. One fixed command for sudo, so that a rule can be exact for it.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
tab='	'
mode=Disabled
if [ -r /sys/fs/selinux/enforce ]; then
  case $(cat /sys/fs/selinux/enforce) in 1) mode=Enforcing ;; *) mode=Permissive ;; esac
else
  mode=$(getenforce 2>/dev/null) || mode=Disabled
fi
printf '%s\n' "$mode"
[ "$mode" = Enforcing ] || exit 0
for name in httpd_can_network_connect; do
  if [ -r "/sys/fs/selinux/booleans/$name" ]; then
    case $(cat "/sys/fs/selinux/booleans/$name") in 1*) state=on ;; *) state=off ;; esac
  else
    state=$(getsebool "$name" 2>/dev/null | sed -n 's/.*--> *//p')
  fi
  [ -n "$state" ] && printf 'boolean\t%s %s\n' "$name" "$state"
done
{
  sudo -n ausearch --input-logs -m AVC -ts recent 2>/dev/null
  journalctl -q --no-pager -o short-iso --since -10min -n 400 _TRANSPORT=audit + SYSLOG_IDENTIFIER=setroubleshoot 2>/dev/null
} </dev/null | grep -E 'avc: +denied|SELinux is preventing' | grep -E 'nginx|httpd|php-fpm|haproxy' |
  cut -c 1-600 | tail -n 20 | sed "s/^/denied$tab/"
exit 0
