from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.periods import Cycle, Period, offset_change
from metering.domain.billable_time import TimeRounding, billable_hours, clock_hours, unbroken

RULES: tuple[TimeRounding, ...] = ("exact", "started_minute", "started_hour", "clock_hour")
BERLIN, NEW_YORK, LORD_HOWE = (
    ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
)
KOLKATA = ZoneInfo("Asia/Kolkata")


def stretch(text: str) -> Period:
    """Read `start/end`, both as ISO 8601."""
    start, end = text.split("/")
    return Period(datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("zone", "stretches", "hours"),
    [
        # a minute and a half over the turn of an hour
        ("UTC", ["2026-03-10T09:59:30Z/2026-03-10T10:01:00Z"], ["1/40", "1/30", "1", "2"]),
        # exactly an hour, and one microsecond more
        ("UTC", ["2026-03-10T09:00:00Z/2026-03-10T10:00:00Z"], ["1", "1", "1", "1"]),
        (
            "UTC",
            ["2026-03-10T09:00:00Z/2026-03-10T10:00:00.000001Z"],
            ["3600000001/3600000000", "61/60", "2", "2"],
        ),
        # 40 minutes and, after a stop, 10 minutes of the next hour
        (
            "UTC",
            ["2025-10-15T10:20:00Z/2025-10-15T11:00:00Z", "2025-10-15T11:30:00Z/2025-10-15T11:40:00Z"],
            ["5/6", "5/6", "2", "2"],
        ),
        # three short runs within one hour of the clock
        (
            "UTC",
            [
                "2026-03-10T09:00:10Z/2026-03-10T09:00:20Z",
                "2026-03-10T09:20:10Z/2026-03-10T09:20:20Z",
                "2026-03-10T09:40:10Z/2026-03-10T09:40:20Z",
            ],
            ["1/120", "1/20", "3", "1"],
        ),
        # suspended without a break in what is billed: two stretches that touch are one
        (
            "UTC",
            ["2026-03-10T09:40:00Z/2026-03-10T10:20:00Z", "2026-03-10T09:20:00Z/2026-03-10T09:40:00Z"],
            ["1", "1", "1", "2"],
        ),
        # the night without a 02:30: 01:00 to 04:00 on the wall
        ("Europe/Berlin", ["2026-03-29T01:00:00+01:00/2026-03-29T04:00:00+02:00"], ["2", "2", "2", "2"]),
        # 02:30 summer time to 02:30 winter time: 02 o'clock twice is two hours
        ("Europe/Berlin", ["2026-10-25T02:30:00+02:00/2026-10-25T02:30:00+01:00"], ["1", "1", "1", "2"]),
        # from 01:30 to 01:30 an hour later, when New York sets its clocks back
        ("America/New_York", ["2026-11-01T01:30:00-04:00/2026-11-01T01:30:00-05:00"], ["1", "1", "1", "2"]),
        # Lord Howe sets its clock back from 02:00 to 01:30: 01:00 to 02:00 is an hour and a half
        (
            "Australia/Lord_Howe",
            ["2026-04-05T01:00:00+11:00/2026-04-05T02:00:00+10:30"],
            ["3/2", "3/2", "2", "2"],
        ),
        # and forward from 02:00 to 02:30: 01:00 to 03:00 is an hour and a half
        (
            "Australia/Lord_Howe",
            ["2026-10-04T01:00:00+10:30/2026-10-04T03:00:00+11:00"],
            ["3/2", "3/2", "2", "2"],
        ),
        # 10:30Z is a full hour in Kolkata
        ("Asia/Kolkata", ["2026-03-10T10:30:00Z/2026-03-10T11:30:00Z"], ["1", "1", "1", "1"]),
        ("Asia/Kolkata", ["2026-03-10T10:00:00Z/2026-03-10T11:00:00Z"], ["1", "1", "1", "2"]),
        ("UTC", [], ["0", "0", "0", "0"]),
    ],
)
def test_one_charge_under_the_four_rules(zone: str, stretches: list[str], hours: list[str]) -> None:
    counted = [billable_hours([stretch(text) for text in stretches], rule, ZoneInfo(zone)) for rule in RULES]
    assert counted == [Fraction(text) for text in hours]


@pytest.mark.parametrize(
    ("zone", "day", "exact", "clock"),
    [
        (BERLIN, "2026-03-29", "23", 23),
        (BERLIN, "2026-10-25", "25", 25),
        (NEW_YORK, "2026-03-08", "23", 23),
        (NEW_YORK, "2026-11-01", "25", 25),
        # the half hours are hours of the clock that are touched
        (LORD_HOWE, "2026-04-05", "24.5", 25),
        (LORD_HOWE, "2026-10-04", "23.5", 24),
        (KOLKATA, "2026-03-29", "24", 24),
    ],
)
def test_a_whole_day_on_which_the_clock_is_set(zone: ZoneInfo, day: str, exact: str, clock: int) -> None:
    starts_on = datetime.fromisoformat(day).date()
    whole_day = Cycle(starts_on, starts_on + timedelta(days=1)).period(zone)
    assert billable_hours([whole_day], "exact", zone) == Fraction(exact)
    assert billable_hours([whole_day], "clock_hour", zone) == clock


def test_the_hours_that_lord_howe_cuts_short() -> None:
    night = stretch("2026-04-05T01:59:00+11:00/2026-04-05T02:01:00+10:30")
    struck = [f"{hour.astimezone(UTC):%H:%M}" for hour in clock_hours(night, LORD_HOWE)]
    assert struck == ["14:00", "14:30", "15:30"]


def test_price_versions_and_sizes_are_separate_charges() -> None:
    """What breaks a charge is cut before: each piece counts the hour that it touches."""
    before, after = (
        stretch("2026-03-10T10:00:00Z/2026-03-10T10:20:00Z"),
        stretch("2026-03-10T10:20:00Z/2026-03-10T11:00:00Z"),
    )
    for rule in ("started_hour", "clock_hour"):
        assert billable_hours([before], rule, BERLIN) == billable_hours([after], rule, BERLIN) == 1
        assert billable_hours([before, after], rule, BERLIN) == 1


_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
STRETCHES = st.lists(
    st.builds(
        lambda second, length: Period(
            _NEW_YEAR + timedelta(seconds=second), _NEW_YEAR + timedelta(seconds=second, microseconds=length)
        ),
        st.integers(0, 330 * 86_400),
        st.integers(1, 10**11),
    ),
    max_size=5,
)
ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)


@given(STRETCHES, ZONES)
def test_rounding_never_takes_time_away(stretches: list[Period], zone: ZoneInfo) -> None:
    exact, minutes, hours, clock = (billable_hours(stretches, rule, zone) for rule in RULES)
    pieces = len(unbroken(stretches))
    assert exact <= minutes < exact + Fraction(pieces, 60) or exact == 0
    assert minutes <= hours < exact + pieces or exact == 0
    assert exact <= clock


@given(STRETCHES)
def test_unbroken_stretches_do_not_touch(stretches: list[Period]) -> None:
    joined = unbroken(stretches)
    assert all(one.end < other.start for one, other in pairwise(joined))
    assert all(any(whole.overlap(piece) == piece for whole in joined) for piece in stretches)
    assert unbroken(reversed(stretches)) == joined


@given(STRETCHES, ZONES)
def test_clock_hours_cover_the_stretch(stretches: list[Period], zone: ZoneInfo) -> None:
    for piece in stretches:
        hours = clock_hours(piece, zone)
        assert hours[0] <= piece.start
        assert hours[-1] < piece.end
        if offset_change(piece.start, piece.end, zone) is None:
            assert len(set(hours)) == len(hours)
            assert all(other - one == timedelta(hours=1) for one, other in pairwise(hours))
