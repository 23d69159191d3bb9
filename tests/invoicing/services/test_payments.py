"""Payments settle the invoice that they name, up to what is open; nothing is matched by guess (rule 14)."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import ProgrammingError, connection, transaction

from catalogue.domain.rounding import show
from invoicing.domain.credits import CreditRequest
from invoicing.models import Invoice, Payment, PaymentAllocation
from invoicing.selectors.balances import balances_of, open_amount
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.payments import InvalidPayment, PaymentKnown, record_payment
from tests.factories.invoices import Line, Tax, account, company, draft_invoice, issued_invoice

TODAY = date(2023, 10, 5)
UNTAXED = [Tax("0", percent="0", name="")]
OCTOBER = date(2023, 10, 1)


def bill(gross, number="DE-2023-00001", **fields):
    kind = "correction" if gross.startswith("-") else "charge"
    return issued_invoice(lines=[Line(gross, kind=kind)], taxes=UNTAXED, number=number, **fields)


def pay(amount, reference="p1", invoice=None, **fields):
    payer = invoice.account if invoice else account()
    known = {"account": payer, "amount": Decimal(amount), "received_on": TODAY, "invoice": invoice} | fields
    return record_payment(reference=reference, today=TODAY, **known)


def credit(invoice, amount, request_id="c1"):
    request = CreditRequest(amount=Decimal(amount))
    credit_invoice(invoice=invoice, request=request, request_id=request_id, issued_on=TODAY)


def balance(of=None):
    [found] = balances_of([of or account()])
    return show(found.due), show(found.unapplied)


@pytest.mark.django_db
class TestBalance:
    def test_of_nothing_is_nothing(self):
        assert balance() == ("0", "0")

    def test_paying_too_much_settles_and_leaves_the_rest(self):
        """EC99"""
        pay("100.00", invoice=bill("80.00"))

        assert balance() == ("0", "20")

    def test_paying_what_is_printed_leaves_no_cent(self):
        """EC93: three lines of 0.335 are billed, and paid, as 0.34 each; nothing works with the unrounded."""
        lines = [Line("0.34", quantity="33.5", unit_price="0.01", resource=f"vm-{n}") for n in range(3)]
        invoice = issued_invoice(lines=lines, taxes=[Tax("0.19")])  # 19 % of 1.02 is 0.1938
        pay("1.21", invoice=invoice)

        assert balance() == ("0", "0")
        assert show(open_amount(invoice)) == "0"

    def test_a_payment_that_names_no_invoice_waits(self):
        """EC101"""
        bill("120.00"), bill("120.00", "DE-2023-00002", month=OCTOBER)
        pay("120.00")

        assert balance() == ("240", "120")
        assert not PaymentAllocation.objects.exists()

    def test_two_payments_take_no_more_than_is_open(self):
        """EC112: 70 and 30 are applied, 40 is unapplied."""
        invoice = bill("100.00")
        pay("70.00", "p1", invoice), pay("70.00", "p2", invoice)

        amounts = PaymentAllocation.objects.order_by("payment_id").values_list("amount", flat=True)
        assert [show(amount) for amount in amounts] == ["70", "30"]
        assert balance() == ("0", "40")

    def test_a_credit_note_settles_its_invoice_and_no_other(self):
        invoice = bill("100.00")
        bill("50.00", "DE-2023-00002", month=OCTOBER)
        credit(invoice, "60.00")

        assert balance() == ("90", "0")

    def test_a_credit_note_of_a_paid_invoice_is_unapplied(self):
        invoice = bill("100.00")
        pay("70.00", invoice=invoice)
        credit(invoice, "60.00")

        assert balance() == ("0", "30")

    def test_a_payment_after_a_credit_note_takes_what_that_left(self):
        invoice = bill("100.00")
        credit(invoice, "60.00")
        pay("100.00", invoice=invoice)

        assert open_amount(invoice) == 0
        assert balance() == ("0", "60")

    def test_a_negative_invoice_stands_as_credit(self):
        bill("39.20")
        negative = bill("-12.70", "DE-2023-00002", month=OCTOBER)
        pay("5.00", invoice=negative)

        assert balance() == ("39.2", "17.7")

    def test_a_draft_is_not_due(self):
        draft_invoice()

        assert balance() == ("0", "0")

    def test_accounts_are_kept_apart(self):
        bill("80.00")
        other = account("other", of=company())

        assert balance(other) == ("0", "0")


@pytest.mark.django_db
class TestRecording:
    def test_the_same_payment_again_changes_nothing(self):
        """EC69: the bank tells it three times."""
        invoice = bill("80.00")
        payments = {pay("100.00", "p1", invoice).pk for _ in range(3)}
        payments.add(pay("100", "p1", invoice).pk)

        assert len(payments) == 1
        assert balance() == ("0", "20")

    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param({"amount": Decimal("99.00")}, id="amount"),
            pytest.param({"received_on": date(2023, 10, 4)}, id="day"),
            pytest.param({"invoice": None}, id="invoice"),
        ],
    )
    def test_other_content_under_a_known_reference_is_refused(self, changed):
        invoice = bill("80.00")
        pay("100.00", "p1", invoice)

        known = {"amount": "100.00", "received_on": TODAY, "invoice": invoice, "account": account()} | changed
        with pytest.raises(PaymentKnown, match="100 EUR received on 2023-10-05"):
            pay(known.pop("amount"), "p1", **known)
        assert balance() == ("0", "20")

    def test_a_reference_is_known_within_a_company(self):
        pay("1.00", "p1")
        stranger = account("us", of=company("US", currency_code="USD"))
        pay("2.00", "p1", account=stranger)

        assert Payment.objects.count() == 2

    @pytest.mark.parametrize("amount", ["0", "-5", "NaN", "Infinity", "1.005"])
    def test_an_amount_that_cannot_be_is_refused(self, amount):
        with pytest.raises(InvalidPayment):
            pay(amount)
        assert not Payment.objects.exists()

    def test_an_invoice_of_somebody_else_is_refused(self):
        invoice = bill("80.00")
        with pytest.raises(InvalidPayment, match="not one of other"):
            pay("80.00", invoice=invoice, account=account("other", of=company()))

    def test_a_draft_is_not_paid(self):
        with pytest.raises(InvalidPayment, match="not issued"):
            pay("7.20", invoice=draft_invoice())

    def test_what_is_recorded_never_changes(self):
        pay("100.00", invoice=bill("80.00"))

        for change in (
            lambda: Payment.objects.update(amount=1),
            lambda: PaymentAllocation.objects.update(amount=1),
            lambda: PaymentAllocation.objects.all().delete(),
        ):
            with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
                change()


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_70_at_once_on_an_invoice_of_100_apply_100():
    """EC112, on two connections."""
    bill("100.00")
    together = Barrier(2)

    def pay_70(reference):
        together.wait()
        try:
            pay("70.00", reference, Invoice.objects.select_related("account").get())
        finally:
            connection.close()

    threads = [Thread(target=pay_70, args=[reference]) for reference in ("p1", "p2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    amounts = sorted(PaymentAllocation.objects.values_list("amount", flat=True))
    assert [show(amount) for amount in amounts] == ["30", "70"]
    assert balance() == ("0", "40")
