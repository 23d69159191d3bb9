"""What may be printed as a company's logo."""

from xml.etree import ElementTree

from billing_site.common.errors import BillingError

_BY_FIRST_BYTES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_SVG = "image/svg+xml"


class NotALogo(BillingError):
    """A file that is no picture that a document can hold."""

    code = "not_a_logo"


def logo_type(content: bytes) -> str:
    """Return the media type of a picture by its content, whatever its file is called; else raise NotALogo.

    content: [bytes] of the whole file

    >>> logo_type(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    'image/svg+xml'
    """
    for first_bytes, media_type in _BY_FIRST_BYTES.items():
        if content.startswith(first_bytes):
            return media_type
    # A document type may name files and entities that grow without end.
    if b"<!DOCTYPE" not in content and b"<!ENTITY" not in content:
        try:
            root = ElementTree.fromstring(content).tag
        except ElementTree.ParseError:
            root = ""
        if root in {"svg", "{http://www.w3.org/2000/svg}svg"}:
            return _SVG
    raise NotALogo("The logo is no PNG, JPEG or SVG picture; use one (an SVG without a document type).")
