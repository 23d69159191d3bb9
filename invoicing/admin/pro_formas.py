"""The console's page of what the invoice of one account would say now."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from billing_site.common.admin import ConsoleAdmin, Table, show_money, show_number
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.selectors.visible import visible_accounts
from invoicing.admin.quantities import show_quantity
from invoicing.domain.invoice_views import InvoiceView, TaxView
from invoicing.services.document_contents import invoice_document
from invoicing.services.pro_formas import pro_forma

_SHOWN = 1_000


class ProFormaForm(forms.Form):
    account = forms.CharField(help_text="Its code.", widget=UnfoldAdminTextInputWidget)
    month = forms.DateField(
        input_formats=["%Y-%m"],
        error_messages={"invalid": "Write a month as 2026-03."},
        help_text="2026-03, for example.",
        widget=UnfoldAdminTextInputWidget,
    )


class ProFormaPages(ConsoleAdmin):
    """A list with a button that shows an account's next invoice, as a page or as PDF."""

    @action(description="Pro forma", url_path="pro-forma", permissions=["view"], icon="draft")
    def pro_forma(self, request: HttpRequest) -> HttpResponse:
        form = ProFormaForm(
            request.GET if "account" in request.GET else None, initial={"month": f"{now():%Y-%m}"}
        )
        tables: list[Table] = []
        if form.is_bound and form.is_valid():
            view = self._shown(request, form)
            if view is not None and "pdf" in request.GET:
                return _file(view)
            tables = _tables(view) if view is not None else []
        context: dict[str, Any] = {
            **self.page_context(request, "Pro forma invoice of an account"),
            "form": form,
            "file": "pdf",
            "tables": tables,
        }
        return TemplateResponse(request, "console/statement.html", context)

    def _shown(self, request: HttpRequest, form: ProFormaForm) -> InvoiceView | None:
        code, month = form.cleaned_data["account"], form.cleaned_data["month"]
        account = visible_accounts(self.person(request)).filter(code=code).first()
        if account is None:
            form.add_error("account", "There is no account by this code, or none that you may see.")
            return None
        try:
            return pro_forma(account=account, month=month, as_of=now())
        except BillingError as refusal:
            form.add_error(None, refusal.sentence)
            return None


def _tables(view: InvoiceView) -> list[Table]:
    currency = view.currency
    totals = [
        ("Net", show_money(view.net_amount, currency)),
        *((_tax(tax), show_money(tax.tax_amount, currency)) for tax in view.taxes),
        ("Total", show_money(view.gross_amount, currency)),
    ]
    lines = [
        (
            *(line.sku, line.description, line.resource),
            show_quantity(line.quantity),
            *(line.unit, show_number(line.unit_price)),
            *(show_money(line.net_amount, currency), line.kind_label),
        )
        for line in view.lines[:_SHOWN]
    ]
    headers = ["SKU", "description", "resource", "quantity", "unit", "unit price", "net", "kind"]
    note = "Nothing of it is kept. Limited promotions are granted when the invoice is issued."
    more = len(view.lines) - len(lines)
    title = f"{view.buyer.code} {view.buyer.name}, {view.month:%Y-%m} so far"
    return [
        Table(title, ["what", "amount"], totals, note),
        Table("Lines", headers, lines, f"{more} lines more are in the PDF." if more else ""),
    ]


def _tax(tax: TaxView) -> str:
    return f"{tax.name or 'tax'}, {tax.category_label}, {show_number(tax.percent)} %"


def _file(view: InvoiceView) -> HttpResponse:
    name = f"pro-forma-{view.buyer.code}-{view.month:%Y-%m}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(invoice_document(view), content_type="application/pdf", headers=headers)
