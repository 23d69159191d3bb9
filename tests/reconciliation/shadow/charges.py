"""Charges as both raters have them, by what both name, so that they can be set against each other."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from catalogue.models import Company, Currency
from metering.models import Charge, Resource
from reconciliation.shadow.rating import rate_again

Charges = dict[tuple[object, ...], tuple[Decimal, int]]


def primary_charges(month: date, accounts: Sequence[int] | None = None) -> Charges:
    """Quantity, and amount in smallest units, of what was used in the month; with its corrections."""
    resources = dict(Resource.objects.values_list("pk", "name"))
    units = dict(Currency.objects.values_list("pk", "minor_units"))
    charges = Charge.objects.filter(service_month=month)
    if accounts is not None:
        charges = charges.filter(account_id__in=accounts)
    found: Charges = {}
    for charge in charges:
        key = (
            charge.side,
            charge.account_id,
            charge.resource_id and resources[charge.resource_id],
            charge.product_id,
            charge.item_quantity,
            charge.price_id,
            charge.order_id,
            charge.cycle_start,
            charge.kind,
        )
        quantity, amount = found.get(key, (Decimal(0), 0))
        net = int(charge.net_amount.scaleb(units[charge.currency]))
        found[key] = (quantity + charge.quantity, amount + net)
    return {key: value for key, value in found.items() if value != (0, 0)}


def secondary_charges(
    head_office: Company, offices: Sequence[Company], month: date, as_of: datetime
) -> Charges:
    """The same by the independent rater, without what has no price: the primary rater leaves it out."""
    rated = rate_again(
        head_office=head_office.pk, companies=[office.pk for office in offices], month=month, as_of=as_of
    )
    found: Charges = {}
    for row in rated.iter_rows(named=True):
        key = (
            row["side"],
            row["account_id"],
            row["resource"] or None,
            row["product_id"],
            row["item_quantity"] and Decimal(row["item_quantity"]),
            row["price_id"],
            row["order_id"],
            row["cycle_start"],
        )
        value = (Decimal(row["quantity"]).scaleb(-12), row["charge"])
        if value != (0, 0) and (row["price_id"] is not None or row["charge"]):
            found[*key, "charge"] = value
        if row["true_up"]:
            found[*key, "true_up"] = (Decimal(0), row["true_up"])
    return found


def differences(first: Charges, second: Charges) -> list[str]:
    return [
        f"{key}: {first.get(key)} / {second.get(key)}"
        for key in sorted(first.keys() | second.keys(), key=str)
        if first.get(key) != second.get(key)
    ]
