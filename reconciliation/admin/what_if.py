"""The console's page that tries other prices on a month's usage, and hands them over as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from billing_site.common.charts import chart
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.common.sheets import Amount, Percent, Sheet
from catalogue.models import Company, User
from catalogue.selectors.reach import may_see_cost
from catalogue.selectors.visible import visible_companies, visible_price_file_companies
from reconciliation.admin.report_pages import MonthField, Report, ReportPage
from reconciliation.domain.what_if import Change, InvalidRule, PriceRule, rounding
from reconciliation.selectors.margin_reports import latest_month
from reconciliation.selectors.what_if import WhatIf, what_if_rule
from reconciliation.services.price_drafts import request_price_draft

_IN_CHART = 12
_KINDS = {"percent": "change by percent", "target": "raise to a target margin, in percent"}


class WhatIfForm(forms.Form):
    company = forms.ModelChoiceField(
        queryset=Company.objects.none(),
        to_field_name="code",
        label="Price book of",
        widget=UnfoldAdminSelectWidget,
    )
    month = MonthField(label="Usage of")
    kind = forms.ChoiceField(
        label="Prices", choices=list(_KINDS.items()), initial="percent", widget=UnfoldAdminSelectWidget
    )
    percent = forms.DecimalField(
        initial=5, min_value=-99, max_value=10_000, decimal_places=4, widget=UnfoldAdminTextInputWidget
    )
    product = forms.CharField(required=False, label="Only SKU", widget=UnfoldAdminTextInputWidget)
    family = forms.CharField(required=False, label="Only family", widget=UnfoldAdminTextInputWidget)
    decimals = forms.IntegerField(
        initial=6,
        min_value=0,
        max_value=12,
        label="Decimals of new prices",
        widget=UnfoldAdminTextInputWidget,
    )


class DraftForm(WhatIfForm):
    effective = forms.DateField(label="New prices count from", widget=UnfoldAdminSingleDateWidget)


class WhatIfPage(ReportPage):
    """What a rule for prices would have earned in a month, and who would have paid how much more."""

    title = "What if prices were others?"
    file_name = "what-if"
    template = "console/what_if.html"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        return _narrowed(WhatIfForm(asked, initial=_initial(person)), person)

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        found = what_if_rule(
            company=values["company"], month=values["month"], rule=_rule(person, values), as_of=now()
        )
        with_cost = may_see_cost(person)
        sentences = [
            "The usage of the month as known now, priced by the same statements as every charge, before "
            "discounts and corrections; prices agreed with single accounts stay. To try a price file, upload "
            "it: its page shows the same before anybody approves it.",
        ]
        sheets = [
            _sheet("By product", "product", found, found.products, with_cost),
            _sheet("Accounts, most affected first", "account", found, found.accounts, with_cost),
        ]
        return Report(sheets, _charts(found, with_cost), sentences)

    def more(self, person: User, asked: dict[str, str]) -> dict[str, Any]:
        tomorrow = (now() + timedelta(days=1)).date()
        may_draft = person.has_perm("catalogue.add_priceimport")
        form = DraftForm({**asked, "effective": tomorrow.isoformat()}) if may_draft else None
        hidden = [name for name in WhatIfForm.base_fields if name in asked]
        return {"draft": form, "hidden": [(name, asked[name]) for name in hidden]}


def draft(request: HttpRequest) -> HttpResponse:
    """Make a price file of what the form says, and go to its page."""
    person = request.user
    assert isinstance(person, User)
    if request.method != "POST":
        raise Http404
    if not person.has_perm("catalogue.add_priceimport"):
        raise PermissionDenied
    form = _narrowed(DraftForm(request.POST), person)
    companies = visible_price_file_companies(person)
    form.fields["company"].queryset = companies.select_related("parent")  # type: ignore[attr-defined]
    if not form.is_valid():
        messages.error(request, " ".join(str(errors[0]) for errors in form.errors.values()))
        return redirect(reverse("what_if"))
    values = form.cleaned_data
    try:
        made = request_price_draft(
            company=values["company"],
            month=values["month"],
            rule=_rule(person, values),
            effective=values["effective"],
            requested_by=person,
            requested_at=now(),
        )
    except BillingError as refusal:
        messages.error(request, refusal.sentence)
        return redirect(reverse("what_if"))
    return redirect(reverse("admin:catalogue_priceimport_change", args=[made.pk]))


def _narrowed(form: forms.Form, person: User) -> forms.Form:
    sellers = visible_companies(person).filter(accounts__isnull=False).distinct()
    form.fields["company"].queryset = sellers.select_related("parent")  # type: ignore[attr-defined]
    return form


def _initial(person: User) -> dict[str, Any]:
    latest = latest_month(person)
    first = visible_companies(person).filter(accounts__isnull=False).first()
    return {"month": f"{latest:%Y-%m}" if latest else "", "company": first.code if first else ""}


def _rule(person: User, values: dict[str, Any]) -> PriceRule:
    if values["kind"] == "target" and not may_see_cost(person):
        raise InvalidRule("A target margin shows cost, which you may not see: change prices by percent.")
    names = ("kind", "percent", "product", "family", "decimals")
    return PriceRule(**{name: values[name] for name in names})


def _sheet(title: str, of: str, found: WhatIf, changes: Sequence[Change], with_cost: bool) -> Sheet:
    headings = [of, "name", "revenue", "with new prices", "difference"]
    headings += ["cost", "margin", "%", "margin with new prices", "%"] if with_cost else []
    left = rounding(found.whole, changes)
    sums = [*([left] if left else []), found.whole]
    largest = sorted(changes, key=lambda change: (-abs(change.revenue), change.key))
    return Sheet(
        f"{title}, {found.currency}",
        headings,
        [_row(change, found.currency, with_cost) for change in largest],
        sums=[_row(change, found.currency, with_cost) for change in sums],
    )


def _row(change: Change, currency: str, with_cost: bool) -> tuple[Any, ...]:
    before, after = change.before, change.after
    revenue = [Amount(amount, currency) for amount in (before.revenue, after.revenue, change.revenue)]
    if not with_cost:
        return change.key, change.detail, *revenue
    earned: list[Any] = [
        Amount(after.cost, currency),
        Amount(before.margin, currency),
        Percent(before.percent),
    ]
    return (
        change.key,
        change.detail,
        *revenue,
        *earned,
        Amount(after.margin, currency),
        Percent(after.percent),
    )


def _charts(found: WhatIf, with_cost: bool) -> list[Any]:
    largest = sorted(found.products, key=lambda change: -change.after.revenue)[:_IN_CHART]
    measures = ("revenue", "margin") if with_cost else ("revenue",)
    return [
        chart(
            f"{name.capitalize()} by product, {found.currency}",
            "bar",
            [change.key for change in largest],
            {
                "now": [getattr(change.before, name) for change in largest],
                "with new prices": [getattr(change.after, name) for change in largest],
            },
        )
        for name in measures
    ]
