"""A price file over HTTP: sent, checked by the job, published, taken back."""

from decimal import Decimal

import pytest

from catalogue.models import Price, PriceImport, PriceImportPolicy, Scope
from catalogue.services.price_import_jobs import run_price_import, waiting_price_imports
from tests.factories.houses import client_of, head_office, key_of
from tests.factories.price_files import NOW

pytestmark = pytest.mark.django_db
FILES = "/api/v1/price-imports"
WIDE = "sku,cost_usd,price_USD\nVM,0.2,0.3\n"


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


@pytest.fixture
def client(north):
    return client_of(north.key)


def send(client, text=WIDE, company="north", effective="2026-01-01", **query):
    query = "&".join(f"{k}={v}" for k, v in {"company": company, "effective": effective, **query}.items())
    return client.post(f"{FILES}?{query}", text, content_type="text/csv")


def sent(client, *what, **how):
    """Send a file and return its address."""
    return f"{FILES}/{send(client, *what, **how).json()['id']}"


def work():
    for number in waiting_price_imports():
        run_price_import(price_import_id=number, now=lambda: NOW)


def test_from_upload_to_revert(client):
    answer = send(client, file_name="april.csv")
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["file_name"]) == ("uploaded", "april.csv")
    one = f"{FILES}/{answer.json()['id']}"
    assert client.post(f"{one}/publish").status_code == 409
    work()
    checked = client.get(one).json()
    assert (checked["state"], checked["lines_changed"], checked["prices_changed"]) == ("checked", 1, 3)
    assert checked["warnings"] == 1
    assert client.post(f"{one}/publish").json()["state"] == "publishing"
    assert client.post(f"{one}/publish").json()["state"] == "publishing"
    assert not Price.objects.filter(unit_price=Decimal("0.3")).exists()
    work()
    assert client.get(one).json()["state"] == "published"
    assert Price.objects.filter(unit_price=Decimal("0.3"), superseded_at=None).count() == 2
    assert client.post(f"{one}/revert").json()["state"] == "reverting"
    work()
    assert client.get(one).json()["state"] == "reverted"
    assert not Price.objects.filter(unit_price=Decimal("0.3"), superseded_at=None).exists()


def test_what_would_change(client):
    one = sent(client)
    work()
    (line,) = client.get(f"{one}/changes").json()["results"]
    assert (line["line"], line["sku"], line["product"]["action"]) == (2, "VM", "changed")
    assert [
        (p["company"], p["before"]["unit_price"], p["unit_price"], p["change_percent"])
        for p in line["prices"]
    ] == [
        ("north", "0.1", "0.2", "100"),
        ("alder", "0.1", "0.3", "200"),
        ("birch", "0.1", "0.3", "200"),
    ]
    assert client.get(f"{one}/changes?action=new").json() == {"more": False, "results": []}
    assert client.get(f"{one}/changes?sku=other").json()["results"] == []
    (warning,) = client.get(f"{one}/findings?severity=warning").json()["results"]
    assert (warning["line"], warning["code"]) == (2, "jump")


def test_page_by_page(client):
    lines = "".join(f"S{number},hour,usage,1\n" for number in range(3))
    one = sent(client, "sku,unit,charge_type,price_USD\n" + lines)
    work()
    page = client.get(f"{one}/changes?action=new&page_size=2").json()
    assert ([line["sku"] for line in page["results"]], page["more"]) == (["S0", "S1"], True)
    rest = client.get(f"{one}/changes?action=new&page_size=2&after={page['results'][-1]['line']}").json()
    assert ([line["sku"] for line in rest["results"]], rest["more"]) == (["S2"], False)


def test_a_wrong_file_changes_nothing(client):
    one = sent(client, "sku,price_USD\nVM,1,5\n")
    work()
    assert client.get(one).json()["state"] == "refused"
    (found,) = client.get(f"{one}/findings").json()["results"]
    assert (found["line"], found["code"]) == (2, "field_count")
    assert client.post(f"{one}/publish").status_code == 409


def test_without_approval_nobody_publishes(client, north):
    PriceImportPolicy.objects.create(company=north.company, needs_approval=True)
    one = sent(client)
    work()
    refused = client.post(f"{one}/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_publish_prices")
    assert "somebody other than its sender must approve it" in refused.json()["detail"]


def test_too_long(client, settings):
    settings.UPLOAD_MAX_BYTES = 30
    assert send(client).status_code == 413
    assert not PriceImport.objects.exists()


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"company": "south"}, 400),
        ({"effective": "soon"}, 400),
        ({"effective": "2026-01-01T00:00:00"}, 400),
        ({"unknown": "1"}, 400),
    ],
    ids=["company", "no date", "no zone", "parameter"],
)
def test_what_cannot_be_sent(client, how, status):
    assert send(client, **how).status_code == status
    assert not PriceImport.objects.exists()


def test_an_empty_body_is_refused_by_the_check(client):
    one = sent(client, "")
    work()
    assert client.get(f"{one}/findings").json()["results"][0]["code"] == "unreadable_file"


def test_who_may(client, north):
    one = sent(client)
    reader = client_of(key_of(north.company, Scope.CATALOGUE_READ))
    assert reader.get(one).status_code == 404  # it holds cost
    assert send(reader).status_code == 403
    office = client_of(north.sales_offices[0].key)
    assert office.get(one).status_code == 404
    assert send(office).status_code == 400
    assert send(office, "sku,price_USD\nVM,0.4\n", company="alder").status_code == 202
