"""Revenue is what invoices come to, less their credit notes (rule 9)."""

from decimal import Decimal

import pytest

from reconciliation.selectors.margin import margin_of
from tests.factories.houses import MONTH, head_office

pytestmark = pytest.mark.django_db


def test_a_credit_note_lowers_the_revenue_of_its_invoice_s_month():
    """72.25 billed, 2.25 credited, 31.75 cost."""
    alder = head_office("north", "alder", "birch").sales_offices[0]

    found = margin_of(company=alder.company, month=MONTH)

    assert (found.revenue, found.cost, found.margin) == (Decimal(70), Decimal("31.75"), Decimal("38.25"))
