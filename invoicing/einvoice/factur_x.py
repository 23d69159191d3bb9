"""How a PDF says that it carries an e-invoice: Factur-X 1.0, profile EN 16931."""

FILE_NAME = "factur-x.xml"
DESCRIPTION = "Invoice as EN 16931 (Factur-X)"
# The XML says the same as the page.
RELATIONSHIP = "Alternative"

_PROPERTIES = {
    "DocumentFileName": ("The name of the embedded XML document", FILE_NAME),
    "DocumentType": ("The type of the hybrid document in capital letters, e.g. INVOICE or ORDER", "INVOICE"),
    "Version": ("The actual version of the standard applying to the embedded XML document", "1.0"),
    "ConformanceLevel": ("The conformance level of the embedded XML document", "EN 16931"),
}


def factur_x_metadata() -> bytes:
    """Return the RDF descriptions for the PDF's metadata: the values, and the schema that PDF/A wants."""
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (_, value) in _PROPERTIES.items())
    schema = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, (meaning, _) in _PROPERTIES.items()
    )
    return (_EXTENSION.replace("SCHEMA", schema) + _DESCRIPTION.replace("VALUES", values)).encode()


_ADDRESS = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_DESCRIPTION = f'<rdf:Description rdf:about="" xmlns:fx="{_ADDRESS}">VALUES</rdf:Description>'
_EXTENSION = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{_ADDRESS}</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>SCHEMA</rdf:Seq></pdfaSchema:property>"
    "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
