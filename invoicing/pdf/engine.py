"""WeasyPrint, set up so that the same HTML gives the same bytes, today and next year.

PDF/A-3b (for archives, may carry files), tagged (for screen readers), every font embedded. Nothing is fetched
but our own fonts and logo, whatever a customer writes into a name.
"""

import logging
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock

# fontTools stamps the fonts it embeds with the wall clock, unless this is set (reproducible-builds.org).
# It has to be there before the first document is written.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from invoicing.pdf.fonts import FACES, FAMILIES, font_face_rules

# Both tell every step at the level of information.
for _name in ("fontTools", "weasyprint.progress"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# Pango's font map is not made for two threads.
_one_at_a_time = Lock()


class Assets(URLFetcher):
    """Gives the files that a document may use, by the names of `asset:NAME`, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["asset"], fail_on_errors=True)
        self._paths = {f"asset:font-{index}": face.path for index, face in enumerate(FACES)}
        self._paths["asset:logo.svg"] = Path(str(finders.find("portal/logo.svg")))

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 (from the library)
        path = self._paths[url]
        kind = "image/svg+xml" if path.suffix == ".svg" else "font/otf"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def write_pdf(html: str, stylesheet: str) -> bytes:
    """Turn a page and the name of a stylesheet of this package into a PDF."""
    with _one_at_a_time:
        fetcher, fonts, style = _prepared(stylesheet)
        document = HTML(string=html, url_fetcher=fetcher)
        return bytes(
            document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3b", pdf_tags=True)
        )


@cache
def _prepared(stylesheet: str) -> tuple[Assets, FontConfiguration, CSS]:
    """Load fonts and style once a process; loading them for each document would double its time."""
    fetcher, fonts = Assets(), FontConfiguration()
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    rules = files(__package__).joinpath(stylesheet).read_text("utf-8")
    css = f"{font_face_rules()}\nhtml {{ font-family: {families}; }}\n{rules}"
    return fetcher, fonts, CSS(string=css, font_config=fonts, url_fetcher=fetcher)
