#!/bin/sh
# Installs the bot's kit on this host. Read it, then run it as root in the unpacked kit:
#     sh install.sh            account, sudo rules, keys@GUARD_TOLD@
#     sh install.sh --sshd     the same, the keys where the account cannot change them, and sshd's own limits
#     sh install.sh --remove   takes all of it back but the account
set -eu
umask 022
user=@USER@ root=@ROOT@ mode=@MODE@
sudoers=/etc/sudoers.d/runbook-bot
sshd=/etc/ssh/sshd_config.d/runbook-bot.conf
keys=@KEYS_FILE@

die() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

# path…: where SELinux is at work, what sshd may read; a home below /var/lib gets no label for it by itself.
# Source: sshd_selinux(8), semanage-fcontext(8).
label() {
  [ -d /sys/fs/selinux ] && command -v chcon >/dev/null || return 0
  if command -v semanage >/dev/null && semanage fcontext -a -t ssh_home_t "$home/\.ssh(/.*)?" 2>/dev/null; then
    restorecon -R "$@" && return 0
  fi
  chcon -R -t ssh_home_t "$@" 2>/dev/null || echo "note: SELinux may keep sshd from $*; label it ssh_home_t"
}

# file mode place: root's, whole or not at all.
put() {
  cp "$1" "$3.new"
  chown 0:0 "$3.new"
  chmod "$2" "$3.new"
  mv -f "$3.new" "$3"
}

field() {
  awk -F: -v user="$user" -v at="$1" '$1 == user { print $at; exit }' /etc/passwd
}

reload_sshd() {
  "$(command -v sshd || echo /usr/sbin/sshd)" -t || return 1
  systemctl reload ssh 2>/dev/null || systemctl reload sshd 2>/dev/null || service ssh reload ||
    service sshd reload || return 1
  # It shuts its port and opens it again, and who asks in between is refused: not the doctor that comes next.
  command -v ss >/dev/null || return 0
  for _ in 1 2 3 4 5; do
    sleep 1
    if ss -Hltnp | grep -q '"sshd"'; then return 0; fi
  done
}

remove() {
  home=$(field 6)
  if [ -e "$sshd" ]; then
    rm -f "$sshd"
    reload_sshd
  fi
  if [ -e "$home/.ssh/authorized_keys.before-runbook-bot" ]; then
    mv -f "$home/.ssh/authorized_keys.before-runbook-bot" "$home/.ssh/authorized_keys"
  elif [ -e "$keys.in-home" ]; then
    rm -f "$home/.ssh/authorized_keys"
  fi
  if command -v semanage >/dev/null; then semanage fcontext -d "$home/\.ssh(/.*)?" 2>/dev/null || :; fi
  rm -f "$sudoers" "$keys" "$keys.in-home"
  rm -rf "$root"
  echo "removed; the account $user is still there"
}

account() {
  if [ -z "$(field 6)" ]; then
    command -v useradd >/dev/null || die "no useradd here; make the account $user with the shell /bin/sh yourself"
    useradd --system --create-home --home-dir "/var/lib/$user" --shell /bin/sh "$user"
    # Without a password, yet not locked: sshd without PAM refuses locked accounts.
    usermod -p '*' "$user"
    for group in adm systemd-journal; do
      if grep -q "^$group:" /etc/group; then usermod -aG "$group" "$user"; fi
    done
    chown 0:0 "/var/lib/$user"
    chmod 755 "/var/lib/$user"
  fi
  case $(field 7) in
    */nologin | */false) die "the account $user has no login shell; sshd runs every command through it: usermod -s /bin/sh $user" ;;
  esac
  home=$(field 6)
  # Where orders are remembered past a reboot; the account's own.
  for folder in .local .local/state .local/state/runbook-bot .local/state/runbook-bot/orders; do
    [ -d "$home/$folder" ] || { mkdir -m 700 "$home/$folder" && chown "$user" "$home/$folder"; }
  done
}

rights() {
  if command -v visudo >/dev/null; then visudo -cqf sudoers || die 'visudo refuses the rules'; fi
  [ -d /etc/sudoers.d ] || die 'no /etc/sudoers.d here; is sudo installed'
  put sudoers 440 "$sudoers"
  # Of the places that a program may be at, one is enough; ausearch reads what SELinux denied.
  sed -n 's/.* NOPASSWD: \([^ ]*\).*/\1/p' sudoers | sort -u | while read -r program; do
    name=${program##*/}
    [ "$name" != ausearch ] || [ -d /sys/fs/selinux ] || continue
    for place in "$program" /usr/bin/"$name" /usr/sbin/"$name"; do
      if [ -x "$place" ] && grep -q "NOPASSWD: $place " sudoers; then continue 2; fi
    done
    echo "note: no $program here; what needs it will say so"
  done
  for other in /etc/sudoers.d/*; do
    [ "$other" = "$sudoers" ] || ! grep -q "^${user}[[:space:]]" "$other" 2>/dev/null ||
      echo "note: $other gives $user more than this kit does; remove it when the bot needs nothing of it"
  done
}

# The guard comes last: until then the host holds what it held before.
programs() {
  mkdir -p "$root/looks" "$root/remedies"
  (cd lib && find . -type f ! -name guard) | while read -r file; do put "lib/$file" 644 "$root/$file"; done
  put lib/guard 755 "$root/guard"
  (cd "$root" && find . -type f) | while read -r file; do [ -e "lib/$file" ] || rm -f "$root/$file"; done
  chown -R 0:0 "$root"
}

in_home() {
  [ -d "$home/.ssh" ] || { mkdir -m 755 "$home/.ssh" && chown 0:0 "$home/.ssh"; }
  if [ -e "$home/.ssh/authorized_keys" ] && [ ! -e "$keys.in-home" ]; then
    mv "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys.before-runbook-bot"
    echo "note: former keys of $user are in $home/.ssh/authorized_keys.before-runbook-bot and no longer let in"
  fi
  : >"$keys.in-home"
  put authorized_keys 644 "$home/.ssh/authorized_keys"
  label "$home/.ssh"
}

for_sshd() {
  grep -qi '^[[:space:]]*include[[:space:]].*sshd_config\.d' /etc/ssh/sshd_config ||
    die "sshd here reads no sshd_config.d; put the lines of the file sshd_config at the end of /etc/ssh/sshd_config"
  put authorized_keys 644 "$keys"
  put sshd_config 644 "$sshd"
  reload_sshd || { rm -f "$sshd"; die 'sshd refuses its part; taken back'; }
}

cd "$(dirname "$0")"
[ "$(id -u)" = 0 ] || die 'run it as root'
case ${1-} in
  '' | --sshd) ;;
  --remove) remove; exit 0 ;;
  *) die 'usage: sh install.sh [--sshd|--remove]' ;;
esac
sha256sum -c --quiet MANIFEST || die 'a file of this kit is not as it was made; make the kit again'
account
rights
[ "$mode" = plain ] || programs
in_home
# Once sshd reads the keys elsewhere, they have to be renewed there.
if [ "${1-}" = --sshd ] || [ -e "$sshd" ]; then for_sshd; fi
echo "installed; on the machine of the bot: runbook-bot doctor @HOST@"
