"""Which part of nginx's configuration serves the site that is asked about."""

import re
from dataclasses import dataclass, replace

from bot.parsers.nginx_config import Directive, NginxConfig
from bot.rules._address import is_local


def addresses_of_site(config: NginxConfig, site: str) -> frozenset[str]:
    """Addresses the site's server blocks may dial; empty when it cannot be told."""
    blocks = blocks_of(config, site)
    inside = tuple(d for d in config.directives if d.server is not None and d.server in blocks)
    groups = tuple(d for d in config.directives if d.within and d.within[-1][:1] == ("upstream",))
    told = tuple(meant for d in inside for meant in _meant(d, config, inside))
    return frozenset(NginxConfig(directives=(*groups, *told)).addresses)


def _meant(place: Directive, config: NginxConfig, inside: tuple[Directive, ...]) -> tuple[Directive, ...]:
    """The directive; one that passes by a variable once for each value that the files give it.

    Source: ngx_http_map_module, ngx_http_split_clients_module, ngx_http_rewrite_module `set`.
    """
    target = place.arguments[0] if place.arguments and place.name.endswith("_pass") else ""
    variable = _VARIABLE.search(target)
    if variable is None:
        return (place,)
    of_blocks = [d for d in config.directives if d.within and d.within[-1][0] in _BLOCKS]
    values = [d.arguments[-1] for d in of_blocks if d.within[-1][-1] == variable[0] and d.arguments]
    values += [d.arguments[1] for d in inside if d.name == "set" and d.arguments[:1] == (variable[0],)]
    plain = [value for value in values if value and "$" not in value]
    return tuple(replace(place, arguments=(target.replace(variable[0], v),)) for v in plain) or (place,)


#: Blocks whose last word is a variable, and whose lines end with a value of it.
_BLOCKS = ("map", "split_clients")
_VARIABLE = re.compile(r"\$\w+")


@dataclass(frozen=True, kw_only=True)
class Names:
    """How nginx's error log calls server blocks: by the first name of each, as `server:`."""

    #: Of the site asked about; empty when its block has no name.
    ours: str
    others: frozenset[str]
    #: What the site may dial; empty when it cannot be told.
    addresses: frozenset[str]
    #: Whether the site's block is known, and passes requests on.
    is_known: bool

    def are_foreign(self, server: str, *, address: str, client: str) -> bool:
        """Whether a line is another site's.

        A name that stands in no file belongs to a site that is gone, or to ours before it was renamed: then
        it dials what ours dials, or answers our own probe.
        """
        if not self.is_known or not server or server == self.ours:
            return False
        if server in self.others:
            return True
        return bool(self.addresses) and address not in self.addresses and not is_local(client)


def names_of(config: NginxConfig, site: str) -> Names:
    """Names of the site's server blocks and of the others."""
    blocks = blocks_of(config, site)
    names = {
        d.server: _as_logged(d.arguments[0]) for d in reversed(config.named("server_name")) if d.arguments
    }
    ours = next((name for one, name in names.items() if one in blocks), "")
    others = frozenset(name for one, name in names.items() if one not in blocks)
    return Names(
        ours=ours,
        others=others - {ours},
        addresses=addresses_of_site(config, site),
        is_known=any(d.server in blocks for d in config.passes),
    )


def shares_its_log(config: NginxConfig, site: str) -> bool:
    """Another site that proxies writes its requests into the same access log; lines there name no site."""
    blocks = blocks_of(config, site)
    proxying = {d.server for d in config.passes if d.server is not None} - blocks
    ours = frozenset[str]().union(*(_logs_of(config, block) for block in blocks))
    return any(not ours.isdisjoint(_logs_of(config, one)) for one in proxying)


def _logs_of(config: NginxConfig, block: int | None) -> frozenset[str]:
    """Files a block logs its requests to; `` stands for the built-in default."""
    directives = [d for d in config.named("access_log") if d.arguments]
    own = [d for d in directives if d.server == block]
    general = [d for d in directives if d.server is None]
    return frozenset(d.arguments[0] for d in own or general) or frozenset({""})


def blocks_of(config: NginxConfig, site: str) -> frozenset[int]:
    """Often two: one listens on port 80 and sends everybody to the other, on 443.

    Source: nginx.org "Server names": exact, star before, star behind, expression; of stars the longest, of
    expressions the first.
    """
    named = [(d.server, name) for d in config.named("server_name") for name in d.arguments]
    for is_meant in (_is_exactly, _is_under, _is_beside, _is_matched):
        ours = [(block, name) for block, name in named if block is not None and is_meant(name, site.lower())]
        if ours:
            taken = ours[0][1] if is_meant is _is_matched else max((name for _, name in ours), key=_length)
            return frozenset(block for block, name in ours if _domain(name) == _domain(taken))
    listens = [d for d in config.named("listen") if d.server is not None]
    default = [d for d in listens if "default_server" in d.arguments]
    return frozenset(d.server for d in default or listens[:1] if d.server is not None)


def _as_logged(name: str) -> str:
    """Source: ngx_http_core_module.c ngx_http_core_server_name, ngx_http_core_merge_srv_conf."""
    return name if name.startswith("~") else name.removeprefix(".").lower()


def _domain(name: str) -> str:
    """Of `*.example.com` as of `.example.com`; an expression as it is."""
    return name if name.startswith("~") else name.removeprefix("*").lower()


def _length(name: str) -> int:
    return len(_domain(name))


def _is_exactly(name: str, site: str) -> bool:
    return name.lower() == site


def _is_under(name: str, site: str) -> bool:
    """`*.example.com` and `.example.com`; the second names the domain itself too."""
    domain = _domain(name)
    return domain.startswith(".") and (site.endswith(domain) or name.lower() == f".{site}")


def _is_beside(name: str, site: str) -> bool:
    """`www.example.*`."""
    return name.endswith(".*") and site.startswith(name[:-1].lower())


def _is_matched(name: str, site: str) -> bool:
    """`~^(www\\.)?example\\.org$`; costly ones and what Python does not read are none."""
    if not name.startswith("~") or _COSTLY.search(name) or len(_REPEATS.findall(name)) > _MOST_REPEATS:
        return False
    try:
        return re.search(_PCRE_GROUP.sub(r"(?P<", name[1:]), site, re.IGNORECASE) is not None
    except re.error:
        return False


_PCRE_GROUP = re.compile(r"\(\?<(?=[A-Za-z_])")
#: A host's own file must not hold up the judgement: a repeated group, or a reference to one, may for ever,
_COSTLY = re.compile(r"\)[*+{]|\\[1-9kg]")
#: and each of these multiplies what a search takes.
_REPEATS = re.compile(r"[*+{]")
_MOST_REPEATS = 3
