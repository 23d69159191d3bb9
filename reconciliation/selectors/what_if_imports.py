"""What a price file that waits would have made of the latest month that was billed."""

from datetime import datetime

from django.db.models import Q

from catalogue.models import Action, Company, PriceImport
from catalogue.selectors.reach import Caller
from catalogue.selectors.visible import visible_companies
from reconciliation.selectors.margin_reports import latest_month
from reconciliation.selectors.what_if import WhatIf, what_if_import

_WAITING = (PriceImport.State.CHECKED, PriceImport.State.APPROVED)


def impact_of_import(*, caller: Caller, price_import: PriceImport, as_of: datetime) -> WhatIf | None:
    """Return it for the customers within the caller's reach; None: nothing waits, or nobody is concerned.

    A head office's price is the cost of its sales offices. Raises as what_if_import does.
    """
    month = latest_month(caller)
    if price_import.state not in _WAITING or month is None:
        return None
    companies = _sellers(caller, price_import)
    if not companies:
        return None
    return what_if_import(price_import=price_import, companies=companies, month=month, as_of=as_of)


def _sellers(caller: Caller, price_import: PriceImport) -> list[Company]:
    changed = price_import.price_changes.exclude(action=Action.UNCHANGED).order_by()
    books = list(changed.values_list("company_id", flat=True).distinct())
    concerned = Q(pk__in=books) | Q(parent__in=books)
    reached = visible_companies(caller).filter(concerned, accounts__isnull=False)
    return list(reached.select_related("parent").distinct())
