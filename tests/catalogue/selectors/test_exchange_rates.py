from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.models import ExchangeRate
from catalogue.selectors.exchange_rates import NoExchangeRate, exchange_rate_on
from tests.factories.invoices import currency

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 10)


def listed(base, quote, rate, on=MARCH):
    for code in (base, quote):
        currency(code, 2)
    return ExchangeRate.objects.create(
        base_id=base, quote_id=quote, rated_on=on, rate=Decimal(rate), source="ECB"
    )


def test_a_listed_pair_is_used_as_listed_with_its_last_rate():
    listed("EUR", "USD", "1.05", date(2026, 3, 1))
    last = listed("EUR", "USD", "1.08", date(2026, 3, 9))
    listed("EUR", "USD", "1.10", date(2026, 3, 11))
    conversion = exchange_rate_on("EUR", "USD", MARCH)
    assert (conversion.rate, conversion.legs) == (Fraction("1.08"), (last,))


def test_a_pair_that_is_not_listed_goes_by_the_euro_each_leg_on_its_own_date():
    to_base = listed("EUR", "GBP", "0.85", date(2026, 3, 6))
    to_quote = listed("EUR", "USD", "1.08", date(2026, 3, 9))
    conversion = exchange_rate_on("GBP", "USD", MARCH)
    assert (conversion.rate, conversion.legs) == (Fraction("1.08") / Fraction("0.85"), (to_base, to_quote))


def test_the_other_way_round_goes_by_the_euro_too():
    leg = listed("EUR", "USD", "1.25")
    conversion = exchange_rate_on("USD", "EUR", MARCH)
    assert (conversion.rate, conversion.legs) == (Fraction("0.8"), (leg,))


def test_what_is_listed_only_against_the_dollar_goes_by_the_dollar():
    to_base, to_quote = listed("USD", "AED", "3.6725"), listed("USD", "KWD", "0.307")
    conversion = exchange_rate_on("AED", "KWD", MARCH)
    assert (conversion.rate, conversion.legs) == (Fraction("0.307") / Fraction("3.6725"), (to_base, to_quote))


def test_a_currency_and_itself(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert exchange_rate_on("EUR", "EUR", MARCH).rate == 1


def test_what_no_rate_connects():
    listed("EUR", "USD", "1.08", date(2026, 3, 11))
    with pytest.raises(NoExchangeRate, match="from EUR to USD on 2026-03-10 or before"):
        exchange_rate_on("EUR", "USD", MARCH)


def test_one_query_whatever_the_way(django_assert_num_queries):
    listed("EUR", "GBP", "0.85")
    listed("EUR", "USD", "1.08")
    with django_assert_num_queries(1):
        exchange_rate_on("GBP", "USD", MARCH)
