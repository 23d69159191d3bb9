"""Make the report of a company's morning, once, and keep it."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

import structlog
from django.db import transaction

from catalogue.models import Company
from invoicing.services.documents import store_file
from reconciliation.models import ReconciliationReport
from reconciliation.pdf.report_pdf import report_name, report_pdf
from reconciliation.selectors.reports import report_of_day

log = structlog.get_logger(__name__)


@transaction.atomic
def make_report(*, company: Company, day: date, at: datetime) -> ReconciliationReport:
    """Write a company's report of a day (UTC), without what tells of cost; the one that stands is returned.

    at: [instant] for ages. Idempotent by company and day. Killed between file and row, the next call replaces
    the file, which nobody has seen. Raises DocumentNotStored.
    """
    # Two workers with the same company: the second waits here and then finds the first one's row.
    Company.objects.select_for_update(no_key=True).only("pk").get(pk=company.pk)
    known = ReconciliationReport.objects.filter(company=company, reported_on=day).first()
    if known is not None:
        return known
    report = report_of_day(company=company, day=day, made_at=at)
    content = report_pdf(report)
    made = ReconciliationReport(
        company=company,
        reported_on=day,
        made_at=at,
        compared=sum(level.compared for level in report.levels),
        differing=sum(level.differing for level in report.levels),
        open_findings=report.open_count,
        money_at_risk=report.at_risk,
        currency=report.currency,
        sha256=sha256(content).hexdigest(),
        size=len(content),
    )
    name = made.file.field.generate_filename(made, f"{company.code}/{day.year}/{report_name(report)}.pdf")
    made.file.name = store_file(made.file.storage, name, content)
    made.save(force_insert=True)
    log.info("reconciliation_reported", company=company.code, day=str(day), file=made.file.name)
    return made
