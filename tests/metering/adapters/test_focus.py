import gzip
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from metering.adapters.files import read_file
from metering.adapters.focus import NotFocus, price_list, read_lines
from metering.domain.incoming_events import Rejected
from tests.data.derive import DATA

COLUMNS = (
    "ProviderName,BillingAccountId,SubAccountId,SkuId,SkuPriceId,ChargePeriodStart,PricingQuantity,PricingUnit,"
    "ListUnitPrice,BillingCurrency,ServiceName,ServiceCategory,ChargeDescription,RegionId"
)
ROW = "AWS,123,456,2ETY,2ETY.JR,2024-09-30 22:00:00,0.0020,LCU-Hours,0.00800,USD,ELB,Network,An LCU,us-west-2"


def read(*rows, columns=COLUMNS):
    return list(read_file(io.BytesIO("\n".join([columns, *rows]).encode()), read_lines))


def test_a_row_is_usage_of_the_account_for_its_sku_unit_and_price():
    ((number, event),) = read(ROW)
    assert number == 2
    assert event.source == "focus.AWS.123"
    assert (event.type, event.subject, event.account) == ("usage", "", "456")
    assert event.time == datetime(2024, 9, 30, 22, tzinfo=UTC)
    assert (event.sku, event.quantity, event.unit) == ("AWS 2ETY.JR LCU-Hours@0.008", Decimal("0.002"), "")
    assert json.loads(event.payload)["ChargeDescription"] == "An LCU"


def test_a_row_is_known_by_its_id_or_by_its_content_and_turn():
    (_, one), (_, again), (_, other) = read(ROW, ROW, ROW.replace("0.0020", "0.0021"))
    assert one.id.endswith("-1")
    assert again.id == one.id[:-1] + "2"
    assert other.id.endswith("-1")
    assert other.id != one.id
    assert [event.id for _, event in read(ROW, ROW)] == [one.id, again.id]
    ((_, named),) = read(f"{ROW},77", columns=f"{COLUMNS},Id")
    assert named.id == "77"


@pytest.mark.parametrize(
    "row", [ROW.replace("0.00800", "NULL"), ROW.replace("0.0020", ""), ROW.replace("0.00800", "n/a")]
)
def test_a_row_without_quantity_or_price_is_no_usage(row):
    assert read(row) == [(2, None)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ROW.replace("0.0020", "-0.5"), "below 0"),
        (ROW.replace("0.0020", "many"), "is not a number"),
        (ROW.replace("2024-09-30 22:00:00", "yesterday"), "not an ISO 8601 instant"),
        (ROW.replace("2024-09-30 22:00:00", "NULL"), "not an ISO 8601 instant"),
        (ROW.replace(",123,456,", ",,,"), "data.account"),
        (ROW + ",more", "15 cells"),
    ],
)
def test_a_bad_row_is_told_and_the_ones_around_it_stand(row, words):
    (_, one), (number, refused), (_, other) = read(ROW, row, ROW)
    assert number == 3
    assert isinstance(refused, Rejected)
    assert words in refused.detail
    assert one.account == other.account == "456"


def test_another_table_is_refused():
    with pytest.raises(NotFocus, match="ChargePeriodStart, PricingQuantity"):
        read("a,b", columns="ProviderName,cost")


def test_every_real_row_stands_for_a_product_of_the_price_list():
    with gzip.open(DATA / "focus_real_raw.csv.gz", "rb") as file:
        lines = file.readlines()
    products = {line["sku"]: line for line in price_list(iter(lines))}
    events = [event for _, event in read_lines(iter(lines))]
    assert len(events) == 601
    assert events.count(None) == 1
    # What Microsoft takes back cannot be usage (rule 7).
    refused = [event.detail for event in events if isinstance(event, Rejected)]
    assert len(refused) == 7
    assert all("below 0" in detail for detail in refused)
    taken = [event for event in events if event and not isinstance(event, Rejected)]
    assert {event.sku for event in taken} <= products.keys()
    assert len({event.identity for event in taken}) == len(taken) == 593
    assert max(len(sku) for sku in products) <= 120
    assert {line["kind"] for line in products.values()} == {"usage"}
