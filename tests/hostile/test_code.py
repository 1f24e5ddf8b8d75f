"""What no line of the bot's code may do, whoever writes the next one."""

import ast
from functools import cache
from pathlib import Path

import bot

ROOT = Path(bot.__file__).parent


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """File, name of the called and the call, for all of the bot."""
    return tuple(
        (str(path.relative_to(ROOT)), ast.unparse(node.func), node)
        for path in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    )


def files_that_call(*names: str) -> set[str]:
    return {file for file, called, _ in calls() if called.rpartition(".")[2] in names}


def test_templates_are_made_of_files_of_ours_alone() -> None:
    # command.py compiles a runbook's own arguments; migrations/env is alembic's.
    assert files_that_call("from_string", "Template", "NativeEnvironment") == {"command.py"}
    assert files_that_call("Environment") == set()
    assert files_that_call("ImmutableSandboxedEnvironment") == {"command.py", "story/write.py"}


def test_no_host_key_goes_unchecked_and_one_place_connects() -> None:
    passed = [
        (file, keyword.arg, ast.unparse(keyword.value))
        for file, _, call in calls()
        for keyword in call.keywords
        if keyword.arg
        in {"known_hosts", "agent_forwarding", "agent_path", "x11_forwarding", "compression_algs"}
    ]
    connecting = [file for file, called, _ in calls() if called == "asyncssh.connect"]

    assert connecting == ["ssh/connect.py"]
    assert ("ssh/connect.py", "known_hosts", "attempt.trusted") in passed
    assert [each for each in passed if each[1] == "known_hosts" and each[2] == "None"] == []
    assert {(name, value) for file, name, value in passed if file == "ssh/connect.py"} >= {
        ("agent_path", "None"),
        ("agent_forwarding", "False"),
        ("x11_forwarding", "False"),
        ("compression_algs", "None"),
    }


def test_yaml_is_read_in_one_place_by_the_narrowed_loader() -> None:
    loads = {(file, called) for file, called, _ in calls() if called.startswith("yaml.")}

    assert {file for file, called in loads if "load" in called} <= {"yamlfile.py"}


def test_nothing_is_unpickled_evaluated_or_run_by_a_shell() -> None:
    forbidden = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads"}

    assert {(file, called) for file, called, _ in calls() if called in forbidden} == set()
    assert [
        file
        for file, _, call in calls()
        for keyword in call.keywords
        if keyword.arg == "shell" and ast.unparse(keyword.value) == "True"
    ] == []


def test_no_tls_goes_unverified_and_no_probe_trusts_the_environment() -> None:
    clients = [call for file, called, call in calls() if called == "httpx.AsyncClient"]

    for call in clients:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert given["trust_env"] == "False"
        assert given.get("follow_redirects", "False") == "False"  # httpx follows none by itself
    assert [
        file
        for file, _, call in calls()
        for keyword in call.keywords
        if keyword.arg in {"verify", "ssl"} and ast.unparse(keyword.value) == "False"
    ] == []
