"""Files that are no price table, or not quite: what is said of them, and that nothing is stored."""

import codecs
from io import BytesIO

import pytest

from billing_site.common.csv_files import UnreadableFile, open_csv
from catalogue.models import Price, PriceImport, Product
from tests.factories.price_files import WIDE, counts, findings, head_office, sentences, upload

pytestmark = pytest.mark.django_db
GOOD = f"{WIDE}\nVM,Größe 東京,hour,usage,1,2,3\n"


def refused(content):
    """Upload, see that nothing was stored, and return the places and codes of what is wrong."""
    done = upload(content, head_office())
    assert (done.state, Product.objects.count(), Price.objects.count()) == ("refused", 0, 0)
    return findings(done), sentences(done)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace(",", "|").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace("sku,name", "SKU, Name ").encode(),
        f"{GOOD}\n\n".encode(),
    ],
    ids=[
        *("utf-8", "utf-8-bom", "utf-16", "utf-16-be", "semicolon", "tab", "bar", "crlf", "no-end"),
        *("capitals", "empty-lines"),
    ],
)
def test_what_is_read(content):
    assert counts(upload(content, head_office())) == (1, 0, 0, 0, 0)
    assert Product.objects.get().name == "Größe 東京"
    assert Price.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        (b"", (None, "", "unreadable_file"), "The file is empty"),
        (b"  \n \n", (None, "", "unreadable_file"), "The file is empty"),
        (b"PK\x03\x04rest", (1, "", "unreadable_file"), "an Excel workbook"),
        (b"%PDF-1.7", (1, "", "unreadable_file"), "The file is a PDF, not CSV"),
        (b"\x1f\x8b\x08", (1, "", "unreadable_file"), "a gzip archive"),
        (b'{"sku": 1}', (1, "", "unreadable_file"), "JSON"),
        (b"<html>", (1, "", "unreadable_file"), "HTML or XML"),
        (b"sku,\0price", (1, "", "unreadable_file"), "not text, or UTF-16 without its mark"),
        (b"a,b\n1,2\n", (1, "", "no_sku_column"), "one of them must be sku"),
        (b"sku,price_EUR\n", (None, "", "no_lines"), "a heading and no line"),
        (b"sku,price_EUR,colour\nVM,1,red\n", (1, "colour", "unknown_column"), "'colour' is not known"),
        (b"sku,price_EUR,price_eur\nVM,1,1\n", (1, "price_eur", "column_twice"), "stands twice"),
        (
            b"sku,price_JPY\nVM,1\n",
            (1, "price_JPY", "column_not_allowed"),
            "No sales office of HQ sells in JPY",
        ),
        (b'sku,price_EUR\nVM,"1\n', (2, "", "unreadable_file"), "quotation mark"),
        (b"sku,price_EUR\n" + b"x" * 1_000_001, (2, "", "unreadable_file"), "more than 1,000,000 characters"),
        (codecs.BOM_UTF16_LE + b"s", (1, "", "unreadable_file"), "This is not utf-16"),
    ],
    ids=[
        *(
            "empty",
            "blank",
            "xlsx",
            "pdf",
            "gzip",
            "json",
            "html",
            "nul",
            "no-sku",
            "no-lines",
            "unknown-column",
        ),
        *("column-twice", "no-office", "open-quote", "endless-line", "half-utf-16"),
    ],
)
def test_what_is_not(content, place, sentence):
    places, told = refused(content)
    assert places == [place]
    assert sentence in told[0]


def test_latin_1_is_named_at_its_line_and_column():
    content = f"{WIDE}\nA,plain,hour,usage,1,2,3\nB,Größe,hour,usage,1,2,3\n".encode("latin-1")
    places, told = refused(content)
    assert places == [(3, "name", "invalid_text")]
    assert "The byte 0xF6 is not UTF-8, the file may be Latin-1" in told[0]


def test_a_zero_byte_late_in_the_file_is_named_at_its_line_and_column():
    lines = "".join(f"V{number},n,hour,usage,1,2,3\n" for number in range(4000))
    places, told = refused(f"{WIDE}\n{lines}Z,a\0b,hour,usage,1,2,3\n")
    assert places == [(4002, "name", "invalid_text")]
    assert "zero byte" in told[0]


class TwoGigabytes(BytesIO):
    """A file of 2 GB of which nobody reads a byte."""

    def seek(self, offset, whence=0):
        return 2_000_000_000 if whence == 2 else 0

    def read(self, *_size):
        raise AssertionError("It is read.")


def test_two_gigabytes_are_refused_unread():
    with pytest.raises(UnreadableFile, match="The file has 2,000 MB, and at most 512 MB"):
        open_csv(TwoGigabytes())


def test_a_file_that_is_no_table_is_said_once_and_stored_nowhere():
    refused(b"%PDF-1.7")
    assert PriceImport.objects.get().lines_read == 0
