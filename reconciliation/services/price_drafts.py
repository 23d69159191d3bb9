"""Hand prices that were tried over to the catalogue, as a draft that somebody looks through and publishes."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from catalogue.domain.periods import local_midnight
from catalogue.domain.rounding import show
from catalogue.models import Company, PriceImport, User
from catalogue.services.price_import_jobs import request_price_import
from reconciliation.domain.what_if import PriceRule
from reconciliation.selectors.what_if import draft_prices

_COLUMNS = (
    *("company", "sku", "currency", "model", "unit_price", "fee", "package_size", "package_price"),
    *("percent", "fixed_fee", "tiers", "included", "cap", "minimum", "scope"),
)


@transaction.atomic
def request_price_draft(
    *,
    company: Company,
    month: date,
    rule: PriceRule,
    effective: date,
    requested_by: User,
    requested_at: datetime,
) -> PriceImport:
    """Write the prices that a rule makes into a price file and have it checked; nothing is published.

    effective: [local date of the company] the prices in force at its midnight are changed, from then on.
    Asked twice there are two drafts: each is looked through by itself. Raises as what_if_rule does.
    """
    at = local_midnight(effective, ZoneInfo(company.timezone))
    rows = draft_prices(company=company, month=month, rule=rule, as_of=requested_at, at=at)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _written(row[name]) for name in _COLUMNS})
    return request_price_import(
        company=company,
        file=io.BytesIO(text.getvalue().encode()),
        file_name=f"what-if {rule.kind} {show(rule.percent)} of {month:%Y-%m}.csv",
        effective=effective,
        uploaded_by=requested_by,
        uploaded_at=requested_at,
    )


def _written(value: Decimal | str | None) -> str:
    return "" if value is None else show(value, 12) if isinstance(value, Decimal) else value
