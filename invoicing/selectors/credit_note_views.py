"""Read a credit note as people see it, and which credit notes a person sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from billing_site.common.errors import BillingError
from catalogue.models import Currency, Product
from catalogue.selectors.reach import Caller
from invoicing.domain.invoice_views import CorrectedView, DocumentKind, InvoiceView, TaxView, group_lines
from invoicing.models import CreditNote, Document, InvoiceLine
from invoicing.selectors.invoice_views import LINE_FIELDS, invoice_head, line_view, party_view
from invoicing.selectors.visible import visible_credit_notes


class CreditNoteNotFound(BillingError):
    """No credit note has this id."""

    code = "credit_note_not_found"


def listed_credit_notes(caller: Caller) -> QuerySet[Any]:
    """One row a credit note that a caller may see, the latest first; 1 query.

    Each carries how its account reads: `locale`, `timezone`, `minor_units`.
    """
    return (
        visible_credit_notes(caller)
        .annotate(
            locale=F("account__locale"),
            timezone=F("account__timezone"),
            minor_units=_minor_units(),
            has_pdf=Exists(Document.objects.filter(credit_note=OuterRef("pk"))),
        )
        .order_by("-issued_on", "-number")
    )


def credit_note_view(credit_note_id: UUID) -> InvoiceView:
    """Return one credit note with its lines by family and resource.

    4 queries: the note with its invoice, both taxes, lines. Raises CreditNoteNotFound.
    """
    notes = CreditNote.objects.select_related("invoice__company", "invoice__account")
    note = notes.annotate(minor_units=_minor_units()).filter(pk=credit_note_id).first()
    if note is None:
        raise CreditNoteNotFound(f"There is no credit note with the id {credit_note_id}.")
    lines = note.lines.order_by("position").values(*(name for name in LINE_FIELDS if name != "kind"))
    views = (line_view({**row, "kind": InvoiceLine.Kind.CHARGE}) for row in lines.iterator())
    return replace(credit_note_head(note), families=group_lines(views))


def credit_note_head(note: Any) -> InvoiceView:
    """Return a credit note without its lines; 2 queries for its taxes and those of its invoice.

    note: a row with its invoice, company, account and `minor_units`, as listed_credit_notes gives it.
    """
    note.invoice.minor_units = note.minor_units
    invoice = invoice_head(note.invoice)
    reasons = {tax.category: tax.reason for tax in invoice.taxes}
    labels = dict(Product.TaxCategory.choices)
    return replace(
        invoice,
        id=note.pk,
        kind=DocumentKind.CREDIT_NOTE,
        number=note.number,
        issued_on=note.issued_on,
        due_on=None,
        seller=party_view(note.seller, code=invoice.seller.code),
        buyer=party_view(note.buyer, code=invoice.buyer.code),
        locale=note.buyer["locale"],
        timezone=note.buyer["timezone"],
        legal_footer=note.seller["legal_footer"],
        logo=note.seller["logo"],
        usage_annex=False,
        taxes=tuple(
            TaxView(
                category=tax.category,
                category_label=str(labels[tax.category]),
                name=tax.name,
                percent=tax.percent,
                taxable_amount=tax.taxable_amount,
                tax_amount=tax.tax_amount,
                reason=reasons[tax.category],
            )
            for tax in note.taxes.order_by("category", "name")
        ),
        net_amount=note.net_amount,
        tax_amount=note.tax_amount,
        gross_amount=note.gross_amount,
        corrects=CorrectedView(invoice.number or "", invoice.issued_on),
        reason=note.reason or note.get_cause_display().capitalize(),
    )


def _minor_units() -> Subquery:
    return Subquery(Currency.objects.filter(code=OuterRef("currency")).values("minor_units"))
