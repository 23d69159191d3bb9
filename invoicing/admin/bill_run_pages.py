"""The page of a bill run: how far it is, what is doubtful, what it would issue, and its steps."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from billing_site.common.admin import ReadOnlyAdmin, Table, show_money
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.domain.rounding import show
from catalogue.models import Company
from catalogue.selectors.visible import visible_companies
from invoicing.domain.bill_run_states import DRIVEN
from invoicing.models import BillRun, BillRunAccount
from invoicing.selectors.bill_run_rights import steps_for
from invoicing.selectors.bill_runs import account_counts, bill_run_variance
from invoicing.selectors.totals import totals_by_currency
from invoicing.selectors.visible import visible_intercompany_documents, visible_invoices
from invoicing.services.bill_runs import start_bill_run, take_step_of_people

_SHOWN = 50
STATE_LOOKS = {
    **dict.fromkeys(["waits for a worker", "being drafted", "being issued"], "info"),
    **dict.fromkeys(["stopped by its warnings", "paused", "drafted, waits to be issued"], "warning"),
    "issued": "success",
}
# Until all is drafted, every account that is not would be shown as one that has lost all.
_UNDRAFTED = {BillRun.State.REQUESTED, BillRun.State.DRAFTING}
_LABELS = {
    "issue": ("Issue", "primary"),
    "draft_again": ("Draft again", "default"),
    "retry_parked": ("Retry parked accounts", "primary"),
    "resume": ("Resume", "primary"),
    "pause": ("Pause", "default"),
}


class BillRunForm(forms.Form):
    """What a person says to start a run."""

    company = forms.ModelChoiceField(queryset=Company.objects.none(), widget=UnfoldAdminSelectWidget)
    month = forms.DateField(
        input_formats=["%Y-%m"],
        validators=[MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2199, 12, 1))],
        error_messages={"invalid": "Write a month as 2026-03."},
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-03"}),
        help_text="The billing month. It must be over where the company is.",
    )
    cutoff = forms.DateTimeField(
        required=False,
        label="Cut-off",
        error_messages={"invalid": "Write an instant as 2026-04-02 12:00."},
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-04-02 12:00"}),
        help_text="UTC. What is received later is late: it goes on the next invoice. Empty: now.",
    )
    issued_on = forms.DateField(
        required=False,
        error_messages={"invalid": "Write a day as 2026-04-03."},
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-04-03"}),
        help_text="The invoices' day: it gives the tax rates and the year of the numbers. "
        "Empty: today where the company is.",
    )
    then = forms.ChoiceField(
        choices=[("wait", "Show me the drafts first"), ("issue", "Issue without stopping")],
        initial="wait",
        label="When it has drafted",
        widget=UnfoldAdminRadioSelectWidget,
    )


class BillRunPages(ReadOnlyAdmin):
    """A list of bill runs, a page to start one, and the page of each with its steps."""

    def get_urls(self) -> list[Any]:
        step = self.admin_site.admin_view(self.step)
        return [path("<int:pk>/steps/<slug:step>", step, name="bill_run_step"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("invoicing.add_billrun")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BillRunForm(request.POST or None)
        form.fields["company"].queryset = visible_companies(self.person(request))  # type: ignore[attr-defined]
        if request.method == "POST" and form.is_valid():
            try:
                run = self._start(request, form.cleaned_data)
            except BillingError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                return redirect(reverse("admin:invoicing_billrun_change", args=[run.pk]))
        context = {
            **self.page_context(request, "Start a bill run"),
            "form": form,
        }
        return TemplateResponse(request, "console/bill_run_start.html", context)

    def _start(self, request: HttpRequest, values: dict[str, Any]) -> BillRun:
        instant, company = now(), values["company"]
        return start_bill_run(
            company=company,
            month=values["month"],
            cutoff=values["cutoff"] or instant,
            issued_on=values["issued_on"] or instant.astimezone(ZoneInfo(company.timezone)).date(),
            at=instant,
            issues_by_itself=values["then"] == "issue",
            requested_by=self.person(request),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run: BillRun | None = self.get_object(request, object_id)
        if run is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return gone
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        counts = account_counts(run_id=run.pk)
        total = sum(counts.values())
        steps = steps_for(self.person(request), run)
        if "retry_parked" in steps and not counts[BillRunAccount.State.PARKED]:
            steps.remove("retry_parked")
        context = {
            **self.page_context(request, "Bill run", run),
            "opts": self.opts,
            "run": run,
            "moves": run.state in DRIVEN,
            "label_variant": STATE_LOOKS.get(run.get_state_display(), ""),
            "steps": [(step, *_label(step, run)) for step in steps],
            "done": 100 * (total - counts[BillRunAccount.State.PENDING]) // total if total else 0,
            "tables": self.tables(request, run),
            "waits_for_another": run.state == BillRun.State.DRAFTED and "issue" not in steps,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "console/bill_run.html", context)

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        run: BillRun | None = self.get_object(request, str(pk))
        if run is None or request.method != "POST":
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        person = self.person(request)
        if step not in steps_for(person, run):
            messages.error(request, "This step is not yours to take, or not now: see what the run is now.")
        else:
            try:
                take_step_of_people(run=run, step=step, person=person, at=now())
            except BillingError as refusal:
                messages.error(request, refusal.sentence)
        return redirect(reverse("admin:invoicing_billrun_change", args=[pk]))

    def tables(self, request: HttpRequest, row: BillRun) -> list[Table]:
        counts = [(BillRunAccount.State(s).label, n) for s, n in account_counts(run_id=row.pk).items()]
        found = [
            _warnings(row),
            Table("Accounts", [label for label, _ in counts], [[number for _, number in counts]]),
            _parked(row),
            self._invoices(request, row),
            *([] if row.state in _UNDRAFTED else [_variance(row)]),
            self._intercompany(request, row),
        ]
        return [table for table in found if table.rows]

    def _invoices(self, request: HttpRequest, run: BillRun) -> Table:
        invoices = visible_invoices(self.person(request)).filter(company=run.company_id, month=run.month)
        rows = [
            (state, t.currency, t.invoices, *(show_money(amount, t.currency) for amount in t.amounts))
            for state in ("draft", "issued")
            for t in totals_by_currency(invoices.filter(state=state))
        ]
        address = reverse("admin:invoicing_invoice_changelist")
        link = f"{address}?month={run.month:%Y-%m}&company__id__exact={run.company_id}"
        every = format_html('<a class="text-primary-600" href="{}">See them one by one</a>', link)
        return Table("Invoices", ["state", "currency", "invoices", "net", "tax", "gross"], rows, every)

    def _intercompany(self, request: HttpRequest, run: BillRun) -> Table:
        documents = visible_intercompany_documents(self.person(request)).filter(
            sales_office=run.company_id, month=run.month
        )
        rows = [
            (d.number, d.issued_on, d.line_count, show_money(d.net_amount, d.currency)) for d in documents
        ]
        return Table("Owed to the head office", ["number", "issued on", "lines", "net"], rows)


def _label(step: str, run: BillRun) -> tuple[str, str]:
    label, look = _LABELS[step]
    if step == "issue" and run.needs_approval:
        return "Approve and issue", look
    return ("Go on anyway" if step == "resume" and run.state == BillRun.State.STOPPED else label), look


def _warnings(run: BillRun) -> Table:
    rows = [(warning.get_kind_display(), warning.sentence) for warning in run.warnings.all()]
    return Table("Warnings", ["about", "what"], rows)


def _parked(run: BillRun) -> Table:
    parked = run.accounts.filter(state=BillRunAccount.State.PARKED).select_related("account")
    rows = [(str(done.account), done.reason) for done in parked.order_by("account__code")[:_SHOWN]]
    note = f"The first {_SHOWN}." if len(rows) == _SHOWN else ""
    return Table("Parked accounts", ["account", "why, and what to do"], rows, note)


def _variance(run: BillRun) -> Table:
    rows = [
        (
            row.account,
            show_money(row.before_amount, row.currency),
            show_money(row.now_amount, row.currency),
            show_money(row.difference, row.currency),
            "new" if row.percent is None else f"{show(row.percent)} %",
        )
        for row in bill_run_variance(run_id=run.pk, at_most=_SHOWN)
    ]
    headers = ["account", "net of the month before", "net now", "difference", "change"]
    return Table("What changed most", headers, rows, f"At most {_SHOWN} accounts, the largest change first.")
