"""Each rule of leakage: the leak is planted and found with its money, the cause goes and it is closed.

A GB sells at 1 EUR, an hour of VM at 0.10 EUR; they cost 0.40 and 0.04. EUR everywhere.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from celery import current_app

from billing_site.common.sql import statement
from catalogue.models import Product, Promotion
from catalogue.services.api_keys import create_api_key
from invoicing.domain.credits import CreditRequest, CreditWish
from invoicing.models import Invoice
from invoicing.services.bill_runs import run_bill_run
from invoicing.services.credit_notes import credit_invoice
from metering.models import AccountPeriod, Charge, IngestBatch, Resource
from metering.services.exceptions import estimate_money_at_risk
from reconciliation import tasks
from reconciliation.domain.leakage import RULES
from reconciliation.models import Finding
from reconciliation.selectors.visible import visible_findings
from reconciliation.services.leakage import find_leaks
from tests.factories.metered import APRIL, MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db
NOW = at(6, 12, month=4)
DAY = timedelta(days=1)


@pytest.fixture
def world():
    """March 2026 billed on 2 April: a machine since 1 March, 100 GB of the account."""
    world = metered()
    for sku, unit_price, cost in (("GB", "1", "0.40"), ("VM", "0.10", "0.04")):
        product = world.product(
            sku, kind="time" if sku == "VM" else "usage", unit="hour" if sku == "VM" else "GB"
        )
        world.price(product, per_unit(unit_price))
        world.price(product, per_unit(cost), company=world.head)
    world.life("vm-1", at(1), VM="1")
    world.use("GB", at(10), "100")
    return world


def billed(world):
    bill(world, MARCH, at(2, month=4))
    world.rate(NOW)
    return world


def bill(world, month, cutoff):
    run_bill_run(company=world.office, month=month, cutoff=cutoff, issued_on=cutoff.date())


def leaks(world, now=NOW, company=None):
    """What is open after a look: rule, key, money at risk."""
    find_leaks(company=company or world.office, at=now)
    return [
        (finding.level, finding.key, finding.money_at_risk and f"{finding.money_at_risk:.2f}")
        for finding in Finding.objects.filter(closed_at=None).order_by("level", "month", "key")
    ]


def test_a_clean_month_has_none(world):
    assert leaks(billed(world)) == []


def test_running_but_not_billed(world):
    """The charge of April's first 5.5 days is lost: 132 hours at 0.10."""
    billed(world)
    Charge.objects.filter(month=APRIL, resource_id__isnull=False, side="sell").delete()
    assert leaks(world) == [("running_not_billed", "acme VM vm-1", "13.20")]
    AccountPeriod.objects.filter(month=APRIL).update(stale=True)
    world.rate(NOW)
    assert leaks(world, NOW + DAY / 2) == []


def test_billed_after_decommission(world):
    """It ended on 16 March at noon, and March is billed whole: 372 hours of 744, half of 74.40."""
    billed(world)
    Resource.objects.filter(name="vm-1").update(ended_at=at(16, 12), state="ended")
    # April's charge of the five and a half days until now is all of it after the end: 13.20.
    assert [leak for leak in leaks(world) if leak[0] == "billed_after_end"] == [
        ("billed_after_end", "acme VM vm-1", "37.20"),
        ("billed_after_end", "acme VM vm-1", "13.20"),
    ]
    invoice = Invoice.objects.get()
    request = CreditRequest((CreditWish("VM", Decimal("74.40"), "vm-1"),))
    credit_invoice(invoice=invoice, request=request, request_id="c", issued_on=NOW.date())
    assert leaks(world, NOW + DAY / 2) == [("billed_after_end", "acme VM vm-1", "13.20")]


def test_used_without_a_price_in_the_account_s_currency(world):
    """2 TB at noon on 3 April have no price; priced from then on, they have one."""
    disk = world.product("DISK", unit="TB")
    world.use("DISK", at(3, 12, month=4), "2")
    billed(world)
    assert leaks(world) == [("used_without_price", "acme DISK", None)]
    assert "No price in EUR at 2026-04-03 12:00 UTC" in Finding.objects.get().note
    world.price(disk, per_unit("8"), valid_from=at(1, month=4))
    world.rate(NOW)
    assert leaks(world, NOW + DAY / 2) == []


def test_a_price_about_to_end(world):
    """The only price of 10 licences ends on 3 May; it was worth 30 EUR in March. A successor mends it."""
    licence = world.product("LICENCE", unit="each")
    ending = world.price(licence, per_unit("3"), valid_to=at(3, month=5))
    world.use("LICENCE", at(20), "10")
    billed(world)
    assert leaks(world, at(1, month=4)) == []
    assert leaks(world) == [("price_ending", f"LICENCE EUR entry {ending.pk}", "30.00")]
    world.price(licence, per_unit("4"), valid_from=at(3, month=5))
    assert leaks(world, NOW + DAY) == []


def test_zero_price_by_mistake(world):
    """From 10 March the GB is free: the 100 GB of that day would have come to 100 EUR."""
    free = world.price(Product.objects.get(sku="GB"), per_unit("0"), valid_from=at(10))
    billed(world)
    assert leaks(world) == [
        ("negative_margin", "acme GB", "40.00"),
        ("zero_price", f"GB EUR entry {free.pk}", "100.00"),
    ]


def test_missing_hours(world):
    """A meter covers two hours of 1 March, with a hole of one between them, then nothing for 36 days."""
    world.product("METER", unit="kWh")
    world.price(Product.objects.get(sku="METER"), per_unit("0.5"))
    for hour in (0, 2):
        world.use("METER", at(1, hour), "4", resource="vm-1", until=at(1, hour + 1))
    billed(world)
    found = leaks(world)
    assert [(rule, key) for rule, key, _ in found] == [
        ("missing_hours", "vm-1 METER 2026-03-01T01:00:00"),
        ("missing_hours", "vm-1 METER silent since 2026-03-01T03:00:00"),
    ]
    # 4 kWh an hour at 0.5 for 36 days and 9 hours: 873 x 2.
    assert found[1][2] == "1746.00"
    world.use("METER", at(1, 1), "4", resource="vm-1", until=at(1, 2), received=NOW)
    world.use("METER", at(1, 3), "4", resource="vm-1", until=NOW, received=NOW)
    world.rate(NOW)
    assert leaks(world, NOW + DAY / 2) == []


def test_negative_margin(world):
    """A GB sold to the account at 0.30 costs 0.40: 100 GB lose 10 EUR. Support does not learn of it."""
    world.price(Product.objects.get(sku="GB"), per_unit("0.30"), account=world.account)
    billed(world)
    assert leaks(world) == [("negative_margin", "acme GB", "10.00")]
    assert "Revenue 30.00, cost 40.00 EUR." in Finding.objects.get().note
    key, _ = create_api_key(name="k", company=world.office, account=None, scopes=["billing:read"])
    assert not visible_findings(key).exists()


def test_a_discount_past_its_end(world):
    """10 percent off the 174.40 of March, by a promotion that ended with February."""
    promotion = Promotion.objects.create(
        code="SPRING", company=world.office, percent=Decimal(10), valid_from=date(2026, 1, 1)
    )
    promotion.accounts.add(world.account)
    billed(world)
    assert leaks(world) == []
    promotion.valid_to = date(2026, 3, 1)
    promotion.save()
    number = Invoice.objects.get().number
    assert leaks(world) == [("discount_past_end", f"SPRING {number}", "17.44")]
    promotion.valid_to = None
    promotion.save()
    assert leaks(world, NOW + DAY / 2) == []


def test_unbilled_charges_older_than_a_period(world):
    """March is 174.40 and never billed; 31 days after its end that is a leak, until it is billed."""
    world.rate(NOW)
    assert leaks(world, at(1, 23, month=5) - DAY) == []
    late = at(2, month=5)
    assert leaks(world, late) == [("unbilled_charges", "acme", "174.40")]
    bill(world, MARCH, late)
    assert leaks(world, late + DAY / 24) == []


def test_events_unrated_for_too_long(world):
    """A record of an unknown resource waits for a day: 5 GB, worth 5 EUR; its resource comes."""
    world.use("GB", at(3, month=4), "5", resource="vm-2", received=NOW)
    billed(world)
    estimate_money_at_risk(now=NOW)
    assert leaks(world, NOW + DAY) == []
    assert leaks(world, NOW + DAY + DAY / 24) == []
    assert [leak[0] for leak in leaks(world, NOW + DAY + DAY / 24, company=world.head)] == [
        "unrated_too_long"
    ]
    world.life("vm-2", at(2, month=4), received=NOW + DAY, VM="1")
    world.rate(NOW + 2 * DAY)
    assert leaks(world, NOW + 2 * DAY, company=world.head) == []
    IngestBatch.objects.update(mediated_at=None)
    AccountPeriod.objects.filter(month=APRIL).update(stale=True)
    AccountPeriod.objects.filter(month=APRIL).update(stale_since=NOW)
    waiting = [leak[1] for leak in leaks(world, NOW + 3 * DAY)]
    assert waiting == ["rating of acme"]
    assert len(leaks(world, NOW + 4 * DAY, company=world.head)) == 1 + IngestBatch.objects.count()


def test_every_rule_has_a_query_with_a_head_comment():
    for rule in RULES:
        assert statement("reconciliation", f"leak_{rule}").startswith("-- Grain:")


@pytest.fixture
def at_once():
    """Tasks are done where they are sent."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


def test_the_task_deals_out_every_company(world, at_once):
    world.use("GB", at(3, month=4), "5", resource="vm-2", received=at(3, month=4))
    billed(world)
    assert tasks.find_leaks() == 2
    assert Finding.objects.filter(level="unrated_too_long", company=world.head).exists()
