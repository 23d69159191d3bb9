"""The main job, end to end, by the public paths: files in, events over HTTP, jobs on the broker, PDFs out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import httpx
from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.demo.checks import all_checks
from billing_site.demo.control_file import control_file
from billing_site.demo.delivery import BATCH_SIZE, connect, send
from billing_site.demo.house import import_order_base, import_price_lists, open_house
from billing_site.demo.report import print_checks, print_margins, print_where_to_look
from billing_site.demo.streams import demo_events
from billing_site.local.places import local_folder
from billing_site.processes import free_port, log_of, running, wait_until_ready, web_command, worker_commands
from catalogue.models import ApiKey, Company, Scope
from catalogue.services.api_keys import create_api_key, revoke_api_key
from invoicing.models import BillRun, Document, Invoice
from metering.models import AccountPeriod, IngestBatch

MONTH = date(2023, 9, 1)
ISSUED_ON = date(2023, 10, 3)
_PATIENCE_SECONDS = 300.0


class DemoStuck(BillingError):
    """A job did not finish in time."""

    code = "demo_stuck"


def run_demo(console: Console) -> bool:
    """Run the demo on what is there already, print what it does, and tell whether every check held."""
    started = time.monotonic()
    with _step(console, "Prepare the database"):
        call_command("migrate", verbosity=0)
    with _step(console, "Open a head office, 12 sales offices, 28 accounts and their people"):
        head_office = open_house()
    with _step(console, "Import the price lists: cost and 12 currencies") as say:
        imports = import_price_lists(head_office, at=now())
        new, same = (sum(getattr(i, name) for i in imports) for name in ("lines_new", "lines_unchanged"))
        say(f"{new} products new, {same} unchanged")
    with _step(console, "Bring in orders: support, servers, domains, set-ups") as say:
        orders = import_order_base(at=now())
        say(f"{orders.new} orders new, {orders.unchanged} unchanged")
    offices = list(Company.objects.filter(parent=head_office).order_by("code"))
    port = free_port()
    with running({"web": web_command(port), **worker_commands()}) as processes:
        base_url = f"http://127.0.0.1:{port}"
        with _step(console, "Start the web server and two workers"):
            wait_until_ready(base_url, processes["web"])
        with _key(head_office) as key:
            _stream(console, base_url, key)
            with _step(console, "Take in the stream's control file") as say:
                say(_tell_control(base_url, key))
            with _step(console, "Mediate and rate, on the broker"):
                _wait_for("mediation", lambda: not IngestBatch.objects.filter(mediated_at=None).exists())
                _wait_for("rating", lambda: not _stale(now()))
            with _step(console, f"Bill {MONTH:%B %Y} in 12 offices") as say:
                _bill(base_url, key, offices)
                say(f"{Invoice.objects.filter(month=MONTH).count()} invoices issued")
        with _step(console, "Render the PDFs") as say:
            _wait_for("rendering", _all_rendered, worker="documents")
            say(f"{Document.objects.filter(invoice__isnull=False).count()} on disk")
    with _step(console, "Reconcile"):
        checks = list(all_checks(offices, month=MONTH, at=now()))
    print_margins(console, offices, MONTH)
    print_checks(console, checks)
    print_where_to_look(console, MONTH, time.monotonic() - started)
    return all(check.held for check in checks)


def _stream(console: Console, base_url: str, key: str) -> None:
    events = demo_events()
    columns = TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}")
    counts: Counter[str] = Counter()
    with (
        _step(console, f"Send {len(events):,} events over HTTP, {BATCH_SIZE:,} a batch") as say,
        Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress,
        connect(base_url, key) as client,
    ):
        bar = progress.add_task("events", total=len(events))
        for batch in send(client, events):
            counts += batch.counts
            progress.update(bar, advance=len(batch.results))
        say(", ".join(f"{number:,} {status}" for status, number in sorted(counts.items())))


def _tell_control(base_url: str, key: str) -> str:
    """Write the control file of the stream, send it as the stream would, and say what it came to."""
    path = local_folder() / "demo" / "control.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(control_file(demo_events()), "utf-8")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    with httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=60) as client:
        answer = client.post("/api/v1/control-totals", content=path.read_bytes()).raise_for_status().json()
    return f"{answer['stored']:,} lines of {answer['days']} days stored, {answer['unchanged']:,} unchanged"


def _bill(base_url: str, key: str, offices: list[Company]) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=60) as client:
        for office in offices:
            client.post(
                "/api/v1/bill-runs",
                json={"company": office.code, "month": f"{MONTH:%Y-%m}", "issued_on": ISSUED_ON.isoformat()},
            ).raise_for_status()
    unfinished = BillRun.objects.filter(month=MONTH).exclude(state=BillRun.State.ISSUED)
    _wait_for("the bill runs", lambda: not unfinished.all().exists())


def _stale(instant: datetime) -> bool:
    return AccountPeriod.objects.filter(stale=True, period_start__lt=instant).exists()


def _all_rendered() -> bool:
    return not Invoice.objects.filter(state=Invoice.State.ISSUED, documents=None).exists()


def _wait_for(what: str, done: Callable[[], bool], *, worker: str = "worker") -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise DemoStuck(
                f"{what} did not finish in {_PATIENCE_SECONDS:.0f} s; read {log_of(worker)}, run again."
            )
        time.sleep(0.1)


@contextmanager
def _key(head_office: Company) -> Iterator[str]:
    """A key of the head office for this run only."""
    scopes = [Scope.EVENTS_WRITE.value, Scope.BILLING_WRITE.value, Scope.BILLING_READ.value]
    key, text = create_api_key(name="demo order stream", company=head_office, scopes=scopes)
    try:
        yield text
    finally:
        revoke_api_key(key=ApiKey.objects.get(pk=key.pk), revoked_at=now())


@contextmanager
def _step(console: Console, title: str) -> Iterator[Callable[[str], None]]:
    """Print the title, then what was said and the seconds it took."""
    said: list[str] = []
    began = time.monotonic()
    console.print(f"[bold]{title}[/bold] ...", highlight=False)
    yield said.append
    result = f"{said[-1]}, " if said else ""
    console.print(f"  [green]done[/green] {result}{time.monotonic() - began:.1f} s", highlight=False)
