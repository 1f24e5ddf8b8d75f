#!/bin/sh
# Installs what the tests use beside Python: a browser and an SSH server. Only as root on Debian;
# elsewhere the tests say at their end what they could not run and why. TEST_NEEDS=no leaves it out.
set -eu
[ "${TEST_NEEDS:-}" != no ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0

missing=
has() { PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null; }
has chromium-headless-shell || has chromium || has google-chrome || missing="$missing BROWSER"
has sshd || missing="$missing openssh-server"
has ssh || missing="$missing openssh-client"
# Other shells that a host may have: the runner must work in them.
has dash || missing="$missing dash"
has busybox || missing="$missing busybox"
[ -n "$missing" ] || exit 0

# The tests start their own SSH servers; the machine's must not come up because of them.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get -o DPkg::Lock::Timeout=300 update -qq || :
# The engine alone, where Debian has it, is smaller and quicker than the browser.
browser=chromium-headless-shell
apt-cache show $browser >/dev/null 2>&1 || browser=chromium
missing=$(echo "$missing" | sed "s/BROWSER/$browser/")
echo "installing for the tests:$missing …"
# shellcheck disable=SC2086 # one word for each package
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null ||
    echo "could not install$missing; the tests will say what they left out" >&2
