"""What is allowed and worth a second look: jumps, prices below cost, another model."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import ExchangeRate, PriceImportPolicy
from tests.factories.price_files import (
    NEW_YEAR,
    WIDE,
    findings,
    head_office,
    price,
    product,
    sentences,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hq():
    """1 USD = 0.80 EUR."""
    ExchangeRate.objects.create(
        base_id="USD", quote_id="EUR", rated_on=NEW_YEAR, rate=Decimal("0.8"), source="test"
    )
    return head_office()


def warnings(text, of, **how):
    done = upload(text, of, **how)
    assert done.state == "published"
    return findings(done, "warning"), sentences(done)


def test_below_the_cost_of_the_same_line(hq):
    places, told = warnings(f"{WIDE}\nVM,,hour,usage,1,1,0.79\nIP,,hour,usage,1,1,0.80", hq)
    assert places == [(2, "price_EUR", "below_cost")]
    assert told == ["line 2, column price_EUR: 0.79 EUR below the cost of 1 USD."]


def test_below_the_cost_in_the_book(hq):
    price(hq, unit_price="2")
    places, told = warnings("sku,price_USD,price_EUR\nVM,1.99,1.6", hq)
    assert places == [(2, "price_USD", "below_cost")]
    assert "1.99 USD below the cost of 2 USD." in told[0]


def test_a_jump_above_the_set_percentage(hq):
    PriceImportPolicy.objects.create(company=hq, jump_percent=20)
    upload(f"{WIDE}\nVM,,hour,usage,1,2,3\nIP,,hour,usage,1,2,3", hq)
    revision = f"{WIDE}\nVM,,hour,usage,1,2.4,3.61\nIP,,hour,usage,1,2.4,3.60"
    places, told = warnings(revision, hq, effective=date(2026, 2, 1))
    assert places == [(2, "price_EUR", "jump")]
    assert told == [
        "line 2, column price_EUR: 1 price changes by more than 20 %; that of DE the most, by 20.33 %, "
        "from 3 to 3.61 EUR."
    ]


def test_another_model(hq):
    product()
    upload("company,sku,currency,model,fee\nDE,VM,EUR,flat,5", hq)
    places, told = warnings("sku,price_EUR\nVM,3", hq, effective=date(2026, 2, 1))
    assert places == [(2, "price_EUR", "model_changed")]
    assert "The price of DE was of the model flat and becomes per_unit." in told[0]
