"""Seller and buyer in the words of EN 16931."""

from xml.etree.ElementTree import Element

from invoicing.domain.invoice_views import PartyView
from invoicing.einvoice.cii import element, text
from invoicing.einvoice.refusals import NotAnEInvoice
from invoicing.einvoice.taxes import Taxation

_LINES = ("LineOne", "LineTwo", "LineThree")
# Greece writes its own prefix; Northern Ireland trades goods under another than the rest.
_PREFIXES = {"GR": ("EL",), "GB": ("GB", "XI")}


def seller_party(party: PartyView, taxes: Taxation) -> Element:
    """Return the seller; raises NotAnEInvoice if the tax number that it needs is missing."""
    if not party.tax_number and not taxes.is_not_subject:
        raise NotAnEInvoice("the seller has no tax number.")
    is_vat = _is_vat_number(party) and not taxes.is_not_subject
    if taxes.is_export and not is_vat:
        raise NotAnEInvoice("the seller exports and has no VAT number.")
    number = _registration(party.tax_number, "VA" if is_vat else "FC")
    return element("SellerTradeParty", *_begin(party), _address(party), number)


def buyer_party(party: PartyView, taxes: Taxation) -> Element:
    """Return the buyer; raises NotAnEInvoice if it owes the tax and has no tax number."""
    if taxes.is_reverse_charge and not party.tax_number:
        raise NotAnEInvoice("the buyer owes the tax (reverse charge) and has no tax number.")
    vat, legal = None, None
    if party.tax_number and _is_vat_number(party) and not taxes.is_not_subject:
        vat = _registration(party.tax_number, "VA")
    elif party.tax_number:
        legal = element("SpecifiedLegalOrganization", element("ID", party.tax_number))
    email = text("URIID", party.email, schemeID="EM")
    address = element("URIUniversalCommunication", email) if email is not None else None
    return element("BuyerTradeParty", *_begin(party), legal, _address(party), address, vat)


def _begin(party: PartyView) -> tuple[Element | None, Element]:
    if not party.name.strip():
        raise NotAnEInvoice(f"{party.code} has no name.")
    return text("ID", party.code), element("Name", party.name)


def _address(party: PartyView) -> Element:
    if not party.country:
        raise NotAnEInvoice(f"{party.code} has no country.")
    lines = [*party.address[:2], ", ".join(party.address[2:])]
    written = [text(name, line) for name, line in zip(_LINES, lines, strict=False)]
    return element("PostalTradeAddress", *written, element("CountryID", party.country))


def _registration(number: str, scheme: str) -> Element | None:
    identifier = text("ID", number.replace(" ", ""), schemeID=scheme)
    return element("SpecifiedTaxRegistration", identifier) if identifier is not None else None


def _is_vat_number(party: PartyView) -> bool:
    return party.tax_number.startswith(_PREFIXES.get(party.country, (party.country,)))
