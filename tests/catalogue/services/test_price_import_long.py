"""Long price files: a line a price, of any model, for any book or account."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogue.models import Account, Price, PriceTier
from tests.factories.price_files import (
    LONG,
    counts,
    findings,
    head_office,
    price,
    product,
    sentences,
    upload,
)

pytestmark = pytest.mark.django_db
ALL = (
    "company,sku,currency,model,unit_price,fee,package_size,package_price,percent,fixed_fee,tiers,included,cap,"
    "minimum,scope"
)


@pytest.fixture
def hq():
    found = head_office()
    product()
    return found


def test_every_model(hq):
    lines = [
        "DE,VM,EUR,per_unit,0.5,,,,,,,10,30,5,account",
        "US,VM,USD,flat,,9.99,,,,,,,,,",
        "HQ,VM,USD,graduated,,,,,,,100:0.10;500:0.08:1.5;:0.05,,,,",
    ]
    assert counts(upload("\n".join([ALL, *lines]), hq)) == (3, 0, 0, 0, 0)
    euro, dollar, cost = (Price.objects.get(company__code=code) for code in ("DE", "US", "HQ"))
    assert (euro.unit_price, euro.included, euro.cap, euro.minimum, euro.scope) == (
        Decimal("0.5"),
        10,
        30,
        5,
        "account",
    )
    assert (dollar.model, dollar.fee, dollar.unit_price) == ("flat", Decimal("9.99"), None)
    assert list(
        PriceTier.objects.filter(price=cost).values_list("lower", "up_to", "unit_price", "flat_fee")
    ) == [
        (0, 100, Decimal("0.10"), 0),
        (100, 500, Decimal("0.08"), Decimal("1.5")),
        (500, None, Decimal("0.05"), 0),
    ]
    again = upload("\n".join([ALL, *lines]), hq)
    assert counts(again) == (0, 0, 3, 0, 0)


def test_package_and_percentage(hq):
    lines = ["DE,VM,EUR,package,,,1000,5.00,,,,,,,", "US,VM,USD,percentage,,,,,2.9,0.30,,,,,"]
    assert counts(upload("\n".join([ALL, *lines]), hq)) == (2, 0, 0, 0, 0)
    package, percentage = Price.objects.order_by("company__code")
    assert (package.package_size, package.package_price) == (1000, 5)
    assert (percentage.percent, percentage.fixed_fee) == (Decimal("2.9"), Decimal("0.3"))


def test_a_price_agreed_with_an_account(hq):
    office = hq.sales_offices.get(code="DE")
    account = Account.objects.create(
        code="A1", name="A1", company=office, currency=office.currency, country="DE", timezone="UTC"
    )
    text = "company,sku,currency,account,unit_price\nDE,VM,EUR,A1,0.4\nDE,VM,EUR,,0.5"
    assert counts(upload(text, hq)) == (2, 0, 0, 0, 0)
    assert Price.objects.get(account=account).unit_price == Decimal("0.4")
    assert findings(upload("company,sku,account,unit_price\nDE,VM,B7,1", hq)) == [
        (2, "account", "unknown_account")
    ]


def test_withdrawn_prices_end(hq):
    entry = price(hq.sales_offices.get(code="DE"), valid_from=datetime(2025, 1, 1, tzinfo=UTC))
    text = "company,sku,currency,withdraw,valid_from\nDE,VM,EUR,yes,2026-05-01T00:00:00Z"
    assert counts(upload(text, hq)) == (0, 0, 0, 1, 0)
    entry.refresh_from_db()
    assert entry.superseded_at is not None
    ended = Price.objects.get(superseded_at=None)
    assert (ended.valid_from, ended.valid_to) == (entry.valid_from, datetime(2026, 5, 1, tzinfo=UTC))
    assert counts(upload(text, hq)) == (0, 0, 1, 0, 0)


def test_two_lines_that_overlap_name_each_other(hq):
    text = f"{LONG},valid_to\nDE,VM,EUR,per_unit,1,2026-01-01,2026-03-01\nDE,VM,EUR,per_unit,2,2026-02-01,\n"
    refused = upload(text, hq)
    assert findings(refused) == [(3, "sku", "overlap")]
    assert "stand in line 2 (from 2025-12-31 23:00:00+00" in sentences(refused)[0]
    assert "and in line 3 (from 2026-01-31 23:00:00+00" in sentences(refused)[0]
    assert not Price.objects.exists()


@pytest.mark.parametrize(
    ("tiers", "sentence"),
    [
        ("0-100:1;50-:2", "Tier 2 begins at 50 and overlaps the one before, which ends at 100"),
        ("0-100:1;200-:2", "the hole between them has no price"),
        ("100:1;50:2;:3", ""),
        ("100:1;500:2", ""),
        (":1;:2", ""),
        ("100", "write up_to:unit_price"),
        ("100:x;:1", "is not a number"),
        ("100:-1;:1", ""),
        ("100:NaN;:1", ""),
    ],
    ids=["overlap", "hole", "falling", "no-end", "two-ends", "no-price", "no-number", "below-0", "nan"],
)
def test_tiers_that_are_none(hq, tiers, sentence):
    refused = upload(f"company,sku,currency,model,tiers\nDE,VM,EUR,graduated,{tiers}", hq)
    ((line, column, _code),) = findings(refused)
    assert (line, column) == (2, "tiers")
    assert sentence in sentences(refused)[0]
    assert not Price.objects.exists()


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ("XX,VM,EUR,per_unit,1,", (2, "company", "unknown_company")),
        ("DE,XX,EUR,per_unit,1,", (2, "sku", "unknown_sku")),
        ("DE,VM,EU,per_unit,1,", (2, "currency", "unknown_currency")),
        ("DE,VM,EUR,unit,1,", (2, "model", "unknown_model")),
        ("DE,VM,EUR,per_unit,,", (2, "unit_price", "missing_term")),
        ("DE,VM,EUR,flat,1,", (2, "fee", "missing_term")),
        ("DE,VM,EUR,per_unit,-1,", (2, "unit_price", "invalid_amount")),
        ("DE,VM,EUR,per_unit,NaN,", (2, "unit_price", "not_a_number")),
        ("DE,VM,EUR,per_unit,Infinity,", (2, "unit_price", "not_a_number")),
        ("DE,VM,EUR,per_unit,1.1234567890123,", (2, "unit_price", "invalid_amount")),
        ("DE,VM,EUR,per_unit,1,soon", (2, "valid_from", "not_an_instant")),
        ("DE,VM,EUR,per_unit,1,2026-02-30", (2, "valid_from", "not_an_instant")),
        ("DE,VM,EUR,per_unit,1,2026-02-01T00:00:00", (2, "valid_from", "not_an_instant")),
    ],
    ids=[
        *("company", "sku", "currency", "model", "no-price", "other-term", "negative", "nan", "infinity"),
        *("13-decimals", "no-date", "30-february", "no-zone"),
    ],
)
def test_faults(hq, cells, place):
    refused = upload(f"{LONG}\n{cells}", hq)
    assert place in findings(refused)
    assert not Price.objects.exists()


def test_an_exponent_is_read_exactly(hq):
    upload(f"{LONG}\nDE,VM,EUR,per_unit,1.5E-7,\n", hq)
    assert Price.objects.get().unit_price == Decimal("0.00000015")


def test_a_sales_office_sets_only_its_own(hq):
    office = hq.sales_offices.get(code="DE")
    assert counts(upload(f"{LONG}\n,VM,EUR,per_unit,1,", office)) == (1, 0, 0, 0, 0)
    assert findings(upload(f"{LONG}\nUS,VM,USD,per_unit,1,", office)) == [(2, "company", "unknown_company")]
