"""How an account is taxed, from the day of issue on to the document, and back by a credit note."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import etree
from pypdf import PdfReader

from catalogue.models import Account, Promotion, TaxTreatment
from invoicing.domain.credits import CreditRequest
from invoicing.models import CreditNoteTax, Invoice, InvoiceTax
from invoicing.selectors.bill_run_warnings import warnings_of
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.document_contents import invoice_document
from invoicing.services.late_credits import credit_late_usage
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.factories.bill_runs import APRIL, ISSUED_ON, MARCH, ask, bill, use, void
from tests.invoicing.einvoice.validation import complaints

pytestmark = pytest.mark.django_db
LAW = "Section 4 no. 21 of the act"


def treat(category, valid_from=date(2026, 1, 1), **fields):
    of = Account.objects.get(code="a")
    Account.objects.filter(pk=of.pk).update(tax_number="DE123456788")
    return TaxTreatment.objects.create(account=of, category=category, valid_from=valid_from, **fields)


def taxes_of(code="a", month=MARCH):
    rows = InvoiceTax.objects.filter(invoice__account__code=code, invoice__month=month)
    return [
        (tax.category, f"{tax.percent:.0f}", f"{tax.taxable_amount:.2f}", f"{tax.tax_amount:.2f}")
        for tax in rows
    ]


def xml_of(pdf):
    (xml,) = PdfReader(BytesIO(pdf)).attachments["factur-x.xml"]
    return xml


def texts(xml, name):
    return {element.text for element in etree.fromstring(xml).iter(f"{{*}}{name}")}


@pytest.mark.parametrize(
    ("category", "fields", "code", "reason"),
    [
        ("reverse_charge", {}, "AE", "Reverse charge: the recipient owes the tax."),
        ("exempt", {"reason": LAW, "certificate": "2023/77"}, "E", f"{LAW} (certificate 2023/77)"),
        ("export", {}, "G", "Export: no tax is charged."),
        ("zero", {}, "Z", None),
    ],
)
def test_invoice_page_and_e_invoice_say_how_an_account_is_taxed(north, category, fields, code, reason):
    treat(category, **fields)
    bill(north)
    assert taxes_of("a") == [(category, "0", "10.00", "0.00")]
    assert taxes_of("b") == [("standard", "19", "20.00", "3.80")]
    view = invoice_view(Invoice.objects.get(account__code="a").pk)
    assert {line.tax_category for line in view.lines} == {category}
    pdf = invoice_document(view)
    xml = xml_of(pdf)
    assert complaints(xml) == []
    assert texts(xml, "CategoryCode") == {code}
    assert texts(xml, "ExemptionReason") == ({reason} if reason else set())
    text = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert (reason or "Zero rate") in text


def test_what_is_printed_is_what_counted_on_the_day_of_issue(north):
    row = treat("exempt", reason=LAW, valid_to=date(2026, 5, 1))
    bill(north)
    use("a", "7", at=datetime(2026, 4, 9, tzinfo=UTC), received_at=datetime(2026, 4, 9, tzinfo=UTC))
    bill(north, month=APRIL, cutoff=datetime(2026, 5, 2, tzinfo=UTC), issued_on=date(2026, 5, 3))
    assert taxes_of(month=MARCH) == [("exempt", "0", "10.00", "0.00")]
    assert taxes_of(month=APRIL) == [("standard", "19", "7.00", "1.33")]
    row.delete()
    view = invoice_view(Invoice.objects.get(account__code="a", month=MARCH).pk)
    assert [tax.reason for tax in view.taxes] == [LAW]


def test_discounts_lie_in_the_category_of_the_treatment(north):
    treat("reverse_charge")
    Promotion.objects.create(company=north, code="TEN", percent=Decimal(10), valid_from=MARCH).accounts.add(
        Account.objects.get(code="a")
    )
    bill(north)
    assert taxes_of() == [("reverse_charge", "0", "9.00", "0.00")]


def test_a_concession_gives_back_in_the_categories_of_its_invoice(north):
    treat("reverse_charge")
    bill(north)
    TaxTreatment.objects.all().delete()
    credit_invoice(
        invoice=Invoice.objects.get(account__code="a"),
        request=CreditRequest(amount=Decimal(4)),
        request_id="c1",
        issued_on=ISSUED_ON,
    )
    assert CreditNoteTax.objects.values_list("category", "taxable_amount", "tax_amount").get() == (
        *("reverse_charge", 4, 0),
    )


def test_late_usage_is_given_back_in_the_categories_of_its_invoice(north):
    treat("reverse_charge")
    Account.objects.filter(code="a").update(late_usage="credit_note")
    bill(north)
    TaxTreatment.objects.all().delete()
    void("a")
    late = datetime(2026, 4, 6, tzinfo=UTC)
    mediate_waiting(now=late)
    rate_stale_periods(as_of=late)
    assert credit_late_usage(now=late) == 1
    assert CreditNoteTax.objects.values_list("category", "taxable_amount", "tax_amount").get() == (
        *("reverse_charge", 10, 0),
    )


def test_reverse_charge_without_a_number_is_doubtful_before_the_run(north):
    treat("reverse_charge")
    run = ask(north)
    assert not [doubt for doubt in warnings_of(run) if "reverse charge" in doubt.sentence]
    Account.objects.filter(code="a").update(tax_number="")
    (doubt,) = [doubt for doubt in warnings_of(run) if "reverse charge" in doubt.sentence]
    assert doubt.sentence == ("1 accounts owe the tax themselves (reverse charge) and have no tax number: a.")
