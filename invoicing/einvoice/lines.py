"""The lines of an invoice in the words of EN 16931: its prices are never negative, its quantities may be."""

from decimal import Decimal
from fractions import Fraction
from xml.etree.ElementTree import Element

from catalogue.domain.rounding import round_money, show
from invoicing.domain.invoice_views import InvoiceView, LineView
from invoicing.einvoice.cii import amount, element, indicator, period, plain, text
from invoicing.einvoice.taxes import Taxation
from invoicing.einvoice.units import ONE, unit_code

_DISCOUNT = "discount"


def is_discount(line: LineView) -> bool:
    """Discounts are allowances of the document: they belong to no line."""
    return line.kind == _DISCOUNT


def trade_line(line: LineView, invoice: InvoiceView, taxes: Taxation) -> Element:
    """Return a line: quantity and unit price where they give its amount, else one time the amount.

    Tiers, caps, minimums and free units give an amount that no single price gives; then the quantity is an
    attribute of the item.
    """
    quantity, price, code = _priced(line, invoice.minor_units)
    is_one = code == ONE
    return element(
        "IncludedSupplyChainTradeLineItem",
        element("AssociatedDocumentLineDocument", element("LineID", str(line.position))),
        element(
            "SpecifiedTradeProduct",
            text("SellerAssignedID", line.sku),
            element("Name", _name(line)),
            _attribute("Resource", line.resource),
            _attribute("Quantity", _said(line)) if is_one else None,
        ),
        element(
            "SpecifiedLineTradeAgreement",
            element("NetPriceProductTradePrice", element("ChargeAmount", plain(price))),
        ),
        element("SpecifiedLineTradeDelivery", element("BilledQuantity", plain(quantity), unitCode=code)),
        element(
            "SpecifiedLineTradeSettlement",
            taxes.of(line.tax_category, "ApplicableTradeTax"),
            period(line.service_start, line.service_end, invoice.timezone),
            element(
                "SpecifiedTradeSettlementLineMonetarySummation",
                element("LineTotalAmount", amount(line.net_amount, invoice.minor_units)),
            ),
        ),
    )


def allowance(line: LineView, invoice: InvoiceView, taxes: Taxation) -> Element:
    """Return a discount as an allowance of the document, or as a charge if it takes nothing off."""
    return element(
        "SpecifiedTradeAllowanceCharge",
        indicator("ChargeIndicator", line.net_amount > 0),
        element("ActualAmount", amount(abs(line.net_amount), invoice.minor_units)),
        element("Reason", _name(line)),
        taxes.of(line.tax_category, "CategoryTradeTax"),
    )


def _priced(line: LineView, minor_units: int) -> tuple[Decimal, Decimal, str]:
    """Return quantity, price and unit code, the price 0 or more."""
    quantity, price = line.quantity, line.unit_price
    if quantity is not None and price is not None:
        exact = Fraction(quantity) * Fraction(price)
        if round_money(exact, minor_units) == line.net_amount:
            sign = -1 if price < 0 else 1
            return sign * quantity, abs(price), unit_code(line.unit)
    return Decimal(-1 if line.net_amount < 0 else 1), abs(line.net_amount), ONE


def _name(line: LineView) -> str:
    return line.description.strip() or line.sku.strip() or line.kind_label.capitalize()


def _said(line: LineView) -> str:
    return "" if line.quantity is None else f"{show(line.quantity)} {line.unit}".strip()


def _attribute(name: str, value: str) -> Element | None:
    if not value.strip():
        return None
    return element("ApplicableProductCharacteristic", element("Description", name), element("Value", value))
