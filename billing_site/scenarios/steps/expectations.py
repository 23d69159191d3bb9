"""Steps that look: at live charges, invoices, exceptions and margin."""

from decimal import Decimal

from billing_site.scenarios.comparing import compare_fields, compare_rows
from billing_site.scenarios.expected import (
    ExpectedCharges,
    ExpectedException,
    ExpectedInvoice,
    ExpectedMargin,
    ExpectedNoInvoice,
)
from billing_site.scenarios.steps.expected_lines import charge_rows, invoice_rows, wanted_rows
from billing_site.scenarios.story import Story
from billing_site.scenarios.values import AccountCode, Month
from catalogue.domain.rounding import round_to
from invoicing.models import BillRunAccount, Invoice
from metering.models import EventException
from metering.selectors.live_charges import month_to_date
from reconciliation.selectors.margin import margin_of


def look_at_charges(story: Story, step: ExpectedCharges) -> None:
    as_of = story.scenario.at_account(step.as_of, step.account)
    story.is_now(as_of)
    charges = month_to_date(account=story.account(step.account), month=step.period, as_of=as_of).charges()
    differences = []
    if step.net is not None:
        net = sum((charge.amount for charge in charges), Decimal(0))
        differences += compare_fields({"net": step.net}, {"net": net}, at_six={"net"})
    if step.lines is not None:
        wanted = wanted_rows(step.lines, story.scenario.zone(step.account))
        differences += compare_rows("line", wanted, charge_rows(charges), at_six={"quantity", "amount"})
    story.check(differences, f"{step.account}/{step.period:%Y-%m}")


def look_at_invoice(story: Story, step: ExpectedInvoice) -> None:
    about = f"{step.account}/{step.period:%Y-%m}"
    invoice = _invoice(step.account, step.period)
    if invoice is None:
        story.check([f"expected an invoice, actual none{_why_parked(step)}"], about)
        return
    wanted = {field: getattr(step, field) for field in ("number", "currency", "net", "tax", "gross")}
    actual = {
        "number": invoice.number,
        "currency": invoice.currency,
        "net": invoice.net_amount,
        "tax": invoice.tax_amount,
        "gross": invoice.gross_amount,
    }
    listed = {field: value for field, value in wanted.items() if value is not None}
    differences = compare_fields(listed, actual)
    if step.lines is not None:
        rows = wanted_rows(step.lines, story.scenario.zone(step.account))
        differences += compare_rows("line", rows, invoice_rows(invoice), at_six={"quantity"})
    story.check(differences, about)


def look_at_no_invoice(story: Story, step: ExpectedNoInvoice) -> None:
    invoice = _invoice(step.account, step.period)
    wanted, actual = {"invoice": None}, {"invoice": invoice and f"{invoice.number} of {invoice.net_amount:f}"}
    story.check(compare_fields(wanted, actual), f"{step.account}/{step.period:%Y-%m}")


def look_at_exceptions(story: Story, step: tuple[ExpectedException, ...]) -> None:
    wanted = [
        {"kind": entry.kind}
        | ({"resource": entry.resource} if entry.resource else {})
        | ({"id": entry.id} if entry.id else {})
        for entry in step
    ]
    actual = [
        {"kind": found.kind, "resource": found.resource or None, "id": found.event_id or None}
        for found in EventException.objects.filter(closed_at=None).order_by("pk")
    ]
    story.check(compare_rows("exception", wanted, actual))


def look_at_margin(story: Story, step: ExpectedMargin) -> None:
    found = margin_of(
        company=story.company(step.company),
        month=step.period,
        account=story.account(step.account) if step.account else None,
    )
    wanted = {field: getattr(step, field) for field in ("currency", "revenue", "cost", "margin")}
    actual = {field: getattr(found, field) for field in wanted}
    if step.percent is not None:
        wanted["percent"] = step.percent
        actual["percent"] = None if found.percent is None else round_to(found.percent, 2)
    about = "/".join(filter(None, [step.company, step.account, f"{step.period:%Y-%m}"]))
    story.check(compare_fields(wanted, actual), about)


def _invoice(account: AccountCode, month: Month) -> Invoice | None:
    return Invoice.objects.filter(account__code=account, month=month, state=Invoice.State.ISSUED).first()


def _why_parked(step: ExpectedInvoice) -> str:
    parked = BillRunAccount.objects.filter(
        account__code=step.account, bill_run__month=step.period, state=BillRunAccount.State.PARKED
    ).first()
    return f" (parked: {parked.reason})" if parked else ""
