from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing_site.common.locale_formats import LocaleFormats

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "minor_units", "written"),
    [
        ("de_DE", "1234567.5", "EUR", 2, f"1.234.567,50{NBSP}EUR"),
        ("de-DE", "-0.01", "EUR", 2, f"-0,01{NBSP}EUR"),
        ("de_CH", "1234.5", "CHF", 2, f"CHF{NBSP}1’234.50"),
        ("fr_CH", "1234.5", "CHF", 2, f"1{NARROW}234,50{NBSP}CHF"),
        ("pl_PL", "12345.5", "PLN", 2, f"12{NBSP}345,50{NBSP}PLN"),
        ("en_US", "1234.5", "USD", 2, f"USD{NBSP}1,234.50"),
        ("hi_IN", "1234567.5", "INR", 2, f"INR{NBSP}12,34,567.50"),
        ("ja_JP", "1234567", "JPY", 0, f"JPY{NBSP}1,234,567"),
        ("ar_KW", "1234.5", "KWD", 3, f"1,234.500{NBSP}KWD"),
        ("no such locale", "1234.5", "KWD", 3, f"KWD{NBSP}1,234.500"),
    ],
)
def test_money(locale, amount, currency, minor_units, written):
    assert LocaleFormats(locale, "UTC").money(Decimal(amount), currency, minor_units) == written


@pytest.mark.parametrize(
    ("value", "least", "written"),
    [
        ("0.049920000000", 2, "0.04992"),
        ("0.100000000000", 2, "0.10"),
        ("7.000000000000", 0, "7"),
        ("7.843441", 0, "7.843441"),
        ("0E-12", 0, "0"),
        ("0E-12", 3, "0.000"),
        ("1E+3", 2, "1,000.00"),
        ("0.000000123457", 2, "0.000000123457"),
        ("123456789012345678.123456789012", 2, "123,456,789,012,345,678.123456789012"),
    ],
)
def test_numbers_keep_every_decimal_but_no_idle_zero(value, least, written):
    assert LocaleFormats("en_US", "UTC").number(Decimal(value), least_decimals=least) == written


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("de_DE", "01.10.2023"),
        ("en_US", "Oct 1, 2023"),
        ("pl_PL", "1 paź 2023"),
        ("hi_IN", "1 अक्टू॰ 2023"),
        ("ja_JP", "2023/10/01"),
        ("ar_KW", "01/10/2023"),
    ],
)
def test_days(locale, written):
    assert LocaleFormats(locale, "UTC").day(date(2023, 10, 1)) == written


def test_whole_local_days_are_a_range_of_days():
    berlin = LocaleFormats("de_DE", "Europe/Berlin")
    # 1 October 2023 to 1 November 2023, local: the clock changes in between.
    start, end = datetime(2023, 9, 30, 22, tzinfo=UTC), datetime(2023, 10, 31, 23, tzinfo=UTC)
    assert berlin.period(start, end) == "1.–31. Okt. 2023"
    assert berlin.period(start, datetime(2023, 10, 1, 22, tzinfo=UTC)) == "01.10.2023"


def test_other_periods_are_written_to_the_minute_or_second_of_the_local_clock():
    kolkata = LocaleFormats("de_DE", "Asia/Kolkata")
    start = datetime(2023, 9, 1, 18, 30, tzinfo=UTC)
    assert (
        kolkata.period(start, datetime(2023, 9, 2, 4, 45, tzinfo=UTC)).replace(NBSP, " ")
        == "02.09.2023, 00:00 – 02.09.2023, 10:15"
    )
    assert (
        kolkata.period(start, datetime(2023, 9, 2, 4, 45, 7, tzinfo=UTC)).replace(NBSP, " ")
        == "02.09.2023, 00:00:00 – 02.09.2023, 10:15:07"
    )


def test_an_unknown_zone_is_read_as_utc():
    formats = LocaleFormats("en", "Atlantis/Capital")
    assert formats.period(datetime(2023, 9, 1, tzinfo=UTC), datetime(2023, 9, 2, tzinfo=UTC)) == "Sep 1, 2023"
