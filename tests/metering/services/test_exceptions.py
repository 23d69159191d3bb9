from datetime import timedelta
from decimal import Decimal

import pytest

from catalogue.models import Scope
from metering.models import AccountPeriod, EventException, IngestBatch
from metering.selectors.unrated import jobs_behind, unrated
from metering.services.exceptions import estimate_money_at_risk, requeue_healed, retry_exceptions
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from tests.factories.houses import client_of, key_of, operator_of
from tests.factories.metered import MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db
NOW = at(20)


@pytest.fixture
def world(db):
    return metered()


def open_ones(**narrowed):
    return EventException.objects.filter(closed_at=None, **narrowed)


def the_one(kind):
    return open_ones().get(kind=kind)


def at_risk(kind):
    estimate_money_at_risk(now=NOW)
    exception = the_one(kind)
    return exception.money_at_risk, exception.currency


def look_again(exception):
    retry_exceptions(ids=[exception.pk])
    mediate_waiting(now=NOW)


def test_a_record_after_the_end_risks_its_quantity_at_the_price_that_would_apply(world):
    world.price(world.product("NET"), per_unit("0.125"))
    world.life("vm-1", at(1))
    world.life("vm-1", at(3), "decommissioned")
    world.use("NET", at(4), "10", resource="vm-1")
    mediate_waiting(now=NOW)
    assert at_risk("usage_after_end") == (Decimal("1.25"), "EUR")


def test_what_no_invoice_could_say_risks_what_nobody_knows(world):
    """Nor does it keep the others from being estimated."""
    world.price(world.product("NET"), per_unit("0.125"))
    world.life("vm-1", at(1))
    world.life("vm-1", at(3), "decommissioned")
    for quantity in ("9" * 26, "10"):
        world.use("NET", at(4), quantity, resource="vm-1")
    mediate_waiting(now=NOW)
    estimate_money_at_risk(now=NOW)
    risks = open_ones(kind="usage_after_end").order_by("event_id")
    assert list(risks.values_list("money_at_risk", flat=True)) == [None, Decimal("1.25")]


def test_an_overlap_risks_what_the_record_comes_to(world):
    world.price(world.product("GPU", unit="hour"), per_unit("2"))
    world.life("vm-1", at(1))
    for start, quantity in ((1, "1"), (1, "0.75")):
        world.use("GPU", at(1, start), quantity, resource="vm-1", until=at(1, start + 1))
    mediate_waiting(now=NOW)
    assert at_risk("overlap") == (Decimal("1.50"), "EUR")


def test_a_gap_risks_the_missing_active_hours_at_the_pace_before_it(world):
    world.price(world.product("GPU", unit="hour"), per_unit("2"))
    world.life("vm-1", at(1))
    world.life("vm-1", at(1, 3), "suspended")
    world.life("vm-1", at(1, 4), "resumed")
    for start in (0, 5):
        world.use("GPU", at(1, start), "1.5", resource="vm-1", until=at(1, start + 1))
    mediate_waiting(now=NOW)
    gap = the_one("gap")
    assert (gap.gap_start, gap.gap_end) == (at(1, 1), at(1, 5))
    assert "2026-03-01 01:00 to 2026-03-01 05:00 UTC" in gap.reason
    # 1:00 to 5:00 less the suspended hour: 3 h x 1.5 x 2.00
    assert at_risk("gap") == (Decimal("9.00"), "EUR")
    world.use("GPU", at(1, 3), "3", resource="vm-1", until=at(1, 5), received=at(2))
    mediate_waiting(now=NOW)
    assert the_one("gap").gap_end == at(1, 3)
    # 1:00 to 3:00: 2 h x 1.5 x 2.00
    assert at_risk("gap") == (Decimal("6.00"), "EUR")
    world.use("GPU", at(1, 1), "3", resource="vm-1", until=at(1, 3), received=at(3))
    mediate_waiting(now=NOW)
    assert not open_ones().exists()


def test_what_changes_nothing_risks_nothing_and_what_has_no_price_is_not_known(world):
    world.life("vm-1", at(1))
    world.life("vm-1", at(2), "resumed")
    world.use("NOTHING", at(3), "1", resource="vm-1")
    mediate_waiting(now=NOW)
    assert at_risk("redundant_transition") == (Decimal(0), "")
    assert at_risk("unknown_sku") == (None, "")


def test_a_record_of_nobody_known_is_priced_by_the_office_that_sent_it(world):
    world.price(world.product("NET"), per_unit("0.5"))
    world.price(world.product("DISK"), per_unit("9"), company=world.head)
    event = {"head_office_id": world.head.pk}
    world.use("DISK", at(1), "1", resource="vm-9")
    mediate_waiting(now=NOW)
    assert at_risk("unknown_resource") == (None, "")
    world.use("NET", at(1), "4", account="nobody")
    mediate_waiting(now=NOW)
    assert at_risk("unknown_account") == (None, "")
    EventException.objects.filter(kind="unknown_account", **event).update(
        company_id=world.office.pk, estimated_at=None
    )
    assert at_risk("unknown_account") == (Decimal("2.00"), "EUR")


def test_what_waited_for_a_product_is_placed_without_another_batch(world):
    world.life("vm-1", at(1), VM="1", GPU="1")
    world.use("NET", at(2), "5")
    mediate_waiting(now=NOW)
    assert {x.kind for x in open_ones()} == {"unknown_sku"}
    assert requeue_healed() == 0
    world.product("VM", kind="time", unit="hour")
    assert requeue_healed() == 0
    world.product("NET")
    world.product("GPU", kind="time", unit="hour")
    assert requeue_healed() == 2
    mediate_waiting(now=NOW)
    assert not open_ones().exists()
    assert requeue_healed() == 0


def test_a_retry_looks_at_the_event_again(world):
    product = world.product("NET")
    world.use("NET", at(2), "5", unit="MB")
    mediate_waiting(now=NOW)
    exception = the_one("unknown_unit")
    look_again(exception)
    assert the_one("unknown_unit") == exception
    product.unit_factors.create(unit="MB", numerator=1, denominator=1000)
    look_again(exception)
    assert not open_ones().exists()


def test_a_retry_of_a_gap_looks_at_the_record_after_it(world):
    world.product("GPU", unit="hour")
    world.life("vm-1", at(1))
    for start in (0, 2):
        world.use("GPU", at(1, start), "1", resource="vm-1", until=at(1, start + 1))
    mediate_waiting(now=NOW)
    look_again(the_one("gap"))
    EventException.objects.filter(kind="gap").update(key="stale vm-1 GPU 0")
    look_again(EventException.objects.get(kind="gap"))
    assert [gap.key.startswith("vm-1") for gap in open_ones()] == [True]


def test_a_conflict_closes_when_the_record_that_stands_is_void(world):
    world.price(world.product("NET"), per_unit("0.5"))
    record = world.use("NET", at(2), "5")
    world.use("NET", at(2), "6", id=record)
    mediate_waiting(now=NOW)
    # What stands may be wrong by as much as it comes to.
    assert at_risk("conflict") == (Decimal("2.50"), "EUR")
    world.void(record, at(3))
    mediate_waiting(now=NOW)
    assert not open_ones().exists()


def test_a_retry_of_what_had_no_price_has_the_month_rated_again(world):
    product = world.product("NET")
    world.use("NET", at(2), "5")
    world.close(MARCH, at(2, month=4))
    exception = the_one("no_price")
    assert "NET has no price" in exception.reason
    AccountPeriod.objects.update(stale=False)
    retry_exceptions(ids=[exception.pk])
    assert AccountPeriod.objects.get(stale=True).month == MARCH
    world.price(product, per_unit("1"))
    world.rate(at(3, month=4))
    assert not open_ones().exists()
    assert [charge.net_amount for charge in world.charges()] == [Decimal("5.00")]


def test_a_retry_by_api_is_for_those_who_may_change_and_see_it(world, django_capture_on_commit_callbacks):
    world.use("NET", at(2), "5")
    mediate_waiting(now=NOW)
    exception = the_one("unknown_sku")
    address = f"/api/v1/exceptions/{exception.pk}/retry"
    reader, writer = key_of(world.head, Scope.BILLING_READ), key_of(world.head, Scope.BILLING_WRITE)
    assert client_of(reader).post(address).status_code == 403
    stranger = metered_stranger()
    assert client_of(key_of(stranger, Scope.BILLING_WRITE)).post(address).status_code == 404
    assert IngestBatch.objects.filter(mediated_at=None).count() == 0
    answer = client_of(writer).post(address)
    assert (answer.status_code, answer.json()["id"]) == (202, exception.pk)
    assert IngestBatch.objects.filter(mediated_at=None).count() == 1


def metered_stranger():
    from catalogue.services.companies import open_company

    return open_company(code="other", name="Other", country="DE", currency="EUR", timezone="UTC", parent=None)


def test_a_retry_in_the_console(world, client):
    world.use("NET", at(2), "5")
    mediate_waiting(now=NOW)
    exception = the_one("unknown_sku")
    client.force_login(operator_of(world.head, "support"))
    address = f"/console/metering/eventexception/{exception.pk}/retry/"
    assert client.post(address, {"_form_submitted": "on"}).status_code == 403
    client.force_login(operator_of(world.head, "billing admin"))
    assert client.get(address).status_code == 200
    assert IngestBatch.objects.filter(mediated_at=None).count() == 0
    assert client.post(address, {"_form_submitted": "on"}).headers["HX-Redirect"].endswith("?state=open")
    assert IngestBatch.objects.filter(mediated_at=None).count() == 1


def test_unrated_for_more_than_an_hour(world, client):
    world.price(world.product("NET"), per_unit("1"))
    admin = operator_of(world.head, "billing admin")
    client.force_login(admin)
    assert jobs_behind(at=NOW) == ""
    world.use("NET", at(2), "5")
    ingest([], sender=Sender(world.head.pk, world.head.pk), received_at=NOW, channel="test")
    assert unrated(admin, at=at(2, 1)).count == 0
    assert unrated(admin, at=at(2, 1, 1)).batches.count() == 1
    assert jobs_behind(at=at(2, 1, 1)).startswith(
        "1 events wait for mediation, the first since 2026-03-02T00"
    )
    mediate_waiting(now=at(2, 2))
    (month,) = AccountPeriod.objects.all()
    assert (month.stale, month.stale_since is not None) == (True, True)
    AccountPeriod.objects.update(stale_since=at(2, 2))
    assert unrated(admin, at=at(2, 3)).count == 0
    assert list(unrated(admin, at=at(2, 3, 1)).months) == [month]
    assert jobs_behind(at=at(2, 3, 1)).startswith("1 account months wait for rating")
    world.rate(at(2, 4))
    month.refresh_from_db()
    assert (month.stale_since, month.rated_as_of) == (None, at(2, 4))
    world.use("DISK", at(3), "5", account="acme")
    mediate_waiting(now=at(3))
    exception = the_one("unknown_sku")
    assert list(unrated(admin, at=at(3) + timedelta(minutes=61)).exceptions) == [exception]
    assert jobs_behind(at=at(9)) == ""
    body = client.get("/api/v1/unrated").json()
    assert (body["count"], body["exceptions"][0]["kind"]) == (1, "unknown_sku")
    page = client.get("/console/metering/eventexception/unrated/").content.decode()
    assert "Waiting for a person" in page
    assert "Waiting for mediation" not in page
