"""The prices of a product over time, all books and currencies side by side."""

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from billing_site.common.admin import Table
from catalogue.admin.price_terms import terms
from catalogue.models import Price, Product, User
from catalogue.selectors.price_timelines import BookTimeline, PriceMoment, book_timelines, moments

_SHOWN = 100
_NOTE = "Bold: it changes then; grey: as before; —: no price. A day begins at each company's midnight."


def price_history(product: Product, person: User, now: datetime) -> Table:
    """A row for each moment at which a price changes, the latest first; a column for each book."""
    books = book_timelines(product, person)
    every = moments(books)
    headers = ["from", *(f"{book.company.code} {book.currency}" for book in books)]
    rows = [_row(moment, before, books) for moment, before in zip(every, [*every[1:], None], strict=False)]
    current = next((place for place, moment in enumerate(every) if moment.instant <= now), None)
    if current is not None:
        rows[current][0] = format_html("<b>{}</b> (now)", rows[current][0])
    link = reverse("admin:catalogue_price_changelist")
    note = format_html(
        '{} <a class="{}" href="{}?product__id__exact={}">All entries</a>',
        _NOTE,
        "text-primary-600 dark:text-primary-500",
        link,
        product.pk,
    )
    return Table("Prices", headers, rows[:_SHOWN], note, scrolls=True)


def _row(
    moment: PriceMoment, before: PriceMoment | None, books: list[BookTimeline]
) -> list[str | SafeString]:
    cells: list[str | SafeString] = [str(moment)]
    for book in books:
        price = book.at(moment.of(book.company))
        earlier = book.at(before.of(book.company)) if before else None
        cells.append(_cell(price, is_new=price != earlier))
    return cells


def _cell(price: Price | None, *, is_new: bool) -> SafeString:
    shown = terms(price) if price else "—"
    emphasis = "font-semibold" if is_new else "text-font-subtle-light dark:text-font-subtle-dark"
    return format_html('<span class="{}">{}</span>', emphasis, shown)
