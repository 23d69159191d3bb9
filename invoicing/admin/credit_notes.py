"""What was given back of invoices; an invoice's own page makes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from billing_site.common.admin import (
    LINK,
    BulkAdmin,
    ReadOnlyInline,
    Table,
    VisibleChoices,
    money,
    number,
    show_money,
    show_number,
)
from invoicing.admin.document_downloads import PdfPages
from invoicing.admin.quantities import show_quantity
from invoicing.models import CreditNote, CreditNoteLine, CreditNoteTax
from invoicing.selectors.visible import visible_credit_notes

_SHOWN = 200


class CreditNoteTaxInline(ReadOnlyInline):
    model = CreditNoteTax
    fields = [
        "category",
        "name",
        number("percent"),
        money("taxable_amount", currency="credit_note.currency"),
        money("tax_amount", currency="credit_note.currency"),
    ]
    readonly_fields = fields
    verbose_name_plural = "taxes"


@admin.register(CreditNote)
class CreditNoteAdmin(PdfPages, BulkAdmin):
    visible = staticmethod(visible_credit_notes)
    list_display = [
        *("number", "account", "invoice", "shown_cause", "issued_on"),
        *(money("net_amount"), money("tax_amount"), money("gross_amount")),
    ]
    list_filter = ["cause", ("company", VisibleChoices), "currency", "issued_on"]
    search_fields = ["number__exact", "invoice__number__exact", "account__code__exact"]
    search_help_text = "The whole number of the credit note or its invoice, or the code of an account."
    ordering = ["-issued_on", "-number"]
    inlines = [CreditNoteTaxInline]
    actions_detail = ["pdf"]
    fields = [
        ("number", "issued_on"),
        ("company", "account"),
        ("of_invoice", "shown_cause"),
        "reason",
        (money("net_amount"), money("tax_amount"), money("gross_amount")),
    ]
    readonly_fields = ["shown_cause", "of_invoice"]

    @display(
        description="cause", ordering="cause", label={"concession": "info", "corrected usage": "warning"}
    )
    def shown_cause(self, note: CreditNote) -> str:
        return CreditNote.Cause(note.cause).label

    @admin.display(description="invoice", ordering="invoice__number")
    def of_invoice(self, note: CreditNote) -> str:
        address = reverse("admin:invoicing_invoice_change", args=[note.invoice_id])
        return format_html('<a class="{}" href="{}">{}</a>', LINK, address, note.invoice)

    def tables(self, request: HttpRequest, row: CreditNote) -> list[Table]:
        lines = list(row.lines.order_by("position")[: _SHOWN + 1])
        headers = ["", "SKU", "description", "resource", "quantity", "unit", "unit price", "net", "tax"]
        note = f"The first {_SHOWN} lines." if len(lines) > _SHOWN else "What is credited is positive."
        return [Table("Lines", headers, [_line(line, row.currency) for line in lines[:_SHOWN]], note)]


def _line(line: CreditNoteLine, currency: str) -> tuple[Any, ...]:
    counted = (show_quantity(line.quantity), "" if line.quantity is None else line.unit)
    return (
        *(line.position, line.sku, line.description, line.resource, *counted),
        *(show_number(line.unit_price), show_money(line.net_amount, currency), line.tax_category),
    )
