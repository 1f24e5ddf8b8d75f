#!/bin/sh
# Inside the image: accounts, rights, and only the units a container has use for.
set -eu
useradd --create-home --shell /bin/sh --groups adm,systemd-journal runbook
# An account without a password is not a locked one: sshd refuses those even with a key.
usermod --password '*' runbook
useradd --system --home-dir /srv/shop --shell /usr/sbin/nologin shop
ln -sfn releases/1 /srv/shop/current
chmod 755 /usr/local/sbin/shop-rollback /usr/local/sbin/take-keys /srv/shop/releases/*/app.py
chmod 440 /etc/sudoers.d/runbook
visudo --check --quiet
rm -f /etc/nginx/sites-enabled/default
ln -s ../sites-available/shop /etc/nginx/sites-enabled/shop
mkdir -p /var/log/journal
systemctl set-default multi-user.target 2>/dev/null
systemctl enable keys.service shop.service nginx.service ssh.service 2>/dev/null
for unit in getty.target console-getty.service systemd-udevd.service systemd-udev-trigger.service \
    systemd-modules-load.service systemd-sysctl.service systemd-remount-fs.service systemd-firstboot.service \
    dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
    systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    fstrim.timer; do
    ln -sf /dev/null "/etc/systemd/system/$unit"
done
