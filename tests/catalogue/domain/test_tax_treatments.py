from datetime import date

import pytest
from django.db import connection

from catalogue.domain.tax_treatments import TaxTreatment, treated, treatment_on
from catalogue.models import Product

EXEMPT = TaxTreatment("exempt", date(2025, 1, 1), date(2026, 1, 1))
OWES = TaxTreatment("reverse_charge", date(2025, 7, 1), date(2025, 8, 1))
EXPORT = TaxTreatment("export", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("issued_on", "category"),
    [
        ("2024-12-31", ""),
        ("2025-01-01", "exempt"),
        ("2025-07-01", "reverse_charge"),
        ("2025-07-31", "reverse_charge"),
        ("2025-08-01", "exempt"),
        ("2025-12-31", "exempt"),
        ("2026-01-01", ""),
        ("2026-03-01", "export"),
    ],
)
def test_the_latest_of_those_valid_on_the_day_of_issue_counts(issued_on, category):
    assert treatment_on([EXPORT, OWES, EXEMPT], date.fromisoformat(issued_on)) == category


@pytest.mark.django_db
def test_the_database_treats_each_category_the_same():
    categories = Product.TaxCategory.values
    cases = [(category, treatment) for category in categories for treatment in ("", *categories)]
    with connection.cursor() as cursor:
        for category, treatment in cases:
            cursor.execute("SELECT treated_category(%s, %s)", [category, treatment or None])
            assert cursor.fetchone() == (treated(category, treatment),)
