"""What reconciliation answers when the catalogue asks."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing_site.common.admin import Table, show_money
from billing_site.common.errors import BillingError
from catalogue.models import PriceImport, User
from catalogue.selectors.reach import may_see_cost
from catalogue.signals import impact_asked
from reconciliation.domain.what_if import Change
from reconciliation.selectors.what_if import WhatIf
from reconciliation.selectors.what_if_imports import impact_of_import

_SHOWN = 15


@receiver(impact_asked)
def tell_impact(*, price_import: PriceImport, person: User, at: datetime, **_signal: Any) -> list[Table]:
    """Say what the file would have made of the latest billed month, by product and for the accounts."""
    try:
        found = impact_of_import(caller=person, price_import=price_import, as_of=at)
    except BillingError as refusal:
        return [Table("", ["why nothing was compared"], [(refusal.sentence,)])]
    if found is None:
        return []
    with_cost = may_see_cost(person)
    return [
        _table("priced with this file: products", "product", found, found.products, with_cost),
        _table("accounts most affected", "account", found, found.accounts, with_cost),
    ]


def _table(title: str, of: str, found: WhatIf, changes: tuple[Change, ...], with_cost: bool) -> Table:
    affected = [change for change in changes if change.revenue or change.margin]
    affected.sort(key=lambda change: (-abs(change.revenue), -abs(change.margin), change.key))
    headers = [of, "revenue now", "with this file", "difference"]
    headers += ["margin now", "with this file", "difference"] if with_cost else []
    rows = [_row(change, found.currency, with_cost) for change in [*affected[:_SHOWN], found.whole]]
    more = len(affected) - _SHOWN
    note = f"{more:,} more are affected." if more > 0 else ""
    return Table(f"{found.month:%B %Y}, {title}", headers, rows, note)


def _row(change: Change, currency: str, with_cost: bool) -> tuple[str, ...]:
    amounts = [change.before.revenue, change.after.revenue, change.revenue]
    if with_cost:
        amounts += [change.before.margin, change.after.margin, change.margin]
    return change.key, *(show_money(amount, currency) for amount in amounts)
