"""What followed from a stream, under names instead of ids, so that two databases can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.faults.watching import Watcher

_FACTS = {
    "charges": """
        SELECT c.side, c.kind, book.code, a.code, c.month, c.service_month, r.name, o.code, c.cycle_start,
               p.sku, c.item_quantity, price.valid_from, c.currency, c.service_start, c.service_end,
               c.quantity, c.unit_price, c.amount, c.net_amount
          FROM metering_charge c
          JOIN catalogue_company book ON book.id = c.company_id
          JOIN catalogue_account a ON a.id = c.account_id
          JOIN catalogue_product p ON p.id = c.product_id
          LEFT JOIN metering_resource r ON r.id = c.resource_id
          LEFT JOIN metering_order o ON o.id = c.order_id
          LEFT JOIN catalogue_price price ON price.id = c.price_id
    """,
    "stretches": """
        SELECT r.name, i.started_at, i.ended_at, a.code, i.state,
               ARRAY(SELECT p.sku FROM unnest(i.product_ids) id JOIN catalogue_product p USING (id)
                      ORDER BY 1),
               i.quantities
          FROM metering_resourceinterval i
          JOIN metering_resource r ON r.id = i.resource_id
          JOIN catalogue_account a ON a.id = i.account_id
    """,
    "open exceptions": """
        SELECT kind, source, event_id, resource, sku FROM metering_eventexception WHERE closed_at IS NULL
    """,
    "events": """
        SELECT source, event_id, time, resource, type, account, items::text, NULL, NULL
          FROM metering_lifecycleevent
        UNION ALL
        SELECT source, event_id, time, resource, sku, account, unit, quantity, voids
          FROM metering_usageevent
    """,
}
Outcome = dict[str, Counter[tuple]]


def what_followed(watcher: Watcher) -> Outcome:
    """Return all that followed from events."""
    return facts(watcher, _FACTS)


def facts(watcher: Watcher, queries: dict[str, str]) -> Outcome:
    """Return the rows of each query, each as often as it stands."""
    return {name: Counter(map(_hashable, watcher.rows(query))) for name, query in queries.items()}


def differences(undisturbed: Outcome, disturbed: Outcome) -> Iterator[str]:
    """Say of each kind of fact what one has and the other has not."""
    for name, expected in undisturbed.items():
        missing, extra = expected - disturbed[name], disturbed[name] - expected
        for word, facts in (("missing", missing), ("too many", extra)):
            if facts:
                first = ", ".join(map(str, next(iter(facts))))
                yield f"{name}: {facts.total()} {word}, such as {first}"


def _hashable(row: tuple) -> tuple:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
