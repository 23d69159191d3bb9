"""Credit notes for late usage: at once, never more than is left, counted as billed ever after (rule 8)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from catalogue.domain.price_models import PerUnit
from catalogue.domain.rounding import show
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.prices import enter_price
from catalogue.services.tax_rates import enter_tax_rate
from invoicing.domain.credits import CreditRequest
from invoicing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from invoicing.services.bill_runs import run_bill_run
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.late_credits import credit_late_usage
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent
from metering.models import Charge
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


class Months:
    """A company whose accounts use units at 0.10 (REQ) and 1.00 (GB), told in order of receipt."""

    def __init__(self):
        self.company = Company.objects.create(
            code="DE1", name="DE1", country="DE", currency_id="EUR", timezone="UTC", number_prefix="DE1"
        )
        for sku, price, category in (("REQ", "0.10", "standard"), ("GB", "1.00", "reduced")):
            product = Product.objects.create(sku=sku, unit="each", kind="usage", tax_category=category)
            enter_price(
                company=self.company,
                product=product,
                currency=self.company.currency,
                terms=PriceTerms(PerUnit(Decimal(price))),
                valid_from=datetime(2025, 1, 1, tzinfo=UTC),
                entered_at=datetime(2025, 1, 1, tzinfo=UTC),
            )
        enter_tax_rate(country="DE", percent=Decimal(19), valid_from=date(2020, 1, 1))
        enter_tax_rate(country="DE", percent=Decimal(7), valid_from=date(2020, 1, 1), category="reduced")
        self.events = 0

    def open(self, code, late_usage="credit_note"):
        open_account(code=code, company=self.company, timezone="UTC", late_usage=late_usage)

    def use(self, account, quantity, sku="REQ", *, received):
        """Record use in January."""
        self.events += 1
        return self._tell(
            IncomingEvent(
                *("meters", f"u{self.events}", USAGE, "", datetime(2026, 1, 10, tzinfo=UTC), "{}"),
                account=account,
                sku=sku,
                quantity=Decimal(quantity),
            ),
            received,
        )

    def void(self, record, *, received):
        event = IncomingEvent("meters", f"v{record}", VOID, "", received, "{}", voids=record)
        return self._tell(event, received)

    def _tell(self, event, received):
        sender = Sender(self.company.pk, self.company.pk)
        ingest([event], sender=sender, received_at=received, channel="test")
        self.work(received)
        return event.id

    def work(self, now):
        mediate_waiting(now=now)
        rate_stale_periods(as_of=now)

    def bill(self, month, cutoff):
        run_bill_run(company=self.company, month=month, cutoff=cutoff, issued_on=cutoff.date())


def at(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def notes():
    return [
        (note.number, note.account.code, *map(show, (note.net_amount, note.tax_amount)))
        for note in CreditNote.objects.order_by("number")
    ]


def lines_of(number):
    lines = CreditNoteLine.objects.filter(credit_note__number=number).order_by("position")
    return [(line.sku, show(line.quantity), show(line.net_amount)) for line in lines]


def billed(month, account="acme"):
    """The net of an invoice, and its corrections."""
    invoice = Invoice.objects.get(account__code=account, month=month)
    lines = InvoiceLine.objects.filter(invoice_id=invoice.pk, kind="correction").order_by("sku")
    return show(invoice.net_amount), [(line.sku, show(line.net_amount)) for line in lines]


@pytest.fixture
def months():
    return Months()


def test_what_was_billed_too_much_is_credited_at_once_and_not_billed_again(months):
    months.open("acme")
    record = months.use("acme", 100, received=at(1, 10))
    months.use("acme", 400, received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    months.void(record, received=at(2, 5))

    assert credit_late_usage(now=at(2, 5)) == 1

    assert notes() == [("DE1-CN-2026-00001", "acme", "10", "1.9")]
    assert lines_of("DE1-CN-2026-00001") == [("REQ", "100", "10")]
    note = CreditNote.objects.get()
    assert (note.cause, note.issued_on, note.invoice.month) == ("late_usage", date(2026, 2, 5), JANUARY)
    line = note.lines.get()
    assert InvoiceLine.objects.get(pk=line.invoice_line_id).invoice_id == note.invoice_id
    assert (line.service_start, line.service_end) == (at(1, 1, 0), at(2, 1, 0))

    assert credit_late_usage(now=at(2, 6)) == 0
    months.bill(FEBRUARY, at(3, 2))
    assert not Invoice.objects.filter(month=FEBRUARY).exists()


def test_a_second_late_record_of_the_same_charge_is_a_credit_note_of_its_own(months):
    months.open("acme")
    records = [months.use("acme", 100, received=at(1, 10)) for _ in range(3)]
    months.bill(JANUARY, at(2, 2))

    for day, record in enumerate(records[:2], start=5):
        months.void(record, received=at(2, day))
        credit_late_usage(now=at(2, day))
        months.work(at(2, day))

    assert notes() == [
        ("DE1-CN-2026-00001", "acme", "10", "1.9"),
        ("DE1-CN-2026-00002", "acme", "10", "1.9"),
    ]
    assert sorted(Charge.objects.filter(month=FEBRUARY).values_list("settlement", flat=True)) == [1, 2]


def test_after_a_credit_note_more_use_goes_to_the_next_invoice(months):
    """300 were billed, 100 credited, then 20 come late: 2.00 more, on February's invoice."""
    months.open("acme")
    record = months.use("acme", 100, received=at(1, 10))
    months.use("acme", 200, received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    months.void(record, received=at(2, 5))
    credit_late_usage(now=at(2, 5))
    months.use("acme", 20, received=at(2, 7))

    assert credit_late_usage(now=at(2, 7)) == 0
    months.bill(FEBRUARY, at(3, 2))
    assert billed(FEBRUARY) == ("2", [("REQ", "2")])


def test_what_was_billed_too_little_waits_for_the_next_invoice(months):
    months.open("acme")
    months.use("acme", 100, received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    months.use("acme", 50, received=at(2, 5))

    assert credit_late_usage(now=at(2, 5)) == 0
    months.bill(FEBRUARY, at(3, 2))
    assert billed(FEBRUARY) == ("5", [("REQ", "5")])


def test_the_sign_is_decided_for_the_month_as_a_whole(months):
    """REQ 10.00 less, GB 3.00 more: 7.00 are credited; taxed 1.90 less 0.21."""
    months.open("acme")
    record = months.use("acme", 100, received=at(1, 10))
    months.use("acme", 9, "GB", received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    months.void(record, received=at(2, 5))
    months.use("acme", 3, "GB", received=at(2, 5))

    credit_late_usage(now=at(2, 5))

    assert notes() == [("DE1-CN-2026-00001", "acme", "7", "1.69")]
    assert lines_of("DE1-CN-2026-00001") == [("GB", "-3", "-3"), ("REQ", "100", "10")]


def test_more_than_is_left_of_the_invoice_goes_to_the_next_one_as_a_whole(months):
    """10.00 were billed and 3.00 conceded: 10.00 less is more than the 7.00 that are left."""
    months.open("acme")
    record = months.use("acme", 100, received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    credit_invoice(
        invoice=Invoice.objects.get(),
        request=CreditRequest(amount=Decimal(3)),
        request_id="goodwill",
        issued_on=date(2026, 2, 3),
    )
    months.void(record, received=at(2, 5))

    assert credit_late_usage(now=at(2, 5)) == 0
    months.bill(FEBRUARY, at(3, 2))
    assert billed(FEBRUARY) == ("-10", [("REQ", "-10")])


def test_a_tax_category_that_the_invoice_does_not_have_sends_all_to_the_next_one(months):
    """GB would be taxed at a rate that January's invoice does not name."""
    months.open("acme")
    record = months.use("acme", 100, received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    months.void(record, received=at(2, 5))
    months.use("acme", 3, "GB", received=at(2, 5))

    assert credit_late_usage(now=at(2, 5)) == 0
    months.bill(FEBRUARY, at(3, 2))
    assert billed(FEBRUARY) == ("-7", [("GB", "3"), ("REQ", "-10")])


def test_an_account_that_wants_all_on_the_next_invoice_gets_no_credit_note(months):
    months.open("acme", late_usage="next_invoice")
    record = months.use("acme", 100, received=at(1, 10))
    months.bill(JANUARY, at(2, 2))
    months.void(record, received=at(2, 5))

    assert credit_late_usage(now=at(2, 5)) == 0


def test_many_accounts_are_numbered_in_order_of_their_codes_whatever_the_step(months):
    codes = ["d", "b", "a", "c", "e"]
    for code in codes:
        months.open(code)
    records = {code: months.use(code, 10 * n, received=at(1, 10)) for n, code in enumerate(codes, start=1)}
    months.bill(JANUARY, at(2, 2))
    for record in records.values():
        months.void(record, received=at(2, 5))

    assert credit_late_usage(now=at(2, 5), months_at_once=2) == 5

    assert sorted(note[1:3] for note in notes()) == [
        ("a", "3"),
        ("b", "2"),
        ("c", "4"),
        ("d", "1"),
        ("e", "5"),
    ]
    assert [note[0][-5:] for note in notes()] == ["00001", "00002", "00003", "00004", "00005"]
