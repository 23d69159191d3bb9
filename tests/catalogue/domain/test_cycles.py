from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.cycles import annual_cycle, annual_cycles, monthly_cycles


def test_months_follow_each_other() -> None:
    cycles = list(monthly_cycles(date(2025, 11, 30), date(2026, 3, 1)))
    assert [f"{cycle.starts_on:%Y-%m}" for cycle in cycles] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(monthly_cycles(date(2026, 3, 1), date(2026, 3, 1))) == []


def test_years_from_the_29th_of_february_remember_their_day() -> None:
    years = list(annual_cycles(date(2024, 2, 29), date(2028, 3, 1)))
    assert [str(year.starts_on) for year in years] == [
        "2024-02-29",
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
    ]
    assert [year.days for year in years] == [365, 365, 365, 366, 365]


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 50))
def test_every_day_belongs_to_one_year_of_the_order(anchor: date, number: int) -> None:
    year = annual_cycle(anchor, number)
    assert year.ends_on == annual_cycle(anchor, number + 1).starts_on
    assert year.days in (365, 366)
