"""The taxes of credit notes in SQL are those of the pure function."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_site.common import sql
from catalogue.domain.rounding import show
from catalogue.domain.tax import TaxLine, credit_note_tax_lines
from catalogue.models import Company
from invoicing.models import CreditNote, CreditNoteLine, CreditNoteTax, InvoiceLine
from tests.factories.invoices import Line, Tax, account, issued_invoice

pytestmark = pytest.mark.django_db

cents = st.integers(-500, 2_000).map(lambda number: Decimal(number).scaleb(-2))
parts = st.tuples(cents, st.sampled_from(["0", "7", "19", "9.975"]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    taxed=st.lists(parts, min_size=1, max_size=2),
    credits=st.lists(st.lists(cents, min_size=2, max_size=2), min_size=1, max_size=3),
    mode=st.sampled_from(["half_up", "down"]),
)
def test_the_taxes_in_sql_are_those_of_the_pure_function(taxed, credits, mode):
    """Lines are credited as they come; what SQL makes of each credit note is set against the function's."""
    categories = ["standard", "reduced"][: len(taxed)]
    with transaction.atomic():
        buyer = account()
        Company.objects.filter(pk=buyer.company_id).update(tax_rounding=mode)
        invoice = issued_invoice(
            buyer,
            lines=[
                Line(str(net), tax_category=each) for each, (net, _) in zip(categories, taxed, strict=True)
            ],
            taxes=[
                Tax(str(show(net * Decimal(percent) / 100, 2)), percent=percent, category=each)
                for each, (net, percent) in zip(categories, taxed, strict=True)
            ],
        )
        invoiced = [_tax_line(tax) for tax in invoice.taxes.all()]
        before = []
        for number, amounts in enumerate(credits):
            note = _credit(invoice, number, dict(zip(categories, amounts, strict=False)))
            expected = credit_note_tax_lines(
                dict(zip(categories, amounts, strict=False)), invoiced, before, minor_units=2, mode=mode
            )
            actual = [_tax_line(tax) for tax in CreditNoteTax.objects.filter(credit_note=note)]
            assert sorted(actual, key=_name) == sorted(expected, key=_name)
            before += expected
        transaction.set_rollback(True)


def _name(line):
    return line.category, line.name


def _tax_line(tax):
    return TaxLine(tax.category, tax.name, tax.percent, tax.taxable_amount, tax.tax_amount)


def _credit(invoice, number, by_category):
    """Write lines, have SQL tax them, and write the credit note as what it must be for its key only."""
    note = CreditNote(
        invoice=invoice,
        company=invoice.company,
        account=invoice.account,
        cause="late_usage",
        number=f"CN-{number}",
        issued_on=date(2026, 2, 5),
        currency="EUR",
        net_amount=1,
        tax_amount=0,
        gross_amount=1,
        seller={},
        buyer={},
    )
    template = InvoiceLine.objects.filter(invoice_id=invoice.pk).first()
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(
            credit_note_id=note.pk,
            position=position,
            service_start=template.service_start,
            service_end=template.service_end,
            net_amount=amount,
            tax_category=category,
        )
        for position, (category, amount) in enumerate(by_category.items())
    )
    known = {"credit_notes": [note.pk], "invoices": [invoice.pk]}
    sql.run("invoicing", "credit_late_taxes", known)
    note.save(force_insert=True)
    return note
