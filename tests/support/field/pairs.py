"""Two faults at once, where a host shows both."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Faults in the order they are set, and the causes in the order they must be named."""

    faults: tuple[str, str]
    #: What explains the failure, and what is wrong besides.
    causes: tuple[str, str]
    #: What a restart of the app would do now.
    restart: tuple[str, ...] = ("useless",)
    remedies: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """For a test's id."""
        return "+".join(self.faults)


#: Left out are pairs of which one hides the other: what keeps SSH from answering hides all, an app that
#: does not come up never gets to its own 500, timeout or header.
PAIRS = (
    Pair(faults=("wrong-port", "disk-full"), causes=("wrong_port", "disk_full")),
    Pair(faults=("http-500", "disk-full"), causes=("app_500", "disk_full")),
    Pair(faults=("big-header", "disk-full"), causes=("header_too_big", "disk_full")),
    Pair(faults=("premature-close", "disk-full"), causes=("premature_close_crash", "disk_full")),
    Pair(faults=("app-crash", "disk-full"), causes=("app_crash_startup", "disk_full")),
    Pair(
        faults=("bad-release", "disk-full"),
        causes=("deploy_bad_release", "disk_full"),
        remedies=("rollback_release",),
    ),
    Pair(
        faults=("disk-full", "app-stopped"),
        causes=("app_stopped_by_hand", "disk_full"),
        restart=("harmful",),
    ),
    Pair(faults=("app-crash", "app-stopped"), causes=("app_crash_startup", "app_stopped_by_hand")),
    Pair(
        faults=("bad-release", "app-stopped"),
        causes=("deploy_bad_release", "app_stopped_by_hand"),
        remedies=("rollback_release",),
    ),
    Pair(faults=("app-crash", "nginx-bad-config"), causes=("app_crash_startup", "nginx_config_invalid")),
    Pair(faults=("app-crash-limit", "sudo-revoked"), causes=("app_crash_startup", "sudo_missing")),
    Pair(
        faults=("app-stopped", "nginx-bad-config"),
        causes=("app_stopped_by_hand", "nginx_config_invalid"),
        restart=("helps",),
        remedies=("start_unit",),
    ),
    Pair(faults=("oom-kill", "nginx-bad-config"), causes=("oom_kill", "nginx_config_invalid")),
    Pair(faults=("oom-kill", "sudo-revoked"), causes=("oom_kill", "sudo_missing")),
    Pair(faults=("slow-upstream", "nginx-bad-config"), causes=("http_504_timeout", "nginx_config_invalid")),
    Pair(faults=("slow-upstream", "sudo-revoked"), causes=("http_504_timeout", "sudo_missing")),
    Pair(faults=("fd-limit", "nginx-bad-config"), causes=("fd_limit", "nginx_config_invalid")),
    Pair(
        faults=("unix-socket-permission", "nginx-bad-config"),
        causes=("socket_permission", "nginx_config_invalid"),
    ),
    Pair(faults=("unix-socket-permission", "sudo-revoked"), causes=("socket_permission", "sudo_missing")),
    Pair(faults=("wrong-port", "sudo-revoked"), causes=("wrong_port", "sudo_missing")),
    Pair(
        faults=("nginx-bad-config", "sudo-revoked"),
        causes=("nginx_config_invalid", "sudo_missing"),
        restart=("harmful",),
    ),
)
