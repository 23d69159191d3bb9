"""An invoice or a credit note as EN 16931 (ADR 0012)."""

from xml.etree.ElementTree import Element

from billing_site.common.locale_formats import local_day
from invoicing.domain.invoice_views import DocumentKind, InvoiceView
from invoicing.domain.sums import exact_sum
from invoicing.einvoice.cii import amount, day, element, period, serialised, text
from invoicing.einvoice.lines import allowance, is_discount, trade_line
from invoicing.einvoice.parties import buyer_party, seller_party
from invoicing.einvoice.refusals import NotAnEInvoice
from invoicing.einvoice.taxes import Taxation, taxation

_MOST_DECIMALS = 2
_PROFILE = "urn:cen.eu:en16931:2017"
_TYPE_CODES = {DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381"}


def en16931_xml(invoice: InvoiceView) -> bytes:
    """Return an issued invoice or credit note as a Cross Industry Invoice of the profile EN 16931.

    Raises NotAnEInvoice where the standard has no words for it. The same invoice gives the same bytes.
    """
    if invoice.minor_units > _MOST_DECIMALS:
        raise NotAnEInvoice(
            f"amounts in {invoice.currency} have {invoice.minor_units} decimals, and it allows "
            f"{_MOST_DECIMALS}."
        )
    taxes = taxation(invoice)
    root = element(
        "CrossIndustryInvoice",
        _context(),
        _header(invoice),
        element(
            "SupplyChainTradeTransaction",
            *(trade_line(line, invoice, taxes) for line in invoice.lines if not is_discount(line)),
            element(
                "ApplicableHeaderTradeAgreement",
                seller_party(invoice.seller, taxes),
                buyer_party(invoice.buyer, taxes),
            ),
            _delivery(invoice),
            _settlement(invoice, taxes),
            prefix="rsm",
        ),
        prefix="rsm",
    )
    return serialised(root)


def _context() -> Element:
    guideline = element("GuidelineSpecifiedDocumentContextParameter", element("ID", _PROFILE))
    return element("ExchangedDocumentContext", guideline, prefix="rsm")


def _header(invoice: InvoiceView) -> Element:
    notes = [text("Content", note) for note in (invoice.reason, invoice.legal_footer)]
    return element(
        "ExchangedDocument",
        element("ID", invoice.number or ""),
        element("TypeCode", _TYPE_CODES[invoice.kind]),
        day("IssueDateTime", invoice.issued_on),
        *(element("IncludedNote", note) for note in notes if note is not None),
        prefix="rsm",
    )


def _delivery(invoice: InvoiceView) -> Element:
    """What runs a whole month is delivered on its last day."""
    last = local_day(invoice.period_end, invoice.timezone, just_before=True)
    event = element("ActualDeliverySupplyChainEvent", day("OccurrenceDateTime", last))
    return element("ApplicableHeaderTradeDelivery", event)


def _settlement(invoice: InvoiceView, taxes: Taxation) -> Element:
    return element(
        "ApplicableHeaderTradeSettlement",
        text("PaymentReference", invoice.number or ""),
        element("InvoiceCurrencyCode", invoice.currency),
        *taxes.breakdown,
        period(invoice.period_start, invoice.period_end, invoice.timezone),
        *(allowance(line, invoice, taxes) for line in invoice.lines if is_discount(line)),
        _terms(invoice),
        _totals(invoice),
        _corrected(invoice),
    )


def _terms(invoice: InvoiceView) -> Element:
    """The day that is due, which a credit note does not have."""
    if invoice.due_on is None:
        return element("SpecifiedTradePaymentTerms", element("Description", "Credited to your account."))
    return element("SpecifiedTradePaymentTerms", day("DueDateDateTime", invoice.due_on))


def _corrected(invoice: InvoiceView) -> Element | None:
    """The invoice that a credit note gives back of."""
    if invoice.corrects is None:
        return None
    return element(
        "InvoiceReferencedDocument",
        element("IssuerAssignedID", invoice.corrects.number),
        day("FormattedIssueDateTime", invoice.corrects.issued_on, prefix="qdt"),
    )


def _totals(invoice: InvoiceView) -> Element:
    lines = exact_sum(line.net_amount for line in invoice.lines if not is_discount(line))
    discounts = [line.net_amount for line in invoice.lines if is_discount(line)]
    charged = exact_sum(value for value in discounts if value > 0)
    allowed = -exact_sum(value for value in discounts if value <= 0)
    places = invoice.minor_units
    return element(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        element("LineTotalAmount", amount(lines, places)),
        element("ChargeTotalAmount", amount(charged, places)),
        element("AllowanceTotalAmount", amount(allowed, places)),
        element("TaxBasisTotalAmount", amount(invoice.net_amount, places)),
        element("TaxTotalAmount", amount(invoice.tax_amount, places), currencyID=invoice.currency),
        element("GrandTotalAmount", amount(invoice.gross_amount, places)),
        element("DuePayableAmount", amount(invoice.gross_amount, places)),
    )
