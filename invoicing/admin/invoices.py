"""What the customer owes, line by line; the console shows it, services write it."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from unfold.decorators import action, display

from billing_site.common.admin import (
    LINK,
    BulkAdmin,
    MonthFilter,
    Table,
    VisibleChoices,
    money,
    month,
    number,
    show_money,
    show_number,
)
from invoicing.admin.crediting import CreditPages
from invoicing.admin.document_downloads import PdfPages
from invoicing.admin.pro_formas import ProFormaPages
from invoicing.admin.quantities import show_quantity
from invoicing.models import Invoice, InvoiceLine, InvoiceTax
from invoicing.selectors.balances import open_amount
from invoicing.selectors.visible import visible_invoices, visible_lines

_SHOWN = 100


@admin.register(Invoice)
class InvoiceAdmin(PdfPages, CreditPages, ProFormaPages, BulkAdmin):
    visible = staticmethod(visible_invoices)
    list_display = [
        *("shown_number", "account", month(), "shown_state", "issued_on", "due_on"),
        *(money("net_amount"), money("tax_amount"), money("gross_amount")),
    ]
    list_filter = [MonthFilter, "state", ("company", VisibleChoices), "currency"]
    search_fields = ["number__exact", "account__code__exact"]
    search_help_text = "The whole number, or the code of an account."
    ordering = ["-id"]
    actions_list = ["pro_forma"]
    actions_detail = ["pdf", "credit", "pay"]
    fields = [
        ("shown_number", "shown_state"),
        ("company", "account"),
        (month(), "issued_on", "due_on"),
        (money("net_amount"), money("tax_amount"), money("gross_amount")),
    ]
    readonly_fields = ["shown_number", "shown_state"]

    @admin.display(description="number", ordering="number")
    def shown_number(self, invoice: Invoice) -> str:
        return str(invoice)

    @display(description="state", ordering="state", label={"draft": "info", "issued": "success"})
    def shown_state(self, invoice: Invoice) -> str:
        return invoice.state

    def tables(self, request: HttpRequest, row: Invoice) -> list[Table]:
        lines = list(InvoiceLine.objects.filter(invoice_id=row.pk).order_by("position")[: _SHOWN + 1])
        address = reverse("admin:invoicing_invoiceline_changelist")
        every_line = format_html(
            '<a class="{}" href="{}?invoice_id__exact={}">All lines</a>', LINK, address, row.pk
        )
        headers = [
            *("", "SKU", "description", "resource", "quantity", "unit", "unit price"),
            *("net", "tax", "kind"),
        ]
        shown = Table("Lines", headers, [_line(line, row.currency) for line in lines[:_SHOWN]], every_line)
        taxes = Table(
            "Taxes",
            ["category", "name", "percent", "taxable", "tax"],
            [_tax(tax, row.currency) for tax in row.taxes.order_by("category", "name")],
        )
        settled = [_settlement(row)] if row.state == Invoice.State.ISSUED else []
        return [taxes, *settled, shown]

    def has_pay_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("invoicing.add_payment")

    @action(description="Record payment", permissions=["pay"], icon="payments")
    def pay(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        invoice = self.get_object(request, object_id)
        if invoice is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        named = {"invoice": invoice.number or "", "account": invoice.account.code}
        return redirect(f"{reverse('admin:invoicing_payment_record')}?{urlencode(named)}")


def _settlement(invoice: Invoice) -> Table:
    """What was credited and paid of an invoice, and what is open."""
    notes = invoice.credit_notes.order_by("issued_on", "number")
    allocations = invoice.allocations.select_related("payment").order_by("payment__received_on", "payment_id")
    rows: list[tuple[Any, ...]] = [
        (note.issued_on, _link("creditnote", note.pk, note), note.gross_amount) for note in notes
    ]
    rows += [
        (each.payment.received_on, _link("payment", each.payment_id, each.payment), each.amount)
        for each in allocations
    ]
    rows.append(("", "Open", open_amount(invoice)))
    shown = [(on, what, show_money(amount, invoice.currency)) for on, what, amount in rows]
    return Table("Credited and paid", ["day", "by", "amount"], shown)


def _link(model: str, key: Any, text: Any) -> str:
    address = reverse(f"admin:invoicing_{model}_change", args=[key])
    return format_html('<a class="{}" href="{}">{}</a>', LINK, address, text)


def _tax(tax: InvoiceTax, currency: str) -> tuple[Any, ...]:
    sums = show_money(tax.taxable_amount, currency), show_money(tax.tax_amount, currency)
    return (tax.get_category_display(), tax.name, show_number(tax.percent), *sums)


def _line(line: InvoiceLine, currency: str) -> tuple[Any, ...]:
    return (
        *(line.position, line.sku, line.description, line.resource, show_quantity(line.quantity), line.unit),
        *(show_number(line.unit_price), show_money(line.net_amount, currency), line.tax_category, line.kind),
    )


@admin.register(InvoiceLine)
class InvoiceLineAdmin(BulkAdmin):
    visible = staticmethod(visible_lines)
    list_display = [
        *("position", "shown_number", "sku", "resource", number("quantity", show=show_quantity), "unit"),
        *(number("unit_price"), money("net_amount"), "tax_category", "kind"),
    ]
    list_filter = ["kind"]
    search_fields = ["sku__exact"]
    search_help_text = "The whole number of an invoice, or an SKU."
    ordering = ["-id"]
    fields = [
        ("shown_number", "position", "kind"),
        ("sku", "description"),
        ("resource", "family"),
        ("service_start", "service_end"),
        (number("quantity", show=show_quantity), "unit", number("unit_price")),
        (money("net_amount"), "tax_category"),
    ]
    readonly_fields = ["shown_number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The lines with number and currency of the invoice of each: there is no foreign key to follow."""
        of = Invoice.objects.filter(pk=OuterRef("invoice_id"))
        lines = super().get_queryset(request)
        return lines.annotate(
            invoice_number=Subquery(of.values("number")), currency=Subquery(of.values("currency"))
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        named = visible_invoices(self.person(request)).filter(number=search_term)
        return queryset.filter(Q(invoice_id__in=named.values("pk")) | Q(sku=search_term)), False

    @admin.display(description="invoice")
    def shown_number(self, line: Any) -> str:
        address = reverse("admin:invoicing_invoice_change", args=[line.invoice_id])
        return format_html('<a class="{}" href="{}">{}</a>', LINK, address, line.invoice_number or "draft")
