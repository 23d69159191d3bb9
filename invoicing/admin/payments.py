"""Money that came in, and what it settles."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from billing_site.common.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    VisibleChoices,
    money,
    show_money,
)
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.domain.money import parse_decimal
from catalogue.domain.periods import local_date
from catalogue.models import User
from catalogue.selectors.visible import visible_accounts
from invoicing.admin.statements import StatementPages
from invoicing.models import Payment, PaymentAllocation
from invoicing.selectors.balances import unapplied_amount
from invoicing.selectors.visible import visible_invoices, visible_payments
from invoicing.services.payments import record_payment


class AllocationInline(ReadOnlyInline):
    model = PaymentAllocation
    fields = ["invoice", money("amount", currency="payment.currency")]
    readonly_fields = fields
    verbose_name_plural = "what it settles"


class PaymentForm(forms.Form):
    reference = forms.CharField(
        max_length=100,
        help_text="Its id in the bank's books; recorded again under it, nothing changes.",
        widget=UnfoldAdminTextInputWidget,
    )
    account = forms.CharField(max_length=60, help_text="Its code.", widget=UnfoldAdminTextInputWidget)
    amount = forms.CharField(
        max_length=40,
        help_text="In the account's currency, for example 1234.50.",
        widget=UnfoldAdminTextInputWidget,
    )
    received_on = forms.DateField(widget=UnfoldAdminSingleDateWidget)
    invoice = forms.CharField(
        max_length=60,
        required=False,
        help_text="The number of the one that it pays: it takes what is open, the rest stays unapplied.",
        widget=UnfoldAdminTextInputWidget,
    )


@admin.register(Payment)
class PaymentAdmin(StatementPages, ReadOnlyAdmin):
    visible = staticmethod(visible_payments)
    list_display = ["reference", "account", "received_on", money("amount"), "invoice"]
    list_filter = [("company", VisibleChoices), "currency", "received_on"]
    search_fields = ["reference__exact", "account__code__exact", "invoice__number__exact"]
    search_help_text = "The whole reference, the code of an account or the number of an invoice."
    ordering = ["-received_on", "-id"]
    inlines = [AllocationInline]
    fields = [("reference", "received_on"), ("company", "account"), (money("amount"), "invoice", "unapplied")]
    readonly_fields = ["unapplied"]
    actions_list = ["record", "statement"]

    @admin.display(description="unapplied")
    def unapplied(self, payment: Payment) -> str:
        return show_money(unapplied_amount(payment), payment.currency)

    def has_record_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("invoicing.add_payment")

    @action(description="Record a payment", url_path="record", permissions=["record"], icon="add")
    def record(self, request: HttpRequest) -> HttpResponse:
        is_sent = request.method == "POST"
        form = PaymentForm(request.POST) if is_sent else PaymentForm(initial=request.GET.dict())
        if is_sent and form.is_valid():
            payment = _record(self.person(request), form)
            if payment is not None:
                shown = show_money(payment.amount, payment.currency)
                messages.success(request, f"{payment} of {shown} is recorded.")
                return redirect(reverse("admin:invoicing_payment_change", args=[payment.pk]))
        context: dict[str, Any] = {
            **self.page_context(request, "Record a payment"),
            "form": form,
        }
        return TemplateResponse(request, "console/record.html", context)


def _record(person: User, form: PaymentForm) -> Payment | None:
    """Record what was typed in; None where the form now says what is wrong with it."""
    values = form.cleaned_data
    account = visible_accounts(person).filter(code=values["account"]).first()
    invoice = visible_invoices(person).filter(number=values["invoice"]).first() if values["invoice"] else None
    if account is None:
        form.add_error("account", "There is no account by this code, or none that you may see.")
    if invoice is None and values["invoice"]:
        form.add_error("invoice", "There is no invoice of this number, or none that you may see.")
    if account is None or form.errors:
        return None
    try:
        return record_payment(
            account=account,
            reference=values["reference"],
            amount=parse_decimal(values["amount"].strip()),
            received_on=values["received_on"],
            today=local_date(now(), ZoneInfo(account.company.timezone)),
            invoice=invoice,
        )
    except BillingError as refusal:
        form.add_error(None, refusal.sentence)
        return None
