"""FOCUS 1.0: the rows of a provider's bill in the form of the FinOps Foundation, as usage of accounts.

A row becomes `PricingQuantity` of a product that stands for its SKU, unit and list price, used by the account
called like its `SubAccountId`. Rows without quantity or list price (credits, taxes) are no usage: skipped.
A row's identity is its `Id` if it has one, else its content and how often that stood in the file before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256

import msgspec

from billing_site.common.errors import BillingError
from catalogue.domain.rounding import UNIT_PRICE_DECIMALS, show
from metering.adapters.tables import named_cells, rows_of
from metering.domain.cloud_events import read_event
from metering.domain.incoming_events import IncomingEvent, Rejected
from metering.services.event_files import Line

_NEEDED = ("ProviderName", "ChargePeriodStart", "PricingQuantity", "PricingUnit", "ListUnitPrice")
_LONGEST_ACCOUNT, _LONGEST_SKU = 60, 120


class NotFocus(BillingError):
    """A file without the columns of FOCUS; nothing of it is taken."""

    code = "not_focus"


def read_lines(lines: Iterator[bytes]) -> Iterator[Line]:
    """Yield the usage of each row; None where it is no usage. Raises NotFocus."""
    before: Counter[bytes] = Counter()
    for number, row in _rows(lines):
        if isinstance(row, Rejected):
            yield number, row
        elif not _is_usage(row):
            yield number, None
        else:
            yield number, _usage(row, before)


def price_list(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """Yield the products that the rows stand for, each once, with list prices, as lines of a price file.

    Raises NotFocus. Rows that cannot be read are left out: reading their usage tells of them.
    """
    known = set()
    for _, row in _rows(lines):
        if isinstance(row, Rejected) or not _is_usage(row) or (sku := sku_of(row)) in known:
            continue
        known.add(sku)
        yield {
            "sku": sku,
            "name": row.get("ChargeDescription", row.get("ServiceName", ""))[:250],
            "family": row.get("ServiceCategory", ""),
            "category": row.get("ServiceName", ""),
            "provider": row["ProviderName"],
            "region": row.get("RegionId", row.get("RegionName", "")),
            "unit": row["PricingUnit"],
            "kind": "usage",
            f"cost_{row.get('BillingCurrency', 'USD').lower()}": row["ListUnitPrice"],
        }


def sku_of(row: Mapping[str, str]) -> str:
    """Return the SKU of the product for a row's SKU, unit and list price; a long one ends on its own hash.

    >>> sku_of({"ProviderName": "AWS", "SkuId": "2ETY", "PricingUnit": "Hours", "ListUnitPrice": "0.0080"})
    'AWS 2ETY Hours@0.008'
    """
    own = row.get("SkuPriceId") or row.get("SkuId") or row.get("ChargeDescription", "")
    price = show(Decimal(row["ListUnitPrice"]), UNIT_PRICE_DECIMALS)
    sku = f"{row['ProviderName']} {own} {row['PricingUnit']}@{price}"
    if len(sku) <= _LONGEST_SKU:
        return sku
    return f"{sku[: _LONGEST_SKU - 17]} {sha256(sku.encode()).hexdigest()[:16]}"


def _rows(lines: Iterator[bytes]) -> Iterator[tuple[int, dict[str, str] | Rejected]]:
    rows = rows_of(lines)
    _, heading = next(rows, (1, []))
    missing = [name for name in _NEEDED if isinstance(heading, Rejected) or name not in heading]
    if isinstance(heading, Rejected) or missing:
        raise NotFocus(f"The first line must name the columns of FOCUS 1.0: {', '.join(missing)} is missing.")
    for number, row in rows:
        cells = named_cells(heading, row)
        yield number, cells if isinstance(cells, Rejected) else _without_nulls(cells)


def _without_nulls(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if cell not in ("", "NULL")}


def _is_usage(row: Mapping[str, str]) -> bool:
    try:
        return Decimal(row.get("ListUnitPrice", "")).is_finite() and "PricingQuantity" in row
    except InvalidOperation:
        return False


def _usage(row: Mapping[str, str], before: Counter[bytes]) -> IncomingEvent | Rejected:
    try:
        sent = msgspec.json.encode(row)
        event = msgspec.json.encode(_cloud_event(row, _identity(row, sent, before)))
    except UnicodeEncodeError:
        return Rejected(row.get("Id", ""), "", "The row is not UTF-8; save the file as UTF-8.")
    return read_event(event, sent=sent)


def _identity(row: Mapping[str, str], sent: bytes, before: Counter[bytes]) -> str:
    if "Id" in row:
        return row["Id"]
    content = sha256(sent).digest()
    before[content] += 1
    return f"{content.hex()}-{before[content]}"


def _cloud_event(row: Mapping[str, str], id: str) -> dict[str, object]:
    account = row.get("SubAccountId") or row.get("BillingAccountId", "")
    return {
        "specversion": "1.0",
        "id": id,
        "source": f"focus.{row.get('ProviderName', '')}.{row.get('BillingAccountId', '')}",
        "type": "meridian.usage.recorded",
        "time": _instant(row.get("ChargePeriodStart", "")),
        "data": {
            # Some providers' ids are longer than an account's code may be, and differ before that.
            "account": account[:_LONGEST_ACCOUNT],
            "sku": sku_of(row),
            "quantity": row["PricingQuantity"],
        },
    }


def _instant(text: str) -> str:
    """Say that an instant is in UTC, as FOCUS wants it, where a provider left that out."""
    return text if text.endswith("Z") or "+" in text else f"{text}Z"
