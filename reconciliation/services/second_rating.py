"""Have the independent rater rate a month, and keep what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from billing_site.common.copying import copy_in
from catalogue.models import Company
from reconciliation.shadow.rating import rate_again

_COLUMNS = (
    *("side", "account_id", "resource", "product_id", "item_quantity", "price_id", "order_id", "cycle_start"),
    *("quantity", "charge", "true_up"),
)


@transaction.atomic
def rate_month_again(
    *, head_office: Company, offices: Sequence[Company], month: date, as_of: datetime
) -> int:
    """Replace the offices' secondary charges of a month by those of what is known now; return how many.

    offices: sales offices of the head office, or it itself. as_of: [instant] what runs counts until then.
    """
    companies = [office.pk for office in offices]
    known = {"companies": companies, "month": month}
    rated = rate_again(head_office=head_office.pk, companies=companies, month=month, as_of=as_of)
    sql.run("reconciliation", "drop_rated_again")
    sql.run("reconciliation", "create_rated_again")
    copy_in("rated_again", _COLUMNS, rated.select(_COLUMNS).write_csv(include_header=False).encode())
    sql.run("reconciliation", "remove_secondary_charges", known)
    return sql.run("reconciliation", "add_secondary_charges", known)
