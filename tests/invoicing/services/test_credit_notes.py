"""Crediting an invoice: by line, by amount, all that is left; never more, and never twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from billing_site.common.errors import BillingError
from catalogue.domain.rounding import show
from invoicing.domain.credits import (
    CannotCreditMoreThanBilled,
    CreditRequest,
    CreditWish,
    InvalidCredit,
    NoSuchLine,
)
from invoicing.models import CreditNote, CreditNoteLine, CreditNoteTax, Invoice, NumberSeries
from invoicing.services.credit_notes import DraftCannotBeCredited, RequestIdTaken, credit_invoice
from tests.factories.invoices import Line, Tax, account, draft_invoice, issued_invoice

TODAY = date(2023, 11, 5)
EVERYTHING = CreditRequest()
UNTAXED = [Tax("0", percent="0", name="")]


def wish(sku, amount, resource=None):
    return CreditWish(sku, Decimal(amount), resource)


def of_lines(*wishes):
    return CreditRequest(tuple(wish(*each) for each in wishes))


def credit(invoice, request=EVERYTHING, request_id="1", **fields):
    return credit_invoice(
        invoice=invoice, request=request, request_id=request_id, **{"issued_on": TODAY} | fields
    )


def amounts(note):
    return tuple(show(amount) for amount in (note.net_amount, note.tax_amount, note.gross_amount))


def lines_of(note):
    return [(line.resource, show(line.net_amount)) for line in note.lines.all()]


@pytest.fixture
def invoice(db):
    """EC76: 279.16 net, 20 % of it 55.832 -> 55.83."""
    lines = [
        Line("68.33", sku="RACK", resource="o1"),
        Line("68.33", sku="RACK", resource="o2"),
        Line("57.50", sku="CABLE", resource="o3"),
        Line("85.00", sku="SWITCH", resource="o4"),
    ]
    return issued_invoice(lines=lines, taxes=[Tax("55.83", percent="20")])


def test_credit_notes_of_every_line_add_up_to_the_invoice(invoice):
    first = credit(invoice, of_lines(("RACK", "68.33", "o1")), "1")
    second = credit(invoice, of_lines(("CABLE", "57.50")), "2")
    third = credit(invoice, of_lines(("SWITCH", "85")), "3")
    last = credit(invoice, EVERYTHING, "4")

    assert amounts(first) == ("68.33", "13.67", "82")
    assert amounts(second) == ("57.5", "11.5", "69")
    assert amounts(third) == ("85", "17", "102")
    assert amounts(last) == ("68.33", "13.66", "81.99")
    assert lines_of(last) == [("o2", "68.33")]
    assert first.gross_amount + second.gross_amount + third.gross_amount + last.gross_amount == Decimal(
        "334.99"
    )
    assert [note.number for note in (first, second, third, last)] == [
        f"DE-CN-2023-0000{n}" for n in (1, 2, 3, 4)
    ]


def test_lines_that_fit_are_used_up_in_order_of_resource(invoice):
    note = credit(invoice, of_lines(("RACK", "70.00")))

    assert lines_of(note) == [("o1", "68.33"), ("o2", "1.67")]
    assert lines_of(credit(invoice, of_lines(("RACK", "1")), "2")) == [("o2", "1")]


def test_of_two_lines_of_a_resource_the_earlier_one_goes_first(db):
    line = Line("10.00", sku="VM")
    later = replace(line, service=(line.service[0].replace(day=20), line.service[1]))
    invoice = issued_invoice(lines=[later, line], taxes=UNTAXED)

    note = credit(invoice, of_lines(("VM", "12.00")))

    assert [(each.service_start.day, show(each.net_amount)) for each in note.lines.all()] == [
        (1, "10"),
        (20, "2"),
    ]


@pytest.mark.parametrize(
    "request_, refusal",
    [
        pytest.param(of_lines(("RACK", "136.67")), CannotCreditMoreThanBilled, id="a cent too much"),
        pytest.param(of_lines(("RACK", "68.34", "o1")), CannotCreditMoreThanBilled, id="of one resource"),
        pytest.param(
            of_lines(("RACK", "100"), ("RACK", "36.67")), CannotCreditMoreThanBilled, id="together too much"
        ),
        pytest.param(of_lines(("CABLE", "1"), ("RACK", "500")), CannotCreditMoreThanBilled, id="as a whole"),
        pytest.param(of_lines(("FAN", "1")), NoSuchLine, id="no such SKU"),
        pytest.param(of_lines(("RACK", "1", "o3")), NoSuchLine, id="no such resource"),
        pytest.param(of_lines(("RACK", "0")), InvalidCredit, id="nothing"),
        pytest.param(of_lines(("RACK", "-1")), InvalidCredit, id="negative"),
        pytest.param(of_lines(("RACK", "NaN")), InvalidCredit, id="no number"),
        pytest.param(of_lines(("RACK", "1.005")), InvalidCredit, id="finer than a cent"),
        pytest.param(CreditRequest(amount=Decimal("279.17")), CannotCreditMoreThanBilled, id="amount"),
        pytest.param(
            CreditRequest((wish("RACK", "1"),), Decimal("1")), InvalidCredit, id="lines and an amount"
        ),
    ],
)
def test_what_cannot_be_credited_is_refused_as_a_whole(invoice, request_, refusal):
    with pytest.raises(refusal) as refused, transaction.atomic():
        credit(invoice, request_)

    assert isinstance(refused.value, BillingError) and refused.value.sentence.endswith(".")
    assert not CreditNote.objects.exists() and not CreditNoteLine.objects.exists()
    assert not NumberSeries.objects.filter(kind="credit_note").exists()


def test_the_refusal_says_what_is_left(invoice):
    credit(invoice, of_lines(("RACK", "100")))

    with pytest.raises(
        CannotCreditMoreThanBilled, match=r"Of RACK 36.66 net is left to credit, 40 was asked"
    ):
        credit(invoice, of_lines(("RACK", "40")), "2")


def test_when_all_is_credited_nothing_is_left(invoice):
    credit(invoice)

    with pytest.raises(CannotCreditMoreThanBilled, match="Nothing is left"):
        credit(invoice, request_id="2")


def test_an_amount_is_spread_over_the_tax_categories_in_proportion(db):
    """10 of 60 standard and 40 reduced: 6 and 4, taxed 20 % -> 1.20 and 5 % -> 0.20."""
    invoice = issued_invoice(
        lines=[Line("60.00", resource="b"), Line("40.00", resource="a", tax_category="reduced")],
        taxes=[Tax("12.00", percent="20"), Tax("2.00", percent="5", category="reduced")],
    )

    note = credit(invoice, CreditRequest(amount=Decimal("10.00")))

    assert lines_of(note) == [("a", "4"), ("b", "6")]
    assert amounts(note) == ("10", "1.4", "11.4")


def test_a_discount_leaves_less_than_the_lines_say(db):
    """100 less 10 %: of the line 100.00 is left, of the invoice only 90.00."""
    discount = Line("-10.00", kind="discount", sku="", resource="")
    invoice = issued_invoice(lines=[Line("100.00"), discount], taxes=UNTAXED)

    with pytest.raises(CannotCreditMoreThanBilled, match="90 net is left"):
        credit(invoice, of_lines(("vm.small", "95")))
    note = credit(invoice)
    assert lines_of(note) == [("", "-10"), ("vm-1", "100")]


def test_a_negative_invoice_has_nothing_to_credit(db):
    invoice = issued_invoice(lines=[Line("-12.70", kind="correction")], taxes=UNTAXED)

    with pytest.raises(CannotCreditMoreThanBilled):
        credit(invoice)


def test_a_draft_is_not_credited(db):
    with pytest.raises(DraftCannotBeCredited):
        credit(draft_invoice())


def test_a_tax_rounded_down_is_credited_rounded_down(db):
    """10 % of 9.99 is 0.999: down 0.99; credited by halves 4.99 -> 0.49, then the rest 5.00 -> 0.50."""
    buyer = account()
    buyer.company.tax_rounding = "down"
    buyer.company.save()
    invoice = issued_invoice(buyer, lines=[Line("9.99")], taxes=[Tax("0.99", percent="10")])

    assert amounts(credit(invoice, CreditRequest(amount=Decimal("4.99")))) == ("4.99", "0.49", "5.48")
    assert amounts(credit(invoice, request_id="2")) == ("5", "0.5", "5.5")


def test_the_same_request_again_returns_what_stands(invoice):
    note = credit(invoice, of_lines(("RACK", "1.50")), "r1")

    assert credit(invoice, of_lines(("RACK", "1.5")), "r1", issued_on=date(2024, 1, 1)) == note
    assert CreditNote.objects.count() == 1


def test_another_request_under_a_known_id_is_refused(invoice):
    credit(invoice, of_lines(("RACK", "1.50")), "r1")
    other = issued_invoice(number="DE-2023-00002", month=date(2023, 10, 1))

    for changed in ({"request": of_lines(("RACK", "2"))}, {"reason": "goodwill"}):
        with pytest.raises(RequestIdTaken):
            credit(invoice, **{"request": of_lines(("RACK", "1.50")), "request_id": "r1"} | changed)
    with pytest.raises(RequestIdTaken):
        credit(other, EVERYTHING, "r1")


def test_numbers_begin_anew_every_year_beside_those_of_invoices(invoice):
    credit(invoice, of_lines(("RACK", "1")), "1")
    credit(invoice, of_lines(("RACK", "1")), "2", issued_on=date(2024, 1, 1))
    note = credit(invoice, of_lines(("RACK", "1")), "3", issued_on=date(2024, 12, 31))

    assert note.number == "DE-CN-2024-00002"


def test_parties_are_kept_as_they_stood(invoice):
    note = credit(invoice, reason="Outage of 5 November")
    buyer = invoice.account
    buyer.name = "New Name"
    buyer.save()

    note.refresh_from_db()
    assert note.buyer["name"] == "Süßwassermühle Logistik GmbH"
    assert (note.buyer["locale"], note.seller["code"]) == ("de_DE", "DE")
    assert (note.reason, note.cause, note.currency) == ("Outage of 5 November", "concession", "EUR")


def test_a_credit_note_never_changes(invoice):
    note = credit(invoice)

    for change in (
        lambda: CreditNote.objects.filter(pk=note.pk).update(reason="changed"),
        lambda: CreditNoteLine.objects.update(net_amount=1),
        lambda: CreditNoteTax.objects.update(tax_amount=1),
        lambda: CreditNoteTax.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            change()
    line = note.lines.first()
    line.pk, line.position = None, 9
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        line.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_credit_notes_of_60_at_once_on_an_invoice_of_100_exactly_one_wins():
    """EC66: two connections begin together; the row lock lets one through and shows the other the rest."""
    invoice = issued_invoice(lines=[Line("100.00", sku="RACK")], taxes=UNTAXED)
    together, outcomes = Barrier(2), []

    def credit_60(request_id):
        together.wait()
        try:
            outcomes.append(credit(Invoice.objects.get(), of_lines(("RACK", "60")), request_id).number)
        except CannotCreditMoreThanBilled as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=credit_60, args=[request_id]) for request_id in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["DE-CN-2023-00001", "cannot_credit_more_than_billed"]
    assert [note.net_amount for note in invoice.credit_notes.all()] == [Decimal("60")]
