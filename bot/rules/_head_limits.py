"""A limit of a request's head that a program names, held against the one that it is told."""

from bot.model.sign import Sign, Signs

#: So far may a limit be from the one that is set: gunicorn leaves room for the line's end.
_ROOM = 16


def outgrown(signs: Signs) -> tuple[Sign, Sign] | None:
    """The limit that refused a request, and a wider one in a file or command: what runs has not read it."""
    for said in signs.of("request_too_big"):
        if not said["limit"].isdigit() or not said["size"].isdigit():
            continue
        for told in signs.where("head_limit_set", app=said["app"]):
            is_none = told["limit"] == "0" and told["app"] == "gunicorn"
            if is_none or int(told["limit"]) > max(int(said["limit"]) + _ROOM, int(said["size"])):
                return said, told
    return None
