"""One row of everything of reconciliation for the account of a house (tests/factories/houses.py)."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile

from catalogue.models import Account, Product
from reconciliation.domain.findings import Found
from reconciliation.models import (
    ControlDay,
    ControlLine,
    ControlTotal,
    Discrepancy,
    ExportMapping,
    FinanceTotal,
    OtherInvoice,
    ReconciliationReport,
    ReconciliationRequest,
    ReconciliationRun,
    RunTotal,
    SecondaryCharge,
)
from reconciliation.services.findings import record_findings

START = datetime(2023, 9, 1, tzinfo=UTC)
END = datetime(2023, 10, 1, tzinfo=UTC)
MONTH = date(2023, 9, 1)
AMOUNT = Decimal("72.25")


def reconcile_account(word: str, account: Account, product: Product) -> None:
    """Store the rows; every name in them holds the word."""
    _second_rating(account, product)
    _control(word, account, product)
    _runs(word, account)
    _other_system(word, account)
    _finding(word, account)
    _report(word, account)


def _second_rating(account: Account, product: Product) -> None:
    FinanceTotal.objects.create(company=account.company, month=MONTH, account=account, amount=AMOUNT)
    SecondaryCharge.objects.create(
        company_id=account.company_id,
        month=MONTH,
        side="sell",
        account_id=account.pk,
        product_id=product.pk,
        quantity=Decimal("722.5"),
        charge_amount=AMOUNT,
        true_up_amount=Decimal(0),
    )


def _control(word: str, account: Account, product: Product) -> None:
    company, quantity, source = account.company, Decimal("2.5"), f"{word}-orders"
    told = {"source": source, "day": MONTH, "quantity": quantity}
    ControlDay.objects.create(company=company, kind="lines", line_count=1, received_at=END, **told)
    ControlLine.objects.create(
        company_id=company.pk, event_id=f"{word}-usage", resource=f"{word}-vm", hour=START, **told
    )
    ControlTotal.objects.create(company=company, account=account, product=product, **told)


def _runs(word: str, account: Account) -> None:
    company, days = account.company, {"starts_on": MONTH, "ends_on": END.date()}
    ReconciliationRequest.objects.create(
        company=company, levels=["received_to_rated"], requested_at=END, **days
    )
    run = ReconciliationRun.objects.create(
        company=company, month=MONTH, level="rated_to_invoiced", compared=1, reconciled_at=END, **days
    )
    Discrepancy.objects.create(
        run=run, kind="missing", account=account.code, key=f"{word}-vm", difference=Decimal("1.5")
    )
    RunTotal.objects.create(
        run=run, unit="USD", compared=1, differing=1, first=Decimal("1.5"), second=Decimal(0)
    )


def _other_system(word: str, account: Account) -> None:
    company = account.company
    mapping = ExportMapping.objects.create(
        company=company,
        name=f"{word} system",
        columns={"number": "id", "account": "client", "issued_on": "date", "amount": "total"},
    )
    OtherInvoice.objects.create(
        mapping=mapping,
        company=company,
        account=account,
        number=f"{word}-other-1",
        issued_on=END.date(),
        currency="USD",
        amount=AMOUNT,
    )


def _finding(word: str, account: Account) -> None:
    found = Found(
        month=MONTH,
        key=f"{word}-vm",
        kind="missing",
        difference=Decimal("1.5"),
        account_id=account.pk,
        sku="VM",
        resource=f"{word}-vm",
        unit="hour",
        at_risk=Decimal("0.15"),
    )
    record_findings(company=account.company, level="received_to_rated", month=MONTH, found=[found], at=END)


def _report(word: str, account: Account) -> None:
    content = ContentFile(b"%PDF-1.7 of reconciliation of " + word.encode(), name=f"{word}.pdf")
    ReconciliationReport.objects.create(
        company=account.company,
        reported_on=END.date(),
        made_at=END,
        compared=1,
        differing=1,
        open_findings=1,
        money_at_risk=Decimal("0.15"),
        currency="USD",
        file=content,
        sha256="0" * 64,
        size=content.size,
    )
