"""Write the change set of a price import into the catalogue and the books, set by set."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.db.models import Max

from billing_site.common.sql import rows, run
from catalogue.models import Action, Price, PriceChange, PriceImport
from catalogue.services.price_import_states import CannotPublishPrices
from catalogue.signals import prices_changed

# So many lines at once keep the queue of foreign keys to check short, and let progress show.
LINES_AT_ONCE = 5000
MOST_PRODUCTS_NAMED = 10_000


def publish_changes(
    price_import: PriceImport, published_at: datetime, told: Callable[[str, float], None]
) -> None:
    """Write products, supersede and enter prices, tell who has to know. The caller holds the books."""
    parameters = {"price_import": price_import.pk, "entered_at": published_at}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run("catalogue", "limit_memory_of_import")
    told("Writing products", 0.6)
    run("catalogue", "price_import_publish_products", parameters)
    run("catalogue", "price_import_publish_unit_factors", parameters)
    run("catalogue", "price_import_withdraw_prices", parameters)
    run("catalogue", "price_import_supersede", parameters)
    last_line = PriceChange.objects.filter(price_import=price_import).aggregate(last=Max("line"))["last"] or 0
    for first_line in range(1, last_line + 1, LINES_AT_ONCE):
        told("Entering prices", 0.6 + 0.4 * first_line / last_line)
        lines = {"first_line": first_line, "last_line": first_line + LINES_AT_ONCE - 1}
        run("catalogue", "price_import_publish_prices", parameters | lines)
    run("catalogue", "price_import_publish_tiers", parameters)
    tell_price_changes(price_import)
    told("Published", 1.0)


def refuse_if_stale(price_import: PriceImport) -> None:
    """Raise CannotPublishPrices if the books are not any more what the change set was compared with."""
    stale = rows("catalogue", "price_import_stale", {"price_import": price_import.pk})
    if stale:
        raise CannotPublishPrices(
            f"Since {price_import} was checked, the price or product of line {stale[0]['line']} "
            f"({stale[0]['sku']}) has changed: check it again, look at the changes, and publish it then."
        )


def tell_price_changes(price_import: PriceImport) -> None:
    """Send prices_changed for every book that the import writes to."""
    for book in rows("catalogue", "price_import_touched", {"price_import": price_import.pk}):
        of_book = PriceChange.objects.filter(price_import=price_import, company_id=book["company_id"])
        products = of_book.exclude(action=Action.UNCHANGED).values_list("product_id", flat=True)
        prices_changed.send(
            Price,
            company_id=book["company_id"],
            product_ids=list(products) if book["prices"] <= MOST_PRODUCTS_NAMED else None,
            valid_from=book["valid_from"],
        )
