"""Credits as arithmetic: whatever is asked for in whatever order, an invoice gives back what it has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing_site.common.errors import BillingError
from catalogue.domain.money import percent_of
from catalogue.domain.rounding import round_money
from catalogue.domain.tax import TaxLine, credit_note_tax_lines
from invoicing.domain.credits import (
    CreditRequest,
    CreditWish,
    LineLeft,
    credit,
    credited_by_category,
    left_by_category,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
RATES = {
    "standard": [("VAT", Decimal(20))],
    "reduced": [("GST", Decimal(5)), ("QST", Decimal("9.975"))],
    "zero": [("", Decimal(0))],
}
cents = st.integers(-5_000, 20_000).map(lambda number: Decimal(number).scaleb(-2))
positive_cents = st.integers(1, 20_000).map(lambda number: Decimal(number).scaleb(-2))


@st.composite
def invoices(draw):
    """The lines of an invoice, some of them discounts or corrections."""
    return [
        LineLeft(
            line_id=number,
            product_id=1,
            sku=draw(st.sampled_from(["RACK", "VM"])),
            description="",
            family="",
            resource=draw(st.sampled_from(["", "a", "b"])),
            service_start=START + timedelta(days=draw(st.integers(0, 3))),
            service_end=START + timedelta(days=4),
            unit="",
            tax_category=draw(st.sampled_from(sorted(RATES))),
            left=draw(cents),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


wishes = st.lists(
    st.builds(
        CreditWish,
        st.sampled_from(["RACK", "VM"]),
        positive_cents,
        st.sampled_from([None, "", "a", "b"]),
    ),
    min_size=1,
    max_size=3,
)
requests = st.one_of(
    wishes.map(lambda several: CreditRequest(tuple(several))),
    positive_cents.map(lambda amount: CreditRequest(amount=amount)),
    st.just(CreditRequest()),
)


def taxes_of(lines):
    return [
        TaxLine(category, name, percent, amount, round_money(percent_of(amount, percent), 2))
        for category, amount in left_by_category(lines).items()
        for name, percent in RATES[category]
    ]


def without(lines, credited):
    taken = {line.line.line_id: line.amount for line in credited}
    return [replace(line, left=line.left - taken.get(line.line_id, 0)) for line in lines]


@given(invoices(), st.lists(requests, max_size=6))
def test_credits_and_their_taxes_never_exceed_the_invoice_and_all_of_them_come_to_it(lines, asked):
    net, taxes = sum(left_by_category(lines).values()), taxes_of(lines)
    credited_taxes, credited_net = [], Decimal(0)
    for request in [*asked, CreditRequest()]:
        try:
            credited = credit(lines, request, 2)
        except BillingError:
            continue
        by_category = credited_by_category(credited)
        left = left_by_category(lines)
        assert all(amount <= left[category] for category, amount in by_category.items())
        assert 0 < sum(by_category.values()) <= sum(left.values())
        if request.amount is not None:
            assert sum(by_category.values()) == request.amount
        if request.wishes:
            assert sum(by_category.values()) == sum(wish.amount for wish in request.wishes)
            assert all(0 < line.amount <= line.line.left for line in credited)
        credited_taxes += credit_note_tax_lines(by_category, taxes, credited_taxes, minor_units=2)
        credited_net += sum(by_category.values())
        lines = without(lines, credited)

    assert credited_net == max(net, 0)
    for tax in taxes:
        parts = [part for part in credited_taxes if (part.category, part.name) == (tax.category, tax.name)]
        given_back = sum(part.tax_amount for part in parts)
        assert given_back <= max(tax.tax_amount, 0)
        if parts and sum(part.taxable_amount for part in parts) == tax.taxable_amount:
            assert given_back == tax.tax_amount


@given(invoices(), requests)
def test_the_order_of_the_lines_does_not_matter(lines, request):
    def outcome(ordered):
        try:
            return {line.line.line_id: line.amount for line in credit(ordered, request, 2)}
        except BillingError as refusal:
            return refusal.code

    assert outcome(lines) == outcome(lines[::-1])
