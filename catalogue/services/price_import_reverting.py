"""Take a published price file back: new entries that say what the books said before."""

from datetime import datetime

from django.db import connection, transaction

from billing_site.common.sql import rows, run
from catalogue.models import PriceImport, User
from catalogue.services.price_import_publishing import tell_price_changes
from catalogue.services.price_import_states import CannotPublishPrices, books_of, held, require_state
from catalogue.services.prices import hold_books


@transaction.atomic
def revert_price_import(
    *, price_import: PriceImport, reverted_by: User | None, reverted_at: datetime
) -> PriceImport:
    """Undo a published file from its effective instants on, all or nothing; a second time changes nothing.

    What it entered is superseded by entries with the terms that were in force before; products that it
    brought are withdrawn, those that it changed are what they were. Raises CannotPublishPrices if one of its
    prices or products was changed again since.
    """
    price_import = held(price_import)
    if price_import.state == PriceImport.State.REVERTED:
        return price_import
    require_state(price_import, "revert", "published", "reverting")
    hold_books(books_of(price_import))
    if stale := rows("catalogue", "price_import_revert_stale", {"price_import": price_import.pk}):
        raise CannotPublishPrices(
            f"Since {price_import} was published, the price or product of its line {stale[0]['line']} "
            f"({stale[0]['sku']}) was changed again: revert that first, or enter a new price."
        )
    parameters = {
        "price_import": price_import.pk,
        "entered_at": reverted_at,
        "published_at": price_import.published_at,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run("catalogue", "price_import_revert_prices", parameters)
    run("catalogue", "price_import_revert_withdrawals", parameters)
    run("catalogue", "price_import_revert_products", parameters)
    tell_price_changes(price_import)
    price_import.state = PriceImport.State.REVERTED
    price_import.reverted_by, price_import.reverted_at = reverted_by, reverted_at
    price_import.problem = ""
    price_import.save()
    return price_import
