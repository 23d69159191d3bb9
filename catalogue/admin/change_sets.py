"""The tables of a change set: how many, what is wrong, what would change."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from billing_site.common.admin import Table, show_number
from catalogue.admin.price_terms import terms
from catalogue.models import Action, ImportFinding, PriceChange, PriceImport, ProductChange
from catalogue.selectors.price_changes import ChangedLine, every_changed_line

LINES_A_PAGE = 25
_ERRORS_SHOWN, _OTHERS_SHOWN = 100, 20
_GREY = "text-font-subtle-light dark:text-font-subtle-dark"
_PRODUCT_FIELDS = ("name", "family", "category", "provider", "region", "tax_category", "ended_at")


def counts(price_import: PriceImport) -> Table:
    """How many lines and prices are new, changed, unchanged, withdrawn."""
    rows = [
        (what, *(f"{getattr(price_import, f'{name}_{action}'):,}" for action in Action.values))
        for what, name in (("lines", "lines"), ("prices", "prices"))
    ]
    return Table("", [f"{price_import.lines_read:,} lines read", *Action.values], rows)


def findings(price_import: PriceImport) -> Table:
    """What is wrong or worth a look: errors first; what is only worth a look leaves room for the changes."""
    most = _ERRORS_SHOWN if price_import.errors else _OTHERS_SHOWN
    found: list[ImportFinding] = []
    for severity in ImportFinding.Severity.values:
        of_it = price_import.findings.filter(severity=severity).order_by("line", "id")
        found += of_it[: most - len(found)]
    number = price_import.findings.count()
    rows = [(finding.severity, finding.line or "", finding.column, finding.sentence) for finding in found]
    note = f"The first {len(found)} of {number:,}." if number > len(found) else ""
    return Table("", ["severity", "line", "column", "what"], rows, note)


def wide_changes(lines: Sequence[ChangedLine]) -> Table:
    """A line a product; a column for each book."""
    books = {
        (price.position or 0, f"{price.company.code} {price.currency_id}")
        for line in lines
        for price in line.prices
    }
    columns = [name for _, name in sorted(books)]
    rows = []
    for line in lines:
        cells = {f"{price.company.code} {price.currency_id}": _price(price) for price in line.prices}
        rows.append([line.line, _product(line), *(cells.get(name, "") for name in columns)])
    return Table("", ["line", "product", *columns], rows, scrolls=True)


def long_changes(lines: Sequence[ChangedLine]) -> Table:
    """A line a price."""
    rows = [
        (
            line.line,
            line.sku,
            f"{price.company.code} {price.currency_id}",
            price.account.code if price.account else "",
            f"{price.valid_from:%Y-%m-%d %H:%M}",
            f"{price.valid_to:%Y-%m-%d %H:%M}" if price.valid_to else "open",
            _price(price),
        )
        for line in lines
        for price in line.prices
    ]
    return Table("", ["line", "SKU", "book", "account", "from (UTC)", "to", "price"], rows)


CHANGE_HEADINGS = (
    *("line", "what", "sku", "company", "account", "currency", "valid_from", "valid_to"),
    *("old", "new", "change_percent"),
)


def change_rows(price_import: PriceImport) -> Iterator[tuple[Any, ...]]:
    """Yield the whole change set as a table: a row a price, or a row a product that has none in the file."""
    for line in every_changed_line(price_import):
        if not line.prices and line.product:
            yield (line.line, line.product.action, line.sku, "", "", "", *_validity(line.product), "", "", "")
        for price in line.prices:
            yield (
                *(price.line, price.action, line.sku, price.company.code),
                *(price.account.code if price.account else "", price.currency_id),
                *_validity(price),
                *(terms(price.old_price) if price.old_price else "", _new(price), price.change_percent),
            )


def _validity(change: PriceChange | ProductChange) -> tuple[Any, Any]:
    return change.valid_from, change.valid_to


def _new(price: PriceChange) -> str:
    return "" if price.action == Action.WITHDRAWN else terms(price)


def _product(line: ChangedLine) -> SafeString:
    """The SKU, the name below it, and what else of the product changes."""
    product = line.product
    assert product is not None
    before = product.before or {}
    changed = [
        (name.replace("_", " "), before[name] or "—", getattr(product, name) or "—")
        for name in _PRODUCT_FIELDS
        if name in before and str(before[name] or "") != str(getattr(product, name) or "")
    ]
    if changed and changed[-1][0] == "ended at":
        changed[-1] = (
            "ends",
            "",
            f"{product.ended_at:%Y-%m-%d %H:%M} UTC" if product.ended_at else "no more",
        )
    return format_html(
        '<div class="font-semibold whitespace-nowrap">{}</div><div class="wraps {}">{}</div>{}',
        product.sku,
        _GREY,
        product.name,
        format_html_join("", "<div>{}: {} → {}</div>", changed),
    )


def _price(price: PriceChange) -> SafeString:
    """Old above new, and by how much."""
    new = _new(price)
    if price.action == Action.UNCHANGED or price.old_price is None:
        return format_html('<span class="{}">{}</span>', "" if price.action == Action.NEW else _GREY, new)
    change = price.change_percent
    by = "" if change is None else f"{'+' if change > 0 else ''}{show_number(change)} %"
    return format_html(
        '<div class="{}"><s>{}</s></div><div class="font-semibold">{}</div><div class="{}">{}</div>',
        _GREY,
        terms(price.old_price),
        new or "withdrawn",
        "text-red-700 dark:text-red-500" if change and change < 0 else "text-green-700 dark:text-green-500",
        by,
    )
