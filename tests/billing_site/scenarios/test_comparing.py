from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from billing_site.scenarios.comparing import compare_fields, compare_rows

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [
        (Decimal("74.30"), Decimal("74.300000000000")),
        (Decimal("0"), Decimal("0.00")),
        (NOON, NOON.astimezone(timezone(timedelta(hours=2)))),
        (None, None),
        ("vm-1", "vm-1"),
    ],
)
def test_equal_by_value(wanted, actual):
    assert compare_fields({"field": wanted}, {"field": actual}) == []


@pytest.mark.parametrize(
    ("wanted", "actual", "sentence"),
    [
        (Decimal("74.30"), Decimal("74.31"), "net: expected 74.3, actual 74.31"),
        (Decimal("0.01"), Decimal("0.010000000001"), "net: expected 0.01, actual 0.010000000001"),
        (None, Decimal("0"), "net: expected none, actual 0"),
        (Decimal("0"), None, "net: expected 0, actual none"),
        (
            NOON,
            NOON + timedelta(seconds=1),
            "net: expected 2026-03-01T12:00:00Z, actual 2026-03-01T12:00:01Z",
        ),
    ],
)
def test_says_what_differs(wanted, actual, sentence):
    assert compare_fields({"net": wanted}, {"net": actual}) == [sentence]


@pytest.mark.parametrize(
    ("wanted", "actual", "equal"),
    [
        ("0.333333", "0.333333333333", True),
        ("0.333333", "0.333333500000", False),
        ("0.333334", "0.333333500000", True),
        ("-0.333334", "-0.333333500000", True),
        ("744", "744.000000000000", True),
        ("744", "744.000001", False),
    ],
)
def test_quantities_are_compared_at_six_decimals_half_up(wanted, actual, equal):
    differences = compare_fields({"q": Decimal(wanted)}, {"q": Decimal(actual)}, at_six={"q"})

    assert (differences == []) is equal


def test_rows_match_as_a_set_by_the_fields_that_are_listed():
    wanted: list[dict[str, object]] = [{"kind": "charge"}, {"kind": "charge", "resource": None}]
    actual: list[dict[str, object]] = [
        {"kind": "charge", "resource": None},
        {"kind": "charge", "resource": "vm-1"},
    ]

    assert compare_rows("line", wanted, actual) == []


def test_a_row_too_many_and_a_row_too_few():
    row = {"sku": "VM", "amount": Decimal("1.00")}

    assert compare_rows("line", [row], []) == ["line: expected {sku: VM, amount: 1}, actual none"]
    assert compare_rows("line", [], [row]) == ["line: expected none, actual {sku: VM, amount: 1}"]


def test_the_rows_most_alike_share_a_line():
    wanted = [{"sku": "VM", "quantity": Decimal(2), "amount": Decimal(4)}]
    other = {"sku": "GPU", "quantity": Decimal(2), "amount": Decimal(5)}
    near = {"sku": "VM", "quantity": Decimal(2), "amount": Decimal(5)}

    assert compare_rows("line", wanted, [other, near]) == [
        "line: expected {sku: VM, quantity: 2, amount: 4}, actual {sku: VM, quantity: 2, amount: 5}",
        "line: expected none, actual {sku: GPU, quantity: 2, amount: 5}",
    ]
