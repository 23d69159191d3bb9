from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.rounding import RoundingMode
from catalogue.domain.tax import (
    CategoryNotInvoiced,
    TaxLine,
    TaxRate,
    credit_note_tax_lines,
    rates_on,
    tax_lines,
)


def rate(
    country: str, percent: str, valid_from: str, *, category: str = "standard", name: str = ""
) -> TaxRate:
    return TaxRate(country, category, name, Decimal(percent), date.fromisoformat(valid_from))


RATES = [
    rate("DE", "19", "2020-01-01"),
    rate("DE", "16", "2020-07-01"),
    rate("DE", "19", "2021-01-01"),
    rate("DE", "7", "2020-01-01", category="reduced"),
    rate("FR", "20", "2020-01-01"),
    rate("CA", "9.975", "2020-01-01", name="QST"),
    rate("CA", "6", "2019-01-01", name="GST"),
    rate("CA", "5", "2020-01-01", name="GST"),
    rate("GB", "20", "2020-01-01"),
    rate("GB", "5", "2020-01-01", category="reduced"),
    rate("KW", "5", "2020-01-01"),
    rate("JP", "10", "2020-01-01"),
]


@pytest.mark.parametrize(
    ("country", "category", "issued_on", "percents"),
    [
        ("DE", "standard", "2019-12-31", []),
        ("DE", "standard", "2020-06-30", ["19"]),
        ("DE", "standard", "2020-07-01", ["16"]),
        ("DE", "standard", "2020-12-31", ["16"]),
        ("DE", "standard", "2021-01-01", ["19"]),
        ("DE", "reduced", "2021-01-01", ["7"]),
        ("FR", "reduced", "2021-01-01", []),
        ("CA", "standard", "2021-01-01", ["5", "9.975"]),
        ("US", "standard", "2021-01-01", []),
    ],
)
def test_rates_in_force(country: str, category: str, issued_on: str, percents: list[str]) -> None:
    rates = rates_on(RATES, country, category, date.fromisoformat(issued_on))
    assert [str(rate.percent) for rate in rates] == percents
    assert rates == rates_on(reversed(RATES), country, category, date.fromisoformat(issued_on))


@pytest.mark.parametrize(
    ("country", "taxable", "minor_units", "mode", "taxes"),
    [
        ("GB", {"standard": "1208.35"}, 2, "half_up", ["241.67"]),
        ("GB", {"standard": "90.00", "reduced": "60.00"}, 2, "half_up", ["3.00", "18.00"]),
        ("DE", {"standard": "-10.02"}, 2, "half_up", ["-1.90"]),
        ("CA", {"standard": "300.00"}, 2, "half_up", ["15.00", "29.93"]),
        ("CA", {"standard": "8180.00"}, 2, "half_up", ["409.00", "815.96"]),
        ("KW", {"standard": "2.753"}, 3, "half_up", ["0.138"]),
        ("JP", {"standard": "1127"}, 0, "half_up", ["113"]),
        ("JP", {"standard": "1127"}, 0, "down", ["112"]),
        ("JP", {"standard": "-1127"}, 0, "down", ["-112"]),
        ("US", {"standard": "60.10", "exempt": "1.00"}, 2, "half_up", ["0.00", "0.00"]),
    ],
)
def test_tax_is_taken_on_the_sum(
    country: str, taxable: dict[str, str], minor_units: int, mode: RoundingMode, taxes: list[str]
) -> None:
    lines = tax_lines(
        {category: Decimal(amount) for category, amount in taxable.items()},
        RATES,
        country=country,
        issued_on=date(2026, 4, 3),
        minor_units=minor_units,
        mode=mode,
    )
    assert [str(line.tax_amount) for line in lines] == taxes


def test_an_untaxed_category_still_has_its_line() -> None:
    (line,) = tax_lines(
        {"exempt": Decimal("7.00")}, RATES, country="GB", issued_on=date(2026, 4, 3), minor_units=2
    )
    assert line == TaxLine("exempt", "", Decimal(0), Decimal("7.00"), Decimal("0.00"))


def credit(amount: str, invoiced: list[TaxLine], before: list[TaxLine]) -> list[TaxLine]:
    return credit_note_tax_lines({"standard": Decimal(amount)}, invoiced, before, minor_units=2)


def test_the_last_credit_note_takes_the_odd_cent() -> None:
    invoiced = [TaxLine("standard", "", Decimal(20), Decimal("279.16"), Decimal("55.83"))]
    before: list[TaxLine] = []
    taxes = []
    for amount in ("68.33", "57.50", "85.00", "68.33"):
        lines = credit(amount, invoiced, before)
        taxes += [str(line.tax_amount) for line in lines]
        before += lines
    assert taxes == ["13.67", "11.50", "17.00", "13.66"]


def test_never_more_than_is_left_of_the_tax() -> None:
    invoiced = [TaxLine("standard", "", Decimal(20), Decimal("0.09"), Decimal("0.02"))]
    first = credit("0.03", invoiced, [])
    second = credit("0.03", invoiced, first)
    third = credit("0.02", invoiced, first + second)
    last = credit("0.01", invoiced, first + second + third)
    assert [str(line.tax_amount) for line in first + second + third + last] == [
        "0.01",
        "0.01",
        "0.00",
        "0.00",
    ]


def test_two_taxes_are_given_back_each_at_the_invoices_rate() -> None:
    invoiced = tax_lines(
        {"standard": Decimal("300.00"), "reduced": Decimal("1.00")},
        RATES,
        country="CA",
        issued_on=date(2026, 4, 3),
        minor_units=2,
    )
    lines = credit("100.00", invoiced, [])
    assert [(line.name, str(line.tax_amount)) for line in lines] == [("GST", "5.00"), ("QST", "9.98")]


def test_a_category_below_zero_is_given_back_as_it_was() -> None:
    invoiced = [TaxLine("standard", "", Decimal(20), Decimal("-10.00"), Decimal("-2.00"))]
    assert credit("-10.00", invoiced, [])[0].tax_amount == Decimal("-2.00")
    assert credit("-5.00", invoiced, [])[0].tax_amount == Decimal("-1.00")
    assert credit("-20.00", invoiced, [])[0].tax_amount == Decimal("-2.00")


def test_what_was_not_invoiced_cannot_be_credited() -> None:
    with pytest.raises(CategoryNotInvoiced, match="reduced"):
        credit_note_tax_lines({"reduced": Decimal(1)}, [], [], minor_units=2)


@given(
    st.lists(st.integers(1, 10_000), min_size=1, max_size=6),
    st.decimals(0, 30, places=3),
    st.sampled_from(["half_up", "down"]),
)
def test_credit_notes_give_back_exactly_what_was_taxed(
    cents: list[int], percent: Decimal, mode: RoundingMode
) -> None:
    parts = [Decimal(cent).scaleb(-2) for cent in cents]
    vat = TaxRate("XX", "standard", "", percent, date(2020, 1, 1))
    invoiced = tax_lines(
        {"standard": sum(parts, Decimal(0))},
        [vat],
        country="XX",
        issued_on=date(2026, 1, 1),
        minor_units=2,
        mode=mode,
    )
    before: list[TaxLine] = []
    for part in parts:
        before += credit_note_tax_lines({"standard": part}, invoiced, before, minor_units=2, mode=mode)
    assert sum(Fraction(line.tax_amount) for line in before) == Fraction(invoiced[0].tax_amount)
    assert all(line.tax_amount >= 0 for line in before)
