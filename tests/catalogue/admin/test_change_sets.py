"""A price file through the console: uploaded, looked at, approved, published, reverted."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing_site.common.admin import Table
from catalogue.models import Price, PriceImport, PriceImportPolicy
from catalogue.services.price_import_jobs import run_price_import, waiting_price_imports
from catalogue.signals import impact_asked
from tests.factories.houses import head_office, operator_of
from tests.factories.price_files import NOW

pytestmark = pytest.mark.django_db
UPLOAD, LIST = "admin:catalogue_priceimport_import", "admin:catalogue_priceimport_changelist"
WIDE = "sku,name,cost_usd,price_USD\nVM,Big machine,0.05,0.3\n"


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


@pytest.fixture
def pricing(client, north):
    person = operator_of(north.company, "pricing")
    client.force_login(person)
    return person


def send(client, of, text=WIDE, effective="2026-01-01"):
    file = SimpleUploadedFile("april.csv", text.encode())
    form = {"import_file": file, "company": of.pk, "effective": effective, "resource": "0", "format": "0"}
    return client.post(reverse(UPLOAD), form, follow=True)


def work():
    for number in waiting_price_imports():
        run_price_import(price_import_id=number, now=lambda: NOW)


def page(client, **query):
    number = PriceImport.objects.get().pk
    return client.get(reverse("admin:catalogue_priceimport_change", args=[number]), query)


def step(client, name):
    number = PriceImport.objects.get().pk
    return client.post(reverse("admin:price_file_step", args=[number, name]), follow=True)


def steps(response):
    return [name for name, *_ in response.context["steps"]]


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_the_whole_way(client, north, pricing):
    assert reverse(UPLOAD) in client.get(reverse(LIST)).content.decode()
    assert "Upload and check" in client.get(reverse(UPLOAD)).content.decode()
    waiting = send(client, north.company)
    assert waiting.context["title"] == "april.csv"
    assert "A worker takes it next" in waiting.content.decode()
    assert steps(waiting) == []
    work()
    checked = page(client)
    assert steps(checked) == ["publish", "check", "decline"]
    assert checked.context["counts"].rows[0] == ("lines", "0", "1", "0", "0")
    (table,) = checked.context["changes"]
    assert table.headers == ["line", "product", "north USD", "alder USD", "birch USD"]
    ((_, product, cost, alder, _),) = table.rows
    assert "name: Virtual machine → Big machine" in product
    assert "-50 %" in cost
    assert "<s>0.1</s>" in alder
    assert ">0.3<" in alder
    assert "+200 %" in alder
    assert steps(step(client, "publish")) == []
    work()
    assert steps(page(client)) == ["revert"]
    assert Price.objects.filter(unit_price=Decimal("0.3"), superseded_at=None).count() == 2
    step(client, "revert")
    work()
    assert "reverted" in page(client).content.decode()
    assert not Price.objects.filter(unit_price=Decimal("0.3"), superseded_at=None).exists()


def test_a_second_person_approves(client, north, pricing):
    PriceImportPolicy.objects.create(company=north.company, needs_approval=True)
    send(client, north.company)
    work()
    waits = page(client)
    assert "waits for approval by a second person" in waits.content.decode()
    assert "publish" not in steps(waits)
    assert told(step(client, "approve")) == [
        "This step is not yours to take, or not now: see what the file is now."
    ]
    client.force_login(operator_of(north.company, "approver"))
    assert steps(page(client)) == ["approve", "decline"]
    step(client, "approve")
    client.force_login(pricing)
    step(client, "publish")
    work()
    done = PriceImport.objects.get()
    assert (done.state, done.approved_by.username, done.published_by) == (
        "published",
        "north-approver",
        pricing,
    )


def test_books_that_changed_meanwhile_are_said(client, north, pricing):
    send(client, north.company)
    work()
    step(client, "publish")
    Price.objects.create(
        company=north.company,
        product=Price.objects.first().product,
        currency=north.company.currency,
        valid_from=NOW.replace(year=2025),
        unit_price=Decimal("7"),
    )
    work()
    back = page(client)
    assert PriceImport.objects.get().state == "checked"
    assert "has changed: check it again" in back.content.decode()
    step(client, "check")
    work()
    assert PriceImport.objects.get().problem == ""
    assert ">7<" in page(client).context["changes"][0].rows[0][2]


def test_faults_stand_on_the_page(client, north, pricing):
    send(client, north.company, "sku,price_USD\nVM,-1\nVM,x\n")
    work()
    refused = page(client)
    assert steps(refused) == ["check", "decline"]
    (table,) = refused.context["findings"]
    assert [row[:3] for row in table.rows][:2] == [("error", 2, "price_USD"), ("error", 3, "price_USD")]
    step(client, "decline")
    assert PriceImport.objects.get().state == "declined"


def test_long_files_and_pages_of_lines(client, north, pricing):
    lines = "".join(f"alder,VM,USD,1,20{year:02}-01-01,20{year + 1:02}-01-01\n" for year in range(30, 90))
    send(client, north.company, "company,sku,currency,unit_price,valid_from,valid_to\n" + lines)
    work()
    first = page(client)
    (table,) = first.context["changes"]
    assert len(table.rows) == 25
    assert table.rows[0][:6] == (2, "VM", "alder USD", "", "2030-01-01 00:00", "2031-01-01 00:00")
    assert "<s>0.1</s>" in table.rows[0][6]
    second = client.get(first.request["PATH_INFO"] + first.context["next"])
    assert second.context["changes"][0].rows[0][0] == 27
    rest = client.get(first.request["PATH_INFO"] + second.context["next"])
    assert len(rest.context["changes"][0].rows) == 10
    assert rest.context["next"] == ""
    assert page(client, q="other").context["changes"][0].rows == []
    assert page(client, action="x", after="y").status_code == 200


def test_everything_as_a_file(client, north, pricing):
    send(
        client,
        north.company,
        "sku,name,unit,charge_type,price_USD,withdraw\n=1+1,A,hour,usage,2,\nVM,,,,,yes\n",
    )
    work()
    number = PriceImport.objects.get().pk

    def table(what):
        response = client.get(reverse("admin:price_file_table", args=[number, what]))
        return list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig"))))

    heading, *rows = table("changes")
    assert heading[:3] == ["line", "what", "sku"]
    assert [row[:6] + row[8:] for row in rows] == [
        ["2", "new", "'=1+1", "alder", "", "USD", "", "2", ""],
        ["2", "new", "'=1+1", "birch", "", "USD", "", "2", ""],
        ["3", "withdrawn", "VM", "", "", "", "", "", ""],
    ]
    assert table("findings")[0] == ["severity", "line", "column", "code", "sentence"]
    assert client.get(reverse("admin:price_file_table", args=[number, "other"])).status_code == 404


def test_whoever_knows_the_impact_says_it(client, north, pricing):
    def impact(sender, price_import, person, **_more):
        return [Table("September", ["account", "more"], [(person.username, price_import.file_name)])]

    send(client, north.company)
    work()
    assert "September 2023, priced with this file" in page(client).content.decode()
    impact_asked.connect(impact)
    try:
        assert page(client).context["impact"][-1].rows == [("north-pricing", "april.csv")]
    finally:
        impact_asked.disconnect(impact)


def test_what_is_wrong_with_the_form(client, north, pricing, settings):
    assert "neither a date nor an instant" in send(client, north.company, effective="soon").content.decode()
    settings.UPLOAD_MAX_BYTES = 100
    assert "The file is too long" in send(client, north.company).content.decode()
    assert not PriceImport.objects.exists()


def test_who_may_not(client, north, pricing):
    send(client, north.company)
    work()
    client.force_login(operator_of(north.company, "auditor"))
    assert steps(page(client)) == []
    assert client.get(reverse(UPLOAD)).status_code == 403
    step(client, "publish")
    assert PriceImport.objects.get().state == "checked"
    client.force_login(north.sales_offices[0].operator)
    assert send(client, north.company).context["form"].errors["company"]
    number = PriceImport.objects.get().pk
    assert client.post(reverse("admin:price_file_step", args=[number, "publish"])).status_code == 404
    assert client.get(reverse("admin:price_file_table", args=[number, "changes"])).status_code == 404
