"""A runtime that is not there, is another version, or cannot begin, and settings files that cannot be read.

Source: dotnet/runtime corehost (fxr_resolver.cpp, hostpolicy_resolver.cpp, command_line.cpp, muxer) and
globalization-icu; OpenJDK launcher.properties "Invalid or corrupt jarfile"; bundler cli/exec.rb; rbenv and
pyenv version-name, asdf "No version is set", nvm.sh "is not yet installed"; go-yaml "yaml: line N", PyYAML
scanner errors, viper "While parsing config", BurntSushi/toml "toml: line N".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "app_failed",
        r"(?P<text>\bThe required library lib(?:hostfxr|hostpolicy)\.so could not be found.*"
        r"|\bThe library 'lib(?:hostpolicy|hostfxr|coreclr)\.so' required to execute.*"
        r"|\bYou must install (?:or update )?\.NET to run this application.*"
        r"|\bNo \.NET SDKs were found.*|\bthe application was not found or a compatible \.NET SDK.*"
        r"|\bThe application to execute does not exist: .*"
        r"|\bCannot use file stream for \[\S{1,200}\.json\].*|\bFailed to create CoreCLR\b.*"
        r"|\bCouldn't find a valid ICU package\b.*)",
        "the required library lib",
        "required to execute",
        "to run this application",
        "sdks were found",
        "compatible .net sdk",
        "application to execute",
        "cannot use file stream",
        "create coreclr",
        "valid icu package",
        app="dotnet",
    ),
    says(
        "app_failed",
        r"(?P<text>\bInvalid or corrupt jarfile\b.*)",
        "corrupt jarfile",
        app="java",
    ),
    says(
        "app_failed",
        r"(?P<text>\bbundler: failed to load command: \S+.*"
        r"|\b(?:rbenv|pyenv): version [`'][\w.-]{1,40}' is not installed.*"
        r"|\bN/A: version \"\S{1,40} -> N/A\" is not yet installed.*"
        r"|\bNo version is set for command \S+.*)",
        "failed to load command",
        "rbenv: version",
        "pyenv: version",
        "is not yet installed",
        "no version is set for command",
        app="any",
    ),
    # Settings that cannot be read. Tools, proxies, FPM and stores say the like of their own files.
    says(
        "app_failed",
        r"^(?!.*\b(?:kubectl|helm|docker|compose|ansible|traefik|envoy|promtool|nginx|haproxy|caddy|apache2?"
        r"|httpd|php\S{0,8}|php-fpm\.conf|postgres\w*|mysqld?|redis\S{0,10}|mongod)\b)"
        r"(?P<text>.*(?:\byaml: (?:line \d+|unmarshal errors)|\byaml\.(?:scanner|parser)\.\w+Error"
        r"|\btoml: line \d+|\bWhile parsing config: |\bTOMLDecodeError\b"
        r"|\b(?:failed|unable|could not|cannot|error) (?:to )?(?:pars\w+|read|load|decod\w+|unmarshal\w*) "
        r"(?:the )?(?:app )?config(?:uration)?(?: file)?\b).*)",
        "yaml: ",
        "yaml.scanner",
        "yaml.parser",
        "toml: line",
        "while parsing config",
        "tomldecodeerror",
        "config",
        app="any",
    ),
)
READERS: tuple[Reader, ...] = ()
