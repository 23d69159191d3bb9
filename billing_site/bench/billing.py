"""How quickly a month is billed, beside an INSERT ... SELECT of the finished rows and an ORM loop."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db import connection, transaction

from billing_site.bench.figures import Figure
from billing_site.bench.memory import can_be_measured, peak_memory_here
from billing_site.common import sql
from billing_site.scenarios.databases import scenario_databases
from catalogue.domain.tax import TaxRate, tax_lines
from catalogue.models import Account, Company, Product
from catalogue.services.companies import open_company
from catalogue.services.tax_rates import enter_tax_rate
from invoicing.models import Invoice, InvoiceLine, InvoiceTax, NumberSeries
from invoicing.services.bill_runs import run_bill_run
from metering.models import AccountPeriod, Charge, Resource
from metering.services.partitions import ensure_month_partitions

# A hundred charges each; the second company is a tenth of the first.
ACCOUNTS = 10_000
IN_THE_LOOP = 200
ROUNDS = 3
AT_MOST_FLOORS = 4.0
AT_LEAST_LOOPS = 10.0
AT_MOST_TIMES_LONGER = 11.0
AT_MOST_TIMES_MEMORY = 1.2
_MONTH = date(2026, 3, 1)
_CUTOFF = datetime(2026, 4, 2, tzinfo=UTC)
_ISSUED_ON = date(2026, 4, 3)
_BILLED = (
    "invoicing_invoice, invoicing_invoiceline, invoicing_invoicetax, invoicing_redemption, "
    "invoicing_billrun, invoicing_billrunaccount, invoicing_billrunwarning, invoicing_numberseries, "
    "metering_accountperiod"
)


def figures() -> list[Figure]:
    """Issue the invoices of rated and closed months, without documents; medians of interleaved runs."""
    with scenario_databases() as databases, databases.copy():
        small, large = _set_up()
        seconds: defaultdict[str, list[float]] = defaultdict(list)
        memory: defaultdict[str, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for name, company in (("small", small), ("large", large)):
                _unbill()
                taken, peak = _measured(company)
                seconds[name].append(taken)
                memory[name].append(peak)
            seconds["floor"].append(_seconds_of_floor())
            _unbill()
            seconds["loop"].append(_seconds_of_loop(large))
    run, floor = median(seconds["large"]), median(seconds["floor"])
    loop = median(seconds["loop"]) * ACCOUNTS / IN_THE_LOOP
    longer = run / median(seconds["small"])
    found = [
        Figure(
            f"bill run of {ACCOUNTS:,} accounts with 100 charges each, beside INSERT ... SELECT",
            *(run, "s", floor, run / floor, f"<= {AT_MOST_FLOORS:g}", run <= floor * AT_MOST_FLOORS),
        ),
        Figure(
            f"the same, beside a loop through the ORM over {IN_THE_LOOP}",
            *(run, "s", loop, loop / run, f">= {AT_LEAST_LOOPS:g}", loop >= run * AT_LEAST_LOOPS),
        ),
        Figure(
            f"the same, beside {ACCOUNTS // 10:,} accounts",
            *(run, "s", median(seconds["small"]), longer, f"<= {AT_MOST_TIMES_LONGER:g}"),
            longer <= AT_MOST_TIMES_LONGER,
        ),
    ]
    if can_be_measured():
        more = median(memory["large"]) / median(memory["small"])
        found.append(
            Figure(
                f"peak private memory of the same, beside {ACCOUNTS // 10:,} accounts",
                *(median(memory["large"]), "MB", median(memory["small"]), more),
                f"<= {AT_MOST_TIMES_MEMORY:g}",
                more <= AT_MOST_TIMES_MEMORY,
            )
        )
    return found


def _measured(company: Company) -> tuple[float, float]:
    """Bill a company and return the seconds and the peak memory [MB] that it took; 0 if unknown."""
    taken: list[float] = []
    if not can_be_measured():
        return _seconds(company), 0.0
    peak = peak_memory_here(lambda: taken.append(_seconds(company)))
    return taken[0], peak / 1_000_000


def _seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _seconds(company: Company) -> float:
    return _seconds_of(
        lambda: run_bill_run(company=company, month=_MONTH, cutoff=_CUTOFF, issued_on=_ISSUED_ON)
    )


def _seconds_of_floor() -> float:
    """Insert the rows that the run before has left: lines and taxes before their invoices are issued."""
    tables = ("invoicing_invoiceline", "invoicing_invoicetax", "invoicing_invoice")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE finished_{table} AS SELECT * FROM {table}")
        _unbill()
        began = time.perf_counter()
        with transaction.atomic():
            for table in tables:
                cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM finished_{table}")
        taken = time.perf_counter() - began
        for table in tables:
            cursor.execute(f"DROP TABLE finished_{table}")
    return taken


def _seconds_of_loop(company: Company) -> float:
    accounts = list(Account.objects.filter(company=company).order_by("code")[:IN_THE_LOOP])
    rates = [TaxRate("DE", "standard", "VAT", Decimal(19), date(2021, 1, 1))]
    return _seconds_of(lambda: [_bill_by_hand(company, account, rates) for account in accounts])


@transaction.atomic
def _bill_by_hand(company: Company, account: Account, rates: list[TaxRate]) -> None:
    """Bill one account as one would without sets: objects, bulk_create of the lines, a number, save."""
    period = AccountPeriod.objects.get(account=account, month=_MONTH)
    charges = list(Charge.objects.filter(account_id=account.pk, month=_MONTH, side="sell"))
    products = Product.objects.in_bulk({charge.product_id for charge in charges})
    resources = Resource.objects.in_bulk({charge.resource_id for charge in charges})
    invoice = Invoice.objects.create(
        company=company,
        account=account,
        month=_MONTH,
        period_start=period.period_start,
        period_end=period.period_end,
        currency=account.currency_id,
        net_amount=0,
        tax_amount=0,
        gross_amount=0,
        seller={"code": company.code, "name": company.name, "address": company.address},
        buyer={"code": account.code, "name": account.name, "address": account.address},
    )
    taxable: Counter[str] = Counter()
    lines = []
    for position, charge in enumerate(charges, start=1):
        product, resource = products[charge.product_id], resources[charge.resource_id]
        taxable[product.tax_category] += charge.net_amount  # type: ignore[assignment]
        lines.append(
            InvoiceLine(
                invoice_id=invoice.pk,
                position=position,
                kind=charge.kind,
                charge_id=charge.pk,
                product_id=product.pk,
                sku=product.sku,
                description=product.name or product.sku,
                family=product.family,
                resource=resource.name,
                service_start=charge.service_start,
                service_end=charge.service_end,
                quantity=charge.quantity,
                unit=product.unit,
                unit_price=charge.unit_price,
                net_amount=charge.net_amount,
                tax_category=product.tax_category,
            )
        )
    InvoiceLine.objects.bulk_create(lines)
    for tax in tax_lines(taxable, rates, country="DE", issued_on=_ISSUED_ON, minor_units=2):  # type: ignore[arg-type]
        InvoiceTax.objects.create(
            invoice=invoice,
            category=tax.category,
            name=tax.name,
            percent=tax.percent,
            taxable_amount=tax.taxable_amount,
            tax_amount=tax.tax_amount,
        )
        invoice.net_amount += tax.taxable_amount
        invoice.tax_amount += tax.tax_amount
    NumberSeries.objects.get_or_create(company=company, kind="invoice", year=_ISSUED_ON.year)
    series = NumberSeries.objects.select_for_update().get(
        company=company, kind="invoice", year=_ISSUED_ON.year
    )
    series.last_number += 1
    series.save()
    invoice.gross_amount = invoice.net_amount + invoice.tax_amount
    invoice.number = f"{company.number_prefix}-{_ISSUED_ON.year}-{series.last_number:05}"
    invoice.issued_on, invoice.due_on = _ISSUED_ON, _ISSUED_ON + timedelta(days=account.payment_days)
    invoice.state = Invoice.State.ISSUED
    invoice.save()


def _unbill() -> None:
    """Empty what a run writes, and have all months rated and closed again."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_BILLED} CASCADE")
    sql.run("billing_site", "bench_closed_periods", {"cutoff": _CUTOFF})


def _set_up() -> tuple[Company, Company]:
    small, large = (_company(code, accounts) for code, accounts in (("DE", ACCOUNTS // 10), ("XL", ACCOUNTS)))
    enter_tax_rate(country="DE", percent=Decimal(19), valid_from=date(2021, 1, 1), name="VAT")
    ensure_month_partitions(first=date(2026, 1, 1), months=4)
    sql.run("billing_site", "bench_products", {"products": 300})
    for company in (small, large):
        sql.run("billing_site", "bench_billed_resources", {"company_id": company.pk})
        sql.run("billing_site", "bench_billed_charges", {"company_id": company.pk})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return small, large


def _company(code: str, accounts: int) -> Company:
    company = open_company(
        code=code,
        name="Sales office",
        country="DE",
        currency="EUR",
        timezone="Europe/Berlin",
        address="Lindenallee 12\n60311 Frankfurt",
        tax_number="DE200000013",
    )
    Account.objects.bulk_create(
        Account(
            code=f"{code}{number}",
            name=f"Customer {number}",
            company=company,
            currency_id=company.currency_id,
            country="DE",
            timezone=company.timezone,
            address="Mühlenstraße 44\n20459 Hamburg",
        )
        for number in range(accounts)
    )
    return company
