"""A published price file is taken back by new entries; what was, is again."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import Price, PriceTier, Product
from catalogue.services.price_import_reverting import revert_price_import
from catalogue.services.price_import_states import CannotPublishPrices
from tests.factories.price_files import NOW, WIDE, head_office, price, product, upload

pytestmark = pytest.mark.django_db
LATER = NOW.replace(month=3)


def revert(price_import):
    return revert_price_import(price_import=price_import, reverted_by=None, reverted_at=LATER)


def in_force(code):
    """Unit prices that are not superseded, the one of the latest valid_from last."""
    entries = Price.objects.filter(company__code=code, superseded_at=None).order_by("valid_from", "id")
    return [str(value.normalize()) for value in entries.values_list("unit_price", flat=True)]


def test_a_changed_price_is_what_it_was():
    hq = head_office()
    upload(f"{WIDE}\nVM,,hour,usage,1,2,3", hq)
    revision = upload(f"{WIDE}\nVM,New name,hour,usage,1,2,3.30", hq, effective=date(2026, 3, 1))
    assert (in_force("DE"), Product.objects.get().name) == (["3", "3.3"], "New name")
    assert revert(revision).state == "reverted"
    assert (in_force("DE"), in_force("US"), Product.objects.get().name) == (["3", "3"], ["2"], "")
    assert Price.objects.filter(superseded_at=LATER).get().unit_price == Decimal("3.3")
    assert revert(revision).reverted_at == LATER
    assert Price.objects.filter(company__code="DE").count() == 3


def test_a_new_product_is_withdrawn():
    hq = head_office()
    first = upload(f"{WIDE}\nVM,,hour,usage,1,2,3", hq)
    revert(first)
    assert Product.objects.get().ended_at is not None
    assert not Price.objects.filter(superseded_at=None).exists()


def test_a_withdrawn_price_stands_again_with_its_tiers():
    hq = head_office()
    product()
    upload("company,sku,currency,model,tiers\nDE,VM,EUR,graduated,100:0.10;:0.05", hq)
    gone = upload("company,sku,currency,withdraw,valid_from\nDE,VM,EUR,yes,2026-05-01", hq)
    revert(gone)
    stands = Price.objects.get(superseded_at=None)
    assert (stands.valid_to, stands.tiers.count()) == (None, 2)
    assert PriceTier.objects.count() == 6


def test_not_over_what_came_since():
    hq = head_office()
    price(hq.sales_offices.get(code="DE"), unit_price="3")
    revision = upload("sku,price_EUR\nVM,4", hq)
    upload("sku,price_EUR\nVM,5", hq)
    with pytest.raises(
        CannotPublishPrices, match=r"of its line 2 \(VM\) was changed again: revert that first"
    ):
        revert(revision)
    assert in_force("DE") == ["3", "5"]


def test_only_what_is_published():
    checked = upload(f"{WIDE}\nVM,,hour,usage,1,2,3", head_office(), dry_run=False)
    checked.state = "checked"
    checked.published_at = None
    checked.save()
    with pytest.raises(CannotPublishPrices, match="is checked, so nobody can revert it"):
        revert(checked)
