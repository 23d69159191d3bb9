"""Orders in the console: placed, cancelled, brought in, and refused on the page."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalogue.models import Product
from metering.models import Charge, Order
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db
ADD, LIST, UPLOAD = (f"admin:metering_order_{page}" for page in ("add", "changelist", "upload"))


@pytest.fixture
def alder(client):
    alder = head_office("north", "alder", "birch").sales_offices[0]
    Product.objects.create(sku="PLAN", unit="month", kind="recurring", cycle="monthly")
    client.force_login(alder.operator)
    return alder


def values(alder, **other):
    sku = other.pop("sku", "PLAN")
    return {
        "account": alder.account.pk,
        "code": "o1",
        "product": Product.objects.get(sku=sku).pk,
        "quantity": "2",
        "started_on": "2026-03-16",
        "unit_price": "10.50",
    } | other


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_an_order_is_placed_and_shown(client, alder):
    response = client.post(reverse(ADD), values(alder), follow=True)

    placed = Order.objects.get(code="o1")
    assert (placed.quantity, placed.unit_price, placed.ended_on) == (Decimal(2), Decimal("10.50"), None)
    page = response.content.decode()
    assert "o1" in page
    assert "birch-order" not in page
    shown = client.get(reverse("admin:metering_order_change", args=[placed.pk])).content.decode()
    for words in ("PLAN", "Cancel", "calendar month, in arrears, by day", "10.50\N{NO-BREAK SPACE}"):
        assert words in shown


def test_an_agreed_price_is_exported_with_its_currency(client, alder):
    client.post(reverse(ADD), values(alder))
    file = client.post(reverse("admin:metering_order_export"), {"format": "0", "resource": "0"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "code,account,product,quantity,agreed price,currency,started on,ended on"
    assert f"o1,{alder.account},PLAN,2,10.5,{alder.account.currency_id},2026-03-16," in lines


def test_an_order_shows_what_was_charged_for_it(client, alder):
    order = Order.objects.get(code="alder-order")
    charge = Charge.objects.filter(account_id=alder.account.pk, side="sell").first()
    charge.pk, charge.order_id, charge.resource_id = None, order.pk, None
    charge.net_amount = Decimal("1234.5")
    charge.save()
    shown = client.get(reverse("admin:metering_order_change", args=[order.pk])).content.decode()
    assert "1,234.50\N{NO-BREAK SPACE}USD" in shown
    assert reverse("admin:metering_charge_change", args=[charge.pk]) in shown


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"sku": "VM"}, "only recurring and one-time products are ordered"),
        ({"quantity": "0"}, "An order needs a quantity above 0."),
        ({"ended_on": "2026-03-15"}, "ended_on cannot be 2026-03-15."),
        ({"code": "alder-order"}, "alder-1 has an order of this code: choose another."),
    ],
)
def test_an_order_that_could_not_be_charged_is_refused_on_the_page(client, alder, other, sentence):
    response = client.post(reverse(ADD), values(alder, **other))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Order.objects.filter(code="o1").exists()


def test_an_account_out_of_reach_cannot_be_chosen(client, alder):
    foreign = Order.objects.get(code="birch-order").account
    response = client.post(reverse(ADD), values(alder, account=foreign.pk))

    assert "Select a valid choice" in response.content.decode()
    assert not Order.objects.filter(code="o1").exists()


def test_an_order_is_cancelled(client, alder):
    client.post(reverse(ADD), values(alder))
    order = Order.objects.get(code="o1")
    page = reverse("admin:metering_order_cancel", args=[order.pk])

    assert "PLAN since 2026-03-16" in client.get(page).content.decode()
    refused = client.post(page, {"ended_on": "2026-03-15"})
    assert "it cannot end on 2026-03-15" in refused.content.decode()
    done = client.post(page, {"ended_on": "2026-04-01"}, follow=True)
    assert told(done) == ["It ends on 2026-04-01. What was charged from then on is given back."]
    order.refresh_from_db()
    assert order.ended_on == date(2026, 4, 1)


def test_an_order_out_of_reach_is_not_cancelled(client, alder):
    foreign = Order.objects.get(code="birch-order")
    client.post(reverse("admin:metering_order_cancel", args=[foreign.pk]), {"ended_on": "2026-04-01"})

    foreign.refresh_from_db()
    assert foreign.ended_on is None


def test_who_may_only_look_neither_places_nor_cancels(client, alder):
    client.force_login(operator_of(alder.company, "support"))
    order = Order.objects.get(code="alder-order")

    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    cancel = client.post(reverse("admin:metering_order_cancel", args=[order.pk]), {"ended_on": "2026-04-01"})
    assert cancel.status_code in (302, 403)
    order.refresh_from_db()
    assert order.ended_on is None


def test_a_base_comes_in_from_a_file(client, alder):
    text = "account,code,sku,started_on\nalder-1,o1,PLAN,2026-03-01\nbirch-1,o2,PLAN,2026-03-01\n"

    def send(content, **more):
        file = SimpleUploadedFile("orders.csv", content.encode())
        return client.post(reverse(UPLOAD), {"file": file, **more}, follow=True)

    (table,) = send(text).context["tables"]
    assert table.rows == [("line 3, account", "There is no account 'birch-1' that you reach.")]
    good = text.replace("birch-1,o2", "alder-1,o2")
    assert told(send(good, check="1")) == [
        "Nothing wrong, nothing stored yet: 2 new, 0 with another end, 0 unchanged."
    ]
    assert told(send(good)) == ["2 new, 0 with another end, 0 unchanged."]
    assert Order.objects.filter(account=alder.account, code__in=["o1", "o2"]).count() == 2
