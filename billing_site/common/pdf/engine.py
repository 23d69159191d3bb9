"""WeasyPrint, set up so that the same HTML gives the same bytes, today and next year.

PDF/A-3b (for archives, may carry files), tagged (for screen readers), every font embedded. Nothing is fetched
but our own fonts and the pictures handed in, whatever a customer writes into a name.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from io import BytesIO
from threading import Lock

# fontTools stamps the fonts it embeds with the wall clock, unless this is set (reproducible-builds.org).
# It has to be there before the first document is written.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")

import weasyprint
from weasyprint import CSS, HTML, Attachment
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from billing_site.common.pdf.fonts import FACES, FAMILIES, font_face_rules

# Both tell every step at the level of information.
for _name in ("fontTools", "weasyprint.progress"):
    logging.getLogger(_name).setLevel(logging.WARNING)

VARIANT = "pdf/a-3b"
# Pango's font map is not made for two threads.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the page names by the address `asset:NAME`."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file inside the PDF; `relationship` says what it is to the page (ISO 32000-2, 7.11.3)."""

    name: str
    description: str
    relationship: str
    content: bytes


class Assets(URLFetcher):
    """Gives the files that a document may use, by the names of `asset:NAME`, and nothing else."""

    def __init__(self, pictures: Mapping[str, Picture] | None = None) -> None:
        super().__init__(allowed_protocols=["asset"], fail_on_errors=True)
        self._fonts = {f"asset:font-{index}": face.path for index, face in enumerate(FACES)}
        self._pictures = {f"asset:{name}": picture for name, picture in (pictures or {}).items()}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 (from the library)
        if url in self._pictures:
            picture = self._pictures[url]
            return URLFetcherResponse(url, picture.content, {"Content-Type": picture.media_type})
        return URLFetcherResponse(url, self._fonts[url].read_bytes(), {"Content-Type": "font/otf"})


class Page(HTML):
    """A page whose elements have no marks of lists and footnotes, which no document here has.

    WeasyPrint's own stylesheet gives six of them to each element; without, a long table takes half as much.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002 (from the library)
        return [_plain_stylesheet()]


def write_pdf(
    html: str,
    stylesheet: str,
    *,
    dated: date | None = None,
    pictures: Mapping[str, Picture] | None = None,
    embedded: Sequence[EmbeddedFile] = (),
    metadata: bytes = b"",
) -> bytes:
    """Turn a page and a stylesheet ("package:file") into a PDF.

    dated: [day] of the embedded files, needed with any. metadata: [RDF descriptions] to add.
    """
    with _one_at_a_time:
        fonts, style = prepared(stylesheet)
        page = Page(string=html, url_fetcher=Assets(pictures))
        document = page.render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True)
        if metadata:
            _describe(document, metadata)
        attachments = [_attachment(file, dated) for file in embedded]
        return bytes(document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, attachments=attachments))


def _attachment(file: EmbeddedFile, dated: date | None) -> Attachment:
    if dated is None:
        raise ValueError(f"{file.name} needs the day of its document, or its bytes would tell the clock.")
    midnight = datetime.combine(dated, time(), UTC)
    return Attachment(
        file_obj=BytesIO(file.content),
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=midnight,
        modified=midnight,
    )


def _describe(document: Document, descriptions: bytes) -> None:
    """Put descriptions into the one RDF element that a document's metadata may have."""
    own, end = document.metadata.generate_rdf_metadata, b"</rdf:RDF>"
    document.metadata.generate_rdf_metadata = lambda *how: own(*how).replace(end, descriptions + end)


@cache
def _plain_stylesheet() -> CSS:
    rules = files(weasyprint).joinpath("css/html5_ua.css").read_text("utf-8").splitlines()
    kept = "\n".join(rule for rule in rules if not rule.startswith("::"))
    return CSS(string=kept, counter_style=CounterStyle())


@cache
def prepared(stylesheet: str) -> tuple[FontConfiguration, CSS]:
    """Load fonts and style once a process; loading them for each document would double its time."""
    fonts = FontConfiguration()
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    package, _, name = stylesheet.partition(":")
    rules = files(package).joinpath(name).read_text("utf-8")
    css = f"{font_face_rules()}\nhtml {{ font-family: {families}; }}\n{rules}"
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=Assets())
