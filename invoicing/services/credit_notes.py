"""Credit an invoice: give back of it by line, by amount or all that is left, and never more (rules 4, 14)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from billing_site.common import sql
from billing_site.common.base_models import uuid7
from billing_site.common.errors import BillingError
from catalogue.models import Company
from invoicing.domain.credits import CreditRequest
from invoicing.models import CreditNote, CreditNoteLine, CreditNoteTax, Invoice, NumberSeries
from invoicing.selectors.credits import CreditEffect, credit_effect
from invoicing.services.numbering import locked_series, number_prefix
from invoicing.services.waking import wake_rendering


class DraftCannotBeCredited(BillingError):
    """A draft is changed, not credited."""

    code = "draft_cannot_be_credited"
    is_conflict = True


class InvalidCreditDay(BillingError):
    """A day of issue before the invoice's own, or one that has not come."""

    code = "invalid_credit_day"


class RequestIdTaken(BillingError):
    """A credit under an id under which something else was credited."""

    code = "request_id_taken"
    is_conflict = True


@transaction.atomic
def credit_invoice(
    *, invoice: Invoice, request: CreditRequest, request_id: str, issued_on: date, reason: str = ""
) -> CreditNote:
    """Make a credit note of an issued invoice, as a whole or not at all.

    request: what to credit, net. issued_on: [local day of the company] gives the year of the number. A
    concession: it does not change what was billed. Two at once: the second waits for the invoice's row lock
    and then sees what the first left. Idempotent by company and request_id: the same request again returns
    the credit note that stands, another one under its id raises RequestIdTaken. Raises DraftCannotBeCredited,
    InvalidCreditDay, and what `invoicing.domain.credits` refuses.
    """
    locked = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company")
        .get(pk=invoice.pk)
    )
    # Locked before the look, so that of two with one id, on two invoices, the second sees the first.
    locked_series(company=locked.company, kind=NumberSeries.Kind.CREDIT_NOTE, year=issued_on.year)
    asked = _as_json(locked, request, reason)
    known = CreditNote.objects.filter(company=locked.company, request_id=request_id).first()
    if known is not None:
        if known.request != asked:
            raise RequestIdTaken(
                f"The credit note {known.number} was asked for under the id {request_id}, with other "
                "content: use a new id."
            )
        return known
    if locked.state != Invoice.State.ISSUED:
        raise DraftCannotBeCredited(f"{locked} is not issued yet: a draft is changed, not credited.")
    if locked.issued_on is not None and issued_on < locked.issued_on:
        raise InvalidCreditDay(
            f"{locked} was issued on {locked.issued_on}: a credit note of it cannot be of {issued_on}."
        )
    effect = credit_effect(invoice=locked, request=request)
    credit_note_id = uuid7()
    _store_parts(credit_note_id, effect)
    issue_credit_notes(
        company=locked.company,
        credit_notes=[credit_note_id],
        invoices=[locked.pk],
        cause=CreditNote.Cause.CONCESSION,
        issued_on=issued_on,
        reason=reason,
        request_id=request_id,
        request=asked,
    )
    return CreditNote.objects.get(pk=credit_note_id)


def issue_credit_notes(
    *,
    company: Company,
    credit_notes: Sequence[UUID],
    invoices: Sequence[UUID],
    cause: CreditNote.Cause,
    issued_on: date,
    reason: str = "",
    request_id: str | None = None,
    request: dict[str, Any] | None = None,
) -> None:
    """Number and write credit notes whose lines and taxes are written, each for the invoice at its place.

    The caller's transaction holds the row locks of the invoices.
    """
    kind = NumberSeries.Kind.CREDIT_NOTE
    series = locked_series(company=company, kind=kind, year=issued_on.year)
    series.last_number += sql.run(
        "invoicing",
        "issue_credit_notes",
        {
            "credit_notes": list(credit_notes),
            "invoices": list(invoices),
            "cause": cause,
            "issued_on": issued_on,
            "reason": reason,
            "request_id": request_id,
            "request": None if request is None else json.dumps(request),
            "prefix": number_prefix(company=company, kind=kind, year=issued_on.year),
            "last_number": series.last_number,
        },
    )
    series.save(update_fields=["last_number"])
    transaction.on_commit(wake_rendering)


def _store_parts(credit_note_id: UUID, effect: CreditEffect) -> None:
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(
            credit_note_id=credit_note_id,
            position=position,
            invoice_line_id=credited.line.line_id,
            product_id=credited.line.product_id,
            sku=credited.line.sku,
            description=credited.line.description,
            family=credited.line.family,
            resource=credited.line.resource,
            service_start=credited.line.service_start,
            service_end=credited.line.service_end,
            unit=credited.line.unit,
            net_amount=credited.amount,
            tax_category=credited.line.tax_category,
        )
        for position, credited in enumerate(effect.lines, start=1)
    )
    CreditNoteTax.objects.bulk_create(
        CreditNoteTax(
            credit_note_id=credit_note_id,
            category=tax.category,
            name=tax.name,
            percent=tax.percent,
            taxable_amount=tax.taxable_amount,
            tax_amount=tax.tax_amount,
        )
        for tax in effect.taxes
    )


def _as_json(invoice: Invoice, request: CreditRequest, reason: str) -> dict[str, Any]:
    """Return what was asked for in one way of writing, so that 1.5 and 1.50 are the same request."""
    return {
        "invoice": str(invoice.pk),
        "lines": [
            {"sku": wish.sku, "resource": wish.resource, "amount": _text(wish.amount)}
            for wish in request.wishes
        ],
        "amount": None if request.amount is None else _text(request.amount),
        "reason": reason,
    }


def _text(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
