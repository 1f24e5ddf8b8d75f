"""One row of the tables of leanings."""

from collections.abc import Mapping

#: Name of a feature, and cause -> points.
Row = tuple[str, Mapping[str, int]]


def leans(feature: str, **points: int) -> Row:
    """`leans("dial_missing", socket_missing=30)`: a feature and the causes it fits, in points."""
    return feature, points
