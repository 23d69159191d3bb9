"""The tables below a finding: both sides with links, and what happened to it."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from billing_site.common.admin import LINK, Table, show_money, show_number
from catalogue.domain.rounding import show
from catalogue.selectors.reach import Caller
from reconciliation.models import Finding
from reconciliation.selectors.evidence import Evidence, evidence_of

_SHOWN = 50
_INSTANT = "%Y-%m-%d %H:%M:%S"


def evidence_tables(finding: Finding, caller: Caller) -> list[Table]:
    """Return the history and, as far as there is any, what each side has."""
    evidence = evidence_of(finding, caller)
    tables = [
        _documents(evidence) if not finding.sku else None,
        _charges(evidence),
        _second(evidence),
        _lines(evidence),
        _lives(evidence),
        _usage(evidence),
    ]
    return [_history(finding), *(table for table in tables if table and table.rows)]


def _link(page: str, key: Any, text: Any) -> str:
    return format_html('<a class="{}" href="{}">{}</a>', LINK, reverse(f"admin:{page}", args=[key]), text)


def _history(finding: Finding) -> Table:
    rows = [
        (
            f"{change.at:{_INSTANT}}",
            change.by or "a run",
            change.what.replace("_", " "),
            change.state,
            show_number(change.difference),
            change.text,
        )
        for change in finding.changes.all()
    ]
    return Table(
        "What happened", ["at (UTC)", "by", "what", "then", "difference", "why, or what was said"], rows
    )


def _charges(evidence: Evidence) -> Table:
    rows = [
        (
            _link("metering_charge_change", charge.pk, f"charge {charge.pk}"),
            _link("metering_charge_explanation", charge.pk, "why?"),
            f"{charge.month:%Y-%m}",
            f"{charge.service_month:%Y-%m}",
            charge.kind,
            f"{show(charge.quantity)} {charge.unit}",
            show_money(charge.net_amount, charge.currency),
        )
        for charge in _first(evidence.charges)
    ]
    return Table("Charges", ["charge", "", "billed in", "used in", "kind", "quantity", "net"], rows)


def _second(evidence: Evidence) -> Table:
    rows = [
        (
            _link("reconciliation_secondarycharge_change", charge.pk, f"second rating {charge.pk}"),
            show(charge.quantity),
            show_number(charge.charge_amount),
            show_number(charge.true_up_amount),
        )
        for charge in _first(evidence.second)
    ]
    return Table("Second rating", ["charge", "quantity", "net", "made up to the minimum"], rows)


def _lines(evidence: Evidence) -> Table:
    invoices = {invoice.pk: invoice for invoice in evidence.invoices}
    rows = []
    for line in _first(evidence.lines):
        invoice = invoices.get(line.invoice_id)
        rows.append(
            (
                _link("invoicing_invoice_change", line.invoice_id, invoice or "another month's invoice"),
                _link("invoicing_invoiceline_change", line.pk, f"line {line.position}"),
                line.kind,
                "" if line.quantity is None else show(line.quantity),
                show_number(line.net_amount),
            )
        )
    return Table("Invoice lines", ["invoice", "line", "kind", "quantity", "net"], rows)


def _documents(evidence: Evidence) -> Table:
    rows = [
        (
            _link("invoicing_invoice_change", row.pk, row),
            "invoice",
            show_money(row.gross_amount, row.currency),
        )
        for row in evidence.invoices
    ]
    rows += [
        (
            _link("invoicing_creditnote_change", row.pk, row),
            "credit note",
            show_money(-row.gross_amount, row.currency),
        )
        for row in evidence.credit_notes
    ]
    rows += [
        (
            _link("reconciliation_financetotal_change", row.pk, row),
            "finance",
            show_money(row.amount, row.account.currency_id),
        )
        for row in evidence.finance
    ]
    return Table("Invoices, credit notes and finance", ["which", "what", "gross"], rows)


def _lives(evidence: Evidence) -> Table:
    rows = [
        (
            _link("metering_lifecycleevent_change", event.pk, event),
            event.type,
            f"{event.time:{_INSTANT}}",
            f"{event.received_at:{_INSTANT}}",
            ", ".join(f"{item['sku']} {item['quantity']}" for item in event.items or ()),
        )
        for event in _first(evidence.lives)
    ]
    return Table("Lifecycle events", ["event", "type", "time (UTC)", "received", "items"], rows)


def _usage(evidence: Evidence) -> Table:
    rows = [
        (
            _link("metering_usageevent_change", event.pk, event),
            f"{event.time:{_INSTANT}}",
            f"{event.received_at:{_INSTANT}}",
            f"{show_number(event.quantity)} {event.unit}",
        )
        for event in _first(evidence.usage)
    ]
    return Table("Usage records", ["record", "time (UTC)", "received", "quantity"], rows)


def _first(rows: Any) -> Any:
    return rows[:_SHOWN]
