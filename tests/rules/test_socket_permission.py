"""Rule socket_permission."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "socket_permission",
            error_log=error(
                "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
                level="crit",
                upstream="http://unix:/run/myapp/app.sock:/",
            ),
            socket_files="worker\t33\t33 33\npath\tsocket\t600\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
        )
    )

    assert answer.cause == "socket_permission"
    assert answer.certainty is Certainty.CONFIRMED
    assert "mode 600" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


#: As Red Hat's php-fpm makes it: root's, and open to those that `listen.acl_users` names.
OF_PHP = "path\tsocket\t660\troot\troot\t0\t0\t/run/php-fpm/www.sock\npath\tdirectory\t755\troot\troot\t0\t0\t/run/php-fpm\n"
PHP_DENIED = error(
    "connect() to unix:/run/php-fpm/www.sock failed (13: Permission denied) while connecting to upstream",
    level="crit",
    upstream="fastcgi://unix:/run/php-fpm/www.sock:",
)


@pytest.mark.parametrize(
    "acl",
    (
        "user::rw-,user:48:rw-,group::---,mask::rw-,other::---",
        "user::rw-,user:998:rw-,group::rw-,mask::r--,other::---",
        "user::rw-,user:998:r--,group:996:rw-,mask::rw-,other::rw-",
        "user::rw-,group::---,group:48:rw-,mask::rw-,other::r--",
    ),
)
def test_fires_when_the_list_of_who_may_leaves_nginx_out(acl: str) -> None:
    texts = f"worker\t998\t996 996\n{OF_PHP}acl\t{acl}\t/run/php-fpm/www.sock\n"

    answer = finding(ask("socket_permission", error_log=PHP_DENIED, socket_files=texts))

    assert answer.certainty is Certainty.CONFIRMED
    assert f"ACL {acl}" in quoted(answer)


NOT_SO = {
    "an access control list lets nginx in": {
        "error_log": "",
        "socket_files": f"worker\t998\t996 996\n{OF_PHP}acl\tuser::rw-,user:48:rw-,user:998:rw-,group::---,mask::rw-,other::---\t/run/php-fpm/www.sock\n",
    },
    "a list lets one of its groups in": {
        "error_log": "",
        "socket_files": f"worker\t998\t996 996 48\n{OF_PHP}acl\tuser::rw-,group::r--,group:996:---,group:48:rw-,mask::rw-,other::---\t/run/php-fpm/www.sock\n",
    },
    "the modes let nginx in": {
        "error_log": "",
        "socket_files": "worker\t33\t33 33\npath\tsocket\t666\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "nginx was denied though the modes let it in": {
        "error_log": error(
            "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
            upstream="http://unix:/run/myapp/app.sock:/",
        ),
        "socket_files": "worker\t33\t33 33\npath\tsocket\t666\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "there is no socket": {"error_log": error(REFUSED), "socket_files": "worker\t33\t33\n"},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("socket_permission", **texts)

    assert not isinstance(answer, Finding), answer


def test_a_folder_that_shuts_nginx_out_is_what_is_to_be_opened() -> None:
    answer = finding(
        ask(
            "socket_permission",
            socket_files="worker\t33\t33\npath\tdirectory\t700\tdeploy\tdeploy\t1000\t1000\t/home/deploy\n"
            "path\tsocket\t777\tdeploy\tdeploy\t1000\t1000\t/home/deploy/app.sock\n",
        )
    )

    assert "folder" in answer.restart.why
    assert "chmod o+x /home/deploy`" in (answer.mend or "")


def test_what_was_denied_on_a_socket_that_nginx_dials_no_more_is_over() -> None:
    denied = error(
        "connect() to unix:/home/deploy/app.sock failed (13: Permission denied) while connecting to upstream",
        level="crit",
        upstream="http://unix:/home/deploy/app.sock:/",
    )

    answer = ask(
        "socket_permission", error_log=denied, socket_files="worker\t33\t33\n", upstreams=probe("refused")
    )

    assert answer is None
