"""The statement of an account adds up, whatever its days."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue.domain.rounding import show
from invoicing.domain.credits import CreditRequest
from invoicing.selectors.statements import InvalidDays, statement_of
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.payments import record_payment
from tests.factories.invoices import Line, Tax, account, draft_invoice, issued_invoice

pytestmark = pytest.mark.django_db
UNTAXED = [Tax("0", percent="0", name="")]
SEPTEMBER, OCTOBER, NOVEMBER = date(2023, 9, 1), date(2023, 10, 1), date(2023, 11, 1)


@pytest.fixture
def story():
    """100.00 in October, of it 30.00 credited; 50.00 in November, 70.00 and 60.00 paid; a draft."""
    first = issued_invoice(
        lines=[Line("100.00")], taxes=UNTAXED, month=SEPTEMBER, issued_on=date(2023, 10, 3)
    )
    request = CreditRequest(amount=Decimal("30.00"))
    credit_invoice(invoice=first, request=request, request_id="1", issued_on=date(2023, 10, 20))
    issued_invoice(
        lines=[Line("50.00")],
        taxes=UNTAXED,
        month=OCTOBER,
        number="DE-2023-00002",
        issued_on=date(2023, 11, 3),
    )
    for reference, amount, day, invoice in (("p1", "70.00", 3, first), ("p2", "60.00", 20, None)):
        record_payment(
            account=first.account,
            reference=reference,
            amount=Decimal(amount),
            received_on=date(2023, 11, day),
            today=date(2023, 11, day),
            invoice=invoice,
        )
    draft_invoice(month=NOVEMBER)
    return first.account


def drawn_up(of, first_on, last_on):
    statement = statement_of(account=of, first_on=first_on, last_on=last_on)
    entries = [
        (entry.entry.number, entry.entry.invoice, show(entry.entry.amount), show(entry.balance))
        for entry in statement.entries
    ]
    return show(statement.opening_balance), entries, show(statement.closing_balance)


def test_all_of_it_from_the_beginning(story):
    assert drawn_up(story, date(2023, 1, 1), date(2023, 12, 31)) == (
        "0",
        [
            ("DE-2023-00001", "", "100", "100"),
            ("DE-CN-2023-00001", "DE-2023-00001", "-30", "70"),
            ("DE-2023-00002", "", "50", "120"),
            ("p1", "DE-2023-00001", "-70", "50"),
            ("p2", "", "-60", "-10"),
        ],
        "-10",
    )


def test_both_days_are_included_and_what_was_before_opens(story):
    assert drawn_up(story, date(2023, 11, 3), date(2023, 11, 19)) == (
        "70",
        [("DE-2023-00002", "", "50", "120"), ("p1", "DE-2023-00001", "-70", "50")],
        "50",
    )


def test_days_without_anything(story):
    assert drawn_up(story, date(2023, 10, 4), date(2023, 10, 19)) == ("100", [], "100")


def test_another_account_has_none_of_it(story):
    assert drawn_up(account("other"), date(2023, 1, 1), date(2023, 12, 31)) == ("0", [], "0")


def test_days_that_end_before_they_begin_are_refused(story):
    with pytest.raises(InvalidDays):
        statement_of(account=story, first_on=date(2023, 2, 2), last_on=date(2023, 2, 1))
