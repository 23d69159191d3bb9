"""What a caller may see of reconciliation."""

from django.db.models import QuerySet

from catalogue.models import User
from catalogue.selectors.reach import Caller, may_see_cost, reach_of, within
from reconciliation.domain.leakage import RULES_THAT_TELL_COST
from reconciliation.models import (
    ControlDay,
    ControlLine,
    ControlTotal,
    Discrepancy,
    ExportMapping,
    FinanceTotal,
    Finding,
    MonthClosing,
    OtherInvoice,
    ReconciliationReport,
    ReconciliationRequest,
    ReconciliationRun,
    SecondaryCharge,
)


def visible_runs(caller: Caller) -> QuerySet[ReconciliationRun]:
    """One row a comparison for a company's month at one level."""
    return within(ReconciliationRun.objects.select_related("company"), reach_of(caller), company="company")


def visible_requests(caller: Caller) -> QuerySet[ReconciliationRequest]:
    """One row a wish to have days of a company compared."""
    requests = ReconciliationRequest.objects.select_related("company", "requested_by")
    return within(requests, reach_of(caller), company="company")


def visible_discrepancies(caller: Caller) -> QuerySet[Discrepancy]:
    """One row a key on which the two systems of a run do not agree."""
    discrepancies = Discrepancy.objects.select_related("run__company")
    return within(discrepancies, reach_of(caller), company="run__company")


def visible_secondary_charges(caller: Caller) -> QuerySet[SecondaryCharge]:
    """One row a charge of the independent rater; of the cost side only for those who may see cost."""
    charges = within(SecondaryCharge.objects.all(), reach_of(caller), company="company_id")
    return charges if may_see_cost(caller) else charges.filter(side="sell")


def visible_finance_totals(caller: Caller) -> QuerySet[FinanceTotal]:
    """One row what finance booked for an account and month."""
    totals = FinanceTotal.objects.select_related("company", "account")
    return within(totals, reach_of(caller), company="company")


def visible_month_closings(caller: Caller) -> QuerySet[MonthClosing]:
    """One row a company's month that somebody soft-closed or closed."""
    closings = MonthClosing.objects.select_related("company", "soft_closed_by", "closed_by")
    return within(closings, reach_of(caller), company="company")


def visible_findings(caller: Caller) -> QuerySet[Finding]:
    """One row a difference or leak across runs; what tells of cost only for those who may see it."""
    findings = Finding.objects.select_related("company", "account", "owner")
    visible = within(findings, reach_of(caller), company="company")
    return visible if may_see_cost(caller) else visible.exclude(level__in=RULES_THAT_TELL_COST)


def possible_owners(finding: Finding) -> QuerySet[User]:
    """One row an operator of the finding's company or its head office, by name."""
    companies = [finding.company_id, finding.company.head_office_id]
    return User.objects.filter(company__in=companies, is_active=True).order_by("username")


def visible_control_days(caller: Caller) -> QuerySet[ControlDay]:
    """One row a day of which a company's stream told what it sent."""
    return within(ControlDay.objects.select_related("company"), reach_of(caller), company="company")


def visible_control_lines(caller: Caller) -> QuerySet[ControlLine]:
    """One row an event that a company's stream says it sent."""
    return within(ControlLine.objects.all(), reach_of(caller), company="company_id")


def visible_control_totals(caller: Caller) -> QuerySet[ControlTotal]:
    """One row what a company's stream says it sent for an account, a product and a day."""
    totals = ControlTotal.objects.select_related("company", "account", "product")
    return within(totals, reach_of(caller), company="company")


def visible_export_mappings(caller: Caller) -> QuerySet[ExportMapping]:
    """One row what the columns of another billing system's export mean."""
    return within(ExportMapping.objects.select_related("company"), reach_of(caller), company="company")


def visible_other_invoices(caller: Caller) -> QuerySet[OtherInvoice]:
    """One row an invoice of another billing system."""
    invoices = OtherInvoice.objects.select_related("mapping", "company", "account")
    return within(invoices, reach_of(caller), company="company")


def visible_reports(caller: Caller) -> QuerySet[ReconciliationReport]:
    """One row a company's report of a day."""
    reports = ReconciliationReport.objects.select_related("company")
    return within(reports, reach_of(caller), company="company")
