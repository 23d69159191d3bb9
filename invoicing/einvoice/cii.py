"""Elements of UN/CEFACT's Cross Industry Invoice (D22B), as Factur-X uses it."""

import re
from datetime import date, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, register_namespace, tostring

from billing_site.common.locale_formats import local_day
from catalogue.domain.rounding import round_money

_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
for _prefix, _address in _NAMESPACES.items():
    register_namespace(_prefix, _address)

# What XML 1.0 cannot hold, whatever a customer is called.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMPACT_DAY = "102"


def element(name: str, *content: Element | str | None, prefix: str = "ram", **attributes: str) -> Element:
    """Make an element of its text or its children; None among them is left out."""
    made = Element(f"{{{_NAMESPACES[prefix]}}}{name}", attributes)
    for part in content:
        if isinstance(part, str):
            made.text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", part)
        elif part is not None:
            made.append(part)
    return made


def text(name: str, value: str, **attributes: str) -> Element | None:
    """Make an element of a text, none of an empty one."""
    return element(name, value, **attributes) if value.strip() else None


def day(name: str, value: date | None, *, prefix: str = "udt") -> Element | None:
    """Make an element of a day, as CCYYMMDD; of a document that is referred to with the prefix qdt."""
    if value is None:
        return None
    return element(name, element("DateTimeString", f"{value:%Y%m%d}", prefix=prefix, format=_COMPACT_DAY))


def period(start: datetime, end: datetime, timezone: str) -> Element:
    """Make a half-open period of its first and last local day."""
    first = local_day(start, timezone)
    last = max(first, local_day(end, timezone, just_before=True))
    return element("BillingSpecifiedPeriod", day("StartDateTime", first), day("EndDateTime", last))


def indicator(name: str, value: bool) -> Element:
    """Make an element of a truth value."""
    return element(name, element("Indicator", "true" if value else "false", prefix="udt"))


def amount(value: Decimal, minor_units: int) -> str:
    """Write money with the decimals of its currency."""
    return f"{round_money(value, minor_units)}"


def plain(value: Decimal) -> str:
    """Write a number with all its digits and no zeros at the end."""
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def serialised(root: Element) -> bytes:
    """Return the document as UTF-8; the same elements give the same bytes."""
    return tostring(root, encoding="UTF-8", xml_declaration=True)
