"""The unix sockets a text shows, and whether two may be of one app, by their paths and who has them open."""

import re

from bot.model.sign import Sign, Signs


def is_kin(path: str, other: Sign) -> bool:
    """A socket whose name has a word of the dialled one, or an app server's in no folder of another name."""
    seen = other["path"]
    if any(word in seen for word in _words(path)):
        return True
    if _words(path.rpartition("/")[0]) and _words(seen.rpartition("/")[0]):
        return False
    servers = set(_SERVERS.findall(path))
    return any(server in seen for server in servers) or _SERVERS.search(other["process"]) is not None


def _words(path: str) -> set[str]:
    """What a path is named after, without what every such path is called."""
    words = (word for word in re.split(r"[\W\d_]+", path) if len(word) > 2)
    return {word for word in words if not _SERVERS.search(word)} - _PLAIN


_SERVERS = re.compile(r"gunicorn|uwsgi|puma|unicorn|php|fpm|python|node|ruby")
_PLAIN = {"run", "var", "tmp", "sock", "srv", "www", "home", "opt", "app", "sockets", "shared", "current"}


def paths(signs: Signs) -> tuple[Sign, ...]:
    """Unix sockets that are seen to be there or to be listened on, the surest first."""
    seen = (*signs.of("listening", "started"), *signs.of("socket_file"), *signs.of("socket_named"))
    return tuple(s for s in seen if ".sock" in s["path"] and not _OTHERS.search(s["path"]))


def is_same(path: str, other: str) -> bool:
    """`/run` and `/var/run` are one; a bare file name is taken as the same name anywhere."""
    plain, seen = path.replace("/var/run/", "/run/"), other.replace("/var/run/", "/run/")
    return plain == seen or ("/" not in seen and plain.endswith(f"/{seen}"))


#: Sockets that every host has, no app behind a proxy.
_OTHERS = re.compile(
    r"docker|containerd|mysql|maria|redis|postgres|PGSQL|supervisor|snapd|systemd|dbus|rpcbind|acpid|uuidd|lxd|multipath"
    r"|fail2ban|gpg|cups|avahi|memcached|chrony|nscd|haproxy|crio|podman"
)
