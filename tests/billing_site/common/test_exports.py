import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib import admin
from django.urls import reverse

from billing_site.common import exports
from billing_site.common.admin import ConsoleAdmin
from billing_site.common.exports import safe_text
from catalogue.models import Account, ApiKey, Price, Product, User
from invoicing.models import Invoice
from metering.models import Charge
from tests.factories.houses import head_office, operator_of, product

pytestmark = pytest.mark.django_db
CSV, WORKBOOK = 0, 1
LISTS = sorted(
    (model for model, pages in admin.site._registry.items() if isinstance(pages, ConsoleAdmin)),
    key=lambda model: model._meta.label,
)


def export(client, model, file_format=CSV, query=""):
    options = model._meta
    url = reverse(f"admin:{options.app_label}_{options.model_name}_export")
    return client.post(url + query, {"format": file_format, "resource": 0})


def rows(response):
    assert response["Content-Type"] == "text/csv"
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def cells(response):
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [[(cell.value, cell.data_type) for cell in row] for row in book.active.rows]


@pytest.fixture
def root(client):
    head_office("north", "alder", "birch")
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_every_list_can_be_had_as_a_file(root, model):
    number = len(rows(export(root, model)))
    assert number == model._default_manager.count()
    assert len(cells(export(root, model, WORKBOOK))) == number + 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_text_that_looks_like_a_formula_is_none(root, start):
    text = f'{start}HYPERLINK("http://example.com","x")'
    Product.objects.create(sku=f"{start}1+1", name=text, unit="hour", kind="time")
    (row,) = [row for row in rows(export(root, Product)) if row["SKU"] != "VM"]
    assert (row["SKU"], row["name"]) == (f"'{start}1+1", f"'{text}")
    ((sku, kind), (name, other_kind), *_) = next(
        row for row in cells(export(root, Product, WORKBOOK))[1:] if row[0][0] != "VM"
    )
    assert kind == other_kind == "s"
    assert sku.startswith("'") and name.startswith("'")


def test_other_texts_stay_as_they_are():
    for text in ("", "1-2", "a=b", "' quoted", 'Süß, "quoted"; a\nb', " =1"):
        assert safe_text(text) == text


def test_numbers_stay_numbers_and_exact(root):
    charge = Charge.objects.get(side="sell", account_id=Invoice.objects.first().account_id)
    Charge.objects.filter(pk=charge.pk).update(quantity="-1.123456789012", unit_price="0.000000200000")
    row = next(row for row in rows(export(root, Charge)) if row["quantity"].startswith("-"))
    assert (row["quantity"], row["unit price"]) == ("-1.123456789012", "0.0000002")
    assert (row["net amount"], row["currency"]) == ("72.25", "USD")
    heading, *others = cells(export(root, Charge, WORKBOOK))
    place = [value for value, _ in heading].index("quantity")
    assert (-1.123456789012, "n") in [row[place] for row in others]


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_is_text(root):
    Charge.objects.update(quantity="12345678901234.123456789012")
    heading, first, *_ = cells(export(root, Charge, WORKBOOK))
    place = [value for value, _ in heading].index("quantity")
    assert first[place] == ("12345678901234.123456789012", "s")


def test_what_a_workbook_cannot_hold_is_marked(root):
    Product.objects.create(sku="bell", name="a\x07b", unit="hour", kind="time")
    names = [row[1][0] for row in cells(export(root, Product, WORKBOOK))]
    assert "a\N{REPLACEMENT CHARACTER}b" in names


def test_search_and_filters_narrow_the_file(root):
    Product.objects.create(sku="disk", unit="hour", kind="usage")
    assert [row["SKU"] for row in rows(export(root, Product, query="?q=dis"))] == ["disk"]
    assert [row["SKU"] for row in rows(export(root, Product, query="?kind__exact=time"))] == ["VM"]


def test_a_file_has_what_the_person_sees_and_no_more(client):
    north = head_office("north", "alder", "birch")
    alder = north.sales_offices[0]
    client.force_login(alder.operator)
    assert [row["code"] for row in rows(export(client, Account))] == ["alder-1"]
    content = export(client, ApiKey).content.decode("utf-8-sig")
    assert "birch" not in content
    assert ApiKey.objects.get(company=alder.company).secret_hash not in content
    client.force_login(operator_of(north.company, "support"))
    assert "cost" not in export(client, Price).content.decode("utf-8-sig")
    assert export(client, User).status_code == 403
    client.logout()
    assert export(client, Product).status_code == 302


def test_a_list_that_is_too_long_is_refused_in_words(root, monkeypatch):
    product()
    monkeypatch.setattr(exports, "MOST_ROWS", 0)
    response = export(root, Product)
    assert response.status_code == 200
    assert "narrow it by filters" in response.content.decode()
