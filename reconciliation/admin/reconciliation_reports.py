"""The reconciliation report: of a day or month as it is now, and those that were made in the mornings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from billing_site.common.admin import LINK, BulkAdmin, VisibleChoices, money
from billing_site.common.charts import chart
from billing_site.common.clock import now
from catalogue.models import User
from catalogue.selectors.reach import may_see_cost
from catalogue.selectors.visible import visible_companies
from reconciliation.admin.report_pages import MonthField, Report, ReportPage
from reconciliation.domain import reports
from reconciliation.models import ReconciliationReport
from reconciliation.pdf.report_pdf import report_name, report_pdf
from reconciliation.pdf.report_sheets import report_sheets
from reconciliation.selectors.reports import report_of_day, report_of_month
from reconciliation.selectors.visible import visible_reports

_PDF = "application/pdf"


class ReportForm(forms.Form):
    company = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    day = forms.DateField(required=False, label="Day (UTC)", widget=UnfoldAdminSingleDateWidget)
    month = MonthField(required=False, label="or month")


class ReconciliationReportPage(ReportPage):
    """All levels of a company with both totals, what is open by money at risk, and the trend."""

    title = "Reconciliation report"
    file_name = "reconciliation"
    permission = "reconciliation.view_finding"
    template = "console/reconciliation_report.html"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        companies = list(visible_companies(person))
        first = companies[0].code if companies else ""
        form = ReportForm(asked, initial={"company": first, "day": now().date()})
        form.fields["company"].choices = [  # type: ignore[attr-defined]
            (company.code, str(company)) for company in companies
        ]
        return form

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        report = _report(person, values)
        days = [f"{day.day:%-d %b}" for day in report.trend]
        risks = {"money at risk": [day.at_risk for day in report.trend]}
        trend = chart(f"Money at risk each morning, {report.currency}", "bar", days, risks)
        return Report(report_sheets(report), [trend] if days else [], [_sentence(report)])

    def more(self, person: User, asked: dict[str, str]) -> dict[str, Any]:
        return {"pdf": "?" + urlencode({**asked, "file": "pdf"})}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        assert isinstance(person, User)
        if request.GET.get("file") == "pdf" and person.has_perm(self.permission):
            form = self.form(person, request.GET.dict())
            if form.is_valid():
                report = _report(person, form.cleaned_data)
                headers = {"Content-Disposition": f'inline; filename="{report_name(report)}.pdf"'}
                return HttpResponse(report_pdf(report), content_type=_PDF, headers=headers)
        return super().__call__(request)


def _report(person: User, values: dict[str, Any]) -> reports.Report:
    company = visible_companies(person).select_related("parent").get(code=values["company"])
    at, tells_cost = now(), may_see_cost(person)
    if values["month"]:
        return report_of_month(company=company, month=values["month"], made_at=at, tells_cost=tells_cost)
    day = values["day"] or at.date()
    return report_of_day(company=company, day=day, made_at=at, tells_cost=tells_cost)


def _sentence(report: reports.Report) -> str:
    if not report.levels:
        return f"{report.company_name}, {report.period}: nothing was compared."
    agree = "all levels agree" if report.is_equal else "some keys differ"
    return f"{report.company_name}, {report.period}: {agree}; {report.open_count:,} findings are open."


@admin.register(ReconciliationReport)
class MorningReportAdmin(BulkAdmin):
    visible = staticmethod(visible_reports)
    list_display = [
        *(
            "company",
            "reported_on",
            "compared",
            "differing",
            "open_findings",
            money("money_at_risk"),
            "download",
        ),
    ]
    list_filter = [("company", VisibleChoices)]
    ordering = ["-reported_on", "company"]
    actions_detail = ["pdf"]
    fields = [
        ("company", "reported_on", "made_at"),
        ("compared", "differing"),
        ("open_findings", money("money_at_risk")),
        ("size", "sha256", "download"),
    ]
    readonly_fields = ["download"]

    @admin.display(description="file")
    def download(self, report: ReconciliationReport) -> str:
        address = reverse("admin:reconciliation_reconciliationreport_pdf", args=[report.pk])
        return format_html('<a class="{}" href="{}">PDF</a>', LINK, address)

    @action(description="PDF", permissions=["view"], icon="picture_as_pdf")
    def pdf(self, request: HttpRequest, object_id: str) -> Any:
        report = self.get_object(request, object_id)
        if report is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return FileResponse(report.file.open("rb"), content_type=_PDF, filename=f"{report}.pdf")
