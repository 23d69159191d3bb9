"""A sales office whose accounts use traffic in March 2026: a GB sells at 1 EUR and costs 0.40 USD."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Currency, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.exchange_rates import enter_exchange_rate
from catalogue.services.prices import enter_price
from catalogue.services.tax_rates import enter_tax_rate
from invoicing.models import BillRun, BillRunPolicy, Invoice
from invoicing.services.bill_run_driving import drive_bill_run
from invoicing.services.bill_runs import request_bill_run, run_bill_run
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent
from metering.models import UsageEvent
from metering.services.ingestion import Sender, ingest

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
CUTOFF = datetime(2026, 4, 2, 12, tzinfo=UTC)
ISSUED_ON = date(2026, 4, 3)
RECEIVED = datetime(2026, 3, 20, tzinfo=UTC)
_ids = count(1)


def office(code: str = "north", *, accounts: Sequence[str] = ("a", "b", "c")) -> Company:
    """Open a sales office in Germany with accounts, and its head office the first time."""
    head_office = Company.objects.filter(code="hq").first() or _head_office()
    company = open_company(
        code=code,
        name=f"Meridian {code}",
        country="DE",
        currency="EUR",
        timezone="Europe/Berlin",
        parent=head_office,
        address="Lindenallee 12\n60311 Frankfurt",
        tax_number="DE200000013",
    )
    for name in accounts:
        account = open_account(code=name, company=company)
        account.address = "Mühlenstraße 44\n20459 Hamburg"
        account.save()
    _price(company, "1")
    return company


def use(account: str, quantity: str, *, at: datetime = RECEIVED, received_at: datetime = RECEIVED) -> None:
    """Receive a record of traffic of an account."""
    head_office = Company.objects.get(code="hq")
    event = IncomingEvent(
        *("meters", f"u-{next(_ids)}", USAGE, "", at, "{}"),
        account=account,
        sku="TRAFFIC",
        quantity=Decimal(quantity),
    )
    ingest([event], sender=Sender(head_office.pk, head_office.pk), received_at=received_at, channel="test")


def bill(
    company: Company, *, month: date = MARCH, cutoff: datetime = CUTOFF, issued_on: date = ISSUED_ON
) -> BillRun:
    return run_bill_run(company=company, month=month, cutoff=cutoff, issued_on=issued_on)


def issued(company: Company) -> list[tuple[str, str, str]]:
    """The office's invoices by number: number, account, net."""
    invoices = Invoice.objects.filter(company=company, state=Invoice.State.ISSUED).order_by("number")
    return [
        (invoice.number or "", invoice.account.code, f"{invoice.net_amount:.2f}")
        for invoice in invoices.select_related("account")
    ]


def _head_office() -> Company:
    company = open_company(
        code="hq", name="Meridian", country="US", currency="USD", timezone="UTC", address="Main Street 1"
    )
    Product.objects.create(sku="TRAFFIC", unit="GB", kind="usage")
    _price(company, "0.4")
    enter_tax_rate(country="DE", percent=Decimal(19), valid_from=date(2021, 1, 1), name="VAT")
    enter_exchange_rate(
        base=Currency.objects.get(pk="EUR"),
        quote=company.currency,
        rated_on=date(2026, 4, 2),
        rate=Decimal("1.0845"),
        source="ECB",
    )
    return company


def _price(company: Company, unit_price: str) -> None:
    enter_price(
        company=company,
        product=Product.objects.get(sku="TRAFFIC"),
        currency=company.currency,
        terms=PriceTerms(PerUnit(Decimal(unit_price))),
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        entered_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def use_in_april(**quantities: str) -> None:
    for name, quantity in quantities.items():
        time = datetime(2026, 4, 10, tzinfo=UTC)
        use(name, quantity, at=time, received_at=time)


def ask(company: Company, **how: Any) -> BillRun:
    defaults: dict[str, Any] = {"month": MARCH, "cutoff": CUTOFF, "issued_on": ISSUED_ON}
    return request_bill_run(company=company, **defaults | how)


def shown(company: Company) -> BillRun:
    """A run that has drafted and waits."""
    run = ask(company, issues_by_itself=False)
    drive_bill_run(run_id=run.pk)
    return now(run)


def now(run: BillRun) -> BillRun:
    run.refresh_from_db()
    return run


def states(run: BillRun) -> dict[str, str]:
    return {done.account.code: done.state for done in run.accounts.select_related("account")}


def policy(company: Company, **how: Any) -> BillRunPolicy:
    return BillRunPolicy.objects.create(company=company, **how)


def void(account: str) -> None:
    record = UsageEvent.objects.get(account=account)
    event = IncomingEvent(
        *("meters", f"void-{record.event_id}", VOID, "", datetime(2026, 4, 5, tzinfo=UTC), "{}"),
        voids=record.event_id,
    )
    sender = Sender(record.head_office_id, record.head_office_id)
    ingest([event], sender=sender, received_at=datetime(2026, 4, 5, tzinfo=UTC), channel="test")
