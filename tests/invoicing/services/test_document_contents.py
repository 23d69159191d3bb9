import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader

from catalogue.models import Company
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document
from tests.factories.invoices import Line, account, company, issued_invoice

pytestmark = pytest.mark.django_db
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path fill="#c00" d="M0 0h9v9z"/></svg>'


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.fixture
def seller():
    seller = company(legal_footer="Amtsgericht Frankfurt HRB 1")
    seller.logo.save("logo.svg", ContentFile(LOGO))
    return seller


def test_the_logo_is_the_one_of_the_issue(seller):
    view = invoice_view(issued_invoice(account(of=seller)).pk)
    with_logo = invoice_document(view)
    seller.logo.save("logo.svg", ContentFile(LOGO.replace(b"#c00", b"#00c")))
    assert view.logo != Company.objects.get(code="DE").logo.name
    assert invoice_document(view) == with_logo
    seller.logo.storage.delete(view.logo)
    assert invoice_document(view) != with_logo


def test_an_invoice_of_more_lines_than_are_printed_is_told_by_product_with_its_lines_inside(settings):
    settings.DOCUMENT_PRINTED_LINES = 3
    lines = [
        Line("1.10", resource="vm-1", quantity="10"),
        Line("2.20", resource="vm-2", quantity="20.5"),
        Line("0.30", resource="=vm-3", quantity=None, unit_price=None, kind="true_up"),
        Line("4.00", family="Storage", resource="disk", sku="disk", description="Disk", unit="GB-month"),
    ]
    view = invoice_view(issued_invoice(lines=lines).pk)
    pdf = invoice_document(view)
    text = text_of(pdf)
    assert "vm-1" not in text
    for shown in ["The invoice has 4 lines.", "30,5 hour", "Subtotal Compute 3,60", "Subtotal Storage 4,00"]:
        assert shown in text
    (content,) = PdfReader(BytesIO(pdf)).attachments["lines.csv"]
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    assert [(row["position"], row["resource"], row["quantity"], row["net_amount"]) for row in rows] == [
        ("1", "vm-1", "10", "1.10"),
        ("2", "vm-2", "20.5", "2.20"),
        ("3", "'=vm-3", "", "0.30"),
        ("4", "disk", "720", "4.00"),
    ]
    assert rows[0]["service_start"] == "2023-09-01T00:00:00+00:00"
    assert invoice_document(view) == pdf
