import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from lxml import etree
from pypdf import PdfReader

from catalogue.models import Account, Company
from invoicing.domain.credits import CreditRequest, CreditWish
from invoicing.models import InterCompanyDocument, Invoice
from invoicing.selectors.credit_note_views import credit_note_view
from invoicing.selectors.intercompany_views import intercompany_view
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.bill_runs import run_bill_run
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.document_contents import invoice_document
from metering.services.mediation import mediate_waiting
from tests.factories.bill_runs import bill
from tests.factories.invoices import Line, Tax, account, company, issued_invoice
from tests.factories.metered import MARCH, at, metered, per_unit
from tests.invoicing.einvoice.validation import complaints

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
    for shown in [
        "This document has 4 lines.",
        "30,5 hour",
        "Subtotal Compute 3,60",
        "Subtotal Storage 4,00",
    ]:
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


@pytest.fixture
def used_annex():
    """A month of one machine of an account that wishes an annex, billed."""
    house = metered()
    Account.objects.update(usage_annex=True)
    house.price(house.product("vm", "time", "hour"), per_unit("0.05"))
    house.price(house.product("traffic"), per_unit("0.10"))
    house.life("vm-1", at(15, 10), vm="2")
    house.use("traffic", at(15, 11), "12.5", resource="vm-1", id="record-1")
    house.life("vm-1", at(15, 13, 20), "decommissioned")
    mediate_waiting(now=at(2, month=4))
    run_bill_run(company=house.office, month=MARCH, cutoff=at(2, month=4), issued_on=date(2026, 4, 2))
    # Known too late: it changes no document.
    house.use("traffic", at(15, 12), "99", resource="vm-1", id="late", received=at(5, month=4))
    mediate_waiting(now=at(5, month=4))
    return invoice_view(Invoice.objects.get().pk)


def test_the_annex_lists_what_was_used_as_it_was_billed(used_annex):
    text = text_of(invoice_document(used_annex)).replace("\u00a0", " ")
    assert "Annex: what was used" in text
    assert "vm-1 traffic Mar 15, 2026, 11:00:00 AM record-1 12.5 GB" in text.replace("\u202f", " ")
    assert "active 2" in text
    assert "99" not in text


def test_a_long_annex_is_a_csv_inside(used_annex, settings):
    settings.DOCUMENT_ANNEX_ROWS = 1
    pdf = invoice_document(used_annex)
    assert "What was used, 2 rows, is in the file usage.csv" in text_of(pdf)
    (content,) = PdfReader(BytesIO(pdf)).attachments["usage.csv"]
    assert content.decode("utf-8-sig").splitlines() == [
        "resource,sku,from,to,state,quantity,unit,usage_record",
        "vm-1,traffic,2026-03-15T11:00:00+00:00,,,12.5,GB,record-1",
        "vm-1,vm,2026-03-15T10:00:00+00:00,2026-03-15T13:20:00+00:00,active,2,hour,",
    ]


def test_a_customer_who_renames_changes_no_document_of_before():
    customer = account()
    invoice = issued_invoice(customer, taxes=[Tax("1.37")])
    before = invoice_document(invoice_view(invoice.pk))
    Account.objects.update(name="Renamed GmbH", address="Elsewhere", tax_number="", locale="en")
    Company.objects.update(name="Sold Ltd", address="", tax_number="", legal_footer="")
    after = invoice_document(invoice_view(invoice.pk))
    assert after == before
    (xml,) = PdfReader(BytesIO(after)).attachments["factur-x.xml"]
    assert "Süßwassermühle Logistik GmbH" in xml.decode()


def credited(request, **invoice):
    note = credit_invoice(
        invoice=issued_invoice(**invoice),
        request=request,
        request_id="c1",
        issued_on=date(2023, 11, 5),
        reason="Outage",
    )
    return credit_note_view(note.pk)


@pytest.mark.parametrize(
    ("request_", "net", "tax", "gross"),
    [
        (CreditRequest((CreditWish("disk", Decimal("1.00")),)), "1.00", "0.19", "1.19"),
        (CreditRequest(amount=Decimal("5.00")), "5.00", "0.95", "5.95"),
        (CreditRequest(), "11.20", "2.13", "13.33"),
    ],
    ids=["line", "amount", "all"],
)
def test_a_credit_note_says_of_which_invoice_it_is_on_the_page_and_as_type_381(request_, net, tax, gross):
    lines = [Line("7.20"), Line("4.00", family="Storage", resource="disk-1", sku="disk", description="Disk")]
    view = credited(request_, lines=lines, taxes=[Tax("2.13")])
    pdf = invoice_document(view)
    assert invoice_document(view) == pdf
    text = text_of(pdf)
    for shown in [
        "Credit note",
        "DE-CN-2023-00001",
        "Of invoice DE-2023-00001",
        "Outage",
        gross.replace(".", ","),
    ]:
        assert shown in text
    assert "Please pay" not in text
    (xml,) = PdfReader(BytesIO(pdf)).attachments["factur-x.xml"]
    assert complaints(xml) == []
    said = {element.tag.partition("}")[2]: element.text for element in etree.fromstring(xml).iter()}
    assert (said["TypeCode"], said["IssuerAssignedID"]) == ("VAT", "DE-2023-00001")
    assert b"<ram:TypeCode>381</ram:TypeCode>" in xml
    assert (said["TaxBasisTotalAmount"], said["TaxTotalAmount"], said["GrandTotalAmount"]) == (
        net,
        tax,
        gross,
    )


def test_a_credit_note_of_three_decimals_is_no_e_invoice_and_says_so():
    kuwaiti = account("acct-kw", of=company("KW", currency_code="KWD", minor_units=3))
    view = credited(CreditRequest(), of=kuwaiti, lines=[Line("2.753")], taxes=[Tax("0", "0", "")])
    pdf = invoice_document(view)
    assert PdfReader(BytesIO(pdf)).attachments == {}
    assert "carries no e-invoice (EN 16931): amounts in KWD have 3 decimals" in text_of(pdf)


def test_what_an_office_owes_is_told_by_account_and_beyond_the_printed_lines_by_product(north, settings):
    bill(north)
    view = intercompany_view(InterCompanyDocument.objects.get().pk)
    pdf = invoice_document(view)
    text = text_of(pdf)
    for shown in [
        "Inter-company invoice",
        "hq-IC-2026-00001",
        "Subtotal a 4.00",
        "Subtotal b 8.00",
        "USD 12.00",
    ]:
        assert shown in text
    assert "EN 16931" not in text
    assert PdfReader(BytesIO(pdf)).attachments == {}
    settings.DOCUMENT_PRINTED_LINES = 1
    long = invoice_document(view)
    assert "Subtotal All accounts 12.00" in text_of(long)
    (content,) = PdfReader(BytesIO(long)).attachments["lines.csv"]
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    assert [(row["family"], row["net_amount"]) for row in rows] == [("a", "4.00"), ("b", "8.00")]
