"""What rules make of PHP-FPM's own numbers, files and words."""

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect, RuledOut
from tests.support.asked import ask, crashing, error, finding, probe, quoted, said, unit
from tests.support.fpm import SOCKET, fpm, logged

UPSTREAM = f"fastcgi://unix:{SOCKET}:"
LATE = error(
    "upstream timed out (110: Connection timed out) while reading response header from upstream",
    upstream=UPSTREAM,
)
RESET = error(
    "recv() failed (104: Connection reset by peer) while reading response header from upstream",
    upstream=UPSTREAM,
)
MISSING = error(
    f"connect() to unix:{SOCKET} failed (2: No such file or directory) while connecting to upstream",
    level="crit",
    upstream=UPSTREAM,
)
DIALLED = probe("connected", protocol="fastcgi", address=f"unix:{SOCKET}", path="-")
DENIED = probe("denied", protocol="fastcgi", address=f"unix:{SOCKET}", path="-")
GONE = probe("missing", protocol="fastcgi", address=f"unix:{SOCKET}", path="-")
BAD = probe("answered", status=504, address="127.0.0.1:80")
PHP = unit(Id="php8.2-fpm.service")
FULL = fpm(taken=(2, 2), waiting=(3, 4))


def test_a_static_pool_is_full_by_count() -> None:
    answer = finding(ask("php_fpm_exhausted", php_fpm=FULL, upstreams=DENIED, error_log=LATE, unit=PHP))

    assert answer.certainty is Certainty.CONFIRMED
    assert "all 2 children" in answer.says and "3 connections wait" in answer.says
    assert "2 taken and 3 waiting, then 2 taken and 4 waiting" in quoted(answer)
    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.TEMPORARY, "app")


def test_a_restart_of_another_service_is_not_offered_as_the_apps() -> None:
    answer = finding(ask("php_fpm_exhausted", php_fpm=FULL, upstreams=DIALLED, unit=unit()))

    assert answer.restart.what == "php8.2-fpm.service"


def test_a_larger_limit_that_waits_for_a_reload_is_told() -> None:
    text = fpm(taken=(2, 2), waiting=(3, 4), settings="pm=static pm.max_children=20", changed_s=2000)

    answer = finding(ask("php_fpm_exhausted", php_fpm=text, upstreams=DIALLED, unit=PHP))

    assert answer.restart.effect is RestartEffect.HELPS
    assert "pm.max_children = 20" in answer.restart.why


def test_all_pools_together_may_be_at_their_limit() -> None:
    text = fpm(taken=(2, 2), waiting=(1, 1), settings="pm=dynamic pm.max_children=9")
    limit = "set\t/etc/php/8.2/fpm/php-fpm.conf\tglobal\tprocess.max\t2\n"

    assert not isinstance(ask("php_fpm_exhausted", php_fpm=text, upstreams=DIALLED), Finding)
    assert isinstance(ask("php_fpm_exhausted", php_fpm=text + limit, upstreams=DIALLED), Finding)


@pytest.mark.parametrize("is_logged", [True, False])
def test_a_pool_that_cannot_start_more_children_is_full_too(*, is_logged: bool) -> None:
    word = "[20-Nov-2026 11:59:58] ERROR: fork() failed: Resource temporarily unavailable (11)"
    text = fpm(
        taken=(2, 2),
        waiting=(1, 1),
        settings="pm=dynamic pm.max_children=9",
        said=(word,) if is_logged else (),
    )
    limited = unit(Id="php8.2-fpm.service", TasksCurrent=3, TasksMax=3)

    answer = finding(ask("php_fpm_exhausted", php_fpm=text, upstreams=DIALLED, unit=limited))

    assert "no more children can be started" in answer.says
    assert "TasksCurrent=3 TasksMax=3" in quoted(answer)


NOT_FULL = {
    "nobody waits": fpm(taken=(2, 2), waiting=(0, 0)),
    "somebody waited for a moment": fpm(taken=(2, 2), waiting=(1, 0)),
    "a child is idle": fpm(taken=(2, 1), waiting=(1, 1)),
    "more children may start": fpm(taken=(2, 2), waiting=(1, 1), settings="pm=dynamic pm.max_children=9"),
    "another pool's word": fpm(said=(logged("server reached pm.max_children setting (5)", pool="blog"),)),
    "another socket's pool": fpm(taken=(2, 2), waiting=(3, 4), listen="/run/php/blog.sock"),
}


@pytest.mark.parametrize("text", NOT_FULL.values(), ids=NOT_FULL.keys())
def test_a_pool_is_not_full_when(text: str) -> None:
    assert not isinstance(ask("php_fpm_exhausted", php_fpm=text, upstreams=DIALLED, error_log=LATE), Finding)


def test_a_busy_pool_that_answers_in_time_is_no_trouble() -> None:
    well = probe("answered", status=200, address="127.0.0.1:80")

    assert not isinstance(ask("php_fpm_exhausted", php_fpm=FULL, upstreams=DIALLED, front=well), Finding)
    assert isinstance(
        ask("php_fpm_exhausted", php_fpm=FULL, upstreams=DIALLED, front=well, error_log=LATE), Finding
    )


def test_is_ruled_out_by_an_idle_child() -> None:
    answer = ask("php_fpm_exhausted", php_fpm=fpm(taken=(1, 1)), upstreams=DIALLED)

    assert isinstance(answer, RuledOut)
    assert "1 of 2 children of pool www are busy" in answer.says


def test_a_late_answer_is_a_slow_scripts_while_children_are_idle() -> None:
    slow = {"upstreams": DIALLED, "error_log": LATE, "front": BAD}
    config = f"server {{ location / {{ fastcgi_pass unix:{SOCKET}; fastcgi_read_timeout 3s; }} }}"

    answer = finding(ask("http_504_timeout", php_fpm=fpm(taken=(1, 1)), config=config, **slow))

    assert answer.certainty is Certainty.CONFIRMED
    assert "later than nginx waits (3 s)" in answer.says
    assert ask("http_504_timeout", php_fpm=FULL, **slow) is None


def test_idle_children_that_take_nothing_hang() -> None:
    text = fpm(taken=(0, 0), waiting=(4, 4))

    answer = finding(ask("app_hang", php_fpm=text, upstreams=DIALLED, front=BAD, error_log=LATE, unit=PHP))

    assert (answer.certainty, answer.restart.effect) == (Certainty.CONFIRMED, RestartEffect.HELPS)
    well = probe("answered", status=200, address="127.0.0.1:80")
    assert not isinstance(ask("app_hang", php_fpm=text, upstreams=DIALLED, front=well), Finding)


def test_a_child_that_crashed_is_quoted() -> None:
    text = fpm(said=(logged("child 9 exited on signal 11 (SIGSEGV) after 3.1 seconds from start"),))

    answer = finding(ask("premature_close_crash", php_fpm=text, upstreams=DIALLED, error_log=RESET))

    assert answer.certainty is Certainty.CONFIRMED
    assert "exited on signal 11 (SIGSEGV)" in answer.says


def test_a_child_that_its_master_ended_for_its_time_did_not_crash() -> None:
    words = (
        "child 9, script '/srv/a.php' (request: \"GET /a.php\") "
        "execution timed out (2.395313 sec), terminating"
    )
    text = fpm(
        settings="pm=static request_terminate_timeout=2s",
        said=(logged(words), logged("child 9 exited on signal 15 (SIGTERM) after 3.1 seconds from start")),
    )

    answer = finding(ask("upstream_timeout_worker_kill", php_fpm=text, upstreams=DIALLED, error_log=RESET))

    assert "/srv/a.php after 2.4 s (request_terminate_timeout = 2s)" in answer.says
    assert ask("premature_close_crash", php_fpm=text, upstreams=DIALLED, error_log=RESET) is None


def test_a_log_that_may_not_be_read_is_what_to_look_at() -> None:
    text = fpm() + "unread\tfpm\t/var/log/php8.2-fpm.log\n"

    answer = finding(ask("premature_close_crash", php_fpm=text, upstreams=DIALLED, error_log=RESET))

    assert "/var/log/php8.2-fpm.log, which the bot may not read: " in (answer.next_check or "")


def test_of_a_log_that_not_even_root_reads_for_us_the_way_to_let_it_is_said() -> None:
    text = fpm() + "unread\tslow\t/var/log/slow.log\nunread\tfpm\t/var/log/php-fpm/error.log\n"

    answer = finding(ask("premature_close_crash", php_fpm=text, upstreams=DIALLED, error_log=RESET))

    assert "/var/log/php-fpm/error.log, which the bot may not read (its group or an ACL could let it)" in (
        answer.next_check or ""
    )


@pytest.mark.parametrize(
    ("allowed", "is_shut"),
    [("10.0.0.9", True), ("10.0.0.9,127.0.0.1", False), ("", False), ("any", False)],
)
def test_a_list_of_clients_without_nginx_shuts_it_out(allowed: str, is_shut: bool) -> None:
    text = fpm(listen="127.0.0.1:9000", settings=f"pm=static listen.allowed_clients={allowed}")
    dialled = probe("connected", protocol="fastcgi", address="127.0.0.1:9000", path="-")

    answer = ask("firewall_or_no_route", php_fpm=text, upstreams=dialled, error_log=RESET)

    assert isinstance(answer, Finding) is is_shut


def test_a_pool_of_another_service_that_rests_has_to_be_started() -> None:
    text = fpm(runs=False, unit="php8.2-fpm.service|loaded|inactive|dead")
    down = {"php_fpm": text, "upstreams": GONE, "error_log": MISSING}

    answer = finding(ask("php_fpm_down", unit=unit(Id="php8.3-fpm.service"), **down))

    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.HELPS, "php8.2-fpm.service")
    assert "php8.2-fpm.service is inactive" in answer.says
    assert not isinstance(
        ask("socket_missing", socket_files=f"missing\t{SOCKET}\n", php_fpm=text, unit=PHP), Finding
    )


def test_a_socket_that_waits_for_a_reload_comes_with_it() -> None:
    answer = finding(
        ask(
            "socket_missing",
            php_fpm=fpm(changed_s=2000),
            socket_files=f"missing\t{SOCKET}\n",
            error_log=MISSING,
            unit=PHP,
        )
    )

    assert answer.restart.effect is RestartEffect.HELPS
    assert "was not reloaded since" in answer.says


def test_a_user_that_a_pool_names_and_nobody_knows() -> None:
    words = "[20-Nov-2026 11:59:51] ERROR: [pool www] cannot get uid for user 'shopper'"
    failed = crashing(Id="php8.2-fpm.service", ActiveState="failed", SubState="failed", ExecMainStatus=78)

    answer = finding(ask("permission_user", unit=failed, app_journal=said(words, program="php-fpm8.2")))

    assert "the user 'shopper' of pool www does not exist" in answer.says


def test_what_fpm_says_first_is_why_it_does_not_start() -> None:
    lines = (
        "[20-Nov-2026 11:59:51] ERROR: [/etc/php/8.2/fpm/pool.d/www.conf:12] unknown entry 'pm.x'",
        "[20-Nov-2026 11:59:51] ERROR: failed to load configuration file '/etc/php/8.2/fpm/php-fpm.conf'",
        "[20-Nov-2026 11:59:51] ERROR: FPM initialization failed",
    )
    failed = crashing(Id="php8.2-fpm.service", ExecMainStatus=78)

    answer = finding(ask("app_crash_startup", unit=failed, app_journal=said(*lines, program="php-fpm8.2")))

    assert "unknown entry 'pm.x'" in answer.says


def test_a_reload_that_met_a_broken_file_is_no_crash_in_the_middle_of_work() -> None:
    ended = crashing(
        Id="php8.2-fpm.service",
        ActiveState="failed",
        SubState="failed",
        NRestarts=0,
        ExecMainStatus=78,
        ExecMainStartTimestamp="Fri 2026-11-20 08:00:00 UTC",
    )
    words = said("[20-Nov-2026 11:59:51] ERROR: [www.conf:12] unknown entry 'pm.x'", program="php-fpm8.2")

    answer = finding(ask("app_crash_startup", unit=ended, app_journal=words))

    assert "by a reload" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
    assert ask("app_crash_runtime", unit=ended, app_journal=words) is None


def test_a_master_that_outlived_the_kill_has_replaced_its_child() -> None:
    kill = (
        "[Fri Nov 20 11:59:51 2026] oom-kill:constraint=CONSTRAINT_MEMCG,"
        "task_memcg=/system.slice/php8.2-fpm.service,task=php-fpm8.2,pid=9,uid=33\n"
    )

    answer = finding(ask("oom_kill", unit=PHP, kernel_log=kill))

    assert "a child process of php8.2-fpm.service" in answer.says
    assert "starts another child" in answer.restart.why


def test_a_script_that_ends_by_an_error_with_a_good_status_is_told() -> None:
    words = "PHP message: PHP Fatal error:  Uncaught Error in /srv/a.php:1"
    log = error(
        f'FastCGI sent in stderr: "{words}" while reading response header from upstream', upstream=UPSTREAM
    )
    well = probe("answered", status=200, address="127.0.0.1:80")

    answer = finding(ask("app_500", upstreams=DENIED, front=well, error_log=log))

    assert answer.certainty is Certainty.LIKELY
    assert "though its status is 200: Uncaught Error" in answer.says


def test_http_sent_to_a_pool_breaks_the_connection() -> None:
    text = fpm(listen="127.0.0.1:9000")
    asked = {
        "php_fpm": text,
        "upstreams": probe("reset", address="127.0.0.1:9000"),
        "error_log": RESET.replace(UPSTREAM, "http://127.0.0.1:9000/"),
    }

    answer = finding(ask("protocol_mismatch", **asked))

    assert answer.certainty is Certainty.CONFIRMED
    assert "sends HTTP to 127.0.0.1:9000" in answer.says
    assert ask("premature_close_crash", **asked) is None


HIDDEN = fpm(runs=False) + "hidden\t/proc\n"


def test_where_processes_are_hidden_fpm_is_not_called_down_beside_a_service_that_runs() -> None:
    assert finding(ask("php_fpm_down", php_fpm=fpm(runs=False), upstreams=GONE, error_log=MISSING))
    assert ask("php_fpm_down", php_fpm=HIDDEN, upstreams=GONE, error_log=MISSING) is None
    assert ask("php_fpm_down", php_fpm=HIDDEN, upstreams=GONE, error_log=MISSING, unit=PHP) is None


def test_where_processes_are_hidden_a_service_that_rests_says_that_fpm_is_down() -> None:
    text = fpm(runs=False, unit="php8.2-fpm.service|loaded|inactive|dead") + "hidden\t/proc\n"

    answer = finding(ask("php_fpm_down", php_fpm=text, upstreams=GONE, error_log=MISSING))

    assert "php8.2-fpm.service is inactive (dead)" in answer.says


def test_where_processes_are_hidden_a_host_without_pools_is_not_said_to_have_no_fpm() -> None:
    answer = finding(ask("php_fpm_down", php_fpm="hidden\t/proc\n", upstreams=GONE, error_log=MISSING))

    assert "no PHP-FPM runs" not in answer.says


def test_where_processes_are_hidden_nothing_is_said_of_children() -> None:
    text = fpm(runs=False, taken=(2, 2), waiting=(3, 4)) + "hidden\t/proc\n"

    assert ask("php_fpm_exhausted", php_fpm=text, upstreams=DIALLED, error_log=LATE) is None
    assert ask("php_fpm_exhausted", php_fpm=HIDDEN, upstreams=DIALLED, error_log=LATE) is None


def test_a_masked_service_of_another_name_is_not_said_to_want_a_start() -> None:
    text = fpm(runs=False, unit="php8.2-fpm.service|masked|inactive|dead")

    answer = finding(ask("php_fpm_down", php_fpm=text, upstreams=GONE, error_log=MISSING))

    assert "php8.2-fpm.service is masked" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
    assert answer.mend is not None and "unmask" in answer.mend


def test_a_service_that_is_seen_to_have_failed_is_asked_why_and_not_whether_it_runs() -> None:
    failed = unit(Id="php8.2-fpm.service", ActiveState="failed", SubState="failed", Result="exit-code")

    answer = finding(ask("php_fpm_down", upstreams=GONE, unit=failed))

    assert "php8.2-fpm.service is failed" in answer.says
    assert answer.next_check is not None and "journalctl -u php8.2-fpm.service" in answer.next_check


def test_a_socket_of_an_older_version_is_held_against_where_fpm_listens() -> None:
    old = "/run/php/php7.4-fpm.sock"
    log = error(
        f"connect() to unix:{old} failed (2: No such file or directory) while connecting to upstream",
        level="crit",
        upstream=f"fastcgi://unix:{old}:",
    )
    files = f"missing\t{old}\n"

    answer = finding(ask("socket_missing", error_log=log, socket_files=files, php_fpm=fpm()))

    assert answer.certainty is Certainty.CONFIRMED
    assert f"PHP-FPM runs and listens on {SOCKET} (pool www)" in answer.says
    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.USELESS, "php8.2-fpm.service")
    assert answer.mend is not None and f"fastcgi_pass unix:{SOCKET}" in answer.mend


REFUSED_PORT = probe("refused", protocol="fastcgi", address="127.0.0.1:9000", path="-")
NO_LISTENER = "LISTEN 0 511 0.0.0.0:80 0.0.0.0:*\n"


def test_a_port_that_refuses_while_fpm_listens_on_a_socket_is_the_wrong_one() -> None:
    answer = finding(
        ask("wrong_port", listeners=NO_LISTENER, upstreams=REFUSED_PORT, php_fpm=fpm(), unit=PHP)
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert f"listens on {SOCKET}" in answer.says
    assert "pool www on" in quoted(answer)


@pytest.mark.parametrize(
    ("upstreams", "php_fpm"),
    [
        (probe("refused", address="127.0.0.1:9000"), fpm()),  # no FastCGI is spoken
        (REFUSED_PORT, fpm(runs=False)),
        (REFUSED_PORT, fpm(listen="127.0.0.1:9000")),
    ],
    ids=["http", "fpm does not run", "a pool is set to listen there"],
)
def test_a_port_is_not_called_wrong_for_a_pool_that_has_no_part_in_it(upstreams: str, php_fpm: str) -> None:
    answer = ask("wrong_port", listeners=NO_LISTENER, upstreams=upstreams, php_fpm=php_fpm, unit=PHP)

    assert not isinstance(answer, Finding), answer


def test_what_speaks_fastcgi_there_may_be_no_php() -> None:
    other = probe("refused", protocol="fastcgi", address="127.0.0.1:9001", path="-")

    answer = finding(ask("wrong_port", listeners=NO_LISTENER, upstreams=other, php_fpm=fpm()))

    assert answer.certainty is Certainty.LIKELY
    assert "fcgiwrap" in str(answer.next_check)


def test_one_child_is_not_all_children() -> None:
    answer = finding(
        ask(
            "php_fpm_exhausted",
            php_fpm=fpm(children=1, taken=(1, 1), waiting=(1, 1), settings="pm=static pm.max_children=1"),
            upstreams=DIALLED,
            error_log=LATE,
        )
    )

    assert answer.says == "the only child of PHP-FPM's pool www is busy and 1 connection waits for one"


@pytest.mark.parametrize(("group", "is_ours"), [("php8.2-fpm.service", True), ("other.service", False)])
def test_a_child_that_the_kernel_killed_is_found_where_no_unit_is_named(group: str, *, is_ours: bool) -> None:
    kernel = (
        "[Fri Nov 20 11:59:58 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,"
        f"mems_allowed=0,oom_memcg=/system.slice/{group},task_memcg=/system.slice/{group},"
        "task=php-fpm8.2,pid=31,uid=33\n"
    )
    text = fpm(said=(logged("child 31 exited on signal 9 (SIGKILL) after 2.3 seconds from start"),))
    heard = {"php_fpm": text, "upstreams": DIALLED, "error_log": RESET, "kernel_log": kernel}

    killed, crashed = ask("oom_kill", **heard), ask("premature_close_crash", **heard)

    assert isinstance(killed, Finding) is is_ours
    assert isinstance(crashed, Finding) is not is_ours
    if is_ours:
        assert finding(killed).restart.what == "php8.2-fpm.service"
        assert "exited on signal 9" in quoted(finding(killed))


def test_a_connection_to_another_app_that_broke_is_not_by_a_child_that_the_kernel_killed() -> None:
    kernel = (
        "[Fri Nov 20 11:59:58 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,"
        "mems_allowed=0,oom_memcg=/system.slice/php8.2-fpm.service,"
        "task_memcg=/system.slice/php8.2-fpm.service,task=php-fpm8.2,pid=31,uid=33\n"
    )
    reset = error("recv() failed (104: Connection reset by peer) while reading response header from upstream")

    assert ask("oom_kill", php_fpm=fpm(), upstreams=DIALLED, error_log=reset, kernel_log=kernel) is None


def test_a_pool_that_shuts_nginx_out_is_no_crash() -> None:
    text = fpm(
        listen="127.0.0.1:9000", settings="pm=static pm.max_children=2 listen.allowed_clients=10.9.9.9"
    )
    log = error(
        "recv() failed (104: Connection reset by peer) while reading response header from upstream",
        upstream="fastcgi://127.0.0.1:9000",
    )

    assert not isinstance(ask("premature_close_crash", php_fpm=text, error_log=log), Finding)


def test_a_service_that_a_signal_ended_works_again_for_a_while() -> None:
    text = fpm(runs=False, unit="php8.2-fpm.service|loaded|failed|failed|signal")

    answer = finding(ask("php_fpm_down", php_fpm=text, upstreams=GONE, error_log=MISSING))

    assert answer.says.endswith("php8.2-fpm.service is failed, Result=signal")
    assert answer.restart.effect is RestartEffect.TEMPORARY


def test_a_program_that_is_gone_is_why_fpm_does_not_run() -> None:
    text = fpm(runs=False, unit="php8.2-fpm.service|loaded|failed|failed|exit-code")
    word = "Failed at step EXEC spawning /usr/sbin/php-fpm8.2: No such file or directory"
    text += f"says\tunit:php8.2-fpm.service\tphp8.2-fpm.service: {word}\n"

    answer = finding(ask("php_fpm_down", php_fpm=text, upstreams=GONE, error_log=MISSING))

    assert answer.says.endswith(word)
    assert answer.restart.effect is RestartEffect.USELESS


def test_an_address_that_somebody_else_has_is_why_fpm_does_not_run() -> None:
    text = fpm(runs=False, listen="127.0.0.1:9000", unit="php8.2-fpm.service|loaded|failed|failed|exit-code")
    word = "unable to bind listening socket for address '127.0.0.1:9000': Address already in use (98)"
    text += f"says\tunit:php8.2-fpm.service\t[20-Nov-2026 11:59:58] ERROR: {word}\n"
    log = error(
        "upstream sent unsupported FastCGI protocol version: 60 while reading response header from upstream",
        upstream="fastcgi://127.0.0.1:9000",
    )

    answer = finding(ask("php_fpm_down", php_fpm=text, error_log=log))

    assert word in answer.says
    assert not isinstance(ask("php_fpm_down", php_fpm=text), Finding)  # whatever is there, nothing fails


def test_a_removed_socket_is_made_again_by_fpms_own_service() -> None:
    listens = f"u_str LISTEN 0 4096 {SOCKET} 1 * 0\n"
    seen = {"error_log": MISSING, "socket_files": f"missing\t{SOCKET}\n", "unix_listeners": listens}

    answer = finding(ask("socket_missing", php_fpm=fpm(), **seen))

    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.HELPS, "php8.2-fpm.service")


def test_a_master_outside_the_service_keeps_the_service_from_its_socket() -> None:
    word = f"[20-Nov-2026 11:59:58] ERROR: Another FPM instance seems to already listen on {SOCKET}"
    text = fpm().replace("\t1000\tphp8.2-fpm.service\t", "\t1000\t-\t", 1)
    failed = unit(Id="php8.2-fpm.service", ActiveState="failed", SubState="failed", Result="exit-code")
    seen = {"app_journal": said(word), "unit": failed}

    answer = finding(ask("port_conflict", php_fpm=text, **seen))

    assert "another PHP-FPM (master 70, in no service) has it" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
    assert answer.mend is not None and "kill -QUIT 70" in answer.mend
    assert not isinstance(ask("port_conflict", php_fpm=text, **{**seen, "unit": PHP}), Finding)


def test_a_kill_of_before_is_not_why_a_child_crashes_now() -> None:
    group = "/system.slice/php8.2-fpm.service"
    kernel = (
        "[Fri Nov 20 11:54:58 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,"
        f"mems_allowed=0,oom_memcg={group},task_memcg={group},task=php-fpm8.2,pid=31,uid=33\n"
    )
    text = fpm(said=(logged("child 31 exited on signal 11 (SIGSEGV) after 2.3 seconds from start"),))
    heard = {"php_fpm": text, "upstreams": DIALLED, "error_log": RESET, "kernel_log": kernel}

    assert not isinstance(ask("oom_kill", **heard), Finding)
    assert isinstance(ask("premature_close_crash", **heard), Finding)


@pytest.mark.parametrize(("app", "is_hinted"), [(None, True), (unit(), False)], ids=["no unit", "another"])
def test_how_the_bot_could_start_fpm_itself_is_said_where_no_unit_is_named(
    app: str | None, *, is_hinted: bool
) -> None:
    text = fpm(runs=False, unit="php8.2-fpm.service|loaded|inactive|dead")
    seen = {"php_fpm": text, "upstreams": GONE, "error_log": MISSING, **({"unit": app} if app else {})}

    answer = finding(ask("php_fpm_down", **seen))

    assert answer.mend is not None and "systemctl start php8.2-fpm.service" in answer.mend
    assert ("service.unit: php8.2-fpm.service" in answer.mend) is is_hinted


def test_a_pool_that_nothing_runs_has_no_idle_children() -> None:
    assert ask("php_fpm_exhausted", php_fpm=fpm(runs=False), upstreams=GONE) is None
