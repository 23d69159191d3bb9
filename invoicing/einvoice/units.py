"""Unit codes of UN/ECE Recommendation 20, which EN 16931 asks for."""

_CODES = {
    "hour": "HUR",
    "day": "DAY",
    "month": "MON",
    "year": "ANN",
    "minute": "MIN",
    "second": "SEC",
    "kb": "2P",
    "mb": "4L",
    "gb": "E34",
    "tb": "E35",
}
# "One": what has no code of its own is named in an attribute of the item.
ONE = "C62"


def unit_code(unit: str) -> str:
    """Return the code of a unit, C62 ("one") for what has none."""
    return _CODES.get(unit.lower().removesuffix("s"), ONE)
