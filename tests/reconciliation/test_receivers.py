"""What the page of a price file is told when its impact cannot be worked out."""

from datetime import UTC, datetime

import pytest

from catalogue.models import Company, PriceChange, PriceImport, Product, User
from reconciliation.receivers import tell_impact
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 1, tzinfo=UTC)


def test_a_month_too_large_for_a_page_is_said(monkeypatch):
    told("margin-two-books")
    file = checked_file()
    monkeypatch.setattr("reconciliation.selectors.what_if.MOST_CHARGES", 0)
    (table,) = tell_impact(price_import=file, person=User.objects.create_superuser("root"), at=AT)
    assert "too many to price twice" in table.rows[0][0]


def test_what_changes_no_price_or_waits_no_more_has_no_impact():
    told("margin-two-books")
    person = User.objects.create_superuser("root")
    assert tell_impact(price_import=checked_file(changed=False), person=person, at=AT) == []
    file = checked_file()
    file.state = PriceImport.State.DECLINED
    assert tell_impact(price_import=file, person=person, at=AT) == []


def checked_file(*, changed=True):

    company = Company.objects.get(code="US1")
    file = PriceImport.objects.create(
        company=company,
        file_name="f.csv",
        effective="2026-05-01",
        uploaded_at=AT,
        state="checked",
        jump_percent=50,
        needs_approval=False,
    )
    PriceChange.objects.create(
        price_import=file,
        line=2,
        action="changed" if changed else "unchanged",
        company=company,
        product=Product.objects.get(),
        currency=company.currency,
        valid_from=AT,
        model="per_unit",
        unit_price="0.10",
    )
    return file
