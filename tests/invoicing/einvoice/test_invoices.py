"""Every e-invoice is checked by the schema and the schematron of its profile, see validation.py."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import etree
from pypdf import PdfReader

from invoicing.einvoice.invoices import en16931_xml
from invoicing.einvoice.refusals import NotAnEInvoice
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document
from tests.factories.invoices import Line, Tax, account, company, issued_invoice
from tests.invoicing.einvoice.validation import complaints

pytestmark = pytest.mark.django_db
RAM = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}
# Country, currency, decimals, percent, name of the tax: those of the demo, but the Kuwaiti dinar.
ELEVEN = [
    ("DE", "EUR", 2, "19", "VAT"),
    ("PL", "PLN", 2, "23", "VAT"),
    ("GB", "GBP", 2, "20", "VAT"),
    ("CH", "CHF", 2, "7.7", "MWST"),
    ("US", "USD", 2, "0", ""),
    ("JP", "JPY", 0, "10", "消費税"),
    ("IN", "INR", 2, "18", "GST"),
    ("AE", "AED", 2, "5", "VAT"),
    ("AU", "AUD", 2, "10", "GST"),
    ("SE", "SEK", 2, "25", "MOMS"),
    ("SG", "SGD", 2, "8", "GST"),
]
AMOUNTS = [
    *("LineTotalAmount", "ActualAmount", "CalculatedAmount", "BasisAmount", "AllowanceTotalAmount"),
    *("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount", "DuePayableAmount"),
]
DISCOUNT = {
    "family": "",
    "resource": "",
    "sku": "",
    "description": "WELCOME",
    "kind": "discount",
    "quantity": None,
    "unit_price": None,
    "unit": "",
}


def buyer(country="DE", code="EUR", minor_units=2, **fields):
    seller = company(country, currency_code=code, minor_units=minor_units, tax_number=f"{country}200000013")
    return account(f"acct-{country}", of=seller, **{"tax_number": f"{country}123456788"} | fields)


LINES, TAXES = (Line("7.20"),), (Tax("1.37"),)


def view(of=None, lines=LINES, taxes=TAXES, **invoice):
    return invoice_view(issued_invoice(of or buyer(), lines=lines, taxes=taxes, **invoice).pk)


def values(xml, path):
    return [element.text for element in etree.fromstring(xml).iterfind(f".//{path}", RAM)]


@pytest.fixture(params=ELEVEN, ids=[row[1] for row in ELEVEN])
def of_each_currency(request):
    country, code, minor_units, percent, name = request.param
    amounts = ["1234.50", "-3.12", "0.07", "-61.57"] if minor_units else ["1235", "-3", "7", "-62"]
    lines = [
        Line(amounts[0], quantity="123.45", unit_price="10") if minor_units else Line("1235"),
        Line(amounts[1], kind="correction", quantity="-312", unit_price="0.01"),
        Line(amounts[2], family="Traffic", resource="", quantity="530", unit="GB", unit_price=None),
        Line(amounts[3], **DISCOUNT),
    ]
    net = sum(Decimal(value) for value in amounts)
    tax = (net * Decimal(percent) / 100).quantize(Decimal(1).scaleb(-minor_units))
    return view(buyer(country, code, minor_units), lines, [Tax(str(tax), percent=percent, name=name)])


def test_an_invoice_of_each_currency_is_valid_and_no_longer_so_with_one_amount_changed(of_each_currency):
    xml = en16931_xml(of_each_currency)
    assert complaints(xml) == []
    for name in AMOUNTS:
        found = re.search(rf"(<ram:{name}[^>]*>)([-\d.]+)", xml.decode())
        changed = xml.decode().replace(found[0], found[1] + str(Decimal(found[2]) + Decimal("0.01")), 1)
        assert complaints(changed.encode()), name


def test_the_pdf_carries_it_and_says_so(of_each_currency):
    pdf = invoice_document(of_each_currency)
    reader = PdfReader(BytesIO(pdf))
    assert reader.attachments["factur-x.xml"] == [en16931_xml(of_each_currency)]
    (file,) = {reference.idnum: reference.get_object() for reference in reader.root_object["/AF"]}.values()
    assert (file["/AFRelationship"], file["/UF"]) == ("/Alternative", "factur-x.xml")
    assert file["/EF"]["/F"]["/Subtype"] in {"/application/xml", "/text/xml"}
    assert file["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20231001000000Z"
    metadata = reader.root_object["/Metadata"].get_data().decode()
    packet = etree.fromstring(metadata.split("?>", 1)[1].rsplit("<?", 1)[0].strip())
    (rdf,) = packet
    said = {
        element.tag.partition("}")[2]: element.text
        for element in rdf.iter()
        if element.tag.startswith("{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}")
    }
    assert said == {
        "DocumentFileName": "factur-x.xml",
        "DocumentType": "INVOICE",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    assert invoice_document(of_each_currency) == pdf


def test_three_decimals_are_no_e_invoice_and_the_document_says_so():
    kuwaiti = view(buyer("KW", "KWD", 3), [Line("2.753")], ())
    with pytest.raises(NotAnEInvoice, match="amounts in KWD have 3 decimals, and it allows 2"):
        en16931_xml(kuwaiti)
    reader = PdfReader(BytesIO(invoice_document(kuwaiti)))
    assert reader.attachments == {}
    assert "carries no e-invoice (EN 16931): amounts in KWD have 3 decimals" in reader.pages[0].extract_text()


def test_two_taxes_on_a_category_are_no_e_invoice():
    taxes = [Tax("15.00", percent="5", name="GST"), Tax("29.93", percent="9.975", name="QST")]
    with pytest.raises(NotAnEInvoice, match="2 taxes are charged on the category “standard”"):
        en16931_xml(view(lines=[Line("300.00")], taxes=taxes))


def test_a_unit_price_stays_where_it_gives_the_amount():
    lines = [
        Line("3.51", quantity="720.5", unit_price="0.004871", unit="hour"),
        Line("43.50", quantity="530", unit_price=None, unit="GB"),
        Line("-2.30", quantity="46", unit_price="-0.05", unit="GB"),
        Line("-5.00", quantity=None, unit_price=None, kind="true_up"),
        Line("33.60", quantity="744", unit_price="0.05"),  # capped
    ]
    xml = en16931_xml(view(lines=lines, taxes=[Tax("13.93")]))
    assert complaints(xml) == []
    quantities = [
        (element.text, element.get("unitCode"))
        for element in etree.fromstring(xml).iterfind(".//ram:BilledQuantity", RAM)
    ]
    assert quantities == [("720.5", "HUR"), ("1", "C62"), ("-46", "E34"), ("-1", "C62"), ("1", "C62")]
    prices = values(xml, "ram:ChargeAmount")
    assert prices == ["0.004871", "43.5", "0.05", "5", "33.6"]
    assert "530 GB" in values(xml, "ram:Value")


@pytest.mark.parametrize(
    ("category", "tax", "code"),
    [
        ("standard", Tax("1.37"), "S"),
        ("reduced", Tax("0.50", percent="7", category="reduced"), "S"),
        ("zero", Tax("0", percent="0", category="zero"), "Z"),
        ("exempt", Tax("0", percent="0", category="exempt"), "E"),
        ("reverse_charge", Tax("0", percent="0", category="reverse_charge"), "AE"),
        ("export", Tax("0", percent="0", category="export"), "G"),
        ("standard", Tax("0", percent="0", name=""), "O"),
    ],
    ids=["standard", "reduced", "zero", "exempt", "reverse-charge", "export", "no-rate"],
)
def test_each_tax_category_has_its_code(category, tax, code):
    xml = en16931_xml(view(lines=[Line("7.20", tax_category=category)], taxes=[tax]))
    assert complaints(xml) == []
    assert set(values(xml, "ram:CategoryCode")) == {code}


def test_categories_of_one_rate_are_one_tax_and_untaxed_ones_stand_beside_it():
    lines = [
        Line("10.00"),
        Line("5.00", tax_category="reduced"),
        Line("4.00", tax_category="exempt"),
        Line("3.00", tax_category="zero"),
    ]
    taxes = [
        Tax("1.90"),
        Tax("0.95", category="reduced"),
        Tax("0", percent="0", category="exempt"),
        Tax("0", percent="0", category="zero"),
    ]
    xml = en16931_xml(view(lines=lines, taxes=taxes))
    assert complaints(xml) == []
    assert values(xml, "ram:BasisAmount") == ["4.00", "15.00", "3.00"]
    assert values(xml, "ram:CalculatedAmount") == ["0.00", "2.85", "0.00"]


def test_numbers_of_other_countries_are_no_vat_numbers():
    of = account("acct-x", of=company("GB", currency_code="GBP", tax_number="12-3456789"), tax_number="77")
    xml = en16931_xml(
        view(
            of,
            lines=[Line("7.20", tax_category="reverse_charge")],
            taxes=[Tax("0", percent="0", category="reverse_charge")],
        )
    )
    assert complaints(xml) == []
    assert [
        (element.text, element.get("schemeID"))
        for element in etree.fromstring(xml).iterfind(".//ram:SpecifiedTaxRegistration/ram:ID", RAM)
    ] == [("12-3456789", "FC")]


@pytest.mark.parametrize(
    ("whose", "change", "sentence"),
    [
        ("seller", {"tax_number": ""}, "the seller has no tax number"),
        ("seller", {"country": ""}, "DE has no country"),
        ("buyer", {"name": " "}, "acct-DE has no name"),
    ],
    ids=["seller-without-number", "seller-without-country", "buyer-without-name"],
)
def test_what_the_standard_asks_for_and_is_missing_is_said(whose, change, sentence):
    invoice = view()
    with pytest.raises(NotAnEInvoice, match=sentence):
        en16931_xml(replace(invoice, **{whose: replace(getattr(invoice, whose), **change)}))


def test_a_reverse_charge_needs_the_number_of_who_owes():
    lines, taxes = [Line("7.20", tax_category="reverse_charge")], [Tax("0", "0", "", "reverse_charge")]
    with pytest.raises(NotAnEInvoice, match="has no tax number"):
        en16931_xml(view(buyer(tax_number=""), lines, taxes))


def test_an_export_needs_the_vat_number_of_who_exports():
    of = account("acct-us", of=company("US", currency_code="USD", tax_number="12-3456789"))
    with pytest.raises(NotAnEInvoice, match="the seller exports and has no VAT number"):
        en16931_xml(view(of, [Line("7.20", tax_category="export")], [Tax("0", "0", "", "export")]))


def test_yen_rounded_down_by_nearly_one_are_valid_and_by_one_are_not():
    of = buyer("JP", "JPY", 0)
    assert complaints(en16931_xml(view(of, [Line("1129")], [Tax("112", percent="10")]))) == []
    with pytest.raises(NotAnEInvoice, match=r"the tax at 7\.5 % is rounded by 1 JPY or more"):
        en16931_xml(
            view(account("acct-2", of=of.company), [Line("133")], [Tax("8", percent="7.5")], number="2")
        )


def test_signs_that_xml_cannot_hold_and_markup_do_no_harm():
    of = buyer(name="A<b>&\x0b\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"))
    xml = en16931_xml(view(of))
    assert complaints(xml) == []
    assert "A<b>&\N{REPLACEMENT CHARACTER}😀" in values(xml, "ram:Name")


def test_periods_end_with_their_last_local_day():
    tokyo = (datetime(2023, 8, 31, 15, tzinfo=UTC), datetime(2023, 9, 30, 15, tzinfo=UTC))
    of = buyer("JP", "JPY", 0, timezone="Asia/Tokyo")
    xml = en16931_xml(view(of, [Line("10", service=tokyo)], [Tax("1", percent="10")], period=tokyo))
    days = [element.text for element in etree.fromstring(xml).iter("{*}DateTimeString")]
    assert days == [
        *("20231001", "20230901", "20230930", "20230930"),
        *("20230901", "20230930", "20231031"),
    ]


def test_an_invoice_below_zero_and_one_of_zero_are_valid():
    assert complaints(en16931_xml(view(lines=[Line("-7.20", quantity="-720")], taxes=[Tax("-1.37")]))) == []
    zero = view(buyer("GB", "GBP"), [Line("0.00", quantity="0")], [Tax("0.00")], number="2")
    assert complaints(en16931_xml(zero)) == []
