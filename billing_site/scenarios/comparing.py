"""Compare expected with actual values, and say each difference in a line that a person can read.

A row is a mapping from field to value; a wanted row lists only the fields that must agree.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest

from billing_site.scenarios.matching import match
from catalogue.domain.rounding import round_quantity, show

Row = Mapping[str, object]


def compare_fields(wanted: Row, actual: Row, *, at_six: Collection[str] = ()) -> list[str]:
    """Say which of the wanted fields differ. Fields in `at_six` are compared at 6 decimals, half up."""
    return [
        f"{field}: expected {_shown(value)}, actual {_shown(actual[field])}"
        for field, value in wanted.items()
        if not _same(value, actual[field], rounded=field in at_six)
    ]


def compare_rows(
    what: str, wanted: Sequence[Row], actual: Sequence[Row], *, at_six: Collection[str] = ()
) -> list[str]:
    """Say which rows have no partner on the other side; rows that are most alike share a line."""

    def fits(want: Row, have: Row) -> bool:
        return not compare_fields(want, have, at_six=at_six)

    missing, extra = match(wanted, actual, fits)
    alike = []
    for want in missing[: len(extra)]:
        differences = [len(compare_fields(want, have, at_six=at_six)) for have in extra]
        alike.append(extra.pop(differences.index(min(differences))))
    return [
        f"{what}: expected {_row(want)}, actual {_row(have)}"
        for want, have in zip_longest(missing, [*alike, *extra])
    ]


def _same(wanted: object, actual: object, *, rounded: bool) -> bool:
    if rounded and isinstance(wanted, Decimal) and isinstance(actual, Decimal):
        return round_quantity(wanted) == round_quantity(actual)
    return wanted == actual


def _row(row: Row | None) -> str:
    return "none" if row is None else "{" + ", ".join(f"{k}: {_shown(v)}" for k, v in row.items()) + "}"


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return show(value, 12)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return "none" if value is None else str(value)
