from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalogue.domain.periods import Period
from metering.domain.uptime import Stretch, by_day, by_month

BERLIN = ZoneInfo("Europe/Berlin")


def at(day, hour=0, month=3):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_days_of_a_clock_change_have_23_and_25_hours():
    whole_year = [Stretch(Period(at(1), at(1, month=12)), BERLIN, True)]
    march = {day.starts_on.day: day.up for day in by_day(whole_year, date(2026, 3, 1))}
    october = {day.starts_on.day: day.up for day in by_day(whole_year, date(2026, 10, 1))}
    # It began at 01:00 of Berlin.
    assert (march[1], march[28], march[29], march[30]) == (23, 24, 23, 24)
    assert (october[24], october[25], october[26]) == (24, 25, 24)


def test_suspended_time_is_lived_and_not_up():
    (day,) = by_day(
        [
            Stretch(Period(at(2, 0), at(2, 6)), ZoneInfo("UTC"), True, (("RAM", Decimal(8)),)),
            Stretch(Period(at(2, 6), at(2, 9)), ZoneInfo("UTC"), False, (("RAM", Decimal(8)),)),
            Stretch(Period(at(2, 9), at(2, 10)), ZoneInfo("UTC"), True, (("RAM", Decimal(16)),)),
        ],
        date(2026, 3, 1),
    )
    assert (day.up, day.lived, day.item_hours) == (7, 10, {"RAM": 64})


def test_a_month_begins_where_the_owner_is():
    stretch = Stretch(Period(at(31, 12), at(2, month=4)), ZoneInfo("Asia/Tokyo"), True)
    assert [(month.starts_on, month.up) for month in by_month([stretch])] == [
        (date(2026, 3, 1), 3),
        (date(2026, 4, 1), 33),
    ]
