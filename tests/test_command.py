# A row of a table stands on one line.
# ruff: noqa: E501
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command import commands_of, compiled, missing, render, render_text, values_of
from bot.errors import FileError
from bot.model.host import Host, Release, Service
from bot.model.runbook import Root, Step


def _values(**service: object) -> dict[str, object]:
    return values_of(
        Host(name="web-01", address="10.88.0.11", user="runbook", service=Service(**service))  # type: ignore[arg-type]
    )


_VALUES = _values(
    unit="myapp.service",
    data=("/srv/a", "/srv/b"),
    release=Release(rollback=("/usr/local/sbin/app-rollback", "--to", "previous")),
)


@pytest.mark.parametrize(
    ("templates", "argv"),
    [
        (["ss", "-Hltnp"], ("ss", "-Hltnp")),
        (["systemctl", "show", "{{ service.unit }}"], ("systemctl", "show", "myapp.service")),
        (["tail", "{{nginx.error_log}}"], ("tail", "/var/log/nginx/error.log")),
        (["x", "--unit={{ service.unit }}"], ("x", "--unit=myapp.service")),
        (["x", "http://{{ service.site }}{{ service.health }}"], ("x", "http://localhost/")),
        (["df", "{{ service.data | each }}"], ("df", "/srv/a", "/srv/b")),
        (["df", "{{service.data|each}}", "/"], ("df", "/srv/a", "/srv/b", "/")),
        (["x", "{{ service.unit | each }}"], ("x", "myapp.service")),
        (["x", "{% if service.unit %}yes{% else %}no{% endif %}"], ("x", "yes")),
        (["x", "{{ service.release.link or '' }}"], ("x", "")),
        (["x", "a 'b' $c `d` ; e"], ("x", "a 'b' $c `d` ; e")),
        (["sh", "-c", "one\ntwo\n"], ("sh", "-c", "one\ntwo\n")),
        (["x", "-{{ service.name }}"], ("x", "-app")),
        ([], ()),
    ],
)
def test_templates_become_an_argv(templates: list[str], argv: tuple[str, ...]) -> None:
    assert render(templates, _VALUES) == argv


def test_an_empty_list_gives_no_argument() -> None:
    values = _values()

    assert render(["df", "{{ service.data | each }}", "{{ service.unit | each }}"], values) == ("df",)


def test_a_value_is_one_argument_whatever_it_holds() -> None:
    assert render(["x", "{{ service.unit }}"], _values(unit="a b; $(c) 'd' \"e\"")) == (
        "x",
        "a b; $(c) 'd' \"e\"",
    )


@settings(deadline=None)  # a slow machine is no mistake
@given(st.text(min_size=1, max_size=60))
def test_no_value_becomes_an_option_or_a_second_argument(value: str) -> None:
    try:
        argv = render(["x", "{{ service.unit }}"], _values(unit=value))
    except FileError:
        return

    assert argv == ("x", value)
    assert not value.startswith("-")
    assert "\n" not in value


@pytest.mark.parametrize("value", ["-x", "--root=/", "-oProxyCommand=x", "-"])
@pytest.mark.parametrize(
    "template",
    [
        "{{ service.unit }}",
        "  {{- service.unit }}",
        "{% if service.unit %}{{ service.unit }}{% endif %}",
        "{# why #}{{ service.unit }}",
        "{{ service.unit | each }}",
        "{{ service.data | each }}",
        "{{ service.unit or 'x' }}",
        "{{ service.unit ~ '' }}",
    ],
)
def test_a_value_that_could_be_an_option_is_refused(template: str, value: str) -> None:
    values = _values(unit=value, data=("/srv", value))

    with pytest.raises(FileError, match="begins with '-' and could be read as an option"):
        render(["systemctl", "show", template], values)


def test_the_fleets_own_command_may_have_options_behind_its_program() -> None:
    template = "{{ service.release.rollback | each }}"

    assert render(["sudo", "-n", template], _VALUES)[2:] == (
        "/usr/local/sbin/app-rollback",
        "--to",
        "previous",
    )
    with pytest.raises(FileError, match="could be read as an option"):
        render(["sudo", "-n", template], _values(release=Release(rollback=("-s", "x"))))


@pytest.mark.parametrize(
    "control", ["\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x85", "\x9b", "\u202e", "\u200b", "\ufeff"]
)
@pytest.mark.parametrize(
    "template", ["{{ service.unit }}", "--unit={{ service.unit }}", "{{ service.unit | each }}"]
)
def test_a_value_with_control_characters_is_refused(template: str, control: str) -> None:
    with pytest.raises(FileError, match="holds control characters"):
        render(["x", template], _values(unit=f"a{control}b"))


_ESCAPES = (
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ service.__class__.__mro__ }}",
    "{{ service.name.__class__ }}",
    "{{ service.name.upper() }}",
    "{{ service.name.format(1) }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self.__init__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ range(9) }}",
    "{{ namespace() }}",
    "{{ service.name | attr('__class__') }}",
    "{{ service.name | map('upper') | list }}",
    "{{ service.name | tojson }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 'a' * 10000000000 }}",
    "{{ service.name + 1 }}",
    "{{ service.name % 1 }}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ service.data[0] }}",
    "{% for x in service.data %}{{ x }}{% endfor %}",
    "{% set x = 1 %}{{ x }}",
    "{% macro x() %}{% endmacro %}",
    "{% include '/etc/passwd' %}",
    "{% import '/etc/passwd' as x %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% call x() %}{% endcall %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{{ 'a' | replace('a', 'b') }}",
    "{{ service.name is callable }}",
)


@pytest.mark.parametrize("template", _ESCAPES)
def test_what_is_more_than_a_value_is_refused(template: str) -> None:
    with pytest.raises(FileError, match="template "):
        render(["x", template], _VALUES)
    with pytest.raises(FileError, match="template "):
        render_text(template, _VALUES)


@pytest.mark.parametrize(
    "template",
    ["{{ service.unti }}", "{{ unit }}", "{{ service.unit.x }}", "{{ host.key }}", "{{ service.unti | each }}", "{{ x | each }}", "{% if nope %}x{% endif %}"],
)  # fmt: skip
def test_an_unknown_name_is_refused(template: str) -> None:
    with pytest.raises(FileError):
        render(["x", template], _VALUES)


@pytest.mark.parametrize(
    "template", ["{{ service.unit }}", "--unit={{ service.unit }}", "{{ service.release.link }}"]
)
def test_an_empty_value_never_becomes_the_word_none(template: str) -> None:
    with pytest.raises(FileError, match="names a value that the fleet leaves empty; add it to 'needs'"):
        render(["x", template], _values())


@pytest.mark.parametrize(
    "template", ["{{ service.unit", "{{ }}", "{% if %}", "{{ a b }}", "{% endif %}", "{{ 'x }}"]
)
def test_a_template_with_a_mistake_is_named(template: str) -> None:
    with pytest.raises(FileError, match="template "):
        render(["x", template], _VALUES)


def test_a_template_is_compiled_once_for_all_hosts() -> None:
    assert compiled("{{ nginx.unit }}") is compiled("{{ nginx.unit }}")


def test_a_values_own_marks_are_not_looked_into() -> None:
    values = _values(unit="{{ host.address }}{% if 1 %}")

    assert render(["x", "{{ service.unit }}"], values) == ("x", "{{ host.address }}{% if 1 %}")
    assert render_text("restarts {{ service.unit }}", values) == "restarts {{ host.address }}{% if 1 %}"


def test_needs_that_the_fleet_leaves_empty_are_told() -> None:
    needs = ("service.unit", "service.release.rollback", "nginx.unit", "service.data")

    assert missing(needs, _values()) == ("service.unit", "service.release.rollback", "service.data")
    assert missing(needs, _VALUES) == ()


def test_a_need_that_does_not_exist_is_refused() -> None:
    with pytest.raises(FileError, match=r"no value 'service\.unti'; templates know host, service and nginx"):
        missing(("service.unti",), _VALUES)


@pytest.mark.parametrize(
    ("root", "alternatives"),
    [
        (Root.NEVER, (("x", "1"), ("y",))),
        (Root.ONLY, (("sudo", "-n", "x", "1"), ("sudo", "-n", "y"))),
        (Root.FIRST, (("sudo", "-n", "x", "1"), ("x", "1"), ("sudo", "-n", "y"), ("y",))),
        (Root.FALLBACK, (("x", "1"), ("sudo", "-n", "x", "1"), ("y",), ("sudo", "-n", "y"))),
    ],
)
def test_root_is_asked_for_as_the_step_says(root: Root, alternatives: tuple[tuple[str, ...], ...]) -> None:
    step = Step(id="s", group="g", title="t", run=("x", "1"), otherwise=(("y",),), root=root)

    assert commands_of(step, _VALUES).alternatives == alternatives


@pytest.mark.parametrize("logs", [(), ("/var/log/a.log", "/var/log/b.log")], ids=["none", "two"])
def test_an_alternative_over_a_list_that_the_fleet_leaves_empty_is_not_tried(logs: tuple[str, ...]) -> None:
    host = Host(name="web-01", address="192.0.2.1", user="runbook", service=Service(logs=logs))
    each = "{{ service.logs | each }}"
    step = Step(id="s", group="g", title="t", run=("x",), otherwise=(("tail", each),), root=Root.NEVER)

    alternatives = commands_of(step, values_of(host)).alternatives

    assert alternatives == ((("x",), ("tail", *logs)) if logs else (("x",),))
