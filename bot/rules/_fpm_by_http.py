"""An image that is PHP-FPM alone, given to a proxy that speaks HTTP to what it finds."""

from bot.model.sign import Sign, Signs


def found_by_http(signs: Signs) -> tuple[Sign, Sign] | None:
    """The image, and the label by which a generated proxy takes it for a web server.

    Or the answer that broke when Traefik, which speaks nothing but HTTP, sent a request to FPM's port.
    """
    image = next(iter(signs.where("speaks", protocol="fastcgi", path="fpm")), None)
    if image is None or signs.where("label_protocol", protocol="fastcgi"):
        return None
    by_traefik = any(s["proxy"] == "traefik" for s in signs.of("status", "proxy_in_container"))
    for broken in signs.of("answer_reset", "answer_closed", "answer_invalid"):
        if broken["target"].endswith(":9000") and by_traefik and broken["protocol"] in ("", "http"):
            return image, broken
    label = next((s for s in signs.of("found_by_label") if _is_of_image(signs, s, image)), None)
    return (image, label) if label is not None else None


def _is_of_image(signs: Signs, label: Sign, image: Sign) -> bool:
    """Both stand in one service of the compose file, or in one command."""
    if label.at[0] != image.at[0] or "false" in label.line:
        return False
    services = [s.at for s in signs.of("compose_service") if s.at[0] == image.at[0]]
    return _last(services, label.at) == _last(services, image.at)


def _last(services: list[tuple[int, int]], at: tuple[int, int]) -> tuple[int, int]:
    return max((one for one in services if one <= at), default=at if not services else services[0])
