"""Ask for a reconciliation, and see what was asked for."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
)

from billing_site.common.admin import ReadOnlyAdmin, VisibleChoices
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.domain.periods import month_cycle, months_before
from catalogue.models import Company
from catalogue.selectors.visible import visible_companies
from reconciliation.models import ReconciliationRequest, ReconciliationRun
from reconciliation.selectors.visible import visible_requests
from reconciliation.services.requests import request_reconciliation

Level = ReconciliationRun.Level


class ReconcileForm(forms.Form):
    """What a person says to have two systems compared."""

    company = forms.ModelChoiceField(queryset=Company.objects.none(), widget=UnfoldAdminSelectWidget)
    starts_on = forms.DateField(label="First day", widget=UnfoldAdminSingleDateWidget)
    ends_on = forms.DateField(
        label="Until",
        widget=UnfoldAdminSingleDateWidget,
        help_text="The day after the last one. Levels without days take every month that is touched.",
    )
    levels = forms.MultipleChoiceField(
        choices=Level.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
        help_text="None: all.",
    )
    tolerance = forms.IntegerField(
        initial=0,
        min_value=0,
        max_value=100,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="By how many of the currency's smallest units an amount may differ. Quantities may not.",
    )


class ReconcileButton(ReadOnlyAdmin):
    """A list with a button to ask for a reconciliation."""

    actions_list = ["ask"]

    def has_ask_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("reconciliation.add_reconciliationrun")

    @action(description="Reconcile", url_path="ask", permissions=["ask"], icon="balance")
    def ask(self, request: HttpRequest) -> HttpResponse:
        person = self.person(request)
        companies = visible_companies(person)
        this_month = now().date().replace(day=1)
        last_month = months_before(this_month, 1)
        form = ReconcileForm(
            request.POST or None,
            initial={
                "company": companies.first(),
                "starts_on": last_month,
                "ends_on": month_cycle(last_month).ends_on,
            },
        )
        form.fields["company"].queryset = companies  # type: ignore[attr-defined]
        if form.is_valid():
            try:
                request_reconciliation(**form.cleaned_data, requested_by=person, requested_at=now())
            except BillingError as refusal:
                form.add_error("ends_on", refusal.sentence)
            else:
                messages.success(request, "A worker compares it; its runs appear among the reconciliations.")
                return redirect(reverse("admin:reconciliation_reconciliationrequest_changelist"))
        context = {
            **self.page_context(request, "Reconcile"),
            "form": form,
            "help": ["Every level sets two systems against each other key by key, for a company and days."],
            "button": "Reconcile",
        }
        return TemplateResponse(request, "console/form.html", context)


@admin.register(ReconciliationRequest)
class ReconciliationRequestAdmin(ReconcileButton):
    visible = staticmethod(visible_requests)
    list_display = [
        *(
            "company",
            "starts_on",
            "ends_on",
            "what",
            "state",
            "made",
            "requested_by",
            "requested_at",
            "done_at",
        ),
    ]
    list_filter = [("company", VisibleChoices), ("done_at", admin.EmptyFieldListFilter)]
    fields = [
        ("company", "starts_on", "ends_on"),
        "what",
        ("tolerance", "state", "made"),
        ("requested_by", "requested_at", "done_at"),
    ]
    readonly_fields = ["what", "state", "made"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReconciliationRequest]:
        return super().get_queryset(request).annotate(made=Count("runs"))

    @admin.display(description="levels")
    def what(self, request: ReconciliationRequest) -> str:
        if len(request.levels) == len(Level):
            return "all"
        return ", ".join(str(Level(level).label) for level in request.levels)

    @display(label={"done": "success", "waits for a worker": "info"})
    def state(self, request: ReconciliationRequest) -> str:
        return "done" if request.done_at else "waits for a worker"

    @admin.display(description="runs")
    def made(self, request: Any) -> int:
        return int(request.made)
