"""Steps that bring a database to the shape this version needs."""

#: The newest step in `versions`; they are numbered so that text order is time order.
HEAD = "0003"
