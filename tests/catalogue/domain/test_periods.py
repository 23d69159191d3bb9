from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.periods import (
    Cycle,
    InvalidPeriod,
    Period,
    billing_period,
    local_date,
    local_midnight,
    month_cycle,
    offset_change,
    period_of,
)

ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
INSTANTS = st.integers(-(2**31), 2**32).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.mark.parametrize(
    ("month", "zone", "hours"),
    [
        ("2026-03", "America/New_York", "743"),
        ("2026-11", "America/New_York", "721"),
        ("2026-03", "Europe/Berlin", "743"),
        ("2026-10", "Europe/Berlin", "745"),
        ("2026-04", "Australia/Sydney", "721"),
        ("2026-10", "Australia/Sydney", "743"),
        ("2026-04", "Australia/Lord_Howe", "720.5"),
        ("2026-10", "Australia/Lord_Howe", "743.5"),
        ("2011-12", "Pacific/Apia", "720"),
        ("2028-02", "UTC", "696"),
    ],
)
def test_hours_of_a_billing_month(month: str, zone: str, hours: str) -> None:
    assert billing_period(month, ZoneInfo(zone)).hours == Fraction(hours)


@pytest.mark.parametrize(
    ("day", "zone", "first_instant", "hours"),
    [
        # the clock jumps from 00:00 to 01:00
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00+00:00", "23"),
        # it strikes 00:00 twice: set back from 01:00
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00:00+00:00", "25"),
        # it strikes 00:00 twice: set back from 00:01 to 23:01 of the day before
        (date(2010, 11, 7), "America/St_Johns", "2010-11-07T02:30:00+00:00", "25"),
        # it jumps over midnight, from 23:30 to 00:30
        (date(1919, 3, 31), "America/Toronto", "1919-03-31T04:30:00+00:00", "23.5"),
        # the day before never was
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00:00+00:00", "24"),
        (date(2026, 4, 5), "Australia/Lord_Howe", "2026-04-04T13:00:00+00:00", "24.5"),
        (date(2026, 10, 4), "Australia/Lord_Howe", "2026-10-03T13:30:00+00:00", "23.5"),
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-28T23:00:00+00:00", "23"),
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-24T22:00:00+00:00", "25"),
    ],
)
def test_days_on_which_the_clock_is_set(day: date, zone: str, first_instant: str, hours: str) -> None:
    period = Cycle(day, day + timedelta(days=1)).period(ZoneInfo(zone))
    assert period.start.isoformat() == first_instant
    assert period.hours == Fraction(hours)


def test_a_day_that_never_was_begins_with_the_next_one() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert local_midnight(date(2011, 12, 30), apia) == local_midnight(date(2011, 12, 31), apia)


@given(INSTANTS, ZONES)
def test_every_instant_lies_in_exactly_one_day_and_month(instant: datetime, zone: ZoneInfo) -> None:
    day = local_date(instant, zone)
    assert local_midnight(day, zone) <= instant < local_midnight(day + timedelta(days=1), zone)
    period = period_of(instant, zone)
    assert period.contains(instant)
    assert billing_period(month_cycle(day).ends_on, zone).start == period.end


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), ZONES)
def test_a_day_begins_with_its_first_instant(day: date, zone: ZoneInfo) -> None:
    midnight = local_midnight(day, zone)
    assert midnight.astimezone(zone).date() >= day
    assert (midnight - timedelta(microseconds=1)).astimezone(zone).date() < day


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 3, 31, 13, 30, tzinfo=UTC), "Australia/Sydney", date(2026, 4, 1)),
        (datetime(2026, 3, 31, 23, 59, 59, 999500, tzinfo=UTC), "UTC", date(2026, 3, 31)),
        (datetime(2026, 4, 1, tzinfo=UTC), "UTC", date(2026, 4, 1)),
        # 23:30 on the wall for the second time, when the new day has begun
        (datetime(2010, 11, 7, 3, 0, tzinfo=UTC), "America/St_Johns", date(2010, 11, 7)),
    ],
)
def test_local_date(instant: datetime, zone: str, day: date) -> None:
    assert local_date(instant, ZoneInfo(zone)) == day


def test_a_period_is_kept_in_utc() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = Period(
        datetime(2026, 10, 25, 2, 30, tzinfo=berlin), datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    )
    assert night.start.tzinfo is UTC
    assert night.hours == 1
    summer_time = timezone(timedelta(hours=2))
    assert night.start == datetime(2026, 10, 25, 2, 30, tzinfo=summer_time)


def test_periods_are_half_open() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hour = Period(start, start + timedelta(hours=1))
    assert hour.contains(start)
    assert not hour.contains(hour.end)
    assert hour.overlap(Period(hour.end, hour.end + timedelta(hours=1))) is None
    half_hour_later = Period(start + timedelta(minutes=30), start + timedelta(minutes=90))
    assert hour.overlap(half_hour_later) == Period(half_hour_later.start, hour.end)
    assert Period(start, start + timedelta(microseconds=1)).hours == Fraction(1, 3_600_000_000)


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_period_ends_after_it_starts(seconds: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidPeriod):
        Period(start, start + timedelta(seconds=seconds))


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(InvalidPeriod, match="time zone"):
        Period(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001


@pytest.mark.parametrize(
    "month", ["0000-01", "9999-12", "2026-13", "2026-3", "26-03", "2026-03-01", "2026-03 ", "٢٠٢٦-03"]
)
def test_what_is_no_month(month: str) -> None:
    with pytest.raises(InvalidPeriod):
        month_cycle(month)


def test_cycles_have_days_whatever_the_clock_does() -> None:
    march = Cycle(date(2009, 3, 1), date(2009, 3, 10))
    assert march.days == 9
    assert march.period(ZoneInfo("America/Edmonton")).hours == 215
    assert march.overlap(Cycle(date(2009, 3, 10), date(2009, 3, 11))) is None
    with pytest.raises(InvalidPeriod):
        Cycle(march.ends_on, march.starts_on)


def test_offset_change_finds_the_second() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    evening = datetime(2026, 4, 4, 12, 34, 56, 789, tzinfo=UTC)
    assert offset_change(evening, evening + timedelta(days=1), lord_howe) == datetime(
        2026, 4, 4, 15, tzinfo=UTC
    )
    assert offset_change(evening, evening + timedelta(hours=1), lord_howe) is None
