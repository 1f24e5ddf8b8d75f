"""What a Python traceback ends with, and whether it came up while loading or on a request."""

import pytest

from bot.model.sign import Piece
from bot.signs import read
from bot.signs.tracebacks import last_exceptions

LOADING = """Traceback (most recent call last):
  File "/srv/app/env/lib/python3.11/site-packages/gunicorn/util.py", line 371, in import_app
    mod = importlib.import_module(module)
  File "/srv/app/shop/wsgi.py", line 4, in <module>
    from shop.rates import table
shop.rates.RatesError: table of 2031 is empty"""
SERVING = """ERROR in app: Exception on /cart [POST]
Traceback (most recent call last):
  File "/srv/app/env/lib/python3.11/site-packages/flask/app.py", line 2073, in wsgi_app
    response = self.full_dispatch_request()
KeyError: 'price'"""


@pytest.mark.parametrize(
    ("text", "kind", "error"),
    [
        pytest.param(LOADING, "app_failed", "shop.rates.RatesError", id="while loading"),
        pytest.param(SERVING, "app_error", "KeyError", id="on a request"),
        pytest.param(
            "\n".join(f"api_1  | {line}" for line in LOADING.split("\n")),
            "app_failed",
            "shop.rates.RatesError",
            id="prefixed",
        ),
    ],
)
def test_the_last_line_of_a_trace_names_the_error(text: str, kind: str, error: str) -> None:
    signs = [sign for sign in read([Piece(text=text)]).of(kind) if sign["error"] == error]

    assert len(signs) == 1
    assert signs[0].line in text


def test_of_chained_traces_each_is_read_and_a_cut_one_gives_nothing() -> None:
    chained = f"{LOADING}\n\nDuring handling of the above exception, another exception occurred:\n\n{SERVING}"
    cut = "\n".join(LOADING.split("\n")[:-1])

    assert [sign["error"] for sign in last_exceptions(Piece(text=chained))] == [
        "shop.rates.RatesError",
        "KeyError",
    ]
    assert list(last_exceptions(Piece(text=cut))) == []
