"""Kinds of signs that several writers give and several rules read."""

from collections.abc import Mapping

#: Kind -> what it says; fields. `target` is what was dialled: `127.0.0.1:3000`, `[::1]:80`,
#: `unix:/run/a.sock`, `app:8000`; `protocol` one of http, https, fastcgi, uwsgi, scgi, grpc, tcp;
#: `proxy` who dialled: nginx, apache, haproxy, envoy, traefik, caddy, cloud. Any field may be missing.
SHARED: Mapping[str, str] = {
    # A proxy dials its backend.
    "dial_refused": "connection refused (111, 61, 10061); fields: target, protocol, proxy",
    "dial_timeout": "timed out while connecting (110); fields: target, protocol, proxy",
    "dial_no_route": "no route to host or network unreachable (113, 101); fields: target, proxy, errno",
    "dial_denied": "permission denied (13); fields: target, protocol, proxy",
    "dial_missing": "no such file (2) for a unix socket; fields: target, protocol, proxy",
    "dial_busy": "resource temporarily unavailable (11) or listen queue full; fields: target, proxy",
    "dial_failed": "could not connect, without a reason; fields: target, protocol, proxy",
    "no_live": "no live or no available server to send to; fields: target, proxy",
    # A proxy waits for the answer.
    "answer_timeout": "no answer in time after connecting; fields: target, protocol, proxy, path",
    "answer_closed": "closed before the header of the answer came; fields: target, protocol, proxy",
    "answer_cut": "closed in the middle of the body; fields: target, protocol, proxy",
    "answer_reset": "reset by peer (104) or broken pipe (32) in use; fields: target, protocol, proxy",
    "answer_invalid": "not valid HTTP, or a header that is refused; fields: target, proxy, header",
    "answer_not_protocol": "another protocol than the proxy's; fields: target, protocol, wants",
    "tls_not_spoken": "the far end does not speak TLS (wrong version number); fields: target",
    "tls_alert": "the far end refused the handshake by an alert; fields: target, alert",
    "tls_unverified": "the far end's certificate is not accepted; fields: target, reason",
    "name_unresolved": "a name, or at the start the resolver's own, does not resolve; fields: name, reason",
    "name_at_start": "the proxy does not start, for a name does not resolve; fields: name, proxy",
    # What came out at the front.
    "status": "a request was answered with this status; fields: status, path, proxy, upstream_status, target",
    "client_gone": "the client gave up first (499, CC--, context canceled); fields: path, target, proxy",
    # Who is there.
    "listening": "who listens; fields: address, port, path, process, inside (host, container, app), meant",
    "not_listening": "looked for and nobody listens there; fields: address, port, path",
    "dials": "a configuration says what is dialled; fields: target, protocol, directive, name",
    "started": "an app says it is up and serving; fields: app, port",
    "starting": "an app says it is still starting or not ready; fields: app",
    "unit": "state of a service; fields: unit, active, sub, result, code, status, enabled",
    "process": "a process is there; fields: name, pid, user, command",
    "container": "state of a container; fields: name, state (up, exited, restarting, …), code, ports",
    "pod": "state of a pod; fields: name, ready, status, restarts, address",
    "answers": "asked past the proxy, the app answers; fields: target, status",
    "answers_not": "asked past the proxy, the app does not answer; fields: target, reason",
    # Ends.
    "exited": "a process ended by itself; fields: who, code",
    "killed": "a process was ended by a signal; fields: who, signal",
    "crashed": "a process died of a defect (SIGSEGV, SIGABRT, SIGILL, SIGBUS, panic); fields: who, signal",
    "out_of_memory": "the kernel or a cgroup limit killed for memory; fields: who, limit",
    "heap_exhausted": "a runtime's own heap limit was reached; fields: app",
    "no_memory": "an allocation failed (errno 12, cannot allocate memory); fields: who",
    "worker_timeout": "an app server killed its own worker for taking too long; fields: app, pid, after",
    "pool_exhausted": "all workers of an app server are busy; fields: app, limit",
    "port_taken": "address already in use; fields: address, port, path, who",
    "stopped": "stopped cleanly, by order; fields: who",
    "start_limit": "the supervisor gave up restarting; fields: unit",
    # What apps say.
    "app_failed": "an app fails while starting; fields: app, error, text",
    "app_error": "an app fails on a request, and lives on; fields: app, error, text",
    "missing_module": "code or a file of the release is missing; fields: app, name",
    "missing_setting": "a setting or secret is not given; fields: app, name",
    "dependency_away": "a database, cache or service the app needs is away; fields: name, target, reason",
    "migration_failed": "a schema or data migration failed; fields: app, text",
    "released": "a new release, image or version was put in place; fields: name, version",
    "went_back": "an older release works, or was gone back to; fields: version",
    # Limits and resources.
    "fd_limit": "too many open files (24); fields: who",
    "connections_limit": "worker_connections or a similar limit is reached; fields: limit",
    "disk_full": "no space left on device (28), or a quota is used up (122); fields: path, who",
    "inodes_full": "no inodes left; fields: path",
    "denied_by_policy": "SELinux or AppArmor denied it; fields: source, target, boolean",
    "blocked": "a packet filter drops or rejects; fields: port, target",
    # Configuration.
    "config_invalid": "the proxy's configuration test fails; fields: directive, file, text",
    "config_valid": "the proxy's configuration test passes",
    "noise": "a line that tells of no outage; fields: what",
}
