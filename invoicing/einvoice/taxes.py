"""The taxes of an invoice in the words of EN 16931: codes, and one breakdown for each code and rate."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from catalogue.domain.rounding import round_money
from invoicing.domain.invoice_views import InvoiceView, TaxView
from invoicing.domain.sums import exact_sum
from invoicing.einvoice.cii import amount, element, plain, text
from invoicing.einvoice.refusals import NotAnEInvoice

_STANDARD, _ZERO, _EXEMPT, _REVERSE_CHARGE, _EXPORT, _NOT_SUBJECT = "S", "Z", "E", "AE", "G", "O"
_UNTAXED = {"zero": _ZERO, "exempt": _EXEMPT, "reverse_charge": _REVERSE_CHARGE, "export": _EXPORT}
# Why no tax is charged, where the invoice does not say it, and as a code; a zero rate needs neither.
_REASONS = {_EXEMPT: "No tax is charged.", _NOT_SUBJECT: "Not subject to tax."}
_REASON_CODES = {_REVERSE_CHARGE: "VATEX-EU-AE", _EXPORT: "VATEX-EU-G", _NOT_SUBJECT: "VATEX-EU-O"}


@dataclass(frozen=True, slots=True)
class Taxation:
    """The code and percent of each category of an invoice's lines, and its breakdown."""

    by_category: dict[str, tuple[str, Decimal]]
    breakdown: tuple[Element, ...]

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self.by_category.values()}

    @property
    def is_not_subject(self) -> bool:
        """Nothing on the invoice lies in the scope of the tax: then no tax numbers may stand on it."""
        return self.codes == {_NOT_SUBJECT}

    @property
    def is_reverse_charge(self) -> bool:
        return _REVERSE_CHARGE in self.codes

    @property
    def is_export(self) -> bool:
        return _EXPORT in self.codes

    def of(self, category: str, name: str) -> Element:
        """Return the tax of a line, allowance or charge as an element of a name."""
        code, percent = self.by_category[category]
        return element(name, *_type_and_code(code), _rate(code, percent))


def taxation(invoice: InvoiceView) -> Taxation:
    """Return the taxes of an invoice; raises NotAnEInvoice where the standard has no words for them."""
    for category, count in Counter(tax.category for tax in invoice.taxes).items():
        if count > 1:
            label = next(tax.category_label for tax in invoice.taxes if tax.category == category)
            raise NotAnEInvoice(f"{count} taxes are charged on the category “{label}”, and it knows one.")
    nothing_charged = all(not tax.percent and tax.category not in _UNTAXED for tax in invoice.taxes)
    by_category = {tax.category: (_code(tax, nothing_charged), tax.percent) for tax in invoice.taxes}
    for line in invoice.lines:
        by_category.setdefault(line.tax_category, (_NOT_SUBJECT if nothing_charged else _EXEMPT, Decimal(0)))
    groups = dict.fromkeys((code, plain(percent)) for code, percent in by_category.values())
    breakdown = tuple(_breakdown(invoice, by_category, code, percent) for code, percent in sorted(groups))
    return Taxation(by_category, breakdown)


def _code(tax: TaxView, nothing_charged: bool) -> str:
    if tax.percent:
        return _STANDARD
    return _UNTAXED.get(tax.category, _NOT_SUBJECT if nothing_charged else _EXEMPT)


def _breakdown(
    invoice: InvoiceView, by_category: dict[str, tuple[str, Decimal]], code: str, percent: str
) -> Element:
    """One row a code and rate: categories that share both are one tax to the standard."""
    rate = Decimal(percent)
    categories = {category for category, tax in by_category.items() if tax == (code, rate)}
    taxable = exact_sum(line.net_amount for line in invoice.lines if line.tax_category in categories)
    tax = exact_sum(tax.tax_amount for tax in invoice.taxes if tax.category in categories)
    # BR-S-09 lets it differ by less than 1: whole yen rounded down at an odd rate may differ by more.
    if abs(round_money(abs(taxable) * rate / 100, 2) - abs(tax)) >= 1:
        raise NotAnEInvoice(f"the tax at {percent} % is rounded by 1 {invoice.currency} or more.")
    given = (tax.reason for tax in invoice.taxes if tax.category in categories and tax.reason)
    reason = " ".join(dict.fromkeys(given)) or _REASONS.get(code, "")
    type_code, category_code = _type_and_code(code)
    return element(
        "ApplicableTradeTax",
        element("CalculatedAmount", amount(tax, invoice.minor_units)),
        type_code,
        text("ExemptionReason", "" if code in {_STANDARD, _ZERO} else reason),
        element("BasisAmount", amount(taxable, invoice.minor_units)),
        category_code,
        text("ExemptionReasonCode", _REASON_CODES.get(code, "")),
        _rate(code, rate),
    )


def _type_and_code(code: str) -> tuple[Element, Element]:
    return element("TypeCode", "VAT"), element("CategoryCode", code)


def _rate(code: str, percent: Decimal) -> Element | None:
    return None if code == _NOT_SUBJECT else element("RateApplicablePercent", plain(percent))
