"""Whether two unix sockets may be of one app, by their paths and by who has them open."""

import re

from bot.model.sign import Sign


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
