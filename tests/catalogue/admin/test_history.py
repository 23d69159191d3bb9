import pytest
from django.urls import reverse

from catalogue.models import Account, Product
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db


def history(client, thing):
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_history"
    return client.get(reverse(name, args=[thing.pk]))


def test_who_changed_what_when(client):
    north = head_office("north", "alder")
    client.force_login(north.operator)
    product = Product.objects.get(sku="VM")
    form = {"name": "<b>Machine</b>", "billed_states": "active", "aggregation": "sum", "proration": "day"}
    form |= {"time_rounding": "exact", "tax_category": "standard", "cycle": ""}
    form |= {"unit_factors-TOTAL_FORMS": "0", "unit_factors-INITIAL_FORMS": "0"}
    response = client.post(reverse("admin:catalogue_product_change", args=[product.pk]), form)
    assert response.status_code == 302, response.context["errors"]
    page = history(client, product)
    (table,) = page.context["tables"]
    _, who, what, changes = table.rows[0]
    assert (who, what) == ("north-operator", "changed")
    assert "Virtual machine → &lt;b&gt;Machine&lt;/b&gt;" in changes
    assert "&lt;b&gt;Machine" in page.content.decode()
    assert table.rows[-1][2] == "created"


def test_of_what_lies_beyond_reach_there_is_no_history(client):
    north = head_office("north", "alder", "birch")
    foreign = Account.objects.get(code="birch-1")
    client.force_login(north.sales_offices[0].operator)
    response = history(client, foreign)
    assert response.status_code == 302
    client.force_login(operator_of(north.company, "support", "s"))
    assert history(client, foreign).status_code == 200
    assert history(client, north.operator).status_code == 403
