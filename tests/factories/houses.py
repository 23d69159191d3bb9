"""Head offices with sales offices, one row of everything in each, named so that a stranger's data shows.

Every code, name and note of a company holds the company's own word: a page that shows a word of a company
that the caller does not reach shows too much.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client

from catalogue.models import Account, Company, Currency, Price, Product, Promotion, Scope, User
from catalogue.services.api_keys import create_api_key
from invoicing.domain.credits import CreditRequest
from invoicing.models import (
    BillRun,
    BillRunAccount,
    BillRunPolicy,
    Document,
    InterCompanyDocument,
    Invoice,
    NumberSeries,
)
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.payments import record_payment
from metering.models import (
    AccountPeriod,
    Charge,
    EventException,
    IngestBatch,
    LifecycleEvent,
    Order,
    Resource,
    ResourceInterval,
    UsageEvent,
)
from reconciliation.models import MonthClosing
from tests.factories.invoices import Line, Tax, issued_invoice
from tests.factories.reconciled import reconcile_account

START = datetime(2023, 9, 1, tzinfo=UTC)
END = datetime(2023, 10, 1, tzinfo=UTC)
MONTH = date(2023, 9, 1)
COST_NOTE = "cost-book-entry"
SELL_AMOUNT, COST_AMOUNT = Decimal("72.25"), Decimal("31.75")


@dataclass
class House:
    """A company, its account, its API key with all scopes, and its operator (billing admin)."""

    word: str
    company: Company
    account: Account
    key: str
    operator: User
    sales_offices: list["House"] = field(default_factory=list)


def client_of(key: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {key}"})


def key_of(company: Company, *scopes: str, account: Account | None = None) -> str:
    return create_api_key(name=f"key of {company.code}", company=company, account=account, scopes=scopes)[1]


def operator_of(company: Company, role: str, username: str = "") -> User:
    user = User.objects.create_user(
        username or f"{company.code}-{role}", password="a long password", company=company, is_staff=True
    )
    user.groups.add(Group.objects.get(name=role))
    return user


def head_office(word: str, *words_of_sales_offices: str) -> House:
    company = _company(word)
    house = _furnish(word, company)
    for sales_word in words_of_sales_offices:
        house.sales_offices.append(_furnish(sales_word, _company(sales_word, parent=company)))
    if house.sales_offices:
        _price(company, note=f"{COST_NOTE} {word}")
    return house


def product() -> Product:
    return Product.objects.get_or_create(
        sku="VM", defaults={"name": "Virtual machine", "unit": "hour", "kind": "time"}
    )[0]


def _company(word: str, parent: Company | None = None) -> Company:
    dollar, _ = Currency.objects.get_or_create(code="USD", defaults={"name": "US dollar", "minor_units": 2})
    return Company.objects.create(
        code=word,
        name=f"The {word} company",
        country="US",
        currency=dollar,
        parent=parent,
        number_prefix=word.upper(),
        address=f"{word} street 1",
    )


def _price(company: Company, *, note: str, account: Account | None = None) -> Price:
    return Price.objects.create(
        company=company,
        product=product(),
        currency=company.currency,
        account=account,
        valid_from=datetime(2023, 1, 1, tzinfo=UTC),
        unit_price=Decimal("0.1"),
        note=note,
    )


def _furnish(word: str, company: Company) -> House:
    account = Account.objects.create(
        code=f"{word}-1",
        company=company,
        name=f"Customer of {word}",
        currency=company.currency,
        country="US",
        timezone="UTC",
        email=f"{word}@example.com",
    )
    if company.parent_id:
        _price(company, note=f"{word} book")
    _price(company, note=f"{word} agreed", account=account)
    Promotion.objects.create(
        code=f"{word}-promo", company=company, percent=Decimal(10), valid_from=MONTH
    ).accounts.add(account)
    _meter(word, account)
    _invoice(word, account)
    reconcile_account(word, account, product())
    _between_companies(word, company)
    key = key_of(company, *Scope.values)
    return House(word, company, account, key, operator_of(company, "billing admin", f"{word}-operator"))


def _between_companies(word: str, company: Company) -> None:
    BillRunPolicy.objects.create(company=company)
    if company.parent:
        between = InterCompanyDocument.objects.create(
            head_office=company.parent,
            sales_office=company,
            month=MONTH,
            number=f"{word}-between-1",
            issued_on=END.date(),
            currency="USD",
            line_count=0,
            net_amount=COST_AMOUNT,
            seller={"name": f"{word} parent"},
            buyer={"name": f"The {word} company"},
        )
        _document(word, intercompany_document=between)


def _document(word: str, **of: Any) -> None:
    content = ContentFile(b"%PDF-1.7 of " + word.encode(), name=f"{word}.pdf")
    Document.objects.create(**of, file=content, sha256="0" * 64, size=content.size)


def _meter(word: str, account: Account) -> None:
    company, sold = account.company, product()
    head_office_id = company.head_office_id
    resource = Resource.objects.create(
        head_office_id=head_office_id,
        name=f"{word}-vm",
        account_id=account.pk,
        state=Resource.State.ACTIVE,
        created_at=START,
    )
    ResourceInterval.objects.create(
        resource_id=resource.pk,
        started_at=START,
        account_id=account.pk,
        state=Resource.State.ACTIVE,
        product_ids=[sold.pk],
        quantities=[Decimal("1.5")],
    )
    AccountPeriod.objects.create(account=account, month=MONTH, period_start=START, period_end=END)
    Order.objects.create(code=f"{word}-order", account=account, product=sold, started_on=MONTH)
    sides = [(Charge.Side.SELL, company.pk, SELL_AMOUNT)]
    if company.parent_id:
        sides.append((Charge.Side.COST, company.parent_id, COST_AMOUNT))
    for side, book, amount in sides:
        Charge.objects.create(
            side=side,
            company_id=book,
            account_id=account.pk,
            month=MONTH,
            service_month=MONTH,
            resource_id=resource.pk,
            product_id=sold.pk,
            currency="USD",
            service_start=START,
            service_end=END,
            quantity=Decimal("722.5"),
            unit_price=Decimal("0.1"),
            amount=amount,
            net_amount=amount,
        )
    batch = IngestBatch.objects.create(
        head_office_id=head_office_id, received_at=START, channel="api", event_count=2
    )
    event = {
        "batch_id": batch.pk,
        "head_office_id": head_office_id,
        "company_id": company.pk,
        "source": f"{word}-orders",
        "time": START,
        "received_at": START,
        "resource": resource.name,
    }
    LifecycleEvent.objects.create(
        **event, event_id=f"{word}-created", type="created", items=[{"sku": "VM", "quantity": "1.5"}]
    )
    UsageEvent.objects.create(**event, event_id=f"{word}-usage", sku="VM", quantity=Decimal("2.5"))
    EventException.objects.create(
        kind=EventException.Kind.NO_PRICE,
        key=f"{word}-vm VM",
        head_office_id=head_office_id,
        company_id=company.pk,
        account_id=account.pk,
        resource=resource.name,
        sku="VM",
        opened_at=START,
    )


def _invoice(word: str, account: Account) -> None:
    company = account.company
    run = BillRun.objects.create(company=company, month=MONTH, cutoff=END, issued_on=END.date())
    BillRunAccount.objects.create(bill_run=run, account=account, state=BillRunAccount.State.ISSUED)
    NumberSeries.objects.create(company=company, kind="invoice", year=2023, last_number=1)
    invoice: Invoice = issued_invoice(
        account,
        number=f"{word.upper()}-2023-00001",
        lines=[Line("72.25", resource=f"{word}-vm", sku="VM")],
        taxes=[Tax("7.23", percent="10", name=f"{word} tax")],
    )
    note = credit_invoice(
        invoice=invoice,
        request=CreditRequest(amount=Decimal("2.25")),
        request_id=f"{word} credit",
        issued_on=END.date(),
        reason=f"{word} goodwill",
    )
    record_payment(
        account=account,
        reference=f"{word} transfer",
        amount=Decimal("10.00"),
        received_on=END.date(),
        today=END.date(),
        invoice=invoice,
    )
    _document(word, invoice=invoice)
    _document(word, credit_note=note)
    MonthClosing.objects.create(company=company, month=MONTH)
