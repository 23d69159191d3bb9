"""What a price file would change, a page at a time, in the order of its lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from catalogue.models import Action, PriceChange, PriceImport, ProductChange

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One line of a file: what becomes of its product (None in a long file), and of its prices."""

    line: int
    product: ProductChange | None
    prices: tuple[PriceChange, ...]

    @property
    def sku(self) -> str:
        """The SKU; the product of a new one is not written yet."""
        return self.product.sku if self.product else str(self.prices[0].product)


def changed_lines(
    price_import: PriceImport, *, action: str, words: str = "", after: int = 0, most: int
) -> list[ChangedLine]:
    """Return the first lines after one of which this becomes, by line; each word stands in the SKU.

    A line of a wide file is what becomes of its product, with all its prices. At most four queries.
    """
    if price_import.layout == PriceImport.Layout.WIDE:
        found = ProductChange.objects.filter(price_import=price_import, action=action, line__gt=after)
        for word in words.split():
            found = found.filter(sku__icontains=word)
        products = {product.line: product for product in found.order_by("line")[:most]}
        of_lines = _prices(price_import).filter(line__in=products).order_by("line", "position", "company_id")
        prices = {line: tuple(group) for line, group in groupby(of_lines, key=lambda price: price.line)}
        return [ChangedLine(line, product, prices.get(line, ())) for line, product in products.items()]
    entries = _prices(price_import).filter(action=action, line__gt=after)
    for word in words.split():
        entries = entries.filter(product__sku__icontains=word)
    return [ChangedLine(price.line, None, (price,)) for price in entries.order_by("line")[:most]]


def every_changed_line(price_import: PriceImport) -> Iterator[ChangedLine]:
    """Yield what becomes of every line, action by action; a few lines at a time, whatever their number."""
    for action in Action.values:
        after = 0
        while page := changed_lines(price_import, action=action, after=after, most=_AT_ONCE):
            yield from page
            after = page[-1].line


def _prices(price_import: PriceImport) -> QuerySet[PriceChange]:
    return (
        PriceChange.objects.filter(price_import=price_import)
        .select_related("company", "product", "account", "old_price")
        .prefetch_related("old_price__tiers")
    )
