"""Says which windows of a secret can still be read."""

_WINDOW = 8


def survivors(secret: str, text: str) -> list[str]:
    """Eight-character windows of the secret that stand in the text; all of it when it is shorter."""
    if len(secret) <= _WINDOW:
        return [secret] if secret in text else []
    windows = (secret[at : at + _WINDOW] for at in range(len(secret) - _WINDOW + 1))
    return [window for window in windows if window in text]
