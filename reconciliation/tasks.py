"""Jobs of reconciliation. Each finds its own work, so a lost or doubled message changes nothing."""

from celery import shared_task

from billing_site.common import clock
from catalogue.models import Company
from reconciliation.selectors.schedule import companies_to_report, companies_with_accounts, waiting_requests
from reconciliation.services import daily, leakage, reports
from reconciliation.services.requests import answer_request

# UTC. Until then the day before has time to be told by other systems.
_NOT_BEFORE_HOUR = 4
# An hour for the runs.
_REPORT_NOT_BEFORE_HOUR = 5


@shared_task(name="reconciliation.tasks.reconcile_daily")
def reconcile_daily() -> int:
    """Deal out the companies, a message each; what is done today is not done again."""
    if clock.now().hour < _NOT_BEFORE_HOUR:
        return 0
    companies = companies_with_accounts()
    for company in companies:
        reconcile_company.delay(company)
    return len(companies)


@shared_task(name="reconciliation.tasks.reconcile_company")
def reconcile_company(company_id: int) -> int:
    """Make the day's runs of a company."""
    return len(daily.reconcile_daily(company_id=company_id, at=clock.now()))


@shared_task(name="reconciliation.tasks.reconcile_requests")
def reconcile_requests() -> int:
    """Deal out the reconciliations that were asked for and not made, a message each."""
    requests = waiting_requests()
    for request in requests:
        reconcile_request.delay(request)
    return len(requests)


@shared_task(name="reconciliation.tasks.reconcile_request")
def reconcile_request(request_id: int) -> int:
    """Make the runs of a request."""
    return len(answer_request(request_id=request_id, at=clock.now()))


@shared_task(name="reconciliation.tasks.find_leaks")
def find_leaks() -> int:
    """Deal out the companies, a message each."""
    companies = list(Company.objects.order_by("pk").values_list("pk", flat=True))
    for company in companies:
        find_leaks_of.delay(company)
    return len(companies)


@shared_task(name="reconciliation.tasks.find_leaks_of")
def find_leaks_of(company_id: int) -> None:
    """Look at a company by every rule of leakage."""
    company = Company.objects.select_related("parent").get(pk=company_id)
    leakage.find_leaks(company=company, at=clock.now())


@shared_task(name="reconciliation.tasks.make_reports")
def make_reports() -> int:
    """Deal out the companies whose report of today is not made, a message each, after the morning's runs."""
    now = clock.now()
    if now.hour < _REPORT_NOT_BEFORE_HOUR:
        return 0
    companies = companies_to_report(day=now.date())
    for company in companies:
        make_report_of.delay(company)
    return len(companies)


@shared_task(name="reconciliation.tasks.make_report_of")
def make_report_of(company_id: int) -> None:
    """Make a company's report of today; a second message for it finds it made."""
    now = clock.now()
    company = Company.objects.select_related("parent").get(pk=company_id)
    reports.make_report(company=company, day=now.date(), at=now)
