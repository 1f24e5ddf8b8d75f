# Prints SELinux's mode: Enforcing, Permissive or Disabled; a kernel without it is Disabled.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
if [ -r /sys/fs/selinux/enforce ]; then
  case $(cat /sys/fs/selinux/enforce) in 1) echo Enforcing ;; *) echo Permissive ;; esac
else
  getenforce 2>/dev/null || echo Disabled
fi
