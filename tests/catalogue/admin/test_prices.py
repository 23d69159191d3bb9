from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing_site.common.clock import now
from catalogue.admin import price_gaps
from catalogue.models import Price, Product
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db
GAPS = "admin:catalogue_price_gaps"


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


def history_table(client, sku="VM"):
    product = Product.objects.get(sku=sku)
    return client.get(reverse("admin:catalogue_product_change", args=[product.pk])).context["tables"]


def test_the_price_history_of_a_product(client, north):
    alder = north.sales_offices[0].company
    Price.objects.create(
        company=alder,
        product=Product.objects.get(sku="VM"),
        currency=alder.currency,
        valid_from=datetime(2024, 1, 1, tzinfo=UTC),
        unit_price=Decimal("0.2"),
    )
    Price.objects.create(
        company=alder,
        product=Product.objects.get(sku="VM"),
        currency=alder.currency,
        valid_from=now() + timedelta(days=30),
        unit_price=Decimal("0.3"),
    )
    client.force_login(north.operator)
    (table,) = history_table(client)
    assert table.headers == ["from", "north USD", "alder USD", "birch USD"]
    assert [row[0] for row in table.rows][1:] == ["<b>2024-01-01</b> (now)", "2023-01-01"]
    future, current, first = table.rows
    assert ">0.3<" in future[2] and "semibold" in future[2]
    assert ">0.2<" in current[2] and "semibold" in current[2]
    assert ">0.1<" in current[3] and "semibold" not in current[3]
    assert all("semibold" in cell for cell in first[1:])


def test_without_the_right_to_see_cost_there_is_none(client, north):
    client.force_login(operator_of(north.company, "support"))
    (table,) = history_table(client)
    assert table.headers == ["from", "alder USD", "birch USD"]


def test_gaps_of_a_book(client, north, monkeypatch):
    for sku in "abc":
        Product.objects.create(sku=sku, name=f"name {sku}", unit="hour", kind="time")
    client.force_login(north.operator)
    monkeypatch.setattr(price_gaps, "_AT_ONCE", 2)
    assert reverse(GAPS) in client.get(reverse("admin:catalogue_price_changelist")).content.decode()
    page = client.get(reverse(GAPS), {"company": "birch"})
    assert page.context["tables"][0].rows == [
        ("a", "name a", "USD", "never had one", "open"),
        ("b", "name b", "USD", "never had one", "open"),
    ]
    rest = client.get(reverse(GAPS) + page.context["next"])
    assert [row[0] for row in rest.context["tables"][0].rows] == ["c"]
    assert rest.context["next"] == ""
    assert client.get(reverse(GAPS), {"sku": "a", "from": "soon"}).status_code == 404


def test_gaps_of_a_foreign_book_are_not_shown(client, north):
    client.force_login(north.sales_offices[0].operator)
    page = client.get(reverse(GAPS), {"company": "birch"})
    assert page.context["chosen"].code == "alder"
    assert "birch" not in page.content.decode()
