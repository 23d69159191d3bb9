"""Files as they come: real price lists, one after the other, and what they leave in the books."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from catalogue.models import ImportLine, Price, PriceImport, Product
from catalogue.signals import prices_changed
from tests.factories.price_files import (
    NOW,
    PRICE_LISTS,
    WIDE,
    company,
    counts,
    findings,
    head_office,
    price,
    sentences,
    twelve_countries,
    upload,
    upload_list,
)

pytestmark = pytest.mark.django_db


def test_a_real_revision():
    hq = twelve_countries()
    assert counts(upload_list("products_300.csv", hq)) == (300, 0, 0, 0, 0)
    assert counts(upload_list("azure_revision_2026-04-02.csv", hq, date(2026, 4, 2))) == (120, 0, 0, 0, 0)
    last = date(2026, 6, 18)
    assert counts(upload_list("azure_revision_2026-06-18.csv", hq, last)) == (20, 80, 40, 0, 0)
    assert Price.objects.count() == (300 + 120 + 80 + 20) * 13
    again = upload_list("azure_revision_2026-06-18.csv", hq, last)
    assert counts(again) == (0, 0, 140, 0, 0)
    assert (again.prices_new, again.prices_changed, again.prices_unchanged) == (0, 0, 140 * 13)
    assert Price.objects.count() == (300 + 120 + 80 + 20) * 13
    assert not ImportLine.objects.exists()


def test_every_country_gets_its_column_and_the_head_office_the_cost():
    upload_list("products_300.csv", twelve_countries())
    of_vm = Price.objects.filter(product__sku="AZ-eastus-Standard_B2s")
    assert of_vm.count() == 13
    prices = {entry.company.code: entry for entry in of_vm.select_related("company")}
    expected = {
        "HQ": ("USD", Decimal("0.0416")),
        "US": ("USD", Decimal("0.04992")),
        "JP": ("JPY", Decimal("7.843441")),
        "KW": ("KWD", Decimal("0.015411")),
    }
    assert {code: (prices[code].currency_id, prices[code].unit_price) for code in expected} == expected
    assert prices["HQ"].note.startswith("Azure retail")
    assert prices["DE"].note == ""


def test_what_a_line_says_about_its_product():
    upload_list("products_300.csv", twelve_countries())
    kinds = dict(Product.objects.values_list("sku", "kind"))
    assert kinds["AZ-eastus-Standard_B2s"] == "time"
    assert kinds["IC-aws_backup_vault-FSx-for-Windows-backup-GB"] == "usage"
    plan = Product.objects.get(sku="AZ-uaenorth-Standard_D2s_v5-MONTHLY")
    assert (plan.kind, plan.cycle, plan.unit, plan.in_advance) == ("recurring", "monthly", "month", False)


def test_the_faults_of_a_dirty_upload():
    hq = twelve_countries()
    refused = upload_list("dirty_upload.csv", hq)
    assert (refused.state, Price.objects.count(), Product.objects.count()) == ("refused", 0, 0)
    assert findings(refused) == [
        (5, "price_JPY", "not_a_number"),
        (8, "price_EUR", "not_a_number"),
        (14, "price_USD", "invalid_amount"),
        (20, "price_GBP", "not_a_number"),
        (26, "sku", "no_sku"),
        (29, "sku", "overlap"),
        (41, "unit", "unknown_unit"),
        (44, "charge_type", "unknown_charge_type"),
        (47, "price_INR", "invalid_amount"),
        (56, "", "field_count"),
        (59, "", "field_count"),
    ]
    assert findings(refused, "notice") == [
        (11, "price_KWD", "no_price"),
        (17, "price_USD", "zero_price"),
        (32, "sku", "spaces_trimmed"),
        (35, "name", "formula"),
        (50, "cost_usd", "no_cost"),
    ]
    assert "line 28" in refused.findings.get(code="overlap").sentence


def test_what_may_stay_of_a_dirty_upload():
    hq = twelve_countries()
    lines = (PRICE_LISTS / "dirty_upload.csv").read_text("utf-8-sig").splitlines()
    wrong = {5, 8, 14, 20, 26, 29, 41, 44, 47, 56, 59}
    clean = "\n".join(line for number, line in enumerate(lines, start=1) if number not in wrong)
    assert counts(upload(clean, hq)) == (49, 0, 0, 0, 0)

    def price_of(sku, code):
        return Price.objects.get(product__sku=sku, company__code=code).unit_price

    assert not Price.objects.filter(
        product__sku="AZ-swedencentral-Standard_D8s_v5", company__code="KW"
    ).exists()
    assert price_of("AZ-germanywestcentral-Standard_E16s_v5", "US") == 0
    assert price_of("AZ-uksouth-Standard_F16s_v2", "GB") == Decimal("0.0000001")
    assert price_of("AZ-eastus-Standard_F16s_v2", "AE") == Decimal("0.1234567")
    assert Product.objects.filter(sku="AZ-uaenorth-Standard_D16s_v5").exists()
    assert Product.objects.get(sku="AZ-eastus-Standard_D2s_v5").name.startswith("=")
    assert not Product.objects.get(sku="AZ-uaenorth-Standard_D2s_v5-MONTHLY").name.isascii()
    assert not Price.objects.filter(product__sku="AWS-us-east-1-m5.xlarge", company__code="HQ").exists()


def test_a_date_means_midnight_of_the_company():
    upload(f"{WIDE}\nVM,,hour,usage,1,2,3", head_office(), effective=date(2026, 4, 15))
    assert dict(Price.objects.values_list("company__code", "valid_from")) == {
        "HQ": datetime(2026, 4, 15, tzinfo=UTC),
        "US": datetime(2026, 4, 15, tzinfo=UTC),
        "DE": datetime(2026, 4, 14, 22, tzinfo=UTC),
    }


def test_a_change_beside_the_price_in_force():
    hq = head_office()
    upload(f"{WIDE}\nVM,,hour,usage,1,2,3", hq)
    changed = upload(f"{WIDE}\nVM,,hour,usage,1,2,3.30", hq, effective=date(2026, 3, 1))
    assert counts(changed) == (0, 1, 0, 0, 0)
    change = changed.price_changes.get(action="changed")
    assert (change.unit_price, change.old_price.unit_price, change.change_percent) == (
        Decimal("3.3"),
        Decimal(3),
        Decimal("10.00"),
    )
    assert Price.objects.filter(company__code="DE", superseded_at=None).count() == 2


def test_the_same_instant_again_supersedes():
    hq = head_office()
    upload(f"{WIDE}\nVM,,hour,usage,1,2,3", hq)
    upload(f"{WIDE}\nVM,,hour,usage,1,2,4", hq, at=NOW.replace(month=2))
    entries = Price.objects.filter(company__code="DE").order_by("id")
    assert list(entries.values_list("unit_price", "superseded_at")) == [
        (Decimal(3), NOW.replace(month=2)),
        (Decimal(4), None),
    ]


def test_only_the_number_of_a_price_a_unit_changes():
    hq = head_office()
    price(hq, unit_price="1", included=100, cap="30", minimum="5", scope="account")
    upload(f"{WIDE}\nVM,,,,1.5,2,3", hq)
    entered = Price.objects.get(company=hq, unit_price="1.5")
    assert (entered.included, entered.cap, entered.minimum, entered.scope) == (100, 30, 5, "account")


def test_absence_changes_nothing():
    hq = head_office()
    upload(f"{WIDE}\nVM,Machine,hour,usage,1,2,3\nIP,Address,hour,usage,1,2,3", hq)
    assert counts(upload("sku,price_EUR\nVM,\n", hq)) == (0, 0, 1, 0, 0)
    assert Product.objects.get(sku="VM").name == "Machine"
    assert Price.objects.count() == 6


def test_withdrawn_and_offered_again():
    hq = head_office()
    upload(f"{WIDE}\nVM,,hour,usage,1,2,3", hq)
    assert counts(upload("sku,withdraw\nVM,yes", hq, effective=date(2026, 5, 1))) == (0, 0, 0, 1, 0)
    assert Product.objects.get().ended_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert counts(upload("sku,withdraw\nVM,yes", hq, effective=date(2026, 5, 1))) == (0, 0, 1, 0, 0)
    assert counts(upload("sku,withdraw\nVM,no", hq)) == (0, 1, 0, 0, 0)
    assert Product.objects.get().ended_at is None
    assert Price.objects.count() == 3


def test_a_note_is_no_change():
    hq = head_office()
    upload("sku,unit,charge_type,cost_usd,cost_basis\nVM,hour,usage,1,list of May", hq)
    again = upload("sku,unit,charge_type,cost_usd,cost_basis\nVM,hour,usage,1,list of June", hq)
    assert counts(again) == (0, 0, 1, 0, 0)
    assert Price.objects.get().note == "list of May"


def test_validity_of_a_line_and_a_second_time():
    hq = head_office()
    text = (
        "sku,unit,charge_type,price_EUR,valid_from,valid_to\n"
        "VM,hour,usage,1,2026-01-01,2026-02-01\n"
        "VM,hour,usage,2,2026-02-01,2026-03-01T12:00:00+02:00\n"
    )
    assert counts(upload(text, hq)) == (2, 0, 0, 0, 0)
    assert list(Price.objects.order_by("id").values_list("unit_price", "valid_from", "valid_to")) == [
        (1, datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 1, 31, 23, tzinfo=UTC)),
        (2, datetime(2026, 1, 31, 23, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)),
    ]
    assert counts(upload(text, hq)) == (0, 0, 2, 0, 0)


def test_an_overlap_late_in_a_file_applies_nothing():
    hq = head_office()
    lines = [f"V{number},hour,usage,1,2026-01-01,2026-06-01" for number in range(2, 1202)]
    lines[775] = "V776,hour,usage,2,2026-05-01,"
    text = "sku,unit,charge_type,price_EUR,valid_from,valid_to\n" + "\n".join(lines)
    refused = upload(text, hq)
    assert findings(refused) == [(777, "sku", "overlap")]
    assert sentences(refused) == [
        "line 777, column sku: V776 stands in line 776 "
        "(from 2026-01-01 00:00:00+00 to 2026-06-01 00:00:00+00) "
        "and in line 777 (from 2026-05-01 00:00:00+00 to open), and the two overlap: "
        "keep one, or end the first where the second begins."
    ]
    assert not Price.objects.exists()
    fixed = text.replace("V776,hour,usage,2,2026-05-01", "V776,hour,usage,2,2026-06-01")
    assert counts(upload(fixed, hq)) == (1200, 0, 0, 0, 0)
    assert counts(upload(fixed, hq)) == (0, 0, 1200, 0, 0)


def test_unit_factors():
    hq = head_office()
    text = "sku,unit,charge_type,kind,unit_factors\nRUN,hour,usage,usage,{}"
    upload(text.format("second=1/3600;minute=1/60"), hq)
    run = Product.objects.get()
    assert (run.kind, list(run.unit_factors.values_list("unit", "numerator", "denominator"))) == (
        "usage",
        [("minute", 1, 60), ("second", 1, 3600)],
    )
    assert counts(upload(text.format("second=2/7200;day=24"), hq)) == (0, 1, 0, 0, 0)
    assert findings(upload(text.format("second=1/60"), hq)) == [(2, "unit_factors", "unit_factor_changed")]
    assert findings(upload(text.format("second"), hq)) == [(2, "unit_factors", "invalid_unit_factors")]


def test_a_dry_run_leaves_nothing():
    hq = head_office()
    checked = upload(f"{WIDE}\nVM,,hour,usage,1,2,0", hq, dry_run=True)
    assert (counts(checked), checked.state) == ((1, 0, 0, 0, 0), "checked")
    assert "The price is 0: it is free." in [finding.sentence for finding in checked.findings.all()]
    assert not PriceImport.objects.exists()
    assert not Product.objects.exists()


def test_who_is_told_of_new_prices():
    told = []

    def hear(sender, **news):
        told.append(news)

    prices_changed.connect(hear)
    try:
        upload("sku,unit,charge_type,cost_usd,price_EUR\nVM,hour,usage,1,2", head_office())
        upload(
            "sku,cost_usd,price_EUR\nVM,1,3", PriceImport.objects.get().company, effective=date(2026, 2, 1)
        )
    finally:
        prices_changed.disconnect(hear)
    vm = Product.objects.get().pk
    assert [(news["product_ids"], news["valid_from"]) for news in told] == [
        ([vm], datetime(2026, 1, 1, tzinfo=UTC)),
        ([vm], datetime(2025, 12, 31, 23, tzinfo=UTC)),
        ([vm], datetime(2026, 1, 31, 23, tzinfo=UTC)),
    ]


def test_a_head_office_that_sells_itself():
    alone = company("SOLO", "EUR")
    upload("sku,unit,charge_type,price_EUR\nVM,hour,usage,2", alone)
    assert Price.objects.get().company == alone
