"""The page of a charge that says why it is what it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from billing_site.common.admin import LINK, Table, show_money, show_number
from catalogue.domain.rounding import round_to, show
from metering.domain.explanations import Priced
from metering.selectors.explained_sources import OrderSource, RecordSource, SourceEvent, StretchSource
from metering.selectors.explanations import Explanation

_DECIMALS = 12
_HASH_SHOWN = 12


def explanation_tables(explanation: Explanation) -> list[Table]:
    """Return the page from the amount down to the events as sent."""
    zone = ZoneInfo(explanation.timezone)
    charge = explanation.charge
    tables = [_steps(explanation)]
    if explanation.made_up_charge is not None:
        title = "The charge that is made up to the minimum"
        tables.append(_priced(title, explanation.made_up_charge, charge.currency, explanation.product.unit))
    if explanation.is_correction:
        tables.append(_correction(explanation))
    tables.append(_price(explanation, zone))
    if explanation.part_count:
        tables.append(_parts(explanation))
    sources = explanation.sources
    if sources.stretches:
        headers = ["from", "to", "resource", "state", "size", "hours", "event that began it"]
        rows: list[Sequence[Any]] = [_stretch(stretch, zone) for stretch in sources.stretches]
        tables.append(Table(f"Stretches of life that count, times of {zone.key}", headers, rows))
    elif sources.records:
        headers = ["time", "until", "resource", "sent", f"counted, {explanation.product.unit}", "event"]
        rows = [_record(record, zone, explanation.product.unit) for record in sources.records]
        tables.append(Table(f"Usage records that count, times of {zone.key}", headers, rows))
    elif sources.orders:
        headers = ["order", "from", "to", f"quantity, {explanation.product.unit}", "days due"]
        rows = [_order(order, zone) for order in sources.orders]
        tables.append(Table(f"Orders that count, times of {zone.key}", headers, rows))
    return tables


def _steps(explanation: Explanation) -> Table:
    title = "What should have been" if explanation.is_correction else "From quantity to amount"
    return _priced(title, explanation.should, explanation.charge.currency, explanation.product.unit)


def _priced(title: str, priced: Priced, currency: str, unit: str) -> Table:
    rows: list[tuple[Any, ...]] = [
        (
            step.label.capitalize(),
            _exact(step.quantity),
            _exact(step.unit_price),
            _amount(step.amount, currency),
        )
        for step in priced.steps
    ]
    rows.append((_strong("Sum, unrounded"), "", "", _amount(priced.amount, currency)))
    rows.append((_strong("Rounded once"), "", "", _strong(show_money(priced.net_amount, currency))))
    is_split = len(priced.steps) > 1 and priced.quantity
    total = f"Quantity in all: {_exact(priced.quantity)} {unit}." if is_split else ""
    return Table(title, ["step", "quantity", "at", "amount"], rows, total)


def _correction(explanation: Explanation) -> Table:
    charge = explanation.charge
    rows: list[tuple[Any, ...]] = [
        (
            "Should have been",
            _exact(explanation.should.quantity),
            show_money(explanation.should.net_amount, charge.currency),
        )
    ]
    rows += [
        (
            format_html(
                'Less what was billed in <a class="{}" href="{}">{}</a>',
                LINK,
                reverse("admin:metering_charge_change", args=[billed.charge_id]),
                f"{billed.month:%Y-%m}",
            ),
            show(-billed.quantity),
            show_money(-billed.net_amount, charge.currency),
        )
        for billed in explanation.billed
    ]
    rows.append(
        (
            _strong("Difference: this charge"),
            show(charge.quantity),
            _strong(show_money(charge.net_amount, charge.currency)),
        )
    )
    title = f"Correction of {charge.service_month:%B %Y}"
    return Table(title, ["", f"quantity, {explanation.product.unit}", "rounded"], rows)


def _price(explanation: Explanation, zone: ZoneInfo) -> Table:
    charge, price, product = explanation.charge, explanation.price, explanation.product
    rows: list[tuple[Any, ...]] = []
    if price is not None and explanation.terms is not None:
        agreed = f"agreed with {charge.account}" if price.account_id else f"book of {price.company.code}"
        entry = format_html(
            '<a class="{}" href="{}">Entry {}</a>, {}',
            LINK,
            reverse("admin:catalogue_price_change", args=[price.pk]),
            price.pk,
            agreed,
        )
        rows.append(("Price", entry))
        rows.append(
            ("Valid", f"{_instant(price.valid_from, zone)} to {_instant(price.valid_to, zone) or 'open'}")
        )
        pooled = (
            "quantities of all resources together" if price.scope == price.Scope.ACCOUNT else "each resource"
        )
        rows.append(("Model", f"{price.get_model_display()}, for {pooled}"))
        rows += [
            (label, f"{show_number(value)} {what}")
            for label, value, what in (
                ("Included", explanation.terms.included or None, product.unit),
                ("At most", explanation.terms.cap, charge.currency),
                ("At least", explanation.terms.minimum, charge.currency),
            )
            if value is not None
        ]
        if price.superseded_at:
            rows.append(("Superseded", f"{price.superseded_at:%Y-%m-%d %H:%M} UTC: it counts no more"))
    if price is None and explanation.terms is not None:
        rows.append(
            ("Price", f"{show_number(explanation.terms.unit_price)} {charge.currency}, agreed on the order")
        )
    how: dict[str, str] = {
        product.Kind.TIME: product.get_time_rounding_display(),
        product.Kind.USAGE: product.get_aggregation_display(),
        product.Kind.RECURRING: product.get_cycle_display(),
    }
    rows.append(("Quantity", f"{product.get_kind_display()}, {how.get(product.kind, 'each')}"))
    rows.append(("Counted until", _instant(explanation.counted_until, zone)))
    known = _instant(explanation.received_by, zone)
    rows.append(("Known", f"what was received by the cut-off, {known}" if known else "all that was received"))
    return Table("How it was priced", [], rows)


def _parts(explanation: Explanation) -> Table:
    rows = [
        (part.resource or "without a resource", _exact(part.quantity), part.sources)
        for part in explanation.parts
    ]
    more = explanation.part_count - len(rows)
    headers = ["resource", f"quantity, {explanation.product.unit}", "stretches or records"]
    return Table(
        "Resources that it pools", headers, rows, f"{more:,} smaller ones are not shown." if more else ""
    )


def _stretch(stretch: StretchSource, zone: ZoneInfo) -> tuple[Any, ...]:
    return (
        _instant(stretch.started_at, zone),
        _instant(stretch.ended_at, zone),
        stretch.resource,
        stretch.state,
        show_number(stretch.item_quantity),
        _exact(stretch.hours),
        _events(stretch.begun_by),
    )


def _record(record: RecordSource, zone: ZoneInfo, unit: str) -> tuple[Any, ...]:
    return (
        _instant(record.time, zone),
        _instant(record.until, zone),
        record.resource or "—",
        f"{show_number(record.quantity)} {record.unit or unit}",
        _exact(record.counted),
        _events([record.event]),
    )


def _order(order: OrderSource, zone: ZoneInfo) -> tuple[Any, ...]:
    return (
        order.order,
        _instant(order.started_at, zone),
        _instant(order.ended_at, zone),
        show_number(order.quantity),
        f"{order.days} of {order.cycle_days}",
    )


def _events(events: Iterable[SourceEvent]) -> str:
    return format_html_join("", "{}", ((_event(event),) for event in events))


def _event(event: SourceEvent) -> str:
    page = "usageevent" if event.type == "usage" else "lifecycleevent"
    said = f"{event.type} · {event.source} {event.event_id}"
    digest = event.content_hash[:_HASH_SHOWN]
    if event.payload is None:
        return format_html("<div>{}<br>SHA-256 <code>{}</code>…</div>", said, digest)
    return format_html(
        '<details><summary class="cursor-pointer">{}<br>SHA-256 <code title="{}">{}</code>…</summary>'
        '<pre class="whitespace-pre-wrap text-xs mt-2">{}</pre>'
        '<a class="{}" href="{}">The event</a></details>',
        said,
        event.content_hash,
        digest,
        json.dumps(event.payload, indent=2, ensure_ascii=False),
        LINK,
        reverse(f"admin:metering_{page}_change", args=[event.uid]),
    )


def _strong(text: str) -> str:
    return format_html("<strong>{}</strong>", text)


def _exact(value: Fraction | None) -> str:
    """A number with all its decimals; where they have no end, at 12 and the fraction beside it."""
    if value is None:
        return "—"
    rounded = round_to(value, _DECIMALS)
    return show_number(rounded) if Fraction(rounded) == value else f"{show_number(rounded)}… = {value}"


def _amount(value: Fraction, currency: str) -> str:
    rounded = round_to(value, _DECIMALS)
    shown = show_money(rounded, currency)
    return shown if Fraction(rounded) == value else f"{shown}… = {value}"


def _instant(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}" if instant else ""
