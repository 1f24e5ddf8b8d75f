"""Inputs of 256 KiB, or fewer, made to be as slow as can be for matching."""

SIZE = 256 * 1024

#: Name -> what is repeated until the size is reached.
UNITS = {
    "letters": "a",
    "blanks": " ",
    "tabs": "\t",
    "equals": "=",
    "colons": ":",
    "quotes": '"',
    "backslashes": "\\",
    "escaped_quotes": '\\"',
    "dashes": "-",
    "at_signs": "@",
    "slashes": "://",
    "userinfo": "http://a:b",
    "userinfo_at": "://a:b@",
    "password_words": "password",
    "password_equals": "password=",
    "password_blank": "password \t ",
    "password_quote": 'password="\\',
    "keys_and_colons": "key:",
    "short_keys": "pw pin sid ",
    "dotted_pairs": "a:a:",
    "jwt_heads": "eyJ",
    "jwt_heads_apart": "eyJaaaaaaaa.eyJ ",
    "aws_ids": "AKIA",
    "pem_begins": "-----BEGIN ",
    "pem_begin_ends": "-----BEGIN RSA PRIVATE KEY",
    "key_bodies": "MIIE",
    "base64_lines": "A" * 64 + "\n",
    "authorization": "Authorization: ",
    "bearer": "Bearer ",
    "basic": "Basic AAAA",
    "cookies": "Cookie: =",
    "arguments": "--a-b-c-",
    "password_arguments": " --password ",
    "user_arguments": " -u a",
    "mysql": "mysql ",
    "mysql_flags": "mysql -",
    "docker_logins": "docker login ",
    "ldap": "ldapsearch ",
    "queries": "?&;",
    "query_keys": "&sig=",
    "headers": "X-a-",
    "nginx_headers": "proxy_set_header X-a-",
    "crypt": "$6$a",
    "netrc": "\npassword ",
    "logins": "login a ",
    "pgpass": "a:5432:",
    "defines": "define('A",
    "escapes": "\x1b[",
    "osc": "\x1b]0;",
    "c1": "\x9d",
    "marks": "\u0301",
    "zero_width": "\u200b",
    "nested_brackets": "{[(",
    "hex": "deadbeef",
    "long_hyphens": "a-",
    "underscores": "a_",
    "secret_dots": "secret.",
    "hashes_of_sg": "SG.a",
    "telegram": "1234567890",
    "echoes": "echo a",
    "htpasswd": "htpasswd -b ",
    "identified": "identified by ",
    "pairs": "name=key value=",
    "services": "sendgrid a.",
    "service_blanks": 'linear " " " "',
    "curl_users": "curl -u 'a:",
    "curl_pairs": ' -u a:"b":',
    "manifests": "kind: secret data:",
    "manifest_data": "data: x",
    "manifest_blanks": "kind: \t",
    "credentials_and_signs": 'creds a >= "',
    "elements": "<token a",
    "directives": "set $key_a ",
}


def inputs(size: int = SIZE) -> dict[str, bytes]:
    """Name -> so many bytes, once as one endless line and once in lines just under the cap."""
    found = {}
    for name, unit in UNITS.items():
        text = unit * (size // len(unit.encode()))
        found[name] = text.encode()
        line = unit * (4000 // len(unit))
        found[f"{name}_in_lines"] = ((line + "\n") * (size // len(line.encode())))[:size].encode()
    return found
