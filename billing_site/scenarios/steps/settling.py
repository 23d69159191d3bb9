"""Steps that settle invoices: credits and payments, and what they leave."""

from zoneinfo import ZoneInfo

from billing_site.common.errors import BillingError
from billing_site.scenarios.comparing import compare_fields, compare_rows
from billing_site.scenarios.expected import ExpectedBalance, ExpectedCreditNote
from billing_site.scenarios.steps.expected_lines import credit_note_rows, wanted_rows
from billing_site.scenarios.story import Story
from billing_site.scenarios.timeline import CreditStep, PaymentStep
from catalogue.domain.periods import local_date
from invoicing.domain.credits import CreditRequest, CreditWish
from invoicing.models import CreditNote
from invoicing.selectors.balances import balances_of
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.payments import record_payment


def credit(story: Story, step: CreditStep) -> None:
    """Credit an invoice, or prove that it is refused; the place in the file is the request's id."""
    refusal = None
    try:
        _credit(story, step)
    except BillingError as error:
        if not step.expect_error:
            raise
        refusal = error.sentence
    if step.expect_error:
        story.check([] if refusal else ["expected to be refused, actual credited"], step.invoice)


def _credit(story: Story, step: CreditStep) -> None:
    invoice = story.invoice(step.invoice)
    wishes = tuple(CreditWish(line.sku, line.amount, line.resource) for line in step.lines or ())
    today = local_date(story.now, ZoneInfo(invoice.company.timezone))
    credit_invoice(
        invoice=invoice,
        request=CreditRequest(wishes),
        request_id=story.where,
        # A story need not tell that the day of the invoice's issue has come.
        issued_on=max(today, invoice.issued_on or today),
    )


def pay(story: Story, step: PaymentStep) -> None:
    """Record a payment of an account."""
    record_payment(
        account=story.account(step.account),
        reference=step.id,
        amount=step.amount,
        received_on=step.received_on,
        today=step.received_on,
        invoice=story.invoice(step.invoice) if step.invoice else None,
    )


def look_at_credit_note(story: Story, step: ExpectedCreditNote) -> None:
    """Look at the latest credit note of an invoice."""
    about = f"{step.account}/{step.period:%Y-%m}"
    notes = CreditNote.objects.filter(invoice__account__code=step.account, invoice__month=step.period)
    note = notes.order_by("issued_on", "number").last()
    if note is None:
        story.check(["expected a credit note, actual none"], about)
        return
    wanted = {field: getattr(step, field) for field in ("net", "tax", "gross")}
    listed = {field: value for field, value in wanted.items() if value is not None}
    actual = {"net": note.net_amount, "tax": note.tax_amount, "gross": note.gross_amount}
    differences = compare_fields(listed, actual)
    if step.lines is not None:
        rows = wanted_rows(step.lines, story.scenario.zone(step.account))
        differences += compare_rows("line", rows, credit_note_rows(note), at_six={"quantity"})
    story.check(differences, about)


def look_at_balance(story: Story, step: ExpectedBalance) -> None:
    """Look at what an account owes and has left, in its own currency."""
    account = story.account(step.account)
    [found] = [one for one in balances_of([account]) if one.currency == account.currency_id]
    wanted = {"due": step.due, "unapplied": step.unapplied}
    story.check(compare_fields(wanted, {"due": found.due, "unapplied": found.unapplied}), step.account)
