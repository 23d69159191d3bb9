"""Give back at once what was learnt too late to be billed right, where the account wants it so (rule 8)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from billing_site.common import sql
from catalogue.models import Account, Company
from invoicing.models import CreditNote
from invoicing.services.credit_notes import issue_credit_notes
from metering.services.settling import hold_waiting_differences, settle_differences

log = structlog.get_logger(__name__)

MONTHS_AT_ONCE = 2_000


def credit_late_usage(*, now: datetime, months_at_once: int = MONTHS_AT_ONCE) -> int:
    """Make the credit notes of late usage for all accounts that get them; return how many were made.

    now: [instant] its day where the company is becomes the day of issue. What a closed month should have been
    less what was billed for it, if as a whole below 0 and no more than is left of the month's own invoice,
    becomes a credit note of that invoice; the rest waits for the next invoice. Set-based, a company and some
    thousand months a transaction. Idempotent: what is settled counts as billed, a second run finds nothing.
    """
    wanting = Account.objects.filter(late_usage=Account.LateUsage.CREDIT_NOTE)
    companies = Company.objects.filter(pk__in=wanting.values("company")).order_by("code")
    made = 0
    for company in companies:
        after: int | None = 0
        while after is not None:
            notes, after = _credit_some(company, now, after=after, limit=months_at_once)
            made += notes
    return made


@transaction.atomic
def _credit_some(company: Company, now: datetime, *, after: int, limit: int) -> tuple[int, int | None]:
    """Credit months after an id; return how many were, and where the next look begins, None at the end."""
    held = hold_waiting_differences(company=company, after=after, limit=limit)
    if not held:
        return 0, None
    sql.run("invoicing", "lock_invoices_of_months", {"periods": held})
    credits = sql.rows("invoicing", "late_credits", {"periods": held})
    if credits:
        made = {
            "credit_notes": [row["credit_note"] for row in credits],
            "invoices": [row["invoice"] for row in credits],
            "periods": [row["period"] for row in credits],
        }
        sql.run("invoicing", "credit_late_lines", made)
        sql.run("invoicing", "credit_late_taxes", made)
        issue_credit_notes(
            company=company,
            credit_notes=made["credit_notes"],
            invoices=made["invoices"],
            cause=CreditNote.Cause.LATE_USAGE,
            issued_on=now.astimezone(ZoneInfo(company.timezone)).date(),
        )
        settle_differences(periods=made["periods"])
        log.info("late_usage_credited", company=company.code, credit_notes=len(credits))
    return len(credits), held[-1]
