"""Products by what people remember of them."""

from django.db.models import Q, QuerySet

from catalogue.models import Product

SEARCHED = ("sku", "name", "family")


def products_like(products: QuerySet[Product], words: str) -> QuerySet[Product]:
    """Return the products that have every word somewhere in their SKU, name or family, in any case.

    It reads the table: 100,000 products in some 50 ms. An index of trigrams answers in 2 ms but makes
    publishing a price file of so many new products ten seconds longer, so there is none.
    """
    for word in words.split():
        has_word = Q()
        for field in SEARCHED:
            has_word |= Q(**{f"{field}__icontains": word})
        products = products.filter(has_word)
    return products
