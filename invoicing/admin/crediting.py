"""The console's pages that credit an invoice: what, then what it would come to, then the credit note."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from billing_site.common.admin import ConsoleAdmin, Table, show_money
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.domain.money import parse_decimal
from invoicing.domain.credits import CreditRequest, CreditWish
from invoicing.domain.sums import exact_sum
from invoicing.models import Invoice
from invoicing.selectors.balances import open_amount
from invoicing.selectors.credits import CreditEffect, credit_effect, lines_left
from invoicing.services.credit_notes import credit_invoice

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Creditable:
    """The lines of one SKU and resource of an invoice, with what is left of them and what was typed in."""

    sku: str
    description: str
    resource: str
    left: str
    wanted: str


class CreditForm(forms.Form):
    how = forms.ChoiceField(
        label="What to credit",
        choices=[
            ("lines", "the lines below"),
            ("amount", "an amount of the invoice as a whole"),
            ("all", "all that is left"),
        ],
        initial="lines",
        widget=UnfoldAdminRadioSelectWidget,
    )
    amount = forms.CharField(
        label="Amount, net",
        required=False,
        max_length=40,
        help_text="Only for an amount of the whole: it is spread over the tax categories in proportion.",
        widget=UnfoldAdminTextInputWidget,
    )
    reason = forms.CharField(
        required=False,
        max_length=250,
        help_text="Printed on the credit note.",
        widget=UnfoldAdminTextInputWidget,
    )
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=100)


class CreditPages(ConsoleAdmin):
    """An invoice's page with a button to credit it."""

    def has_credit_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("invoicing.add_creditnote")

    @action(description="Credit", url_path="credit", permissions=["credit"], icon="undo")
    def credit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invoice = self.get_object(request, object_id)
        if invoice is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = reverse("admin:invoicing_invoice_change", args=[invoice.pk])
        if invoice.state != Invoice.State.ISSUED:
            messages.info(request, f"{invoice} is not issued yet: a draft is changed, not credited.")
            return redirect(page)
        is_sent = request.method == "POST"
        form = CreditForm(request.POST) if is_sent else CreditForm(initial={"request_id": uuid4().hex})
        context: dict[str, Any] = {
            **self.page_context(request, "Credit", invoice),
            "invoice": invoice,
            "page": page,
        }
        if is_sent and form.is_valid() and "back" not in request.POST:
            try:
                asked = _asked(request, form)
                if "confirm" in request.POST:
                    note = credit_invoice(
                        invoice=invoice,
                        request=asked,
                        request_id=form.cleaned_data["request_id"],
                        reason=form.cleaned_data["reason"],
                        issued_on=now().astimezone(ZoneInfo(invoice.company.timezone)).date(),
                    )
                    messages.success(
                        request, f"{note} credits {show_money(note.gross_amount, note.currency)}."
                    )
                    return redirect(reverse("admin:invoicing_creditnote_change", args=[note.pk]))
                effect = credit_effect(invoice=invoice, request=asked)
            except BillingError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                context |= {"sent": _sent(request), "tables": _effect(invoice, effect)}
                return TemplateResponse(request, "console/credit_confirm.html", context)
        creditable = _creditable(request, invoice)
        context |= {"form": form, "lines": creditable[:_SHOWN], "more": len(creditable) > _SHOWN}
        return TemplateResponse(request, "console/credit.html", context)


def _asked(request: HttpRequest, form: CreditForm) -> CreditRequest:
    how = form.cleaned_data["how"]
    if how == "all":
        return CreditRequest()
    if how == "amount":
        return CreditRequest(amount=parse_decimal(form.cleaned_data["amount"].strip()))
    wishes = tuple(
        CreditWish(sku, parse_decimal(wanted.strip()), resource)
        for sku, resource, wanted in _typed(request)
        if wanted.strip()
    )
    # Lines without an amount are nothing to credit; an empty request would mean all that is left.
    return CreditRequest(wishes) if wishes else CreditRequest(amount=Decimal(0))


def _typed(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    lists = (request.POST.getlist(name) for name in ("sku", "resource", "wanted"))
    return zip(*lists, strict=False)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed in, for the page that asks for a confirmation to send again."""
    names = ("how", "amount", "reason", "request_id", "sku", "resource", "wanted")
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def _creditable(request: HttpRequest, invoice: Invoice) -> list[Creditable]:
    """The lines of which something is left, by resource and SKU, narrowed by what the page searches for."""
    searched = request.GET.get("q", "").strip().lower()
    typed = {(sku, resource): wanted for sku, resource, wanted in _typed(request)}
    groups: dict[tuple[str, str], tuple[str, list[Decimal]]] = {}
    for line in lines_left(invoice):
        if line.sku and line.left > 0 and searched in f"{line.sku} {line.resource}".lower():
            groups.setdefault((line.resource, line.sku), (line.description, []))[1].append(line.left)
    return [
        Creditable(
            sku=sku,
            description=description,
            resource=resource,
            left=show_money(exact_sum(amounts), invoice.currency),
            wanted=typed.get((sku, resource), ""),
        )
        for (resource, sku), (description, amounts) in sorted(groups.items())
    ]


def _effect(invoice: Invoice, effect: CreditEffect) -> list[Table]:
    """What the credit note would hold, and what would then be open of the invoice."""

    def amount(value: Decimal) -> str:
        return show_money(value, invoice.currency)

    lines = [
        (
            each.line.sku,
            each.line.description,
            each.line.resource,
            each.line.tax_category,
            amount(each.amount),
        )
        for each in effect.lines[:_SHOWN]
    ]
    more = len(effect.lines) - _SHOWN
    taxes = [
        (
            tax.category,
            tax.name,
            f"{tax.percent.normalize():f} %",
            amount(tax.taxable_amount),
            amount(tax.tax_amount),
        )
        for tax in effect.taxes
    ]
    before = open_amount(invoice)
    settles = min(before, effect.gross_amount)
    totals = [
        ("Net", amount(effect.net_amount)),
        ("Tax", amount(effect.tax_amount)),
        ("Credit note, gross", amount(effect.gross_amount)),
        ("Open of the invoice now", amount(before)),
        ("Open of the invoice then", amount(exact_sum([before, settles.copy_negate()]))),
        (
            "Unapplied, because nothing was open",
            amount(exact_sum([effect.gross_amount, settles.copy_negate()])),
        ),
    ]
    return [
        Table("What it comes to", [], totals),
        Table(
            "Lines",
            ["SKU", "description", "resource", "tax", "net"],
            lines,
            f"And {more} lines more." if more > 0 else "",
        ),
        Table("Taxes", ["category", "name", "rate", "taxable", "tax"], taxes),
    ]
