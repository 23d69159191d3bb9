"""What an invoice costs beside the least it can: its PDF, by one worker and by two, its memory, its pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from multiprocessing import get_context
from statistics import median

import httpx
from django.conf import settings
from django.test import Client

from billing_site.bench.figures import Figure
from billing_site.bench.memory import can_be_measured, peak_memory_here
from billing_site.bench.servers import measured_server
from billing_site.scenarios.databases import scenario_databases
from catalogue.domain.rounding import round_money
from catalogue.models import Account, User
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from invoicing.domain.invoice_views import InvoiceView
from invoicing.einvoice.factur_x import DESCRIPTION, FILE_NAME, RELATIONSHIP
from invoicing.einvoice.invoices import en16931_xml
from invoicing.models import Invoice, InvoiceLine, InvoiceTax
from invoicing.pdf.invoice_pdf import invoice_html
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document

PRINTED_LINES = 60
PAGE_LINES = 1_000
LONG_LINES = 5_000
DOCUMENTS = 6
ROUNDS = 3
REQUESTS = 40
PDF_AT_MOST = 1.15
TWO_WORKERS_AT_LEAST = 1.7
MEGABYTES_AT_MOST = 1_000
PAGE_AT_MOST = 15.0
_WARM_UP = 5
_MONTH = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def figures() -> list[Figure]:
    """Measure in turns, medians: PDFs in this process and in others, pages over HTTP."""
    with scenario_databases() as databases, databases.copy():
        account = _account()
        printed = invoice_view(_issued(account, PRINTED_LINES, month=date(2026, 3, 1)).pk)
        paged = _issued(account, PAGE_LINES, month=date(2026, 4, 1))
        longest = _issued(account, LONG_LINES, month=date(2026, 5, 1))
        return [
            _beside_bare_weasyprint(printed),
            _two_workers(printed),
            *_memory(longest),
            *_pages(account, paged),
        ]


def _beside_bare_weasyprint(invoice: InvoiceView) -> Figure:
    ours, bare = [], []
    for number in range(ROUNDS + 1):
        taken = _seconds(lambda: invoice_document(invoice)), _seconds(lambda: _bare_pdf(invoice))
        if number:  # The first loads the fonts.
            ours.append(taken[0])
            bare.append(taken[1])
    return _at_most(f"PDF of {PRINTED_LINES} lines with its e-invoice", ours, bare, "ms", PDF_AT_MOST)


def _bare_pdf(invoice: InvoiceView) -> bytes:
    """What anybody would write who has the page, the style with its fonts, and the file to embed."""
    from weasyprint import HTML, Attachment

    from billing_site.common.pdf.engine import Assets, prepared

    fonts, style = prepared("invoicing.pdf:invoice.css")
    attachment = Attachment(
        string=en16931_xml(invoice).decode(),
        name=FILE_NAME,
        description=DESCRIPTION,
        relationship=RELATIONSHIP,
    )
    page = HTML(string=invoice_html(invoice), url_fetcher=Assets())
    return bytes(
        page.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant="pdf/a-3b",
            pdf_tags=True,
            attachments=[attachment],
        )
    )


def _two_workers(invoice: InvoiceView) -> Figure:
    """Render the same documents by one process and by two, each warm."""
    # Workers of Celery are forks too.
    fork = get_context("fork")
    with (
        fork.Pool(1, initializer=_warm, initargs=(invoice,)) as one,
        fork.Pool(2, initializer=_warm, initargs=(invoice,)) as two,
    ):
        pools = {"one": one, "two": two}
        for pool in pools.values():
            pool.map(_rendered, [invoice] * 4, chunksize=1)
        seconds: dict[str, list[float]] = {"one": [], "two": []}
        for _ in range(ROUNDS):
            for name, pool in pools.items():
                work = [invoice] * DOCUMENTS
                seconds[name].append(_seconds(lambda p=pool, w=work: p.map(_rendered, w, chunksize=1)))  # type: ignore[misc]
    alone, together = median(seconds["one"]), median(seconds["two"])
    ratio = alone / together
    return Figure(
        f"{DOCUMENTS} PDFs by two workers, against one",
        together,
        "s",
        alone,
        ratio,
        f">= {TWO_WORKERS_AT_LEAST:g}",
        ratio >= TWO_WORKERS_AT_LEAST,
    )


def _warm(invoice: InvoiceView) -> None:
    _rendered(invoice)


def _rendered(invoice: InvoiceView) -> int:
    return len(invoice_document(invoice))


def _memory(invoice: Invoice) -> list[Figure]:
    """Render the longest invoice whose lines are all printed; nothing where memory cannot be measured."""
    if not can_be_measured():
        return []
    megabytes = peak_memory_here(lambda: invoice_document(invoice_view(invoice.pk))) / 1_000_000
    return [
        Figure(
            f"peak private memory, PDF of {LONG_LINES:,} lines",
            megabytes,
            "MB",
            MEGABYTES_AT_MOST,
            megabytes / MEGABYTES_AT_MOST,
            "<= 1",
            megabytes <= MEGABYTES_AT_MOST,
        )
    ]


def _pages(account: Account, invoice: Invoice) -> list[Figure]:
    """Open the same invoice as its customer and as an operator, beside an empty answer to each."""
    customer = User.objects.create_user("customer")
    customer.accounts.add(account)
    operator = User.objects.create_superuser("operator")
    with measured_server() as base_url:
        return [
            _page("portal", base_url, customer, f"/invoices/{invoice.pk}/"),
            _page("console", base_url, operator, f"/console/invoicing/invoice/{invoice.pk}/change/"),
        ]


def _page(where: str, base_url: str, person: User, address: str) -> Figure:
    session = Client()
    session.force_login(person)
    cookies = {settings.SESSION_COOKIE_NAME: session.cookies[settings.SESSION_COOKIE_NAME].value}
    seconds: dict[str, list[float]] = {"/empty": [], address: []}
    with httpx.Client(base_url=base_url, cookies=cookies, trust_env=False, timeout=60) as client:
        for number in range(REQUESTS + _WARM_UP):
            for asked, taken in seconds.items():
                began = time.perf_counter()
                answer = client.get(asked)
                ended = time.perf_counter()
                answer.raise_for_status()
                if answer.status_code != httpx.codes.OK:
                    raise RuntimeError(f"{asked} answered {answer.status_code}, which measures nothing.")
                if number >= _WARM_UP:
                    taken.append(ended - began)
    name = f"invoice of {PAGE_LINES:,} lines in the {where}"
    return _at_most(name, seconds[address], seconds["/empty"], "ms", PAGE_AT_MOST)


def _at_most(name: str, values: list[float], peers: list[float], unit: str, bound: float) -> Figure:
    value, peer = median(values) * 1000, median(peers) * 1000
    return Figure(name, value, unit, peer, value / peer, f"<= {bound:g}", value / peer <= bound)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _account() -> Account:
    office = open_company(
        code="DE",
        name="Sales office",
        country="DE",
        currency="EUR",
        timezone="UTC",
        tax_number="DE200000013",
    )
    return open_account(code="bench-1", company=office, locale="de_DE", tax_number="DE123456788")


def _issued(account: Account, lines: int, *, month: date) -> Invoice:
    """An invoice as a bill run leaves it."""
    net = Decimal("8.89") * lines
    tax = round_money(Fraction(net) * 19 / 100, 2)
    invoice = Invoice.objects.create(
        company=account.company,
        account=account,
        month=month,
        period_start=_MONTH[0],
        period_end=_MONTH[1],
        currency="EUR",
        net_amount=net,
        tax_amount=tax,
        gross_amount=net + tax,
        seller={"code": "DE", "name": "Sales office", "country": "DE", "tax_number": "DE200000013"},
        buyer={"code": "bench-1", "name": "Customer", "country": "DE", "locale": "de_DE", "timezone": "UTC"},
    )
    InvoiceLine.objects.bulk_create(_line(invoice, number, lines) for number in range(lines))
    InvoiceTax.objects.create(
        invoice=invoice, category="standard", name="VAT", percent=19, taxable_amount=net, tax_amount=tax
    )
    invoice.state, invoice.number = Invoice.State.ISSUED, f"DE-2026-{month.month:05}"
    invoice.issued_on, invoice.due_on = date(2026, 5, 1), date(2026, 5, 31)
    invoice.save()
    return invoice


def _line(invoice: Invoice, number: int, lines: int) -> InvoiceLine:
    return InvoiceLine(
        invoice_id=invoice.pk,
        position=number + 1,
        kind="charge",
        sku=f"vm-size-{number % 50}",
        description=f"Virtual machine of size {number % 50}",
        family=f"Family {number * 6 // lines}",
        resource=f"vm-{number}-westeurope",
        service_start=_MONTH[0],
        service_end=_MONTH[1],
        quantity=Decimal(720),
        unit="hour",
        unit_price=Decimal("0.012345"),
        net_amount=Decimal("8.89"),
        tax_category="standard",
    )
