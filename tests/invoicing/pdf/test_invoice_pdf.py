import html
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from billing_site.common.pdf.engine import Assets, write_pdf
from billing_site.common.pdf.fonts import FACES
from invoicing.pdf.columns import column_widths
from invoicing.pdf.invoice_pdf import invoice_html, invoice_pdf
from invoicing.selectors.invoice_views import invoice_view
from tests.factories.invoices import Line, Tax, account, company, issued_invoice

pytestmark = pytest.mark.django_db
# Characters that have no glyph of their own.
INVISIBLE = re.compile(r"[\s\u200e\u200f\u2060-\u2069]")


def buyer(locale, code, minor_units, zone="UTC", **fields):
    seller = company(
        code[:2], currency_code=code, minor_units=minor_units, legal_footer="Registered somewhere"
    )
    return account(f"acct-{code}", of=seller, locale=locale, timezone=zone, **fields)


def view(of, lines=(), taxes=(), **invoice):
    number = f"{of.company.code}-2023-00001"
    issued = issued_invoice(of, number=number, lines=lines or [Line("7.20")], taxes=taxes, **invoice)
    return invoice_view(issued.pk)


def japanese():
    lines = [
        Line("16118", quantity="172.352500000000", unit_price="93.51795"),
        Line(
            "-1612",
            family="",
            resource="",
            sku="",
            description="WELCOME",
            kind="discount",
            quantity=None,
            unit_price=None,
            unit="",
        ),
    ]
    of = buyer(
        "ja_JP", "JPY", 0, "Asia/Tokyo", name="株式会社青葉計算センター", address="〒980-0001\n宮城県仙台市"
    )
    period = (datetime(2023, 8, 31, 15, tzinfo=UTC), datetime(2023, 9, 30, 15, tzinfo=UTC))
    lines = [replace(line, service=period) for line in lines]
    return view(of, lines, [Tax("1450", percent="10", name="消費税")], period=period)


def kuwaiti():
    name = "شركة لؤلؤة البحر لتقنية المعلومات ذ.م.م"
    of = buyer("ar_KW", "KWD", 3, name=name, address="قطعة 4، شارع اللؤلؤ، مبنى 27\nالسالمية")
    return view(of, [Line("1234.811", quantity="18.547777777778", unit_price="0.043714")])


def indian():
    of = buyer("hi_IN", "INR", 2, name="हिमशिखर क्लाउड प्राइवेट लिमिटेड", address="14, कमल मार्ग")
    return view(
        of, [Line("1234567.80", unit_price="41.235168")], [Tax("222222.20", percent="18", name="GST")]
    )


def polish():
    of = buyer(
        "pl_PL", "PLN", 2, name="Źródło Danych Sp. z o.o.", address="ul. Świętej Łucji 15\n90-001 Łódź"
    )
    return view(of, [Line("1011.94", unit_price="1.402432")])


def german():
    return view(buyer("de_DE", "EUR", 2), [Line("1234.50", unit_price="0.1")], [Tax("234.56")])


def french():
    of = buyer("fr_FR", "EUR", 2, name="Fournil du Chêne Étoilé SARL")
    return view(of, [Line("1234.50", unit_price="0.1")])


def egyptian():
    return view(buyer("ar_EG", "EGP", 2, name="شركة النيل"), [Line("1234.50", unit_price="0.1")])


def english():
    return view(buyer("en_GB", "GBP", 2), [Line("1234.50", unit_price="0.1")])


ALL = [french, egyptian, english, japanese, kuwaiti, indian, polish, german]


def text_of(pdf):
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u00a0", " "))


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (
            japanese,
            [
                "JP-2023-00001",
                "JPY 15,956",
                "16,118",
                "93.51795",
                "172.3525",
                "-1,612",
                "10 %",
                "1,450",
                "2023/10/01",
                "2023年9月1日～30日",
                "株式会社青葉計算センター",
                "Discounts",
            ],
        ),
        (kuwaiti, ["1,234.811 KWD", "0.043714", "18.547778", "01/10/2023", "No tax is charged."]),
        (indian, ["INR 14,56,790.00", "12,34,567.80", "41.235168", "GST", "18 %"]),
        (polish, ["1 011,94 PLN", "1,402432", "1–30 wrz 2023", "31 paź 2023", "Źródło Danych Sp. z o.o."]),
        (french, ["1 234,50 EUR", "0,10", "1–30 sept. 2023", "31 oct. 2023"]),
        (egyptian, ["1,234.50", "EGP", "0.10"]),
        (english, ["GBP 1,234.50", "0.10", "1–30 Sept 2023", "31 Oct 2023"]),
        (
            german,
            [
                "1.469,06 EUR",
                "1.234,50",
                "0,10",
                "234,56",
                "19 %",
                "01.10.2023",
                "Registered somewhere",
                "Page 1 of 1",
            ],
        ),
    ],
)
def test_numbers_and_dates_are_written_as_the_account_reads(make, shown):
    text = text_of(invoice_pdf(make()))
    assert [part for part in shown if part not in text] == []


@pytest.mark.parametrize("make", ALL)
def test_every_character_has_a_glyph_in_an_embedded_font(make):
    invoice = make()
    covered = set()
    for face in FACES:
        covered |= TTFont(face.path, lazy=True).getBestCmap().keys()
    text = html.unescape(re.sub(r"<[^>]+>", "", invoice_html(invoice)))
    assert {sign for sign in INVISIBLE.sub("", text) if ord(sign) not in covered} == set()
    reader = PdfReader(BytesIO(invoice_pdf(invoice)))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    names = {font["/BaseFont"] for font in fonts}
    assert names
    assert {
        name for name in names if not re.match(r"/[A-Z]{6}\+Invoice-(Sans|Arabic|Devanagari|CJK)", name)
    } == set()
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.parametrize("make", [japanese, german])
def test_the_same_invoice_gives_the_same_bytes(make):
    invoice = make()
    first = invoice_pdf(invoice)
    invoice_pdf(polish())
    assert invoice_pdf(invoice) == first


def test_another_process_on_another_day_gives_the_same_bytes():
    """What is compared is the printing: the same HTML, in a new process whose clock runs ahead."""
    page = invoice_html(german())
    program = (
        "import hashlib, sys, time, django; django.setup()\n"
        "ahead = time.time() + 86400 * 400; time.time = lambda: ahead\n"
        "from billing_site.common.pdf.engine import write_pdf\n"
        "print(hashlib.sha256(write_pdf(sys.stdin.read(), 'invoicing.pdf:invoice.css')).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], input=page, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert runs == {sha256(write_pdf(page, "invoicing.pdf:invoice.css")).hexdigest() + "\n"}


def test_it_is_tagged_pdf_a_3b_dated_by_the_issue():
    reader = PdfReader(BytesIO(invoice_pdf(german())))
    catalog = reader.trailer["/Root"]
    metadata = catalog["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in metadata or "<pdfaid:part>3" in metadata
    assert "B" in re.search(r'pdfaid:conformance[>="]+(\w)', metadata)[1]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en"
    assert catalog["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert (reader.metadata.title, reader.metadata.author) == ("Invoice EU-2023-00001", "Meridian Cloud EU")
    assert reader.metadata["/CreationDate"] == "D:20231001" == reader.metadata["/ModDate"]


def test_the_head_of_the_table_is_on_every_page():
    lines = [Line("1.00", resource=f"vm-{number}") for number in range(80)]
    reader = PdfReader(BytesIO(invoice_pdf(view(buyer("de_DE", "EUR", 2), lines))))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 2
    assert all("Service period" in page for page in pages[:-1])
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


def test_several_lines_of_a_resource_stand_under_its_name_with_a_subtotal():
    lines = [Line("1.25", resource="vm-7"), Line("2.50", resource="vm-7"), Line("4.00", resource="vm-8")]
    text = text_of(invoice_pdf(view(buyer("de_DE", "EUR", 2), lines)))
    assert "vm-7 3,75" in text
    assert text.count("vm-7") == 1
    assert "Subtotal Compute 7,75" in text


def test_columns_are_as_wide_as_their_longest_number():
    lines = [Line("99999999999.99", quantity="1234567.123456", unit_price="0.000000123457")]
    of = buyer("id_ID", "IDR", 2)
    invoice = view(of, lines)
    widths = column_widths(invoice)
    assert widths.net_amount == Decimal("1.65") * len("99.999.999.999,99")
    assert widths.unit_price == Decimal("1.65") * len("0,000000123457")
    text = text_of(invoice_pdf(invoice))
    assert [n for n in ["99.999.999.999,99", "0,000000123457", "1.234.567,123456"] if n not in text] == []


def test_a_name_is_no_markup_and_fetches_nothing():
    name = "<img src='file:///etc/passwd'><link rel=attachment href='file:///etc/passwd'>"
    reader = PdfReader(BytesIO(invoice_pdf(view(buyer("de_DE", "EUR", 2, name=name)))))
    assert "<img src=" in reader.pages[0].extract_text()
    assert reader.attachments == {}


def test_nothing_but_own_files_can_be_fetched():
    for address in ["file:///etc/passwd", "http://127.0.0.1/", "asset:other"]:
        with pytest.raises(KeyError):
            Assets().fetch(address)
