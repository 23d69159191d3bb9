from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.cycles import annual_cycle, monthly_cycles
from catalogue.domain.periods import Cycle, month_cycle
from catalogue.domain.rounding import round_money
from metering.domain.proration import EndsBeforeItStarts, billed_part, prorated_fee


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "month", "days"),
    [
        ("2026-02-15", None, "2026-02", 14),
        ("2028-02-15", None, "2028-02", 15),
        ("2026-02-15", None, "2026-03", 31),
        ("2026-02-15", None, "2026-01", 0),
        ("2026-01-22", "2026-02-01", "2026-01", 10),
        ("2026-01-22", "2026-02-01", "2026-02", 0),
        ("2026-02-15", "2026-03-16", "2026-03", 15),
        # ended on its first day: one day, also where that is the last or the first of a month
        ("2026-06-05", "2026-06-05", "2026-06", 1),
        ("2026-06-30", "2026-06-30", "2026-06", 1),
        ("2026-06-30", "2026-06-30", "2026-07", 0),
        ("2026-06-05", "2026-06-06", "2026-06", 1),
    ],
)
def test_days_of_a_month(starts_on: str, ends_on: str | None, month: str, days: int) -> None:
    end = date.fromisoformat(ends_on) if ends_on else None
    part = billed_part(date.fromisoformat(starts_on), end, month_cycle(month))
    assert (part.days if part else 0) == days


@pytest.mark.parametrize(
    ("fee", "starts_on", "ends_on", "cycle", "amount"),
    [
        ("100.00", "2026-02-15", None, month_cycle("2026-02"), "50.00"),
        ("100.00", "2028-02-15", None, month_cycle("2028-02"), "51.72"),
        ("1000.00", "2026-01-22", "2026-02-01", month_cycle("2026-01"), "322.58"),
        ("200.00", "2026-06-02", None, month_cycle("2026-06"), "193.33"),
        ("300.00", "2026-06-05", "2026-06-05", month_cycle("2026-06"), "10.00"),
        ("730.00", "2026-01-10", "2026-02-20", annual_cycle(date(2026, 1, 10), 0), "82.00"),
        ("730.00", "2026-01-10", None, annual_cycle(date(2026, 1, 10), 0), "730.00"),
    ],
)
def test_fees(fee: str, starts_on: str, ends_on: str | None, cycle: Cycle, amount: str) -> None:
    part = billed_part(date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None, cycle)
    assert part is not None
    assert str(round_money(prorated_fee(Decimal(fee), part, cycle), 2)) == amount


def test_an_order_cannot_end_before_it_starts() -> None:
    with pytest.raises(EndsBeforeItStarts, match="cannot end on 2026-06-04"):
        billed_part(date(2026, 6, 5), date(2026, 6, 4), month_cycle("2026-06"))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_every_day_of_an_order_is_billed_once(starts_on: date, days: int) -> None:
    ends_on = date.fromordinal(starts_on.toordinal() + days)
    cycles = monthly_cycles(starts_on, date(2033, 1, 1))
    parts = [part for cycle in cycles if (part := billed_part(starts_on, ends_on, cycle))]
    assert sum(part.days for part in parts) == max(days, 1)
    assert parts[0].starts_on == starts_on


@given(st.decimals(0, 10**6, places=2), st.integers(1, 27))
def test_parts_of_a_cycle_add_up_to_the_fee(fee: Decimal, day: int) -> None:
    june = month_cycle("2026-06")
    upgraded_on = date(2026, 6, 1 + day)
    before, after = Cycle(june.starts_on, upgraded_on), Cycle(upgraded_on, june.ends_on)
    assert prorated_fee(fee, before, june) + prorated_fee(fee, after, june) == Fraction(fee)
