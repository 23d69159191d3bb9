"""The usual way beside ours: django-import-export's bulk mode, a row a price."""

import time
from datetime import UTC, datetime
from decimal import Decimal

from import_export.resources import ModelResource
from tablib import Dataset

from billing_site.bench.price_files import COUNTRIES, open_house
from catalogue.models import Company, Price, Product

_PRODUCTS = 400
_COLUMNS = ("company", "product", "currency", "unit_price", "valid_from")


class _PriceResource(ModelResource):
    class Meta:
        model = Price
        fields = _COLUMNS
        import_id_fields = ("company", "product", "currency", "valid_from")
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        force_init_instance = True


def prices_a_second() -> float:
    """Import a sample of new prices whose products are there; how quickly, in rows a second.

    With all that its makers advise for speed: bulk, no differences, no look for rows that are there.
    """
    head_office = open_house()
    offices = Company.objects.filter(parent=head_office).values_list("pk", "currency_id")
    products = Product.objects.bulk_create(
        Product(sku=f"SKU-{number}", unit="hour", kind="time") for number in range(_PRODUCTS)
    )
    begins = datetime(2026, 4, 1, tzinfo=UTC)
    rows = [
        (company, product.pk, currency, Decimal(product.pk).scaleb(-4), begins)
        for company, currency in offices
        for product in products
    ]
    assert len(rows) == _PRODUCTS * len(COUNTRIES)
    began = time.perf_counter()
    result = _PriceResource().import_data(Dataset(*rows, headers=_COLUMNS), raise_errors=True)
    taken = time.perf_counter() - began
    assert Price.objects.count() == len(rows), result.totals
    return len(rows) / taken
