"""The console's pages of the month's end: the checklist of a company's month, and its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from billing_site.common.admin import ReadOnlyAdmin, VisibleChoices, month
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.common.sheets import Amount, Sheet
from catalogue.models import Company, User
from catalogue.selectors.reach import may_see_cost
from catalogue.selectors.visible import visible_companies
from reconciliation.admin.report_pages import MonthField, Report, ReportPage
from reconciliation.domain.margin import Margin
from reconciliation.domain.month_closing import STEPS, Check, steps_from
from reconciliation.models import MonthClosing
from reconciliation.selectors.margin import margin_of
from reconciliation.selectors.margin_reports import latest_month
from reconciliation.selectors.month_closings import month_checks
from reconciliation.selectors.visible import visible_month_closings
from reconciliation.services.month_closings import take_closing_step

_LABELS = {"soft_close": "Soft-close", "close": "Close for good", "reopen": "Open again"}
_MAY = "reconciliation.change_monthclosing"


@admin.register(MonthClosing)
class MonthClosingAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_month_closings)
    list_display = [
        *("company", month(), "shown_state", "soft_closed_at", "soft_closed_by", "closed_at", "closed_by"),
    ]
    list_filter = [("company", VisibleChoices), "state"]
    fields = [
        ("company", month(), "shown_state"),
        ("soft_closed_at", "soft_closed_by", "closed_at", "closed_by"),
    ]
    readonly_fields = ["shown_state"]

    @display(
        description="state",
        ordering="state",
        label={"open": "info", "soft-closed": "warning", "closed": "success"},
    )
    def shown_state(self, closing: MonthClosing) -> str:
        return closing.get_state_display()


class MonthCloseForm(forms.Form):
    company = forms.ModelChoiceField(
        queryset=Company.objects.none(), to_field_name="code", widget=UnfoldAdminSelectWidget
    )
    month = MonthField()


class MonthClosePage(ReportPage):
    """What has to be done before a month is closed, who closed it and when, and what it earned by then."""

    title = "Month's end"
    file_name = "month-end"
    permission = "reconciliation.view_monthclosing"
    template = "console/month_close.html"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        latest, first = latest_month(person), visible_companies(person).filter(accounts__isnull=False).first()
        initial = {"month": f"{latest:%Y-%m}" if latest else "", "company": first.code if first else ""}
        return _narrowed(MonthCloseForm(asked, initial=initial), person)

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        company, of_month = values["company"], values["month"]
        closing = _closing(person, company, of_month)
        checks = month_checks(company=company, month=of_month)
        sheets = [_checklist(company, checks)]
        if closing.earned and may_see_cost(person):
            sheets.append(_earned(closing, closing.earned))
        return Report([*sheets, _companies(person, values)], sentences=[_sentence(closing)])

    def more(self, person: User, asked: dict[str, str]) -> dict[str, Any]:
        form = self.form(person, asked)
        if not person.has_perm(_MAY) or not form.is_valid():
            return {"steps": []}
        closing = _closing(person, form.cleaned_data["company"], form.cleaned_data["month"])
        return {"steps": [(step, _LABELS[step]) for step in steps_from(closing.state)], "asked": asked}


def take_step(request: HttpRequest) -> HttpResponse:
    """Take a step of a month, and go back to its checklist."""
    person = request.user
    assert isinstance(person, User)
    if request.method != "POST":
        raise Http404
    if not person.has_perm(_MAY):
        raise PermissionDenied
    form, step = _narrowed(MonthCloseForm(request.POST), person), request.POST.get("step", "")
    if not form.is_valid() or step not in STEPS:
        messages.error(request, "There is no such month or step, or none that you may take.")
        return redirect(reverse("month_close"))
    company, of_month = form.cleaned_data["company"], form.cleaned_data["month"]
    try:
        take_closing_step(company=company, month=of_month, step=step, person=person, at=now())
    except BillingError as refusal:
        messages.error(request, refusal.sentence)
    query = urlencode({"company": company.code, "month": f"{of_month:%Y-%m}"})
    return redirect(f"{reverse('month_close')}?{query}")


def _narrowed(form: forms.Form, person: User) -> forms.Form:
    sellers = visible_companies(person).filter(accounts__isnull=False).distinct()
    form.fields["company"].queryset = sellers.select_related("parent")  # type: ignore[attr-defined]
    return form


def _closing(person: User, company: Company, of_month: Any) -> MonthClosing:
    """The month's row, or what stands for one that nobody has touched."""
    found = visible_month_closings(person).filter(company=company, month=of_month).first()
    return found or MonthClosing(company=company, month=of_month)


def _sentence(closing: MonthClosing) -> str:
    told = f"{closing} is {closing.get_state_display()}."
    if closing.soft_closed_at:
        told += f" Soft-closed {closing.soft_closed_at:%Y-%m-%d %H:%M} UTC by {closing.soft_closed_by}."
    if closing.closed_at:
        told += f" Closed {closing.closed_at:%Y-%m-%d %H:%M} UTC by {closing.closed_by}."
    return f"{told} Whatever is learnt about a billed month is a correction on a later document."


def _checklist(company: Company, checks: list[Check]) -> Sheet:
    rows = [
        (
            "done" if check.is_done else "to do",
            check.name,
            check.sentence,
            {"soft_close": "soft-closing", "close": "closing"}.get(check.needed_for, "good to know"),
        )
        for check in checks
    ]
    return Sheet(f"Checklist of {company.code}", ["", "what", "found", "needed for"], rows)


def _earned(closing: MonthClosing, earned: Margin) -> Sheet:
    today = margin_of(company=closing.company, month=closing.month)
    rows = [
        (name, today.currency, *(Amount(amount, today.currency) for amount in (was, found, found - was)))
        for name, was, found in (
            ("revenue", earned.revenue, today.revenue),
            ("cost", earned.cost, today.cost),
            ("margin", earned.margin, today.margin),
        )
    ]
    return Sheet("What it earned", ["", "currency", "when it was closed", "now", "since then"], rows)


def _companies(person: User, values: dict[str, Any]) -> Sheet:
    of_month = values["month"]
    closings = {row.company_id: row for row in visible_month_closings(person).filter(month=of_month)}
    sellers = visible_companies(person).filter(accounts__isnull=False).distinct()
    rows = []
    for company in sellers:
        closing = closings.get(company.pk) or MonthClosing(company=company, month=of_month)
        rows.append(
            (
                *(company.code, closing.get_state_display(), closing.soft_closed_at, closing.soft_closed_by),
                *(closing.closed_at, closing.closed_by),
            )
        )
    headings = ["company", "state", "soft-closed at", "by", "closed at", "by"]
    return Sheet(f"All companies, {of_month:%B %Y}", headings, rows)
