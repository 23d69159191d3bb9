"""Bill runs of 500 accounts, while worker and PostgreSQL are killed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
from celery import Celery

from tests.faults.killing import Kill, Killed
from tests.faults.outcome import Outcome, facts
from tests.faults.servers import POSTGRES, WORKER, Servers
from tests.faults.watching import Watcher

COMPANY, ACCOUNTS = "BULK", 500
MONTHS = [date(2023, month, 1) for month in range(1, 11)]
_PATIENCE_SECONDS = 300.0
DRAFTING, ISSUING, ISSUED = "drafting", "issuing", "issued"
_LONGEST_SECONDS = {DRAFTING: 1.0, ISSUING: 0.1}
_WORKING = """
SELECT 1 FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
   AND query ~ 'invoicing_|rating_period|used_|rated_quantity|target_charge|wanted_charge|metering_charge'
"""
_STATE = """
SELECT r.state FROM invoicing_billrun r JOIN catalogue_company c ON c.id = r.company_id
 WHERE c.code = %s AND r.month = %s
"""
_FACTS = {
    "invoices": """
        SELECT a.code, i.month, i.number, i.state, i.net_amount, i.tax_amount, i.gross_amount
          FROM invoicing_invoice i JOIN catalogue_account a ON a.id = i.account_id
    """,
    "invoice lines": """
        SELECT i.number, l.kind, l.sku, l.resource, l.service_start, l.service_end, l.quantity,
               l.unit_price, l.net_amount
          FROM invoicing_invoiceline l JOIN invoicing_invoice i ON i.id = l.invoice_id
    """,
    "inter-company lines": """
        SELECT d.number, d.month, d.line_count, d.net_amount, l.position, l.account, l.sku, l.quantity,
               l.net_amount
          FROM invoicing_intercompanydocument d
          LEFT JOIN invoicing_intercompanyline l ON l.document_id = d.id
    """,
    "charges": """
        SELECT a.code, c.side, c.month, c.service_month, p.sku, c.quantity, c.net_amount
          FROM metering_charge c
          JOIN catalogue_account a ON a.id = c.account_id
          JOIN catalogue_product p ON p.id = c.product_id
    """,
}


def open_customers() -> str:
    """Open a sales office with accounts that use three things in different quantities; return its key."""
    from billing_site.common.clock import now
    from catalogue.domain.price_models import Graduated, PerUnit, Tier
    from catalogue.domain.terms import PriceTerms
    from catalogue.models import Company, Product, Scope
    from catalogue.services.accounts import open_account
    from catalogue.services.api_keys import create_api_key
    from catalogue.services.companies import open_company
    from catalogue.services.prices import enter_price
    from catalogue.services.tax_rates import enter_tax_rate
    from metering.domain.incoming_events import USAGE, IncomingEvent, Item
    from metering.services.ingestion import Sender, ingest
    from metering.services.mediation import mediate_waiting
    from metering.services.rating import rate_stale_periods

    began = datetime(2023, 1, 1, tzinfo=UTC)
    head_office = Company.objects.filter(parent=None).first() or open_company(
        code="HQ", name="Head office", country="US", currency="USD", timezone="UTC"
    )
    office = open_company(
        code=COMPANY, name="Bulk", country="DE", currency="EUR", timezone="Europe/Berlin", parent=head_office
    )
    enter_tax_rate(country="DE", name="VAT", percent=Decimal(19), valid_from=began.date())
    tiers = (Tier(Decimal(40), Decimal("0.0333")), Tier(None, Decimal("0.01")))
    for sku, kind, terms in (
        ("BULK-VM", "time", PriceTerms(PerUnit(Decimal("0.0271")))),
        ("BULK-GB", "usage", PriceTerms(Graduated(tiers))),
        ("BULK-REQ", "usage", PriceTerms(PerUnit(Decimal("0.00007")))),
    ):
        product = Product.objects.create(sku=sku, unit="hour" if kind == "time" else "GB", kind=kind)
        for company in (office, head_office):
            enter_price(
                company=company,
                product=product,
                currency=company.currency,
                terms=terms,
                valid_from=began - timedelta(days=9),
                entered_at=now(),
            )
    events = []
    for number in range(ACCOUNTS):
        code = f"bulk-{number:03}"
        open_account(code=code, company=office, address=f"{number} Bulk street", country="DE")
        items = (Item("BULK-VM", Decimal(1)),)
        end = datetime(2023, 10, 15, tzinfo=UTC)
        events += [
            IncomingEvent("orders", code, "created", code, began, "{}", account=code, items=items),
            IncomingEvent("orders", f"{code} end", "decommissioned", code, end, "{}"),
        ]
        for month in MONTHS:
            used_at = datetime(month.year, month.month, 1 + number % 28, 12, tzinfo=UTC)
            for sku in ("BULK-GB", "BULK-REQ"):
                quantity = Decimal(number * month.month % 97) + Decimal("0.5")
                id = f"{code} {sku} {month}"
                events.append(
                    IncomingEvent("meters", id, USAGE, code, used_at, "{}", sku=sku, quantity=quantity)
                )
    at = now()
    sender = Sender(head_office.pk, head_office.pk)
    ingest(events, sender=sender, received_at=at, channel="test")
    mediate_waiting(now=at)
    rate_stale_periods(as_of=at)
    scopes = [Scope.BILLING_WRITE.value, Scope.BILLING_READ.value]
    return create_api_key(name="biller", company=office, scopes=scopes)[1]


def plan(chance: random.Random, kills: int) -> list[Kill]:
    """Draw kills of worker and PostgreSQL, as many of each, two of three while accounts are drafted."""
    victims = [(WORKER, POSTGRES)[number % 2] for number in range(kills)]
    phases = [(DRAFTING, DRAFTING, ISSUING)[number % 3] for number in range(kills)]
    chance.shuffle(victims)
    return [
        Kill(
            victim,
            phase,
            after=chance.choice((0.0, chance.uniform(0, _LONGEST_SECONDS[phase]))),
            down=chance.uniform(0, 1),
        )
        for victim, phase in zip(victims, phases, strict=True)
    ]


def bill_with_kills(
    servers: Servers, watcher: Watcher, key: str, kills: list[Kill], chance: random.Random
) -> Iterator[Killed]:
    """Have month after month billed, each disturbed by its part of the kills until it is done."""
    left = {phase: [kill for kill in kills if kill.phase == phase] for phase in (DRAFTING, ISSUING)}
    for number, month in enumerate(MONTHS):
        _request(servers, key, month)
        # The last months are for what the others were too quick for, and the last one leaves none out.
        last = month == MONTHS[-1]
        months = max(1, len(MONTHS) - number - 3)
        wanted = {phase: -(-len(of_phase) // months) for phase, of_phase in left.items()}
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (state := _state(watcher, month)) != ISSUED:
            assert time.monotonic() < deadline, f"{month:%Y-%m} was not billed, it is {state}"
            phases = list(wanted) if last else [ISSUING if state == ISSUING else DRAFTING]
            phase = next((one for one in phases if wanted[one]), None)
            if phase and watcher.rows(_WORKING):
                kill = left[phase].pop()
                killed = _kill(servers, watcher, replace(kill, after=0.0) if last else kill, month, chance)
                if killed:
                    wanted[phase] -= 1
                    yield killed
                else:
                    left[phase].append(replace(kill, after=kill.after / 2))
                deadline = time.monotonic() + _PATIENCE_SECONDS
            servers.bring_back()
            time.sleep(0.005 if any(wanted.values()) else 0.2)


def what_was_billed(watcher: Watcher) -> Outcome:
    return facts(watcher, _FACTS)


def not_contiguous(outcome: Outcome) -> Iterator[str]:
    """Say what is wrong with the numbers, and which account has not exactly one invoice a month."""
    invoices = list(outcome["invoices"].elements())
    numbers = sorted(row[2] or "" for row in invoices)
    expected = [f"{COMPANY}-2023-{number:05}" for number in range(1, len(invoices) + 1)]
    if numbers != expected:
        yield f"the numbers are not {expected[0]} to {expected[-1]}, each once"
    documents = {(row[0], row[1]) for row in invoices}
    if len(documents) != len(invoices) or len(invoices) != ACCOUNTS * len(MONTHS):
        yield f"{len(invoices)} invoices for {len(documents)} of {ACCOUNTS * len(MONTHS)} accounts and months"
    if any(row[3] != "issued" for row in invoices):
        yield "not every invoice is issued"


def _kill(
    servers: Servers, watcher: Watcher, kill: Kill, month: date, chance: random.Random
) -> Killed | None:
    """Kill amid the run and bring back; a run that was over before the moment came is left alone."""
    time.sleep(kill.after)
    state = _state(watcher, month)
    if state == ISSUED:
        return None
    victim = servers.kill(kill.victim, chance)
    time.sleep(kill.down)
    back = servers.bring_back()
    # What beat does each minute; the message that the worker had comes again after a quarter of an hour only.
    with Celery(broker=servers.valkey.url()) as celery:
        celery.send_task("invoicing.tasks.run_bill_runs")
    moment = f"{month:%Y-%m}, {state}, after {kill.after * 1000:.0f} ms"
    happened = f"{' and '.join(back) or 'a new process'} started again, the run is {_state(watcher, month)}"
    return Killed(victim, moment, happened)


def _request(servers: Servers, key: str, month: date) -> None:
    body = {
        "company": COMPANY,
        "month": f"{month:%Y-%m}",
        "issued_on": "2023-12-15",
        "cutoff": datetime.now(UTC).isoformat(),
    }
    # As any client: what is answered 503, by a server whose database was away, is asked again.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        response = httpx.post(
            f"{servers.base_url}/api/v1/bill-runs",
            json=body,
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
            timeout=120,
        )
        if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
            break
        servers.bring_back()
        time.sleep(float(response.headers["Retry-After"]))
    response.raise_for_status()


def _state(watcher: Watcher, month: date) -> str:
    rows = watcher.rows(_STATE, [COMPANY, month])
    return str(rows[0][0]) if rows else "not there"
